"""The one error that leaves the engine."""

from enum import StrEnum


class ErrorCode(StrEnum):
    """Stable codes, from which the layers above choose what a person reads in their language."""

    prompt_too_long = "prompt_too_long"
    model_missing = "model_missing"
    model_unsafe = "model_unsafe"
    model_unusable = "model_unusable"
    endpoint_unreachable = "endpoint_unreachable"
    endpoint_refused = "endpoint_refused"
    endpoint_forbidden = "endpoint_forbidden"
    endpoint_busy = "endpoint_busy"
    bad_response = "bad_response"
    bad_request = "bad_request"
    out_of_memory = "out_of_memory"
    backend_failure = "backend_failure"


class BackendError(Exception):
    """A failure to generate.

    message: one English sentence without secrets, fit for an operator.
    retryable: whether the same job may succeed later without anybody changing anything.
    code: one of ErrorCode, stable. retry_after_seconds: what a server asked for, if it did.
    """

    def __init__(
        self, message: str, retryable: bool, code: str, retry_after_seconds: float | None = None
    ) -> None:
        super().__init__(message, retryable, code, retry_after_seconds)
        self.message = message
        self.retryable = retryable
        self.code = code
        self.retry_after_seconds = retry_after_seconds

    def __str__(self) -> str:
        return self.message
