"""The two shops of the demo and the people who work there."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from allauth.account.models import EmailAddress
from django.db import transaction

from accounts.models import User
from tenants.actor import SYSTEM, user_actor
from tenants.models import Merchant, Role
from tenants.scope import merchant_scope
from tenants.selectors import desks_of
from tenants.services import accept_invitation, found_merchant, invite


@dataclass(frozen=True)
class Shop:
    """founder: the address of the owner. catalogue: the file beside this module."""

    key: str
    name: str
    founder: str
    catalogue: str
    locale: str
    time_zone: str
    currency: str
    brand_facts: Mapping[str, str]


@dataclass(frozen=True)
class Person:
    """roles: shop's key -> role, for shops that the person did not found."""

    email: str
    name: str
    language: str = "en"
    roles: Mapping[str, Role] = field(default_factory=dict)
    is_staff: bool = False


SHOPS = (
    Shop(
        "hearthside",
        "Hearthside",
        "owner@hearthside.example",
        "hearthside.csv",
        "en",
        "Europe/Berlin",
        "EUR",
        {
            "Founded": "2011, in Lübeck",
            "Delivery": "Free within the EU from 60 EUR",
            "Returns": "Within 30 days, free of charge",
        },
    ),
    Shop(
        "qinghe",
        "青禾生活",
        "owner@qinghe.example",
        "qinghe.csv",
        "zh-Hans",
        "Asia/Shanghai",
        "CNY",
        {"品牌创立": "2016 年，杭州", "发货": "48 小时内发货", "退换": "签收后 7 天无理由退换"},
    ),
)

PEOPLE = (
    Person("owner@hearthside.example", "Nora Lindqvist", roles={"qinghe": Role.EDITOR}),
    Person("editor@hearthside.example", "Tomás Ferreira", roles={"hearthside": Role.EDITOR}),
    Person("viewer@hearthside.example", "Ida Brandt", roles={"hearthside": Role.VIEWER}),
    Person("agent@hearthside.example", "Sam Okafor", roles={"hearthside": Role.AGENT}),
    Person("owner@qinghe.example", "周禾", language="zh-hans"),
    Person("admin@copydesk.example", "Platform admin", is_staff=True),
)


def ensure_people(passwords: Mapping[str, str]) -> dict[str, User]:
    """Everybody by e-mail address, each with the password given for them."""
    with transaction.atomic():
        return {person.email: _ensure_person(person, passwords[person.email]) for person in PEOPLE}


def ensure_shops(people: Mapping[str, User]) -> dict[str, Merchant]:
    """The shops by key, founded where they are missing, with everybody in their role."""
    shops = {shop.key: _ensure_shop(shop, people[shop.founder]) for shop in SHOPS}
    for person in PEOPLE:
        for key, role in person.roles.items():
            _ensure_role(shops[key], people[person.email], role)
    return shops


def _ensure_person(person: Person, password: str) -> User:
    user = User.objects.filter(email=person.email).first()
    if user is None:
        make = User.objects.create_superuser if person.is_staff else User.objects.create_user
        user = make(person.email, password, name=person.name, language=person.language)
    elif not user.check_password(password):
        user.set_password(password)
        user.save(update_fields=["password"])
    EmailAddress.objects.get_or_create(
        user=user, email=person.email, defaults={"verified": True, "primary": True}
    )
    return user


def _ensure_shop(shop: Shop, founder: User) -> Merchant:
    for desk in desks_of(founder.pk):
        if desk.role == Role.OWNER:
            return desk.merchant
    with transaction.atomic():
        return found_merchant(
            name=shop.name,
            founder=founder,
            actor=SYSTEM,
            locale=shop.locale,
            time_zone=shop.time_zone,
            currency=shop.currency,
            brand_facts=dict(shop.brand_facts),
        )


def _ensure_role(shop: Merchant, user: User, role: Role) -> None:
    if any(desk.merchant == shop for desk in desks_of(user.pk)):
        return
    with merchant_scope(shop.pk), transaction.atomic():
        _, token = invite(email=user.email, role=role, actor=SYSTEM)
    accept_invitation(token=token, user=user, actor=user_actor(user))
