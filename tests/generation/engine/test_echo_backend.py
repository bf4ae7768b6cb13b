import os
import pickle
import subprocess
import sys
import time

import pytest

from generation.engine.backends import backend_names, get_backend
from generation.engine.backends.echo import EchoBackend
from generation.engine.errors import BackendError
from generation.engine.types import FinishReason, GenerationJob, SamplingParams
from generation.prompts import Brief, ProductFacts, render_product_description
from tests.generation.engine.stubs import job, never

FACTS = ProductFacts(
    "Hearthside Mug", attributes=(("material", "stoneware"), ("capacity", "380 ml")), price="18 EUR"
)


def product_job(job_id="a", facts=FACTS, language="en", **sampling):
    prompt = render_product_description(facts, Brief(language=language))
    return GenerationJob(job_id, prompt, SamplingParams(**sampling))


def texts(*jobs):
    return [[c.text for c in r.completions] for r in EchoBackend().generate(jobs, never)]


def test_text_names_the_title_and_each_fact():
    [[text]] = texts(product_job())
    assert [word in text for word in ("Hearthside Mug", "stoneware", "380 ml")] == [True] * 3


def test_same_seed_same_text_and_candidates_differ():
    assert texts(product_job(n=4)) == texts(product_job(n=4))
    [four] = texts(product_job(n=4))
    assert len(set(four)) == 4
    assert texts(product_job(seed=1, n=4)) != [four]


def test_chinese_is_written_when_asked_for():
    [[text]] = texts(product_job(language="zh-Hans"))
    assert [char in text for char in ("Hearthside Mug", "。", "stoneware")] == [True] * 3
    assert "Its" not in text


def test_budget_cuts_the_text():
    [result] = EchoBackend().generate([product_job(max_new_tokens=3)], never)
    [completion] = result.completions
    assert (completion.finish_reason, len(completion.text.split())) == (FinishReason.length, 3)


def test_error_marker_raises_and_crash_marker_is_harmless_unless_allowed():
    with pytest.raises(BackendError) as caught:
        texts(job("a", "[[echo:error]]"))
    assert caught.value.retryable is False
    with pytest.raises(BackendError) as caught:
        texts(job("a", "[[echo:retry]]"))
    assert caught.value.retryable is True
    assert len(texts(job("a", "[[echo:crash]]"))) == 1


def test_marker_survives_the_prompt_of_a_product():
    with pytest.raises(BackendError):
        texts(product_job(facts=ProductFacts("Mug [[echo:error]]")))


def test_crash_marker_kills_the_process_as_the_system_would():
    program = (
        "from generation.engine.backends.echo import EchoBackend\n"
        "from tests.generation.engine.stubs import job, never\n"
        "EchoBackend(allow_faults=True).generate([job('a', '[[echo:crash]]')], never)\n"
    )
    ended = subprocess.run([sys.executable, "-c", program], cwd=os.getcwd(), check=False)
    assert ended.returncode == -9


def test_slow_job_is_cut_short_by_an_abort():
    started = time.monotonic()
    backend = EchoBackend(seconds_per_job=30)
    [result] = backend.generate([job()], lambda job_id: time.monotonic() - started > 0.1)
    assert result.completions[0].finish_reason == FinishReason.aborted
    assert time.monotonic() - started < 2


def test_registry_knows_three_backends_and_names_them_in_its_refusal():
    assert backend_names() == ("echo", "openai", "transformers")
    assert get_backend("echo", seconds_per_job=1.5).seconds_per_job == 1.5
    with pytest.raises(ValueError, match="No backend is called 'gpt'; known: "):
        get_backend("gpt")


def test_only_the_transformers_backend_imports_torch_and_only_when_it_loads():
    program = (
        "import sys\n"
        "from generation.engine.backends import get_backend\n"
        "from generation.engine import builtin_model, engine\n"
        "import generation.prompts\n"
        "get_backend('echo').load(); get_backend('transformers', model='x')\n"
        "get_backend('openai', base_url='https://api.example.com/v1', model='x').load()\n"
        "print([name for name in ('torch', 'transformers', 'django') if name in sys.modules])\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert ended.stdout.strip() == "[]"


def test_error_survives_pickling():
    error = pickle.loads(pickle.dumps(BackendError("busy", True, "endpoint_busy", 3.0)))
    assert (str(error), error.retryable, error.code) == ("busy", True, "endpoint_busy")
    assert error.retry_after_seconds == 3.0
