"""The peer of grpo-step.ts: TRL's GRPOTrainer on the same checkpoint, one step a line of standard input.

Settings are TRL's fastest for this shape on a CPU: float32, one batch without accumulation or gradient checkpointing, fresh
rollouts for every step (so that no old log-probabilities are computed), transformers' generate with SDPA attention.
"""

import json
import os
import sys
import tempfile
import time

os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")

import torch
from datasets import Dataset
from transformers import AutoModelForCausalLM, AutoTokenizer, TrainerCallback
from trl import GRPOConfig, GRPOTrainer

QUESTIONS, SAMPLES, MAX_STEPS = 32, 8, 10_000


def reward(completions, answer, **_):
    def right(text, truth):
        return float("#" in text and text.rsplit("#", 1)[1].strip() == truth)

    return [right(text, truth) for text, truth in zip(completions, answer)]


class Stepwise(TrainerCallback):
    """Waits for a line before each step and answers with the step's own time."""

    def on_step_begin(self, args, state, control, **_):
        if not sys.stdin.readline():
            os._exit(0)
        self.start = time.perf_counter()

    def on_step_end(self, args, state, control, **_):
        print(json.dumps({"seconds": time.perf_counter() - self.start}), flush=True)


def main():
    folder, threads, file = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    torch.set_num_threads(threads)
    tokenizer = AutoTokenizer.from_pretrained(folder, padding_side="left")
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, attn_implementation="sdpa")
    rows = [json.loads(line) for line in open(file)]
    config = GRPOConfig(
        output_dir=tempfile.mkdtemp(),
        per_device_train_batch_size=QUESTIONS * SAMPLES,
        gradient_accumulation_steps=1,
        steps_per_generation=1,
        num_iterations=1,
        num_generations=SAMPLES,
        max_completion_length=112,
        temperature=1.0,
        beta=0.03,
        learning_rate=1e-6,
        max_grad_norm=1.0,
        bf16=False,
        use_cpu=True,
        gradient_checkpointing=False,
        max_steps=MAX_STEPS,
        logging_steps=MAX_STEPS,
        save_strategy="no",
        report_to="none",
        disable_tqdm=True,
    )
    trainer = GRPOTrainer(
        model=model,
        reward_funcs=reward,
        args=config,
        train_dataset=Dataset.from_list([dict(prompt=r["prompt"], answer=r["answer"]) for r in rows]),
        processing_class=tokenizer,
        callbacks=[Stepwise()],
    )
    print(json.dumps({"ready": True}), flush=True)
    trainer.train()


main()
