"""The peer of rollouts.ts and smollm2-rollouts.ts: transformers' generate on the same checkpoint and prompts.

A server on standard input: each line is a job as JSON, each answer a line of JSON. By default one left-padded batch, SDPA
attention and a dynamic cache, float32, inference mode: the fastest found for the nano model. A larger model may be faster in
smaller batches, of which every one ends as soon as its own longest sequence does.
"""

import argparse
import json
import sys
import time

import torch
from transformers import AutoModelForCausalLM


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("folder")
    options.add_argument("threads", type=int)
    options.add_argument("--batch", type=int, default=1_000_000)
    options.add_argument("--attention", default="sdpa")
    options.add_argument("--cache", default="dynamic")
    settings = options.parse_args()
    torch.set_num_threads(settings.threads)
    model = AutoModelForCausalLM.from_pretrained(
        settings.folder, dtype=torch.float32, attn_implementation=settings.attention
    ).eval()
    more = {} if settings.cache == "dynamic" else {"cache_implementation": settings.cache}
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        job = json.loads(line)
        torch.manual_seed(job["seed"])
        prompts = [prompt for prompt in job["prompts"] for _ in range(job["samples"])]
        start = time.perf_counter()
        tokens = 0
        for at in range(0, len(prompts), settings.batch):
            part = prompts[at : at + settings.batch]
            width = max(len(prompt) for prompt in part)
            ids = torch.tensor([[0] * (width - len(p)) + p for p in part])
            mask = torch.tensor([[0] * (width - len(p)) + [1] * len(p) for p in part])
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
                    **more,
                )
            ended = (out[:, width:] == job["stop"]).int()
            # Tokens up to and with the first stop token; what follows is padding.
            tokens += int((ended.cumsum(1) - ended == 0).sum())
        seconds = time.perf_counter() - start
        print(json.dumps({"seconds": seconds, "tokens": tokens}), flush=True)


main()
