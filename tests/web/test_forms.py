import pytest
from django import forms

HOSTILE = '"><script>alert(1)</script>'


class Hostile(forms.Form):
    name = forms.CharField(label=HOSTILE, help_text=HOSTILE)
    choice = forms.ChoiceField(label="Choice", choices=[(HOSTILE, HOSTILE)], required=False)
    several = forms.MultipleChoiceField(
        choices=[(HOSTILE, HOSTILE)], widget=forms.CheckboxSelectMultiple, required=False
    )
    secret = forms.CharField(widget=forms.HiddenInput, required=False)
    agreed = forms.BooleanField(required=False)

    def clean(self):
        raise forms.ValidationError(HOSTILE)


@pytest.fixture
def bound():
    form = Hostile(data={"name": "", "choice": HOSTILE + "x", "secret": HOSTILE})
    form.is_valid()
    return form


def test_labels_choices_values_and_errors_are_escaped(render, elements, bound):
    html = render("{% form_fields form %}", form=bound)

    assert elements(html).named("script") == []
    assert [i["value"] for i in elements(html).named("input") if i["name"] == "secret"] == [HOSTILE]


def test_error_is_tied_to_its_widget(render, elements, bound):
    html = render("{% field form.name %}", form=bound)

    widget = elements(html).named("input")[0]
    assert widget["aria-invalid"] == "true"
    assert widget["aria-describedby"] == "id_name_helptext id_name_error"
    assert elements(html).named("ul")[0]["id"] == "id_name_error"


def test_required_fields_are_marked(render):
    html = render("{% field form.name %}|{% field form.choice %}", form=Hostile())

    assert [part.count("field-required") for part in html.split("|")] == [1, 0]


def test_groups_of_choices_have_a_legend(render, elements):
    html = render("{% field form.several %}", form=Hostile())

    assert len(elements(html).named("fieldset")) == len(elements(html).named("legend")) == 1


def test_ticks_stand_before_their_label(render, elements):
    html = render("{% field form.agreed %}", form=Hostile())

    assert elements(html).named("label")[0]["for"] == "id_agreed"
    assert html.index("<input") < html.index("Agreed")


def test_extra_attributes_reach_the_widget(render, elements):
    html = render("{% field form.name hx_get='/x/' rows=8 autofocus=True %}", form=Hostile())

    widget = elements(html).named("input")[0]
    assert (widget["hx-get"], widget["rows"], "autofocus" in widget) == ("/x/", "8", True)
    assert widget["class"] == "input"


def test_form_without_errors_draws_no_notice(render):
    assert render("{% form_errors form %}", form=Hostile()).strip() == ""
