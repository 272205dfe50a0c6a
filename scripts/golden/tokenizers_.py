"""Small tokenizers built like those of the model families, and what Python's tokenizers makes of 1,000 texts with each.

For each: `tokenizer.json`, and `golden.json.gz` with, per text, its ids and its two decodings (special tokens kept, skipped; null where
equal to the text, or to the first), and decodings of random ids, which are seldom valid text.
"""

import gzip
import json
import random
from pathlib import Path

from char_tokenizer import char_tokenizer
from texts import corpus, texts
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

QWEN = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
LLAMA3 = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"


def special(*names):
    return [AddedToken(name, special=True, normalized=False) for name in names]


def split_then_bytes(pattern):
    return pre_tokenizers.Sequence(
        [pre_tokenizers.Split(Regex(pattern), "isolated"), pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)]
    )


def train(tokenizer, size, **options):
    trainer = trainers.BpeTrainer(vocab_size=size, show_progress=False, **options)
    tokenizer.train_from_iterator(corpus(), trainer)
    return tokenizer


def byte_level(pre_tokenizer, normalizer=None, **model):
    tokenizer = Tokenizer(models.BPE(**model))
    if normalizer:
        tokenizer.normalizer = normalizer
    tokenizer.pre_tokenizer = pre_tokenizer
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.post_processor = processors.ByteLevel(trim_offsets=False)
    return train(tokenizer, 900, initial_alphabet=pre_tokenizers.ByteLevel.alphabet())


def qwen():
    tokenizer = byte_level(split_then_bytes(QWEN), normalizers.NFC())
    tokenizer.add_special_tokens(special("<|endoftext|>", "<|im_start|>", "<|im_end|>"))
    tokenizer.add_tokens([AddedToken(name, special=False, normalized=False) for name in ("<think>", "</think>", "<tool_call>")])
    return tokenizer


def llama3():
    tokenizer = byte_level(split_then_bytes(LLAMA3), ignore_merges=True)
    tokenizer.add_special_tokens(special("<|begin_of_text|>", "<|end_of_text|>", "<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"))
    bos = processors.TemplateProcessing(
        single="<|begin_of_text|> $A",
        pair="<|begin_of_text|> $A <|begin_of_text|> $B",
        special_tokens=[("<|begin_of_text|>", tokenizer.token_to_id("<|begin_of_text|>"))],
    )
    tokenizer.post_processor = processors.Sequence([processors.ByteLevel(trim_offsets=False), bos])
    return tokenizer


def smollm():
    digits = pre_tokenizers.Sequence([pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)])
    tokenizer = byte_level(digits)
    tokenizer.add_special_tokens(special("<|endoftext|>", "<|im_start|>", "<|im_end|>", "<repo_name>"))
    return tokenizer


def sentencepiece(metaspace):
    """Llama 2: words with a leading ▁, unknown characters as bytes. `metaspace`: as newer folders write it."""
    learner = Tokenizer(models.BPE())
    learner.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always")
    learned = json.loads(train(learner, 800, limit_alphabet=150).to_str())["model"]
    names = ["<unk>", "<s>", "</s>", *[f"<0x{b:02X}>" for b in range(256)]]
    names += [name for name in sorted(learned["vocab"], key=learned["vocab"].get) if name not in names]
    merges = [tuple(pair) for pair in learned["merges"]]
    tokenizer = Tokenizer(models.BPE({name: i for i, name in enumerate(names)}, merges, unk_token="<unk>", fuse_unk=True, byte_fallback=True))
    if metaspace:
        tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="first", split=False)
    else:
        tokenizer.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    tokenizer.decoder = decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)])
    tokenizer.add_special_tokens(special("<unk>", "<s>", "</s>"))
    return tokenizer


def nano():
    names = ["<pad>", "<bos>", "<eos>", "<gen>", "<question>", "</question>"]
    return Tokenizer.from_str(json.dumps(char_tokenizer(names, "0123456789+-*()=#", "<pad>")))


TOKENIZERS = {
    "qwen": qwen,
    "llama3": llama3,
    "smollm": smollm,
    "llama2": lambda: sentencepiece(False),
    "metaspace": lambda: sentencepiece(True),
    "nano": nano,
}


def golden(tokenizer):
    rng = random.Random(11)
    names = [token.content for token in tokenizer.get_added_tokens_decoder().values()]
    rows = []
    for text in texts(names):
        ids = tokenizer.encode(text, add_special_tokens=False).ids
        kept = tokenizer.decode(ids, skip_special_tokens=False)
        skipped = tokenizer.decode(ids, skip_special_tokens=True)
        rows.append([text, ids, None if kept == text else kept, None if skipped == kept else skipped])
    random_ids = []
    for _ in range(200):
        ids = [rng.randrange(tokenizer.get_vocab_size()) for _ in range(rng.randint(1, 30))]
        random_ids.append([ids, tokenizer.decode(ids, skip_special_tokens=False), tokenizer.decode(ids, skip_special_tokens=True)])
    return dict(texts=rows, random=random_ids)


def make(root: Path):
    for name, build in TOKENIZERS.items():
        folder = root / name
        folder.mkdir(exist_ok=True)
        tokenizer = build()
        # Without indentation: the vocabulary alone would take a thousand lines.
        (folder / "tokenizer.json").write_text(json.dumps(json.loads(tokenizer.to_str()), ensure_ascii=False, separators=(",", ":")) + "\n")
        data = json.dumps(golden(tokenizer), ensure_ascii=True, separators=(",", ":")).encode()
        (folder / "golden.json.gz").write_bytes(gzip.compress(data, 9, mtime=0))
        print(f"{name}: {tokenizer.get_vocab_size()} tokens, golden {(folder / 'golden.json.gz').stat().st_size // 1024} KB")
