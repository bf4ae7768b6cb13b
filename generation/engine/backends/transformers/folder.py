"""What a model folder must look like before any library opens it. Knows no torch."""

import hashlib
import json
import os
import re
from collections.abc import Iterable
from pathlib import Path

from generation.engine.errors import BackendError, ErrorCode

_PICKLES = (".bin", ".pt", ".pth", ".pkl", ".pickle", ".ckpt")
_HUB_ID = re.compile(r"[A-Za-z0-9][\w.-]*(/[A-Za-z0-9][\w.-]*)?")
_SAMPLE_BYTES = 1024 * 1024


def locate_model(model: str, *, allow_downloads: bool) -> Path | None:
    """The checked folder of a model, or None for a hub id, which the library looks up itself.

    Raises BackendError in words for a person: a folder that is missing, incomplete or unsafe.
    """
    if not allow_downloads:
        # A hub id may still lie in the local cache: the library is told to look there only.
        os.environ["HF_HUB_OFFLINE"] = "1"
    path = Path(model).expanduser()
    if path.is_dir():
        check_model_folder(path)
        return path
    if looks_like_path(model):
        raise _missing(f"There is no model folder at {model}.")
    return None


def looks_like_path(model: str) -> bool:
    """Whether the name can only be meant as a folder."""
    return model.startswith(("/", "./", "../", "~")) or not _HUB_ID.fullmatch(model)


def check_model_folder(folder: Path) -> None:
    """Raise BackendError unless the folder holds a configuration and safetensors weights."""
    if not (folder / "config.json").is_file():
        raise _missing(f"{folder} is not a model folder: it has no config.json.")
    _read_config(folder)
    if any(folder.glob("*.safetensors")):
        return
    pickles = sorted(file.name for file in folder.iterdir() if file.suffix in _PICKLES)
    if pickles:
        message = (
            f"{folder} holds its weights only as {pickles[0]}, a format that can run code when it "
            "is opened. Convert the model to safetensors first."
        )
        raise BackendError(message, retryable=False, code=ErrorCode.model_unsafe)
    raise _missing(f"{folder} has a config.json but no *.safetensors weights.")


def fingerprint(folder: Path) -> str:
    """A short hash that changes with the model: names, sizes, configuration, ends of the weights.

    The whole of the weights is not read: that would take seconds a gigabyte at each start.
    """
    digest = hashlib.sha256()
    for file in _identifying_files(folder):
        digest.update(f"{file.name}\0{file.stat().st_size}\0".encode())
        with file.open("rb") as handle:
            digest.update(handle.read(_SAMPLE_BYTES))
            handle.seek(max(0, file.stat().st_size - _SAMPLE_BYTES))
            digest.update(handle.read(_SAMPLE_BYTES))
    return digest.hexdigest()[:16]


def _identifying_files(folder: Path) -> Iterable[Path]:
    kinds = ("*.safetensors", "config.json", "tokenizer*", "chat_template*", "generation_config*")
    return sorted({file for kind in kinds for file in folder.glob(kind) if file.is_file()})


def _read_config(folder: Path) -> None:
    try:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        config = None
    if not isinstance(config, dict):
        raise _missing(f"The config.json of {folder} cannot be read as JSON.")


def _missing(message: str) -> BackendError:
    return BackendError(message, retryable=False, code=ErrorCode.model_missing)
