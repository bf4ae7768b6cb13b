"""What goes into the engine and what comes out: frozen values, safe to share between threads."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from generation.engine.errors import BackendError

Role = Literal["system", "user", "assistant"]


class FinishReason(StrEnum):
    """Why a text ended: at its own stop, at the budget, by a cancel, or by a fault."""

    stop = "stop"
    length = "length"
    aborted = "aborted"
    error = "error"


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a chat."""

    role: Role
    content: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """One request in both forms: `messages` for chat models, `completion_text` for base models.

    completion_stop: where the continuation of a base model ends, which would go on for ever.
    """

    messages: tuple[Message, ...]
    completion_text: str = ""
    completion_stop: tuple[str, ...] = ()

    def as_completion(self) -> str:
        """The text that a base model continues; the joined messages where no own form exists."""
        return self.completion_text or "\n\n".join(message.content for message in self.messages)


@dataclass(frozen=True, slots=True)
class SamplingParams:
    """How to draw `n` texts from one prompt.

    temperature: 0 is greedy. seed: candidate i draws from its own stream (seed, i).
    max_new_tokens: the budget of each candidate. stop: the text ends before the first of these.
    """

    max_new_tokens: int = 200
    temperature: float = 0.7
    top_p: float = 0.95
    repetition_penalty: float = 1.0
    n: int = 1
    seed: int = 0
    stop: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        checks = {
            "max_new_tokens must be at least 1": self.max_new_tokens >= 1,
            "temperature must lie in 0..2": 0 <= self.temperature <= 2,
            "top_p must lie in (0, 1]": 0 < self.top_p <= 1,
            "repetition_penalty must lie in 0.5..2": 0.5 <= self.repetition_penalty <= 2,
            "n must lie in 1..16": 1 <= self.n <= 16,
            "stop strings must not be empty": all(self.stop),
        }
        for message, holds in checks.items():
            if not holds:
                raise ValueError(message)


@dataclass(frozen=True, slots=True)
class Completion:
    """One candidate text. `mean_logprob` is per new token, None where the backend has none."""

    text: str
    finish_reason: FinishReason
    n_completion_tokens: int
    mean_logprob: float | None = None


@dataclass(frozen=True, slots=True)
class GenerationJob:
    """One prompt to be answered; `id` is the caller's and unique among the waiting jobs."""

    id: str
    prompt: Prompt
    sampling: SamplingParams


@dataclass(frozen=True, slots=True)
class JobResult:
    """What became of one job: `n` completions, or an error and none.

    n_completion_tokens: over all candidates. seconds: the job's share of its batch's wall time.
    """

    id: str
    completions: tuple[Completion, ...]
    n_prompt_tokens: int
    n_completion_tokens: int
    seconds: float
    error: BackendError | None = None

    @classmethod
    def failed(cls, job_id: str, error: BackendError, seconds: float = 0.0) -> "JobResult":
        """A result that carries only the error."""
        return cls(job_id, (), 0, 0, seconds, error)

    @classmethod
    def aborted(cls, job: GenerationJob) -> "JobResult":
        """A result for a job that was cancelled before anything was drawn for it."""
        empty = Completion("", FinishReason.aborted, 0)
        return cls(job.id, (empty,) * job.sampling.n, 0, 0, 0.0)


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """The model that a backend serves, as far as the backend can know it.

    revision: a hash that changes with the weights, empty where the server does not say.
    context_length: prompt and new tokens together, 0 if unknown. n_parameters: None if unknown.
    """

    model_id: str
    revision: str
    device: str
    dtype: str
    context_length: int
    chat: bool
    n_parameters: int | None = None
