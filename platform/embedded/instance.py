"""One running Copydesk to a data folder."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from embedded.errors import EmbeddedError


class AlreadyRunning(EmbeddedError):
    """Somebody else works with this data folder."""


@contextmanager
def only_instance(data: Path, address: str) -> Iterator[None]:
    """Hold the data folder's lock, which the system releases however this process ends.

    address: what to tell the next one who tries. Raises AlreadyRunning if somebody holds it.
    """
    data.mkdir(parents=True, exist_ok=True)
    with (data / "lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            holder = file.read().strip() or "another process"
            raise AlreadyRunning(
                f"Copydesk is already running with this data folder: {holder}. "
                "Stop it with Ctrl-C in its terminal, or set COPYDESK_DATA_DIR."
            ) from None
        file.truncate(0)
        file.write(f"process {os.getpid()}, {address}\n")
        file.flush()
        yield
