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
    code: one of ErrorCode, stable.
    """

    def __init__(self, message: str, retryable: bool, code: str) -> None:
        super().__init__(message, retryable, code)
        self.message = message
        self.retryable = retryable
        self.code = code

    def __str__(self) -> str:
        return self.message
