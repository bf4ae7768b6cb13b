import os
import resource
import sys
import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from generation.engine.backends.base import Backend
from generation.engine.errors import BackendError
from generation.engine.types import GenerationJob, ModelInfo, SamplingParams
from generation.local_model import build_default_backend
from generation.prompts import Brief, ProductFacts, render_product_description, variant_for

_FACTS = ProductFacts(
    title="Linen Apron",
    product_type="Apron",
    attributes=(("material", "linen"), ("length", "90 cm")),
)
_NEW_TOKENS = 32


class Command(BaseCommand):
    help = "Load the configured model here, write a few words with it, and say what that took."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        own = settings.GENERATION
        self.stdout.write(f"backend      {own['BACKEND']}")
        self.stdout.write(f"model        {own['MODEL']}")
        self.stdout.write(f"asked for    device {own['DEVICE']}, dtype {own['DTYPE']}")
        self.stdout.write(f"batch        at most {own['MAX_BATCH']} texts at once")
        self.stdout.write(f"cores        {_usable_cores()}")
        try:
            self._try()
        except BackendError as error:
            raise CommandError(f"{error.message} ({error.code})") from error

    def _try(self) -> None:
        started = time.monotonic()
        backend = build_default_backend()
        info = backend.load()
        self._tell_model(info, time.monotonic() - started)
        self._write(backend, info)
        backend.close()
        self.stdout.write(f"memory       {_peak_megabytes()} MB at most")
        self.stdout.write(self.style.SUCCESS("The model can be used here."))

    def _tell_model(self, info: ModelInfo, seconds: float) -> None:
        self.stdout.write(f"loaded       {info.model_id} in {seconds:.1f} s")
        self.stdout.write(f"revision     {info.revision or 'not known'}")
        self.stdout.write(f"device       {info.device}, dtype {info.dtype or 'not known'}")
        self.stdout.write(f"context      {info.context_length or 'not known'} tokens")
        if info.n_parameters:
            self.stdout.write(f"parameters   {info.n_parameters / 1e6:.0f} million")
        self.stdout.write(f"speaks       {'chat' if info.chat else 'completion'}")

    def _write(self, backend: Backend, info: ModelInfo) -> None:
        prompt = render_product_description(_FACTS, Brief(), variant_for(info.n_parameters))
        sampling = SamplingParams(max_new_tokens=_NEW_TOKENS, temperature=0.0)
        started = time.monotonic()
        result = backend.generate([GenerationJob("doctor", prompt, sampling)], lambda _: False)[0]
        seconds = time.monotonic() - started
        if result.error:
            raise result.error
        rate = result.n_completion_tokens / seconds if seconds else 0.0
        self.stdout.write(
            f"wrote        {result.n_completion_tokens} tokens after a prompt of "
            f"{result.n_prompt_tokens} in {seconds:.1f} s ({rate:.0f} tokens/s, one text alone)"
        )


def _usable_cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _peak_megabytes() -> int:
    """Peak resident memory of this process; macOS counts in bytes, Linux in kilobytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak >> (20 if sys.platform == "darwin" else 10)
