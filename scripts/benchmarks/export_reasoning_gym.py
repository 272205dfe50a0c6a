"""Exports arithmetic tasks of reasoning-gym 0.1.25 (Apache-2.0) as the benchmarks `reasoning-gym-arithmetic`, in its own words, and
`reasoning-gym-chains`, its chain sums in the nano model's grammar. Run once; the files ship.

    pip install -r scripts/benchmarks/requirements.txt
    node scripts/run-ts.mjs scripts/benchmarks/taken-chains.ts | python scripts/benchmarks/export_reasoning_gym.py

Every task draws from a seed of its own, so that another choice of tasks leaves the others' rows as they are.
"""

import json
import re
import sys
from importlib.metadata import version
from pathlib import Path

import reasoning_gym

OUT = Path(__file__).parents[2] / "resources" / "benchmarks"
SEED = 2507
VERSION = "0.1.25"

# Tasks whose answers are one number. Those with dates, lists and rounding need rules of their own, and a fraction to be simplified
# equals its simplified form.
TASKS = [
    "basic_arithmetic",
    "chain_sum",
    "count_bits",
    "decimal_chain_sum",
    "gcd",
    "lcm",
    "leg_counting",
    "products",
]
ROWS_PER_TASK = 25

LEVELS = range(5, 13)
LONGEST = 44


def entries(task, seed, **config):
    return reasoning_gym.create_dataset(task, seed=seed, size=2000, **config)


def arithmetic():
    for number, task in enumerate(TASKS):
        seen = set()
        for entry in entries(task, SEED + 10_000 * number):
            question = entry["question"].strip()
            if question in seen:
                continue
            seen.add(question)
            yield dict(question=question, answer=entry["answer"], subject=task, answer_kind="math")
            if len(seen) == ROWS_PER_TASK:
                break


def form(question):
    """The signed terms in one order: equal for questions that are reorderings of each other."""
    return tuple(sorted(re.findall(r"[+-]\d+", "+" + question)))


def chains():
    """Thirteen of each number of terms with numbers of one digit, as the shipped model was taught, and twelve with two. Nearly all
    shorter ones of one digit are in the text it was taught with."""
    taken = {form(line.strip()) for line in sys.stdin}
    assert len(taken) > 10_000, "the chains that are taken come on standard input: see taken-chains.ts"
    for terms in LEVELS:
        for digits, subject, rows in ((1, "one digit", 13), (2, "two digits", 12)):
            seed = SEED + 100_000 * digits + 10_000 * terms
            config = dict(min_terms=terms, max_terms=terms, min_digits=digits, max_digits=digits)
            count = 0
            for entry in entries("chain_sum", seed, **config):
                question = entry["metadata"]["expression"].replace(" ", "")
                if form(question) in taken or len(question) > LONGEST:
                    continue
                taken.add(form(question))
                yield dict(question=question, answer=entry["answer"], difficulty=terms, subject=subject)
                count += 1
                if count == rows:
                    break


def main():
    assert version("reasoning-gym") == VERSION, f"reasoning-gym {VERSION} makes these files, not another version"
    for name, rows in (("reasoning-gym-arithmetic", arithmetic()), ("reasoning-gym-chains", chains())):
        text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        (OUT / f"{name}.jsonl").write_text(text, "utf-8")


main()
