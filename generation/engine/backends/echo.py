"""Instant, deterministic texts made of the prompt's own facts, for development and tests."""

import os
import random
import re
import signal
import time
from collections.abc import Sequence

from generation.engine.backends.base import ShouldStop
from generation.engine.errors import BackendError, ErrorCode
from generation.engine.types import (
    Completion,
    FinishReason,
    GenerationJob,
    JobResult,
    ModelInfo,
    Prompt,
    SamplingParams,
)

_FACT = re.compile(r"^([^\W\d_][^:<>\n]{0,60}): (\S.*)$", re.MULTILINE)
_FENCE = re.compile(r"<product_facts>\n(.*?)</product_facts>", re.DOTALL)
_CHINESE = re.compile(r"\b(in|Language:) (Simplified |Traditional )?Chinese\b")
_SKIPPED = frozenset({"title", "price", "locale", "tags", "vendor"})
_NAP_SECONDS = 0.02

_OPENINGS = (
    "Meet {title}, made for every day.",
    "{title} does one thing well.",
    "Here is {title}, plain and honest.",
    "{title} is ready when you are.",
    "Take a closer look at {title}.",
)
_FACT_LINES = ("Its {name} is {value}.", "The {name}: {value}.", "For {name}, expect {value}.")
_OPENINGS_ZH = (
    "为您介绍{title}。",
    "{title},日常之选。",
    "认识一下{title}。",
    "{title},值得细看。",
)
_FACT_LINES_ZH = ("{name}:{value}。", "{name}为{value}。", "在{name}方面,{value}。")


class EchoBackend:
    """Writes a few sentences from the facts lines of the prompt.

    seconds_per_job: how long each job pretends to take, cut short by an abort.
    A prompt with `[[echo:error]]` raises a lasting error, `[[echo:retry]]` a retryable one;
    `[[echo:crash]]` kills the process as the system would, only if `allow_faults`.
    """

    name = "echo"

    def __init__(self, seconds_per_job: float = 0.0, allow_faults: bool = False) -> None:
        self.seconds_per_job = seconds_per_job
        self.allow_faults = allow_faults

    def load(self) -> ModelInfo:
        return ModelInfo("echo", "1", "none", "text", context_length=8192, chat=True)

    def count_prompt_tokens(self, prompt: Prompt) -> int:
        return len(_whole_text(prompt).split())

    def generate(self, jobs: Sequence[GenerationJob], should_stop: ShouldStop) -> list[JobResult]:
        for job in jobs:
            self._fail_on_markers(_whole_text(job.prompt))
        return [self._answer(job, should_stop) for job in jobs]

    def close(self) -> None:
        return None

    def _fail_on_markers(self, text: str) -> None:
        if "[[echo:crash]]" in text and self.allow_faults:
            os.kill(os.getpid(), signal.SIGKILL)
        for marker, retryable in (("[[echo:error]]", False), ("[[echo:retry]]", True)):
            if marker in text:
                message = f"The prompt asked for a failure with {marker}."
                raise BackendError(message, retryable, ErrorCode.backend_failure)

    def _answer(self, job: GenerationJob, should_stop: ShouldStop) -> JobResult:
        started = time.monotonic()
        if self._waited_until_stopped(job.id, should_stop):
            return JobResult.aborted(job)
        completions = tuple(_write(job.prompt, job.sampling, i) for i in range(job.sampling.n))
        return JobResult(
            id=job.id,
            completions=completions,
            n_prompt_tokens=self.count_prompt_tokens(job.prompt),
            n_completion_tokens=sum(item.n_completion_tokens for item in completions),
            seconds=time.monotonic() - started,
        )

    def _waited_until_stopped(self, job_id: str, should_stop: ShouldStop) -> bool:
        ends_at = time.monotonic() + self.seconds_per_job
        while not should_stop(job_id):
            remaining = ends_at - time.monotonic()
            if remaining <= 0:
                return False
            time.sleep(min(_NAP_SECONDS, remaining))
        return True


def _whole_text(prompt: Prompt) -> str:
    return "\n".join(message.content for message in prompt.messages) or prompt.completion_text


def _write(prompt: Prompt, sampling: SamplingParams, index: int) -> Completion:
    text = _whole_text(prompt)
    fenced = _FENCE.findall(text)
    facts = dict(_FACT.findall(fenced[-1] if fenced else text))
    rng = random.Random(f"{sampling.seed}/{index}/{text}")  # noqa: S311 (not for secrets)
    sentences = _sentences(facts, index, rng, chinese=bool(_CHINESE.search(text)))
    return _cut_to_budget(sentences, sampling.max_new_tokens)


def _sentences(
    facts: dict[str, str], index: int, rng: random.Random, *, chinese: bool
) -> list[str]:
    openings, lines = (_OPENINGS_ZH, _FACT_LINES_ZH) if chinese else (_OPENINGS, _FACT_LINES)
    first = rng.randrange(len(openings))
    opening = openings[(first + index) % len(openings)]
    told = [(name, value) for name, value in facts.items() if name not in _SKIPPED]
    rng.shuffle(told)
    written = [rng.choice(lines).format(name=name, value=value) for name, value in told[:4]]
    return [opening.format(title=facts.get("title", "this product")), *written]


def _cut_to_budget(sentences: list[str], max_new_tokens: int) -> Completion:
    words = " ".join(sentences).split()
    finish_reason = FinishReason.length if len(words) > max_new_tokens else FinishReason.stop
    kept = words[:max_new_tokens]
    return Completion(" ".join(kept), finish_reason, len(kept), mean_logprob=-1.0)
