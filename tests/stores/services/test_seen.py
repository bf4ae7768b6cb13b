from stores.services.seen import BYTES, Seen


def test_nothing_that_was_there_is_taken_for_new():
    seen = Seen()
    codes = [f"SKU-{n}" for n in range(20_000)]
    assert sum(seen.add(code) for code in codes) < 20
    assert all(seen.add(code) for code in codes)


def test_it_takes_the_same_memory_whatever_it_has_seen():
    seen = Seen()
    for n in range(20_000):
        seen.add(str(n))
    assert len(seen._bits) == BYTES
