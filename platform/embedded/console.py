"""Lines for the person at the terminal. Standard library only: used before installing."""

import sys
import time

_CLEAR = "\r\x1b[K"


def say(text: str = "") -> None:
    """One line on standard output, at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def complain(text: str) -> None:
    """One line on standard error."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


class Progress:
    """One line that says what is going on and how long it has taken.

    On a terminal it is rewritten in place; in a log file it becomes a line every ten seconds.
    """

    def __init__(self, what: str) -> None:
        self.what = what
        self.started = time.monotonic()
        self._shown = 0.0
        self._live = sys.stdout.isatty()
        self.update("")

    @property
    def seconds(self) -> float:
        """Time since the beginning."""
        return time.monotonic() - self.started

    def update(self, detail: str) -> None:
        """Show `detail` beside the step's name, but not more often than a person can read."""
        now = time.monotonic()
        if now - self._shown < (0.1 if self._live else 10.0):
            return
        self._shown = now
        line = f"  {self.what} ... {detail}".rstrip()
        if self._live:
            sys.stdout.write(f"{_CLEAR}{line[:110]}")
        elif detail or self.seconds < 1:
            sys.stdout.write(f"{line}\n")
        sys.stdout.flush()

    def done(self, result: str = "done") -> None:
        """Close the line with what came out and the time it took."""
        start = _CLEAR if self._live else ""
        say(f"{start}  {self.what}: {result} ({self.seconds:.1f} s)")

    def failed(self) -> None:
        """Close the line before an error message follows."""
        start = _CLEAR if self._live else ""
        say(f"{start}  {self.what}: failed after {self.seconds:.1f} s")
