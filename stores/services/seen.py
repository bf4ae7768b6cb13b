"""Telling what surely comes for the first time in a file of any length, in memory of one size."""

BYTES = 16 * 1024 * 1024
_BIT = BYTES * 8 - 1


class Seen:
    """A Bloom filter of two bits a text.

    Of two million texts, one in a thousand is taken for a known one although it is new.
    """

    def __init__(self) -> None:
        self._bits = bytearray(BYTES)

    def add(self, text: str) -> bool:
        """Remember the text; whether it may have been there before. False is certain."""
        code = hash(text)
        first, second = code & _BIT, (code >> 32) & _BIT
        bits = self._bits
        known = bits[first >> 3] >> (first & 7) & bits[second >> 3] >> (second & 7) & 1
        bits[first >> 3] |= 1 << (first & 7)
        bits[second >> 3] |= 1 << (second & 7)
        return bool(known)
