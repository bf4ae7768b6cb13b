"""PostgreSQL refuses to run as root: commands that run its programs as somebody else."""

import os
import signal
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from embedded.errors import EmbeddedError

NOBODY = 65534
FORCE_DROP = "COPYDESK_NO_USER_NAMESPACE"
# Lets the unprivileged uid reach programs and data below a folder such as /root, which is closed
# to others. Ambient, so that it survives exec without making the program "privileged": a
# privileged exec would clear the parent death signal.
_CAPABILITY = "+dac_override"


@dataclass(frozen=True)
class Disguise:
    """How a program is started, and who then owns its files."""

    prefix: tuple[str, ...]
    owner: int
    name: str

    def command(self, *program: str, death_signal: signal.Signals | None = None) -> list[str]:
        """The command line that runs `program` under this disguise.

        death_signal: what it gets when its parent dies; changing to another user clears the
        setting that the child made for itself, so that setpriv has to make it again.
        """
        again = []
        if death_signal is not None and "setpriv" in self.prefix:
            again = [f"--pdeathsig={death_signal.name.removeprefix('SIG')}"]
        return [*self.prefix, *again, *program]

    def give(self, path: Path) -> None:
        """Hand `path` and everything below it to the owner that the program will have."""
        if os.geteuid() != 0 or path.stat().st_uid == self.owner:
            return
        for folder, _, files in os.walk(path):
            os.chown(folder, self.owner, self.owner)
            for file in files:
                os.chown(Path(folder, file), self.owner, self.owner, follow_symlinks=False)
        if path.is_file():
            os.chown(path, self.owner, self.owner)


@cache
def find_disguise(program: Path) -> Disguise:
    """The first way that works here of running `program` as somebody other than root.

    An ordinary user needs none. Root takes a user namespace, in which files stay root's; where
    a container forbids those, it becomes `nobody` and owns the data as that user.
    """
    if os.geteuid() != 0:
        return Disguise((), os.geteuid(), "yourself")
    for disguise in _candidates():
        if _works(disguise, program):
            return disguise
    raise EmbeddedError(
        "PostgreSQL does not run as root, and this container allows neither user namespaces nor "
        "changing to another user. Run Copydesk as an ordinary user, or set DATABASE_URL."
    )


def _candidates() -> list[Disguise]:
    ids = f"--map-user={NOBODY}", f"--map-group={NOBODY}"
    drop = "setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"
    reach = f"--inh-caps={_CAPABILITY}", f"--ambient-caps={_CAPABILITY}"
    dropping = Disguise((*drop, *reach), NOBODY, "nobody")
    if os.environ.get(FORCE_DROP):
        return [dropping]
    return [Disguise(("unshare", "--user", *ids), 0, "a user namespace"), dropping]


def _works(disguise: Disguise, program: Path) -> bool:
    command = disguise.command(str(program), "--version")
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0  # noqa: S603
    except OSError:
        return False
