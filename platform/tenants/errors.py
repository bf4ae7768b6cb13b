"""The error that services raise when a rule forbids what was asked."""

from django.utils.functional import Promise


class DomainError(Exception):
    """A rule across rows forbids this.

    code: stable, for programs. message: for people, in their language. status: what HTTP calls it.
    """

    def __init__(self, code: str, message: str | Promise, *, status: int = 409) -> None:
        super().__init__(str(message))
        self.code = code
        self.message = message
        self.status = status
