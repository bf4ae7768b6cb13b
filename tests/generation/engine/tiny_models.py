"""Random models small enough for a test, in the hub's format."""

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import (
    GPT2Config,
    GPT2LMHeadModel,
    LlamaConfig,
    LlamaForCausalLM,
    PreTrainedTokenizerFast,
)

CHAT_TEMPLATE = (
    "{% for message in messages %}<|im_start|>{{ message.role }}\n{{ message.content }}<|im_end|>\n"
    "{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
N_CONTEXT = 128


def tokenizer(special, **names):
    trainer = trainers.BpeTrainer(
        vocab_size=400,
        special_tokens=special,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    inner = Tokenizer(models.BPE())
    inner.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    inner.decoder = decoders.ByteLevel()
    inner.train_from_iterator(["A mug of green stoneware holds 380 ml. " * 20], trainer)
    return PreTrainedTokenizerFast(tokenizer_object=inner, model_max_length=N_CONTEXT, **names)


def save_gpt2(folder):
    """A base model: no chat template, no padding token."""
    torch.manual_seed(1)
    words = tokenizer(["<|endoftext|>"], eos_token="<|endoftext|>", bos_token="<|endoftext|>")
    config = GPT2Config(
        vocab_size=len(words),
        n_positions=N_CONTEXT,
        n_embd=32,
        n_layer=2,
        n_head=4,
        bos_token_id=0,
        eos_token_id=0,
        initializer_range=0.4,
    )
    return _save(GPT2LMHeadModel(config), words, folder)


def save_llama(folder):
    """A chat model with grouped key and value heads."""
    torch.manual_seed(2)
    words = tokenizer(
        ["<|endoftext|>", "<|im_start|>", "<|im_end|>"],
        eos_token="<|im_end|>",
        pad_token="<|im_end|>",
        bos_token="<|im_start|>",
    )
    words.chat_template = CHAT_TEMPLATE
    config = LlamaConfig(
        vocab_size=len(words),
        max_position_embeddings=N_CONTEXT,
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        bos_token_id=1,
        eos_token_id=2,
        initializer_range=0.4,
    )
    return _save(LlamaForCausalLM(config), words, folder)


def _save(model, words, folder):
    model.generation_config.pad_token_id = words.pad_token_id
    model.save_pretrained(folder)
    words.save_pretrained(folder)
    return folder
