"""How every small program of this package ends: expected failures as a sentence."""

import errno
import sys
from collections.abc import Callable

from embedded.console import complain
from embedded.errors import EmbeddedError


def run_tool(main: Callable[[list[str]], int]) -> int:
    """Call `main` with the command line; its exit status, or 1 after a message."""
    try:
        return main(sys.argv[1:])
    except EmbeddedError as problem:
        complain(f"\nerror: {problem}")
    except PermissionError as problem:
        complain(f"\nerror: You may not do this with {problem.filename or 'a file'}: {problem}")
    except OSError as problem:
        if problem.errno != errno.ENOSPC:
            raise
        complain(f"\nerror: The disk is full ({problem.filename or 'while writing'}).")
    except KeyboardInterrupt:
        complain("\nStopped.")
    return 1
