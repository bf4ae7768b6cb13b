import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from stores.importers.spill import Spill, gathered


def groups(keys, limit=100):
    pieces = [(n, [key]) for n, key in enumerate(keys)]
    found = gathered(lambda: iter(pieces), lambda piece: piece[1][0], limit)
    return [[number for number, _ in group] for group in found]


def test_pieces_of_a_key_come_together_in_the_order_of_the_first():
    assert groups(["a", "b", "a", "", "b", "", "c", "a"]) == [[0, 2, 7], [1, 4], [3], [5], [6]]


def test_pieces_that_stand_together_need_no_search():
    assert groups(["a", "a", "b", "b"]) == [[0, 1], [2, 3]]


def test_one_piece_too_many_is_kept_and_no_more():
    assert [len(group) for group in groups(["a"] * 500, limit=10)] == [11]
    assert len(groups(["a", "b"] * 300, limit=10)[0]) == 11


def test_what_nobody_takes_is_left():
    with Spill() as spill:
        for n, key in enumerate(["x", "y", "x", "z"]):
            spill.put(key, n)
        assert spill.take("y", 9) == [1]
        assert spill.take("y", 9) == []
        assert [(key, spill.take(key, 9)) for key in spill.left()] == [("x", [0, 2]), ("z", [3])]


def test_memory_does_not_grow_with_what_is_set_aside():
    peaks = []
    for n in (2_000, 40_000):
        pieces = partial(scattered, n)
        tracemalloc.start()
        found = sum(len(group) for group in gathered(pieces, lambda piece: piece[1][0], 3_000))
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert found == n
    assert peaks[1] < 2 * peaks[0]


def scattered(n):
    return ((i, [f"key {i % (n // 4)}", "x" * 100]) for i in range(n))


def test_pieces_may_be_taken_in_another_thread_than_the_first():
    pieces = [(n, [f"key {n % 2}"]) for n in range(6)]
    found = gathered(lambda: iter(pieces), lambda piece: piece[1][0], 9)
    first = next(found)
    with ThreadPoolExecutor(1) as pool:
        rest = pool.submit(list, found).result()
    assert [number for group in (first, *rest) for number, _ in group] == [0, 2, 4, 1, 3, 5]
