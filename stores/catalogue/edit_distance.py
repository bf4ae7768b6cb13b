"""How many typing errors lie between two words."""


def n_errors(a: str, b: str) -> int:
    """Letters left out, put in, exchanged, or swapped with their neighbour.

    Source: the optimal string alignment distance, in Boytsov, Indexing methods for approximate
    dictionary searching, 2011, section 2.2.
    """
    before: list[int] = []
    last = list(range(len(b) + 1))
    for i, letter in enumerate(a, 1):
        row = [i]
        for j, other in enumerate(b, 1):
            least = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == b[j - 2] and a[i - 2] == other:
                least = min(least, before[j - 2] + 1)
            row.append(least)
        before, last = last, row
    return last[-1]
