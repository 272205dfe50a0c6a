"""Makes the golden fixtures of test/golden again: tiny models with their logits, tokenizers with their encodings, rendered chats.

    python scripts/golden/make.py [models] [tokenizers] [chats]

needs torch, transformers 5 and tokenizers. Everything is seeded; another version of those packages may move the last bits.
"""

import importlib
import sys
from pathlib import Path

PARTS = ("models", "tokenizers_", "chats")

if __name__ == "__main__":
    root = Path(__file__).resolve().parents[2] / "test" / "golden"
    wanted = sys.argv[1:] or [part.strip("_") for part in PARTS]
    for part in PARTS:
        if part.strip("_") in wanted:
            folder = root / part.strip("_")
            folder.mkdir(parents=True, exist_ok=True)
            importlib.import_module(part).make(folder)
