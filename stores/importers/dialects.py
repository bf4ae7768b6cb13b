"""Which character separates the columns of a text."""

DELIMITERS = ",;\t|"


def delimiter_of(text: str) -> str:
    """The one that occurs most often in the first line that is not empty."""
    line = next((line for line in text.splitlines() if line.strip()), "")
    return max(DELIMITERS, key=line.count)
