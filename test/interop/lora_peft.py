"""Adapters in peft: logits of ours on their base, of the merged model, and an adapter that peft makes, with one step's loss and gradients.

stdin: {"cases": [{"base", "adapter", "merged", "made", "tokens", "targets"}]}
stdout: a list of {"adapter", "merged", "made", "loss", "gradients"}; `made` is the folder peft writes its own adapter to.
"""

import json
import sys

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from transformers import AutoModelForCausalLM

torch.manual_seed(0)


def base_of(folder):
    return AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager")


def logits_of(model, tokens):
    with torch.no_grad():
        return model(torch.tensor([tokens])).logits[0].flatten().tolist()


def answer(case):
    tokens = case["tokens"]
    ours = PeftModel.from_pretrained(base_of(case["base"]), case["adapter"], is_trainable=True)
    adapter = logits_of(ours, tokens)
    ids = torch.tensor([tokens])
    logp = torch.log_softmax(ours(ids).logits[0, :-1], -1).gather(1, ids[0, 1:, None]).mean()
    (-logp).backward()
    gradients = {
        name.replace(".default", ""): p.grad.flatten().tolist() for name, p in ours.named_parameters() if p.grad is not None
    }
    config = LoraConfig(
        r=2, lora_alpha=6, target_modules=case["targets"], use_rslora=True, init_lora_weights=False, task_type="CAUSAL_LM"
    )
    theirs = get_peft_model(base_of(case["base"]), config)
    theirs.save_pretrained(case["made"])
    merged = logits_of(base_of(case["merged"]), tokens)
    return dict(
        adapter=adapter, merged=merged, made=logits_of(theirs, tokens), loss=-logp.item(), gradients=gradients
    )


json.dump([answer(case) for case in json.load(sys.stdin)["cases"]], sys.stdout)
