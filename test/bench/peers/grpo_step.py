"""The peer of grpo-step.ts and smollm2-grpo-step.ts: TRL's GRPOTrainer on the same checkpoint, a step a line of standard input.

float32, fresh rollouts for every step (so that no old log-probabilities are computed), transformers' generate with SDPA
attention. By default one batch without accumulation or gradient checkpointing, TRL's fastest for the nano model; a larger
model is given the options that are its fastest, or those that need least memory.
"""

import argparse
import json
import os
import sys
import tempfile
import time
import zlib

os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")

import torch
from datasets import Dataset
from transformers import AutoModelForCausalLM, AutoTokenizer, TrainerCallback
from trl import GRPOConfig, GRPOTrainer

MAX_STEPS = 10_000


def right(completions, answer, **_):
    """The nano task: the number behind the last `#`."""
    return [float("#" in text and text.rsplit("#", 1)[1].strip() == truth) for text, truth in zip(completions, answer)]


def varied(completions, **_):
    """A number of 0 to 1 from the text, so that no group is without variance: every sample is learnt from."""
    return [zlib.crc32(text.encode()) / 0xFFFFFFFF for text in completions]


def peak_memory() -> int:
    with open("/proc/self/status") as status:
        return next(1024 * int(line.split()[1]) for line in status if line.startswith("VmHWM"))


class Stepwise(TrainerCallback):
    """Waits for a line before each step and answers with the step's own time."""

    def on_step_begin(self, args, state, control, **_):
        if not sys.stdin.readline():
            os._exit(0)
        self.start = time.perf_counter()

    def on_step_end(self, args, state, control, **_):
        print(json.dumps({"seconds": time.perf_counter() - self.start, "peak": peak_memory()}), flush=True)


def main():
    options = argparse.ArgumentParser()
    options.add_argument("folder")
    options.add_argument("threads", type=int)
    options.add_argument("questions", help="JSON Lines with prompt and answer")
    options.add_argument("--groups", type=int, default=32)
    options.add_argument("--samples", type=int, default=8)
    options.add_argument("--max-new-tokens", type=int, default=112)
    options.add_argument("--per-device", type=int, default=None, help="sequences of a micro-batch")
    options.add_argument("--checkpointing", action="store_true")
    options.add_argument("--generate", type=int, default=None, help="sequences generated at once; all by default")
    options.add_argument("--reward", choices=["right", "varied"], default="right")
    settings = options.parse_args()
    torch.set_num_threads(settings.threads)
    tokenizer = AutoTokenizer.from_pretrained(settings.folder, padding_side="left")
    model = AutoModelForCausalLM.from_pretrained(settings.folder, dtype=torch.float32, attn_implementation="sdpa")
    rows = [json.loads(line) for line in open(settings.questions)]
    sequences = settings.groups * settings.samples
    per_device = settings.per_device or sequences
    config = GRPOConfig(
        output_dir=tempfile.mkdtemp(),
        per_device_train_batch_size=per_device,
        gradient_accumulation_steps=sequences // per_device,
        steps_per_generation=(settings.generate or sequences) // per_device,
        num_iterations=1,
        num_generations=settings.samples,
        max_completion_length=settings.max_new_tokens,
        temperature=1.0,
        beta=0.03,
        learning_rate=1e-6,
        max_grad_norm=1.0,
        bf16=False,
        use_cpu=True,
        gradient_checkpointing=settings.checkpointing,
        max_steps=MAX_STEPS,
        logging_steps=MAX_STEPS,
        save_strategy="no",
        report_to="none",
        disable_tqdm=True,
    )
    trainer = GRPOTrainer(
        model=model,
        reward_funcs=right if settings.reward == "right" else varied,
        args=config,
        train_dataset=Dataset.from_list([dict(prompt=r["prompt"], answer=r["answer"]) for r in rows]),
        processing_class=tokenizer,
        callbacks=[Stepwise()],
    )
    print(json.dumps({"ready": True}), flush=True)
    trainer.train()


main()
