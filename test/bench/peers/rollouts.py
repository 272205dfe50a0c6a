"""The peer of rollouts.ts: transformers' generate on the same checkpoint and prompts.

A server on standard input: each line is a job as JSON, each answer a line of JSON. Settings are the fastest found for
this shape on a CPU: one left-padded batch, SDPA attention, dynamic cache, inference mode, float32.
"""

import json
import sys
import time

import torch
from transformers import AutoModelForCausalLM


def main() -> None:
    folder, threads = sys.argv[1], int(sys.argv[2])
    torch.set_num_threads(threads)
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, attn_implementation="sdpa").eval()
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        job = json.loads(line)
        torch.manual_seed(job["seed"])
        prompts = [prompt for prompt in job["prompts"] for _ in range(job["samples"])]
        width = max(len(prompt) for prompt in prompts)
        ids = torch.tensor([[0] * (width - len(p)) + p for p in prompts])
        mask = torch.tensor([[0] * (width - len(p)) + [1] * len(p) for p in prompts])
        start = time.perf_counter()
        with torch.inference_mode():
            out = model.generate(
                input_ids=ids,
                attention_mask=mask,
                do_sample=True,
                temperature=1.0,
                top_k=0,
                top_p=1.0,
                max_new_tokens=job["maxNewTokens"],
                use_cache=True,
                pad_token_id=0,
                eos_token_id=job["stop"],
            )
        seconds = time.perf_counter() - start
        new = out[:, width:]
        ended = (new == job["stop"]).int()
        # Tokens up to and with the first stop token; what follows is padding.
        tokens = int((ended.cumsum(1) - ended == 0).sum())
        print(json.dumps({"seconds": seconds, "tokens": tokens}), flush=True)


main()
