"""The peer of smollm2-rollouts.ts: vLLM on the CPU, the same checkpoint, prompts and samples.

A server on standard input: each line is a job as JSON, each answer a line of JSON. Float32, prefix caching on, all cores.
The cache of prefixes is emptied between jobs, as it is between steps of training, where the weights are others: a prompt's
samples share its prefix all the same.
"""

import argparse
import json
import os
import sys
import time


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("folder")
    options.add_argument("threads", type=int)
    options.add_argument("--max-num-seqs", type=int, default=256)
    options.add_argument("--block-size", type=int, default=128)
    options.add_argument("--batched-tokens", type=int, default=4096)
    options.add_argument("--form", choices=["n", "single"], default="n")
    options.add_argument("--cache-gib", type=int, default=3)
    options.add_argument("--compile", action="store_true")
    settings = options.parse_args()
    os.environ.setdefault("VLLM_CPU_KVCACHE_SPACE", str(settings.cache_gib))
    os.environ.setdefault("VLLM_CPU_OMP_THREADS_BIND", f"0-{settings.threads - 1}")
    os.environ.setdefault("VLLM_LOGGING_LEVEL", "WARNING")

    from vllm import LLM, SamplingParams

    engine = LLM(
        model=settings.folder,
        dtype="float32",
        enforce_eager=not settings.compile,
        enable_prefix_caching=True,
        max_num_seqs=settings.max_num_seqs,
        max_num_batched_tokens=settings.batched_tokens,
        block_size=settings.block_size,
        max_model_len=1024,
    )
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        job = json.loads(line)
        engine.reset_prefix_cache()
        together = settings.form == "n"
        repeats = 1 if together else job["samples"]
        prompts = [{"prompt_token_ids": prompt} for prompt in job["prompts"] for _ in range(repeats)]
        sampling = SamplingParams(
            n=job["samples"] if together else 1,
            temperature=1.0,
            max_tokens=job["maxNewTokens"],
            stop_token_ids=[job["stop"]],
            detokenize=False,
        )
        start = time.perf_counter()
        made = engine.generate(prompts, sampling, use_tqdm=False)
        seconds = time.perf_counter() - start
        tokens = sum(len(sample.token_ids) for request in made for sample in request.outputs)
        print(json.dumps({"seconds": seconds, "tokens": tokens}), flush=True)


if __name__ == "__main__":
    main()
