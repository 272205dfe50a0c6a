"""Tiny random models of every supported variant, saved by transformers, with the logits transformers computes.

Weights are drawn wide and norms away from 1, so that a wrong transpose, head order, norm or rotation moves the logits by far
more than the tolerance of the tests.
"""

import json
from pathlib import Path

import torch
from safetensors.torch import save_file
from char_tokenizer import char_tokenizer
from transformers import LlamaConfig, LlamaForCausalLM, Qwen2Config, Qwen2ForCausalLM, Qwen3Config, Qwen3ForCausalLM

COMMON = dict(
    vocab_size=128,
    hidden_size=32,
    intermediate_size=48,
    num_attention_heads=4,
    num_key_value_heads=2,
    max_position_embeddings=256,
    rms_norm_eps=1e-6,
    bos_token_id=1,
    eos_token_id=2,
    pad_token_id=0,
    initializer_range=0.02,
)
LLAMA3 = dict(
    rope_type="llama3",
    rope_theta=10000.0,
    factor=8.0,
    low_freq_factor=1.0,
    high_freq_factor=4.0,
    # Wavelengths of a 16-wide head are 6.3, 19.9, 62.8, ...: kept below 32 / 4, scaled above 32 / 1, blended between.
    original_max_position_embeddings=32,
)


def rope(theta):
    return dict(rope_type="default", rope_theta=theta)


VARIANTS = {
    # head_dim is not hidden_size / heads here, as in Qwen3-4B.
    "qwen3-tied": (Qwen3Config(**COMMON, num_hidden_layers=3, head_dim=16, tie_word_embeddings=True, rope_parameters=rope(1e6)), 24),
    "qwen3-untied": (Qwen3Config(**COMMON, num_hidden_layers=2, head_dim=8, tie_word_embeddings=False, rope_parameters=rope(1e4)), 24),
    "qwen3-bias": (Qwen3Config(**COMMON, num_hidden_layers=2, head_dim=8, tie_word_embeddings=True, attention_bias=True, rope_parameters=rope(1e4)), 24),
    "llama": (LlamaConfig(**{**COMMON, "rms_norm_eps": 1e-5}, num_hidden_layers=2, tie_word_embeddings=False, rope_parameters=rope(1e4)), 24),
    "llama-bias": (
        LlamaConfig(**COMMON, num_hidden_layers=2, tie_word_embeddings=True, attention_bias=True, mlp_bias=True, rope_parameters=rope(1e4)),
        24,
    ),
    "llama-scaled-rope": (LlamaConfig(**COMMON, num_hidden_layers=2, head_dim=16, tie_word_embeddings=False, rope_parameters=LLAMA3), 96),
    # Stored as bfloat16 in three shards; its logits are those of the widened weights.
    "llama-bf16-sharded": (LlamaConfig(**COMMON, num_hidden_layers=2, tie_word_embeddings=False, rope_parameters=rope(5e5)), 24),
    # Biases on q, k and v that no field of config.json speaks of.
    "qwen2-tied": (Qwen2Config(**COMMON, num_hidden_layers=2, tie_word_embeddings=True, rope_parameters=rope(1e6)), 24),
    "qwen2-untied": (Qwen2Config(**COMMON, num_hidden_layers=2, tie_word_embeddings=False, rope_parameters=rope(1e4)), 24),
}


def randomise(model, generator):
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            noise = torch.randn(parameter.shape, generator=generator)
            if "norm" in name:
                parameter.copy_(1 + 0.3 * noise)
            elif name.endswith("bias"):
                parameter.copy_(0.3 * noise)
            elif "embed_tokens" in name or "lm_head" in name:
                parameter.copy_(0.5 * noise)
            else:
                parameter.copy_(noise * parameter.shape[1] ** -0.5)


def transformers4(config):
    """The same config as transformers 4 writes it."""
    old = dict(config)
    rope_parameters = old.pop("rope_parameters")
    old["rope_theta"] = rope_parameters["rope_theta"]
    scaled = rope_parameters["rope_type"] != "default"
    old["rope_scaling"] = {k: v for k, v in rope_parameters.items() if k != "rope_theta"} if scaled else None
    old["torch_dtype"] = old.pop("dtype")
    old["transformers_version"] = "4.51.0"
    if old["model_type"] == "qwen2":
        # As Qwen2.5 publishes them: the width of a window that is switched off.
        old.update(use_sliding_window=False, sliding_window=8, max_window_layers=1)
        old.pop("layer_types", None)
    return old


def make(root: Path):
    for seed, (name, (config, length)) in enumerate(VARIANTS.items()):
        generator = torch.Generator().manual_seed(1000 + seed)
        model = {"qwen2": Qwen2ForCausalLM, "qwen3": Qwen3ForCausalLM, "llama": LlamaForCausalLM}[config.model_type](config).eval()
        randomise(model, generator)
        folder = root / name
        bf16 = name == "llama-bf16-sharded"
        if bf16:
            model = model.to(torch.bfloat16)
        model.save_pretrained(folder, max_shard_size="12KB" if bf16 else "50GB")
        # Read again rather than widened: a cast would also round the rotary frequencies, which are no weights.
        model = type(model).from_pretrained(folder, dtype=torch.float32).eval()
        tokens = torch.randint(3, config.vocab_size, (2, length), generator=generator)
        with torch.no_grad():
            logits = model(tokens).logits
        save_file({"tokens": tokens.float(), "logits": logits.contiguous()}, folder / "logits.safetensors")
        tokenizer = char_tokenizer(["<pad>", "<s>", "</s>"], [chr(32 + i) for i in range(95)], "<pad>")
        (folder / "tokenizer.json").write_text(json.dumps(tokenizer, ensure_ascii=False) + "\n")
        # Without its class, transformers 5 takes the family's own tokenizer, whatever tokenizer.json says.
        names = dict(tokenizer_class="PreTrainedTokenizerFast", bos_token="<s>", eos_token="</s>", pad_token="<pad>")
        (folder / "tokenizer_config.json").write_text(json.dumps(names, indent=2) + "\n")
        written = json.loads((folder / "config.json").read_text())
        (folder / "config.transformers4.json").write_text(json.dumps(transformers4(written), indent=2, sort_keys=True) + "\n")
        size = sum(f.stat().st_size for f in folder.iterdir())
        print(f"{name}: |logit| up to {logits.abs().max():.1f}, {size // 1024} KB, {len(list(folder.glob('*.safetensors')))} tensor files")
