"""Chats as transformers makes tokens of them, and which are the assistant's. usage: chat_tokens.py MODEL, chats as JSON on standard input."""

import json
import sys

from transformers import AutoTokenizer

tokenizer = AutoTokenizer.from_pretrained(sys.argv[1])
answers = []
for chat in json.load(sys.stdin):
    found = tokenizer.apply_chat_template(chat, tokenize=True, return_dict=True, return_assistant_tokens_mask=True)
    answers.append({"ids": found["input_ids"], "mask": found["assistant_masks"]})
print(json.dumps(answers))
