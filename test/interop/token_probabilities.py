"""Probabilities of the tokens of a chat's answer by transformers. usage: token_probabilities.py MODEL, [{prompt, ids}] as JSON on standard input."""

import json
import sys

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

tokenizer = AutoTokenizer.from_pretrained(sys.argv[1])
model = AutoModelForCausalLM.from_pretrained(sys.argv[1], dtype=torch.float32).eval()
answers = []
for case in json.load(sys.stdin):
    messages, ids = case["messages"], case["ids"]
    text = tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True)
    prompt = tokenizer(text, add_special_tokens=False)["input_ids"]
    with torch.no_grad():
        logits = model(torch.tensor([prompt + ids])).logits[0, len(prompt) - 1 : -1]
    probabilities = torch.softmax(logits.double(), -1)
    entropy = -(probabilities * torch.log(probabilities.clamp_min(1e-300))).sum(-1)
    top = probabilities.topk(10, -1)
    answers.append(
        {
            "text": text,
            "tokens": len(prompt),
            "probabilities": [probabilities[i, token].item() for i, token in enumerate(ids)],
            "entropy": entropy.tolist(),
            "top": [
                [{"id": token, "probability": p} for token, p in zip(*row)]
                for row in zip(top.indices.tolist(), top.values.tolist())
            ],
        }
    )
print(json.dumps(answers))
