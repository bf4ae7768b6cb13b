import json
import shutil

import pytest
import torch

from generation.engine.backends.transformers import TransformersBackend
from generation.engine.errors import BackendError
from tests.generation.engine.tiny_models import save_llama


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    return save_llama(tmp_path_factory.mktemp("good"))


@pytest.fixture
def folder(good, tmp_path):
    copy = tmp_path / "model"
    shutil.copytree(good, copy)
    return copy


def load_error(model, **options):
    backend = TransformersBackend(str(model), **{"device": "cpu", "threads": 1, **options})
    with pytest.raises(BackendError) as caught:
        backend.load()
    assert caught.value.retryable is False
    return caught.value


def test_missing_folder_is_named(tmp_path):
    error = load_error(tmp_path / "nowhere")
    assert error.code == "model_missing"
    assert str(error) == f"There is no model folder at {tmp_path / 'nowhere'}."


def test_folder_without_configuration_is_no_model(folder):
    (folder / "config.json").unlink()
    error = load_error(folder)
    assert error.code == "model_missing"
    assert str(error) == f"{folder} is not a model folder: it has no config.json."


@pytest.mark.parametrize("text", ["", "{", "[]", "null"])
def test_damaged_configuration_is_refused(folder, text):
    (folder / "config.json").write_text(text)
    assert load_error(folder).code == "model_missing"


@pytest.mark.parametrize("name", ["pytorch_model.bin", "model.pt", "weights.pkl", "x.ckpt"])
def test_pickled_weights_are_refused_unopened(folder, name):
    (folder / "model.safetensors").unlink()
    (folder / name).write_bytes(b"cos\nsystem\n(S'touch pwned'\ntR.")
    error = load_error(folder)
    assert error.code == "model_unsafe"
    assert str(error) == (
        f"{folder} holds its weights only as {name}, a format that can run code when it is "
        "opened. Convert the model to safetensors first."
    )


def test_folder_without_weights_says_so(folder):
    (folder / "model.safetensors").unlink()
    error = load_error(folder)
    assert (error.code, str(error)) == (
        "model_missing",
        f"{folder} has a config.json but no *.safetensors weights.",
    )


def test_pickles_beside_safetensors_are_left_alone(folder):
    (folder / "pytorch_model.bin").write_bytes(b"cos\nsystem\n(S'false'\ntR.")
    assert TransformersBackend(str(folder), device="cpu", threads=1).load().chat is True


def test_damaged_weights_are_refused(folder):
    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:1000])
    assert load_error(folder).code == "model_unusable"


def test_incomplete_weights_are_refused_instead_of_filled_with_noise(folder):
    from safetensors.torch import load_file, save_file

    tensors = load_file(folder / "model.safetensors")
    tensors.pop("model.layers.1.mlp.up_proj.weight")
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    error = load_error(folder)
    assert error.code == "model_unusable"
    assert "model.layers.1.mlp.up_proj.weight" in str(error)


def test_model_that_brings_its_own_code_is_refused(folder):
    config = json.loads((folder / "config.json").read_text())
    config |= {"model_type": "own", "auto_map": {"AutoConfig": "own.Own"}}
    (folder / "config.json").write_text(json.dumps(config))
    (folder / "own.py").write_text("raise SystemExit('code of the model was run')\n")
    error = load_error(folder)
    assert error.code == "model_unsafe"


def test_hub_id_is_not_downloaded_by_default(monkeypatch):
    monkeypatch.delenv("GENERATION_ALLOW_DOWNLOADS", raising=False)
    error = load_error("copydesk-tests/no-such-model")
    assert error.code == "model_missing"
    assert "GENERATION_ALLOW_DOWNLOADS=1" in str(error)


def test_unknown_device_and_dtype_are_named(good):
    assert load_error(good, device="cuda:7" if not torch.cuda.is_available() else "nope").code == (
        "model_unusable"
    )
    assert str(load_error(good, dtype="int99")) == "'int99' is not a torch dtype."


def test_revision_changes_with_the_weights(folder):
    before = TransformersBackend(str(folder), device="cpu", threads=1).load().revision
    weights = folder / "model.safetensors"
    changed = bytearray(weights.read_bytes())
    changed[-1] ^= 1
    weights.write_bytes(bytes(changed))
    assert TransformersBackend(str(folder), device="cpu", threads=1).load().revision != before


def test_threads_are_capped(good):
    TransformersBackend(str(good), device="cpu", threads=1).load()
    assert torch.get_num_threads() == 1
