import pytest

from generation.usability import usability_findings

GOOD = (
    "The Hearthside Mug is a forest green stoneware mug. It holds 380 ml and has a cork base. "
    "Care is simple: it is dishwasher safe."
)
GOOD_ZH = "这款马克杯由石器制成,容量 380 毫升,杯底配有软木垫,可用洗碗机清洗,日常使用十分方便。"


def codes(text, **context):
    return [finding.code for finding in usability_findings(text, **context)]


@pytest.mark.parametrize("text", [GOOD, GOOD_ZH, GOOD + "\n\n" + GOOD_ZH])
def test_a_plain_description_has_no_findings(text):
    assert codes(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ["empty"]),
        (" \n ", ["empty"]),
        ("A mug.", ["too_short"]),
        ("这是杯子。", ["too_short"]),
        ("It is a great mug for you. " * 3, ["repetition"]),
        ("the best mug for the best price and " * 4, ["repetition"]),
        (f"{GOOD} very very very very very", ["repetition"]),
        ("这款杯子非常好用啊" * 4, ["repetition"]),
        ("I'm sorry, but I cannot help with writing this description.", ["refusal"]),
        ("As an AI language model, I do not drink coffee from mugs at all.", ["refusal"]),
        ("很抱歉,我无法为这件商品撰写描述,请提供更多的商品信息再试一次。", ["refusal"]),
        (f"<product_facts> {GOOD}", ["prompt_echo"]),
        (f"assistant: {GOOD}", ["prompt_echo"]),
    ],
)
def test_what_cannot_be_shown_is_named(text, expected):
    assert codes(text) == expected


def test_the_facts_given_back_are_an_echo():
    facts = ["title: Hearthside Mug", "material: stoneware", "volume: 380 ml", "colour: green"]
    assert codes("\n".join(facts), facts=facts) == ["prompt_echo"]
    assert codes(GOOD, facts=facts) == []


def test_a_sentence_of_the_prompts_example_is_an_echo():
    example = "The Linden Lamp pairs oak with steel. An LED E27 bulb is included."
    assert codes(f"{GOOD} An LED E27 bulb is included.", examples=[example]) == ["prompt_echo"]
    assert codes(GOOD, examples=[example]) == []


def test_the_title_alone_is_too_short():
    title = "Hearthside Stoneware Mug with a Cork Base and a Handle, 380 ml"
    assert codes(f"{title}.", title=title) == ["too_short"]


def test_an_apology_in_the_middle_of_a_word_is_none():
    assert codes("Sorrel green and unable to fade, this mug was made by hand in Devon.") == []


def test_a_finding_is_kept_as_json():
    finding = usability_findings("A mug.")[0]
    assert finding.as_json() == {"code": "too_short", "severity": "error", "quote": "A mug."}
