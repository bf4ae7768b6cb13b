import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.diff import MAX_TOKENS, Segment, diff_segments, diff_sides, inline_diff

texts = st.text(alphabet=st.sampled_from("ab <&>\n,.é马克杯。１"), max_size=40)


def joined(segments, *changes):
    return "".join(s.text for s in segments if s.change in changes)


@given(texts, texts)
def test_segments_give_back_both_texts(old, new):
    segments = diff_segments(old, new)

    assert joined(segments, "same", "removed") == old
    assert joined(segments, "same", "added") == new


@given(texts, texts)
def test_no_segment_is_empty(old, new):
    assert all(s.text for s in diff_segments(old, new))


def test_latin_text_differs_by_words():
    assert inline_diff("a red mug", "a green mug") == "a <del>red</del><ins>green</ins> mug"


def test_chinese_text_differs_by_characters():
    assert inline_diff("红色马克杯", "绿色马克杯") == "<del>红</del><ins>绿</ins>色马克杯"


def test_mixed_text_keeps_numbers_and_words_whole():
    assert inline_diff("容量380ml", "容量480ml") == "容量<del>380ml</del><ins>480ml</ins>"


def test_neighbouring_changes_join_over_white_space():
    assert diff_segments("one two end", "three four end") == [
        Segment("removed", "one two"),
        Segment("added", "three four"),
        Segment("same", " end"),
    ]


def test_equal_texts_have_no_marks():
    assert inline_diff("the same", "the same") == "the same"


def test_two_empty_texts_give_nothing():
    assert diff_segments("", "") == []


def test_text_that_appears_is_one_addition():
    assert inline_diff("", "new") == "<ins>new</ins>"


@pytest.mark.parametrize(
    ("hostile", "escaped"),
    [
        ("<script>", "&lt;script&gt;"),
        ("</ins><img src=x>", "&lt;/ins&gt;&lt;img src=x&gt;"),
        ("&amp;", "&amp;amp;"),
    ],
)
def test_markup_in_the_texts_is_escaped(hostile, escaped):
    assert inline_diff("", hostile) == f"<ins>{escaped}</ins>"


def test_sides_show_each_its_own_marks():
    left, right = diff_sides("a <b>", "a <i>")

    assert left == "a &lt;<del>b</del>&gt;"
    assert right == "a &lt;<ins>i</ins>&gt;"


def test_very_long_texts_are_shown_whole():
    old, new = "a " * MAX_TOKENS + "a", "b " * MAX_TOKENS + "b"

    assert diff_segments(old, new) == [Segment("removed", old), Segment("added", new)]


def test_a_small_change_of_a_very_long_text_is_still_shown_as_small():
    before, after = "a " * MAX_TOKENS, " a" * MAX_TOKENS
    assert diff_segments(f"{before}old{after}", f"{before}new{after}") == [
        Segment("same", before),
        Segment("removed", "old"),
        Segment("added", "new"),
        Segment("same", after),
    ]
