"""Loads model folders with transformers; prints, as JSON, their logits for given tokens and the ids of given texts.

stdin: {"folders": {path: [tokens]}, "texts": [...]}; stdout: {"version", "answers": {path: {"ids", "decoded", "logits", "eos"}}}.
"""

import json
import sys
from pathlib import Path

import torch
import transformers
from transformers import AutoModelForCausalLM

transformers.logging.set_verbosity_error()
DTYPE = "dtype" if int(transformers.__version__.split(".")[0]) >= 5 else "torch_dtype"


def answer(folder, tokens, texts):
    model, report = AutoModelForCausalLM.from_pretrained(folder, output_loading_info=True, **{DTYPE: torch.float32})
    assert not report["missing_keys"] and not report["unexpected_keys"], report
    # The class that the folder names: for `qwen2` the automatic one takes Qwen's own whatever is named (seen in 5.23), which
    # knows byte-level vocabularies alone and leaves out what is unknown.
    named = json.loads((Path(folder) / "tokenizer_config.json").read_text())["tokenizer_class"]
    tokenizer = getattr(transformers, named).from_pretrained(folder)
    ids = [tokenizer.encode(text, add_special_tokens=False) for text in texts]
    with torch.no_grad():
        logits = model(torch.tensor([tokens])).logits[0]
    return dict(
        ids=ids,
        decoded=[tokenizer.decode(row, skip_special_tokens=True) for row in ids],
        logits=logits.flatten().tolist(),
        eos=model.generation_config.eos_token_id,
    )


request = json.load(sys.stdin)
answers = {folder: answer(folder, tokens, request["texts"]) for folder, tokens in request["folders"].items()}
json.dump(dict(version=transformers.__version__, answers=answers), sys.stdout)
