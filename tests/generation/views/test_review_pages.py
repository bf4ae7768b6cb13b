import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from generation.models import Candidate, GenerationRequest, GenerationRun
from stores.models import CopyVersion, Product
from stores.services.copy import add_draft, approve_copy, publish_copy
from tenants.actor import SYSTEM

HTMX = {"HX-Request": "true"}


@pytest.fixture
def queue(in_scope, merchant):
    return f"/m/{merchant.public_id}/review/"


def product(handle, **values):
    return Product.objects.create(handle=handle, title=handle.title(), **values)


def draft(product, text="<p>A mug.</p>", source="ai", **values):
    return add_draft(
        product=product,
        field="description",
        locale="en",
        text=text,
        source=source,
        actor=SYSTEM,
        **values,
    )


def drafts(*handles):
    return [draft(product(handle)) for handle in handles]


def states():
    return list(CopyVersion.objects.order_by("pk").values_list("state", flat=True))


def written_by_a_run(mug, *texts):
    """A request with candidates; the first one is the draft."""
    run = GenerationRun.objects.create(brief={"language": "en"}, n_total=1, n_candidates=len(texts))
    request = GenerationRequest.objects.create(
        run=run, product=mug, lane="bulk", model="default", state="succeeded"
    )
    made = [
        Candidate.objects.create(
            request=request, index=i, raw=text, text=text, finish_reason="stop", is_usable=True
        )
        for i, text in enumerate(texts)
    ]
    version = draft(
        mug,
        f"<p>{texts[0]}</p>",
        candidate=made[0].public_id,
        provenance={"run": run.public_id, "candidate_index": 0},
    )
    return version, made


def test_the_queue_opens_with_the_oldest_draft(queue, viewer, signed_in):
    first, _second = drafts("mug", "bowl")
    assert signed_in(viewer).get(queue).url == f"{queue}{first.public_id}/"


def test_a_draft_costs_the_same_queries_in_a_short_and_a_long_queue(queue, editor, signed_in):
    version, _ = written_by_a_run(product("mug"), "First text", "Second text")
    client, address = signed_in(editor), f"{queue}{version.public_id}/"
    client.get(address)
    with CaptureQueriesContext(connection) as short:
        client.get(address)
    drafts(*(f"bowl-{number}" for number in range(20)))
    with CaptureQueriesContext(connection) as long:
        client.get(address)
    assert len(long) == len(short)


def test_an_empty_queue_says_what_waits_to_be_published(queue, editor, signed_in):
    client = signed_in(editor)
    assert "No draft waits for you" in client.get(queue).content.decode()
    approve_copy(version=drafts("mug")[0], actor=SYSTEM)
    assert "One approved text waits to be published." in client.get(queue).content.decode()


def test_a_draft_is_shown_beside_the_shops_text_and_the_products_facts(queue, viewer, signed_in):
    origin = {"file": "shop.csv", "row": 7, "column": "Material"}
    mug = product("mug", attributes=[{"name": "Material", "value": "oak", "origin": origin}])
    publish_copy(version=draft(mug, "<p>old words</p>", source="human"), actor=SYSTEM)
    version = draft(mug, "<p>new words</p>", provenance={"model": {"id": "Pebble"}}, is_sample=True)
    page = signed_in(viewer).get(f"{queue}{version.public_id}/").content.decode()
    for shown in ("<del>old</del> words", "<ins>new</ins> words", "shop.csv, row 7, Material"):
        assert shown in page
    assert "Pebble" in page
    assert "Sample" in page
    assert "Draft 1 of 1" in page
    assert "/approve/" not in page


@pytest.mark.parametrize(("action", "state"), [("approve", "approved"), ("publish", "published")])
def test_a_decision_leads_to_the_next_draft(queue, editor, signed_in, action, state):
    first, second = drafts("mug", "bowl")
    answer = signed_in(editor).post(f"{queue}{first.public_id}/{action}/")
    assert answer.url == f"{queue}{second.public_id}/"
    assert states() == [state, "draft"]


def test_htmx_gets_the_next_draft_and_its_address_at_once(queue, editor, signed_in):
    first, second = drafts("mug", "bowl")
    answer = signed_in(editor).post(f"{queue}{first.public_id}/approve/", headers=HTMX)
    assert answer.headers["HX-Push-Url"] == f"{queue}{second.public_id}/"
    assert answer.content.decode().strip().startswith('<div class="review"')
    assert "Bowl" in answer.content.decode()


def test_the_last_decision_leads_to_the_end_of_the_queue(queue, editor, signed_in):
    (only,) = drafts("mug")
    answer = signed_in(editor).post(f"{queue}{only.public_id}/approve/", headers=HTMX)
    assert answer.headers["HX-Redirect"] == queue


def test_a_rejection_keeps_its_reason_and_needs_one(queue, editor, signed_in):
    (only,) = drafts("mug")
    client, address = signed_in(editor), f"{queue}{only.public_id}/reject/"
    refused = client.post(address, {}, headers=HTMX)
    assert refused.status_code == 422
    assert "Choose a reason" in refused.content.decode()
    assert states() == ["draft"]
    client.post(address, {"reason": "tone", "details": "too solemn"})
    only.refresh_from_db()
    assert (only.state, only.rejection_reason) == ("rejected", "Wrong tone: too solemn")


@pytest.mark.parametrize(
    ("then", "state"), [("", "draft"), ("approve", "approved"), ("publish", "published")]
)
def test_an_edit_is_saved_and_maybe_decided_at_once(queue, editor, signed_in, then, state):
    (only,) = drafts("mug")
    data = {"text": "A better mug.", "markup": "plain", "state": "draft", "then": then}
    signed_in(editor).post(f"{queue}{only.public_id}/edit/", data)
    edited = CopyVersion.objects.get(parent=only)
    assert (edited.text, edited.source, edited.state) == (
        "<p>A better mug.</p>",
        "ai_edited",
        state,
    )


def test_an_empty_edit_is_refused_in_place(queue, editor, signed_in):
    (only,) = drafts("mug")
    data = {"text": " ", "markup": "plain", "state": "draft"}
    answer = signed_in(editor).post(f"{queue}{only.public_id}/edit/", data, headers=HTMX)
    assert answer.status_code == 422
    assert "has-errors" in answer.content.decode()
    assert states() == ["draft"]


@pytest.mark.parametrize("action", ["approve", "edit", "reject"])
def test_a_stale_form_shows_what_a_colleague_did(queue, editor, owner, signed_in, action):
    only, _other = drafts("mug", "bowl")
    publish_copy(version=only, actor=SYSTEM)
    data = {"text": "Mine.", "markup": "plain", "state": "draft", "reason": "tone"}
    answer = signed_in(editor).post(f"{queue}{only.public_id}/{action}/", data, follow=True)
    assert "it is published now" in answer.content.decode()
    assert states() == ["published", "draft"]


def test_what_was_typed_into_a_stale_form_stays_and_can_be_saved(queue, editor, signed_in):
    (only,) = drafts("mug")
    publish_copy(version=only, actor=SYSTEM)
    address, client = f"{queue}{only.public_id}/edit/", signed_in(editor)
    data = {"text": "Mine, all of it.", "markup": "plain", "state": "draft"}
    answer = client.post(address, data, headers=HTMX)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Mine, all of it.</textarea>" in page
    assert 'name="state" value="published"' in page
    client.post(address, data | {"state": "published"}, headers=HTMX)
    assert states() == ["published", "draft"]


def test_another_candidate_takes_the_drafts_place_and_back(queue, editor, signed_in):
    version, (first, second) = written_by_a_run(product("mug"), "First text", "Second text")
    client, address = signed_in(editor), f"{queue}{version.public_id}/"
    assert "Second text" in client.get(address).content.decode()
    client.post(f"{address}choose/", {"candidate": second.public_id})
    chosen = CopyVersion.objects.get(candidate=second.public_id)
    assert (chosen.text, chosen.provenance["candidate_index"]) == ("<p>Second text</p>", 1)
    assert states() == ["retired", "draft"]
    client.post(f"{queue}{chosen.public_id}/choose/", {"candidate": first.public_id})
    assert states() == ["draft", "retired"]


def test_a_candidate_of_another_request_is_refused(queue, editor, signed_in):
    mine, _ = written_by_a_run(product("mug"), "Mine")
    _theirs, (other,) = written_by_a_run(product("bowl"), "Theirs")
    signed_in(editor).post(f"{queue}{mine.public_id}/choose/", {"candidate": other.public_id})
    assert states() == ["draft", "draft"]


def test_another_text_is_asked_for_and_waited_for(queue, editor, signed_in):
    (only,) = drafts("mug")
    client, address = signed_in(editor), f"{queue}{only.public_id}/"
    answer = client.post(f"{address}regenerate/", {"instructions": "shorter"}, headers=HTMX)
    run = GenerationRun.objects.get()
    assert (run.brief["instructions"], run.lane, run.n_total) == ("shorter", "interactive", 1)
    waiting = f"{address}waiting/{run.public_id}/"
    assert f'hx-get="{waiting}"' in answer.content.decode()
    assert "every 2s" in client.get(waiting, headers=HTMX).content.decode()
    newer = draft(only.slot.product, provenance={"run": run.public_id})
    done = client.get(waiting, headers=HTMX).content.decode()
    assert "every 2s" not in done
    assert newer.public_id in done


def test_without_script_the_wait_is_part_of_the_address(queue, editor, signed_in):
    (only,) = drafts("mug")
    answer = signed_in(editor).post(f"{queue}{only.public_id}/regenerate/", {})
    run = GenerationRun.objects.get()
    assert answer.url == f"{queue}{only.public_id}/?waiting={run.public_id}"
    assert "Another text is being written" in signed_in(editor).get(answer.url).content.decode()


def test_a_queue_of_one_run_stays_in_that_run(queue, editor, signed_in):
    version, _ = written_by_a_run(product("mug"), "Mine")
    drafts("bowl")
    run = version.provenance["run"]
    client = signed_in(editor)
    assert client.get(f"{queue}?run={run}").url == f"{queue}{version.public_id}/?run={run}"
    answer = client.post(f"{queue}{version.public_id}/approve/?run={run}")
    assert answer.url == f"{queue}?run={run}"


def test_a_run_that_cannot_be_is_ignored(queue, editor, signed_in):
    (version,) = drafts("mug")
    assert signed_in(editor).get(f"{queue}?run=%00").url == f"{queue}{version.public_id}/"


def test_everything_approved_is_published(queue, editor, signed_in):
    for version in drafts("mug", "bowl"):
        approve_copy(version=version, actor=SYSTEM)
    drafts("pan")
    signed_in(editor).post(f"{queue}publish/")
    assert states() == ["published", "published", "draft"]


@pytest.mark.parametrize("panel", ["edit", "reject", "regenerate"])
def test_every_form_has_a_page_without_script(queue, editor, signed_in, panel):
    (only,) = drafts("mug")
    page = signed_in(editor).get(f"{queue}{only.public_id}/?{panel}=1").content.decode()
    assert f'action="{queue}{only.public_id}/{panel}/"' in page
    assert f'id="{panel}-dialog"' not in page


@pytest.mark.parametrize("role", ["viewer", "agent"])
def test_readers_decide_nothing(queue, role, signed_in, request):
    (only,) = drafts("mug")
    client = signed_in(request.getfixturevalue(role))
    actions = ("approve", "publish", "reject", "edit", "regenerate", "choose", "reopen")
    answers = [client.post(f"{queue}{only.public_id}/{action}/") for action in actions]
    assert {answer.status_code for answer in answers} == {403}
    assert client.post(f"{queue}publish/").status_code == 403
    assert states() == ["draft"]


def test_another_merchants_draft_does_not_exist(queue, outsider, other_merchant, signed_in):
    (only,) = drafts("mug")
    address = f"/m/{other_merchant.public_id}/review/{only.public_id}/"
    client = signed_in(outsider)
    assert client.get(address).status_code == 404
    assert client.post(f"{address}approve/").status_code == 404
    assert states() == ["draft"]


def test_hostile_texts_are_shown_as_text(queue, owner, signed_in):
    bad = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    mug = product("mug", vendor=bad, attributes=[{"name": bad, "value": bad}])
    publish_copy(version=draft(mug, f"<p>Old</p>{bad}", source="human"), actor=SYSTEM)
    version, _ = written_by_a_run(mug, "Fine", bad)
    for marks in ("on", "off"):
        address = f"{queue}{version.public_id}/?marks={marks}"
        page = signed_in(owner).get(address).content.decode()
        assert "<script>alert" not in page
        assert "onerror=alert(1)>" not in page
