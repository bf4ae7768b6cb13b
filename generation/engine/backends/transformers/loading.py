"""Loading a causal model from the hub's format, without running anybody's code."""

import inspect
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from transformers import AutoModelForCausalLM, AutoTokenizer
from transformers.utils import logging as transformers_logging

from generation.engine.backends.transformers.folder import fingerprint
from generation.engine.errors import BackendError, ErrorCode
from generation.engine.types import ModelInfo, Prompt

_MAX_AUTO_THREADS = 4
_SANE_CONTEXT = 10_000_000
_TURN_ENDS = ("<|im_end|>", "<|eot_id|>", "<end_of_turn>", "<|end|>", "<|endofturn|>")


@dataclass(slots=True)
class LoadedModel:
    """A model with its tokenizer and what decoding must know of both."""

    model: Any
    tokenizer: Any
    info: ModelInfo
    eos_ids: frozenset[int]
    pad_id: int
    special_texts: tuple[str, ...]
    keeps_last_logits: bool

    def forward(self, input_ids: Tensor, mask: Tensor, positions: Tensor, cache: Any) -> Any:
        """One pass; logits of the last column only where the model can spare the others."""
        last = {"logits_to_keep": 1} if self.keeps_last_logits else {}
        return self.model(
            input_ids=input_ids,
            attention_mask=mask,
            position_ids=positions,
            past_key_values=cache,
            use_cache=True,
            **last,
        )

    def encode(self, prompt: Prompt) -> list[int]:
        """Token ids of the prompt in the form that this model reads."""
        if not self.info.chat:
            text = self._without_special(prompt.as_completion())
            return list(self.tokenizer(text)["input_ids"])
        turns = [
            {"role": message.role, "content": self._without_special(message.content)}
            for message in prompt.messages
        ]
        try:
            return self._apply_template(turns)
        except Exception:
            # Some families' templates refuse a system turn; their convention is to prepend it.
            return self._apply_template(_system_into_user(turns))

    def _apply_template(self, turns: list[dict[str, str]]) -> list[int]:
        encoded = self.tokenizer.apply_chat_template(
            turns, add_generation_prompt=True, return_dict=True, enable_thinking=False
        )
        return list(encoded["input_ids"])

    def _without_special(self, text: str) -> str:
        """The text without this model's own control tokens, which would end a turn."""
        previous = None
        while previous != text:
            previous = text
            for special in self.special_texts:
                text = text.replace(special, "")
        return text


def _system_into_user(turns: list[dict[str, str]]) -> list[dict[str, str]]:
    system = "\n\n".join(turn["content"] for turn in turns if turn["role"] == "system")
    others = [dict(turn) for turn in turns if turn["role"] != "system"]
    others[0]["content"] = f"{system}\n\n{others[0]['content']}"
    return others


def cap_threads(threads: int) -> int:
    """Set torch's threads for this process; 0 takes the usable cores, at most four."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    chosen = threads or min(_MAX_AUTO_THREADS, usable or 1)
    torch.set_num_threads(chosen)
    return chosen


def choose_device(wanted: str) -> torch.device:
    """The wanted device, or by `auto` the best present: CUDA, then MPS, then the CPU."""
    if wanted not in {"", "auto"}:
        return torch.device(wanted)
    if torch.cuda.is_available():
        return torch.device("cuda")
    if torch.backends.mps.is_available():
        return torch.device("mps")
    return torch.device("cpu")


def choose_dtype(wanted: str, device: torch.device) -> torch.dtype:
    """The wanted dtype, or by `auto` bf16 on CUDA that has it, fp16 on other GPUs, fp32 on CPUs."""
    if wanted not in {"", "auto"}:
        dtype = getattr(torch, wanted, None)
        if not isinstance(dtype, torch.dtype):
            raise _unusable(f"{wanted!r} is not a torch dtype.")
        return dtype
    if device.type == "cpu":
        return torch.float32
    has_bf16 = device.type == "cuda" and torch.cuda.is_bf16_supported(including_emulation=False)
    return torch.bfloat16 if has_bf16 else torch.float16


def load_model(
    model: str, folder: Path | None, device: str, dtype: str, allow_downloads: bool
) -> LoadedModel:
    """The model on its device, ready to decode.

    Raises BackendError: missing, unsafe (needs its own code) or unusable (damaged, not causal).
    """
    transformers_logging.disable_progress_bar()
    transformers_logging.set_verbosity_error()
    target = _device_or_error(device)
    wanted = choose_dtype(dtype, target)
    source = str(folder or model)
    options = {"trust_remote_code": False, "local_files_only": not allow_downloads}
    try:
        tokenizer = AutoTokenizer.from_pretrained(source, **options)
        loaded, report = AutoModelForCausalLM.from_pretrained(
            source, dtype=wanted, use_safetensors=True, output_loading_info=True, **options
        )
    except Exception as error:
        raise _explained(error, source, allow_downloads) from error
    if report["missing_keys"]:
        names = ", ".join(sorted(report["missing_keys"])[:3])
        raise _unusable(f"The weights of {source} are incomplete: {names} ... are missing.")
    return _assemble(model, folder, loaded.to(target).eval(), tokenizer, wanted)


def _device_or_error(device: str) -> torch.device:
    try:
        target = choose_device(device)
        torch.empty(1, device=target)
    except (RuntimeError, AssertionError) as error:
        raise _unusable(f"The device {device!r} cannot be used here: {error}") from error
    return target


def _assemble(
    name: str, folder: Path | None, model: Any, tokenizer: Any, dtype: torch.dtype
) -> LoadedModel:
    info = ModelInfo(
        model_id=folder.name if folder else name,
        revision=fingerprint(folder) if folder else getattr(model.config, "_commit_hash", "") or "",
        device=str(model.device),
        dtype=str(dtype).removeprefix("torch."),
        context_length=_context_length(model, tokenizer),
        chat=bool(tokenizer.chat_template),
        n_parameters=sum(parameter.numel() for parameter in model.parameters()),
    )
    eos_ids = _eos_ids(model, tokenizer)
    pad_id = tokenizer.pad_token_id if tokenizer.pad_token_id is not None else 0
    keeps = "logits_to_keep" in inspect.signature(model.forward).parameters
    return LoadedModel(model, tokenizer, info, eos_ids, pad_id, _special_texts(tokenizer), keeps)


def _context_length(model: Any, tokenizer: Any) -> int:
    config = model.config.get_text_config()
    by_model = getattr(config, "max_position_embeddings", None) or _SANE_CONTEXT
    return int(min(by_model, tokenizer.model_max_length, _SANE_CONTEXT))


def _eos_ids(model: Any, tokenizer: Any) -> frozenset[int]:
    named = model.generation_config.eos_token_id
    ids = set(named) if isinstance(named, list) else {named}
    ids.add(tokenizer.eos_token_id)
    added = tokenizer.get_added_vocab()
    ids.update(added.get(text) for text in _TURN_ENDS)
    return frozenset(int(token) for token in ids if token is not None)


def _special_texts(tokenizer: Any) -> tuple[str, ...]:
    added = tokenizer.added_tokens_decoder.values()
    texts = {str(t) for t in added if t.special or str(t).startswith(("<", "["))}
    return tuple(sorted(texts - {""}, key=len, reverse=True))


def _explained(error: Exception, source: str, allow_downloads: bool) -> BackendError:
    text = str(error)
    if "trust_remote_code" in text:
        message = f"{source} needs its own Python code to load, which is never run here."
        return BackendError(message, retryable=False, code=ErrorCode.model_unsafe)
    if isinstance(error, OSError) and "safetensors" in text:
        message = f"{source} has no safetensors weights; other formats are not opened."
        return BackendError(message, retryable=False, code=ErrorCode.model_unsafe)
    if isinstance(error, OSError):
        hint = "" if allow_downloads else " and downloads are off (GENERATION_ALLOW_DOWNLOADS=1)"
        message = f"The model {source} is not on this machine{hint}."
        return BackendError(message, retryable=False, code=ErrorCode.model_missing)
    return _unusable(f"The model {source} cannot be loaded ({type(error).__name__}: {text[:300]}).")


def _unusable(message: str) -> BackendError:
    return BackendError(message, retryable=False, code=ErrorCode.model_unusable)
