"""What went wrong at the server, in a sentence for the person who set the endpoint up."""

import email.utils
import time
from json import JSONDecodeError

import httpx2
import openai

from generation.engine.errors import BackendError, ErrorCode

_MAX_QUOTE = 200


def as_backend_error(error: Exception) -> BackendError:
    """The one error that leaves the backend, for anything the client may raise."""
    own = _own_cause(error)
    if own is not None:
        return own
    if isinstance(error, openai.APIStatusError):
        return _by_status(error)
    if isinstance(error, openai.APITimeoutError):
        message = "The server did not answer in time."
        return BackendError(message, True, ErrorCode.endpoint_unreachable)
    if isinstance(error, openai.APIResponseValidationError | JSONDecodeError | UnicodeDecodeError):
        return bad_response("The server's answer is not what the OpenAI interface promises.")
    if isinstance(error, openai.APIConnectionError | httpx2.TransportError):
        return _unreachable(error)
    message = f"The request failed ({type(error).__name__})."
    return BackendError(message, False, ErrorCode.backend_failure)


def bad_response(message: str) -> BackendError:
    """An answer that cannot be used; the next one may be whole."""
    return BackendError(message, retryable=True, code=ErrorCode.bad_response)


def _own_cause(error: BaseException | None) -> BackendError | None:
    while error is not None:
        if isinstance(error, BackendError):
            return error
        error = error.__cause__ or error.__context__
    return None


def _unreachable(error: Exception) -> BackendError:
    cause = str(error.__cause__ or error)
    if "CERTIFICATE" in cause.upper():
        message = "The server's certificate is not valid for its name."
        return BackendError(message, False, ErrorCode.endpoint_unreachable)
    if isinstance(error.__cause__, httpx2.RemoteProtocolError | httpx2.ReadError):
        return bad_response("The server broke off in the middle of its answer.")
    message = f"The server cannot be reached ({cause[:_MAX_QUOTE]})."
    return BackendError(message, True, ErrorCode.endpoint_unreachable)


def _by_status(error: openai.APIStatusError) -> BackendError:
    status, said = error.status_code, _said(error)
    if status in {401, 403}:
        return _lasting(f"The server refused the API key ({status}).{said}")
    if status == 404:
        return _lasting(f"The server knows no such address or model (404).{said}")
    if status == 429 and error.code == "insufficient_quota":
        return _lasting(f"The account at the server has no credit left.{said}")
    if status in {408, 409, 425, 429} or status >= 500:
        message = f"The server is busy or broken ({status}).{said}"
        return BackendError(message, True, ErrorCode.endpoint_busy, retry_after(error.response))
    if 300 <= status < 400:
        return _lasting(f"The server sends requests on to another address ({status}).")
    if _is_about_length(error):
        return BackendError(
            f"The prompt is too long for the model.{said}", False, ErrorCode.prompt_too_long
        )
    message = f"The server refused the request ({status}).{said}"
    return BackendError(message, False, ErrorCode.bad_request)


def _lasting(message: str) -> BackendError:
    return BackendError(message, retryable=False, code=ErrorCode.endpoint_refused)


def _is_about_length(error: openai.APIStatusError) -> bool:
    text = f"{error.code} {error.message}".lower()
    return "context_length" in text or "context length" in text or "maximum context" in text


def _said(error: openai.APIStatusError) -> str:
    """The server's own words, short and on one line; its HTML pages say nothing to anyone."""
    body = error.body
    said = body.get("message") if isinstance(body, dict) else None
    return f' It says: "{" ".join(said.split())[:_MAX_QUOTE]}"' if isinstance(said, str) else ""


def retry_after(response: httpx2.Response) -> float | None:
    """Seconds that the server asks to wait, from either form of Retry-After."""
    value = response.headers.get("retry-after", "")
    if value.isdecimal():
        return float(value)
    date = email.utils.parsedate_tz(value) if value else None
    return max(0.0, email.utils.mktime_tz(date) - time.time()) if date else None
