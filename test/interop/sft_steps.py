"""Supervised fine-tuning by TRL's SFTTrainer and by PyTorch alone. usage: sft_steps.py, with a job as JSON on standard input.

The job names a model folder, a folder for what comes out, the rows in their order, so many to a step, and AdamW's settings.
TRL turns rows into tokens and labels by itself; the loop in PyTorch takes the same tokens, padded, with -100 as the label of
whatever is not learnt. Weights go to OUT/trl, OUT/torch-1, ...; losses, norms, tokens and labels to standard output.
"""

import json
import os
import sys

import torch
from datasets import Dataset
from transformers import AutoModelForCausalLM, AutoTokenizer
from trl import SFTConfig, SFTTrainer

job = json.load(sys.stdin)
rows, batch, settings = job["rows"], job["batch"], job["optimiser"]
steps = len(rows) // batch


def start():
    model = AutoModelForCausalLM.from_pretrained(job["model"], dtype=torch.float32, attn_implementation="eager")
    optimiser = torch.optim.AdamW(
        model.parameters(),
        lr=settings["learning_rate"],
        betas=tuple(settings["betas"]),
        eps=settings["epsilon"],
        weight_decay=settings["weight_decay"],
    )
    return model, optimiser


def by_trl():
    model, optimiser = start()
    trainer = SFTTrainer(
        model=model,
        args=SFTConfig(
            output_dir=os.path.join(job["out"], "trainer"),
            completion_only_loss=True,
            per_device_train_batch_size=batch // job["parts"],
            gradient_accumulation_steps=job["parts"],
            train_sampling_strategy="sequential",
            max_steps=steps,
            max_grad_norm=settings["clip_norm"],
            logging_steps=1,
            save_strategy="no",
            bf16=False,
            use_cpu=True,
            gradient_checkpointing=False,
            disable_tqdm=True,
            report_to="none",
        ),
        train_dataset=Dataset.from_list(rows),
        processing_class=AutoTokenizer.from_pretrained(job["model"]),
        optimizers=(optimiser, torch.optim.lr_scheduler.LambdaLR(optimiser, lambda _: 1.0)),
    )
    learnt = [{"ids": r["input_ids"], "labels": r["labels"]} for r in trainer.train_dataset]
    trainer.train()
    model.save_pretrained(os.path.join(job["out"], "trl"))
    logs = [log for log in trainer.state.log_history if "grad_norm" in log]
    return learnt, [{"loss": log["loss"], "gradientNorm": float(log["grad_norm"])} for log in logs]


def padded(values, fill):
    width = max(map(len, values))
    return torch.tensor([v + [fill] * (width - len(v)) for v in values])


def by_torch(learnt):
    model, optimiser = start()
    done = []
    for step in range(steps):
        part = learnt[step * batch : (step + 1) * batch]
        loss = model(
            input_ids=padded([r["ids"] for r in part], 0),
            attention_mask=padded([[1] * len(r["ids"]) for r in part], 0),
            labels=padded([r["labels"] for r in part], -100),
        ).loss
        optimiser.zero_grad()
        loss.backward()
        norm = torch.nn.utils.clip_grad_norm_(model.parameters(), settings["clip_norm"])
        optimiser.step()
        done.append({"loss": loss.item(), "gradientNorm": norm.item()})
        model.save_pretrained(os.path.join(job["out"], f"torch-{step + 1}"))
    return done


learnt, trl = by_trl()
print(json.dumps({"learnt": learnt, "trl": trl, "torch": by_torch(learnt)}))
