"""Chat completions through the official client, on our transport."""

import logging
import ssl
import time
from typing import Any

import httpx2
import openai
from openai.types.chat import ChatCompletion

from generation.engine.backends.openai.addresses import check_public_url
from generation.engine.backends.openai.failures import as_backend_error, bad_response
from generation.engine.backends.openai.transport import GuardedTransport
from generation.engine.errors import ErrorCode
from generation.engine.types import Completion, FinishReason, GenerationJob, JobResult

logger = logging.getLogger(__name__)

_CONNECT_SECONDS = 10.0
_MAX_STOP = 4
_MAX_LISTED = 200
_MAX_TEXT_CHARACTERS = 50_000
_OPTIONAL = frozenset({"temperature", "top_p", "seed", "stop", "n"})
_FINISH = {None: FinishReason.stop, "stop": FinishReason.stop, "length": FinishReason.length}


class ChatClient:
    """One endpoint and one model. Thread-safe; remembers what the server does not understand."""

    def __init__(
        self,
        base_url: str,
        model: str,
        api_key: str,
        *,
        allow_private_hosts: bool,
        concurrency: int,
        timeout_seconds: float,
        verify: ssl.SSLContext | bool,
    ) -> None:
        if not allow_private_hosts:
            check_public_url(base_url)
        self._model = model
        self._dropped: set[str] = set()
        self._limit_name = "max_tokens"
        transport = GuardedTransport(
            api_key,
            allow_private_hosts=allow_private_hosts,
            answer_seconds=timeout_seconds,
            verify=verify,
            limits=httpx2.Limits(max_connections=concurrency + 1),
        )
        timeout = httpx2.Timeout(timeout_seconds, connect=_CONNECT_SECONDS)
        http = httpx2.Client(
            transport=transport, timeout=timeout, follow_redirects=False, trust_env=False
        )
        self._client = openai.OpenAI(
            api_key="set-by-the-transport",
            base_url=base_url,
            http_client=http,
            timeout=timeout,
            max_retries=0,
        )

    def close(self) -> None:
        """Close the connections; requests under way fail."""
        self._client.close()

    def complete(self, job: GenerationJob, started: float) -> JobResult:
        """All candidates of a job, from one request or from as many as the server makes us send.

        Raises BackendError.
        """
        answers = [self._ask(job, job.sampling.n, 0)]
        while (missing := job.sampling.n - sum(map(_n_choices, answers))) > 0:
            answers.append(self._ask(job, missing, len(answers)))
        texts = [text for answer in answers for text in _completions(answer)][: job.sampling.n]
        return JobResult(
            id=job.id,
            completions=tuple(texts),
            n_prompt_tokens=sum(_usage(answer)[0] for answer in answers),
            n_completion_tokens=sum(_usage(answer)[1] for answer in answers),
            seconds=time.monotonic() - started,
        )

    def list_models(self) -> tuple[str, ...] | None:
        """Names that the server lists, or None if it answers but has no list."""
        try:
            page = self._client.models.list()
            return tuple(str(model.id) for model in page.data[:_MAX_LISTED])
        except (openai.NotFoundError, AttributeError, TypeError):
            return None
        except Exception as error:
            failure = as_backend_error(error)
        if failure.code in {ErrorCode.bad_response, ErrorCode.bad_request}:
            return None
        raise failure

    def say_hello(self) -> str:
        """A few words of the model. Raises BackendError."""
        hello: dict[str, Any] = {
            "messages": [{"role": "user", "content": "Answer with one word: ready."}],
            self._limit_name: 16,
        }
        return (_checked(self._send(hello)).choices[0].message.content or "").strip()

    def _ask(self, job: GenerationJob, n: int, n_before: int) -> ChatCompletion:
        sampling = job.sampling
        wanted: dict[str, Any] = {
            "messages": [{"role": m.role, "content": m.content} for m in job.prompt.messages],
            self._limit_name: sampling.max_new_tokens,
            "temperature": sampling.temperature,
            "top_p": sampling.top_p,
            # A repeated request must not draw the same text again.
            "seed": sampling.seed + n_before,
        }
        if n > 1:
            wanted["n"] = n
        if sampling.stop:
            wanted["stop"] = list(sampling.stop[:_MAX_STOP])
        return _checked(self._send(wanted))

    def _send(self, wanted: dict[str, Any]) -> Any:
        """Post, and post again without what the server says it does not take."""
        while True:
            sent = {name: value for name, value in wanted.items() if name not in self._dropped}
            try:
                return self._client.chat.completions.create(model=self._model, **sent)
            except openai.BadRequestError as error:
                if not self._learn(error, sent, wanted):
                    raise as_backend_error(error) from error
            except Exception as error:
                raise as_backend_error(error) from error

    def _learn(
        self, error: openai.BadRequestError, sent: dict[str, Any], wanted: dict[str, Any]
    ) -> bool:
        """Whether another request may succeed: a parameter was renamed or left out."""
        if error.param == "max_tokens" and "max_tokens" in sent:
            self._limit_name = "max_completion_tokens"
            wanted[self._limit_name] = wanted.pop("max_tokens")
            return True
        name = error.param if error.param in _OPTIONAL else _named_in(error.message, sent)
        if name not in sent:
            return False
        logger.warning("%s takes no %s; it is left out from now on", self._model, name)
        self._dropped.add(name)
        return True


def _named_in(message: str, sent: dict[str, Any]) -> str:
    """`n` where a server refuses several choices without naming the parameter properly."""
    text = message.lower()
    several = "n" in sent and ("multiple choices" in text or "n must be" in text or "'n'" in text)
    return "n" if several else ""


def _checked(answer: Any) -> ChatCompletion:
    if not isinstance(answer, ChatCompletion) or _n_choices(answer) == 0:
        raise bad_response("The server's answer holds no text.")
    return answer


def _n_choices(answer: ChatCompletion) -> int:
    choices = getattr(answer, "choices", None)
    return len(choices) if isinstance(choices, list) else 0


def _completions(answer: ChatCompletion) -> list[Completion]:
    n_tokens, rest = divmod(_usage(answer)[1], _n_choices(answer))
    return [
        _completion(choice, n_tokens + (1 if i < rest else 0))
        for i, choice in enumerate(answer.choices)
    ]


def _completion(choice: Any, n_tokens: int) -> Completion:
    content = getattr(choice.message, "content", None)
    if not isinstance(content, str | None):
        raise bad_response("The server's answer holds something else than text.")
    reason = _FINISH.get(choice.finish_reason, FinishReason.error)
    if content and len(content) > _MAX_TEXT_CHARACTERS:
        # A server that does not keep to max_tokens: what comes after reads every character.
        content, reason = content[:_MAX_TEXT_CHARACTERS], FinishReason.length
    return Completion(content or "", reason, n_tokens)


def _usage(answer: ChatCompletion) -> tuple[int, int]:
    """Prompt and completion tokens as the server counts them, zeros where it does not say."""
    usage = getattr(answer, "usage", None)
    counts = (getattr(usage, name, None) for name in ("prompt_tokens", "completion_tokens"))
    prompt, completion = (max(0, count) if isinstance(count, int) else 0 for count in counts)
    return prompt, completion
