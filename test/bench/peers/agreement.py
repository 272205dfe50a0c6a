"""transformers' side of smollm2-agreement.ts: logits at every position of a prompt, and its greedy continuation.

A server on standard input. A job names a prompt and a file with our logits (float32, position after position); the answer
holds the largest difference and the tokens of transformers, up to and with the first stop token.
"""

import json
import sys

import numpy
import torch
from transformers import AutoModelForCausalLM


def main() -> None:
    folder, threads = sys.argv[1], int(sys.argv[2])
    torch.set_num_threads(threads)
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, attn_implementation="sdpa").eval()
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        job = json.loads(line)
        ids = torch.tensor([job["prompt"]])
        with torch.inference_mode():
            logits = model(input_ids=ids).logits[0]
            out = model.generate(
                input_ids=ids,
                attention_mask=torch.ones_like(ids),
                do_sample=False,
                max_new_tokens=job["maxNewTokens"],
                pad_token_id=0,
                eos_token_id=job["stop"],
            )
        ours = torch.from_numpy(numpy.fromfile(job["logits"], dtype=numpy.float32).reshape(logits.shape))
        answer = {
            "difference": float((ours - logits).abs().max()),
            "largest": float(logits.abs().max()),
            "tokens": out[0, len(job["prompt"]) :].tolist(),
        }
        print(json.dumps(answer), flush=True)


main()
