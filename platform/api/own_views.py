"""What a key is, and the merchant that it belongs to."""

from typing import Any
from zoneinfo import available_timezones

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.fields import LanguageField, refuse_unstorable
from api.models import ApiKey, Scope
from api.viewsets import MerchantViewSet
from tenants.models import Merchant
from tenants.services import change_merchant

MAX_FACTS = 50


class MerchantSerializer(serializers.ModelSerializer[Merchant]):
    """brand_facts: what every text of the shop may rely on."""

    id = serializers.CharField(source="public_id", read_only=True)
    brand_facts = serializers.DictField(child=serializers.CharField(), read_only=True)

    class Meta:
        model = Merchant
        fields = ["id", "name", "locale", "currency", "time_zone", "brand_facts", "created_at"]
        read_only_fields = fields


class MerchantChangesInput(serializers.Serializer[Any]):
    """What is left out stays. The currency is changed on the dashboard only."""

    name = serializers.CharField(max_length=120, required=False)
    locale = LanguageField(required=False)
    time_zone = serializers.CharField(max_length=64, required=False)
    brand_facts = serializers.DictField(child=serializers.CharField(max_length=500), required=False)

    def validate_time_zone(self, name: str) -> str:
        if name not in available_timezones():
            raise serializers.ValidationError(_("There is no such time zone."), code="invalid")
        return name

    def validate_brand_facts(self, facts: dict[str, str]) -> dict[str, str]:
        if len(facts) > MAX_FACTS or any(not 0 < len(name) <= 100 for name in facts):
            message = _("Give {n} facts at most, with names of 1 to 100 characters.")
            raise serializers.ValidationError(message.format(n=MAX_FACTS), code="invalid")
        refuse_unstorable(facts)
        return facts


class KeySerializer(serializers.ModelSerializer[ApiKey]):
    id = serializers.CharField(source="public_id", read_only=True)
    scopes = serializers.ListField(
        child=serializers.ChoiceField(choices=Scope.choices), read_only=True
    )
    merchant = serializers.CharField(source="merchant.public_id", read_only=True)

    class Meta:
        model = ApiKey
        fields = ["id", "name", "prefix", "scopes", "merchant", "created_at", "expires_at"]
        read_only_fields = fields


class OwnViewSet(MerchantViewSet):
    read_scope, write_scope = "", Scope.MERCHANT_WRITE
    filter_backends = []

    def is_comparable(self) -> bool:
        return True

    def get_object(self) -> Any:
        self.kwargs["id"] = self.rows().get().public_id
        return super().get_object()


class MeViewSet(OwnViewSet):
    model, noun = ApiKey, "me"
    serializer_class = KeySerializer

    def rows(self) -> Any:
        return ApiKey.objects.filter(pk=self.request.auth.key_id).select_related("merchant")

    def retrieve(self, request: Request) -> Response:
        """Show the key of the request: its name, scopes and merchant."""
        return self.answer(self.get_object())


class OwnMerchantViewSet(OwnViewSet):
    model, noun = Merchant, "merchant"
    serializer_class = MerchantSerializer

    def rows(self) -> Any:
        return Merchant.objects.filter(pk=self.request.auth.merchant.pk)

    def retrieve(self, request: Request) -> Response:
        """Show the merchant that the key belongs to."""
        return self.answer(self.get_object())

    @extend_schema(request=MerchantChangesInput)
    def partial_update(self, request: Request) -> Response:
        """Change the settings of the merchant."""
        merchant = self.get_object()
        values = self.input(MerchantChangesInput)
        change_merchant(merchant=merchant, actor=self.actor, **values)
        return self.answer(merchant)
