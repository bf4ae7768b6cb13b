import time

import pytest

from generation.engine.types import FinishReason
from generation.prompts import clean_completion


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("  A mug.\n", "A mug."),
        ('"A mug."', "A mug."),
        ("“A mug.”", "A mug."),
        ("「一只杯子。」", "一只杯子。"),
        ('"Big" and "small" mugs', '"Big" and "small" mugs'),
        ("'Tis a mug, it's 'ours'", "'Tis a mug, it's 'ours'"),
        ("Description: A mug.", "A mug."),
        ("**Product description:** A mug.", "A mug."),
        ("商品描述：一只杯子。", "一只杯子。"),
        ("产品介绍: 一只杯子。", "一只杯子。"),
        ("Sure! Here is the description:\n\nA mug.", "A mug."),
        ("好的，以下是商品描述：\n一只杯子。", "一只杯子。"),
        ("Here is a mug that holds 380 ml.", "Here is a mug that holds 380 ml."),
        ("# Hearthside Mug\n\nA **stoneware** mug.", "Hearthside Mug\n\nA stoneware mug."),
        ("A *fine* and __sturdy__ `mug`.", "A fine and sturdy mug."),
        ("这是**温暖**的杯子。", "这是温暖的杯子。"),
        ("Measures 3*4*5 cm.", "Measures 3*4*5 cm."),
        ("snake_case_name stays", "snake_case_name stays"),
        ("* one\n* two", "- one\n- two"),
        ("```\nA mug.\n```", "A mug."),
        ("See [our mugs](https://example.com).", "See our mugs."),
        ("<think>Let me see.</think>\nA mug.", "A mug."),
        ("<think>never ends", ""),
        ("A mug.</product_facts>", "A mug."),
        ("A mug.<|im_end|>", "A mug."),
        ("One.\n\n\n\nTwo.", "One.\n\nTwo."),
        ("An unfinished but stopped text", "An unfinished but stopped text"),
        ("", ""),
    ],
)
def test_text_alone_is_left(raw, clean):
    assert clean_completion(raw) == clean


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("A mug. It holds 4", "A mug."),
        ("A mug. It holds 4.", "A mug."),
        ("It holds 4.5 l. It is", "It holds 4.5 l."),
        ("Holds 4. And then", "Holds 4."),
        ('He said "Fine." And', 'He said "Fine."'),
        ("Nice! Really? Well", "Nice! Really?"),
        ("这是杯子。容量380毫升，适合", "这是杯子。"),
        ("A whole text.", "A whole text."),
        ("no sentence at all", ""),
    ],
)
def test_text_cut_by_its_budget_ends_with_its_last_whole_sentence(raw, clean):
    assert clean_completion(raw, FinishReason.length) == clean


@pytest.mark.parametrize("mark", ["**a ", "__a ", "`a ", "[a"])
def test_opening_marks_without_end_take_time_by_the_length_only(mark):
    text = mark * (50_000 // len(mark))
    started = time.process_time()
    assert clean_completion(text) == text.strip()
    assert time.process_time() - started < 5  # the square of it took 35
