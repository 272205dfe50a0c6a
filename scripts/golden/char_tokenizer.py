"""A tokenizer in which every character is a token, as a tokenizer.json: special tokens first, then the characters.

A character outside the alphabet becomes `unknown`, visible in the ids, rather than vanishing.
"""


def char_tokenizer(special, characters, unknown):
    names = [*special, *characters]
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [
            dict(id=i, content=name, single_word=False, lstrip=False, rstrip=False, normalized=False, special=True) for i, name in enumerate(special)
        ],
        "normalizer": None,
        "pre_tokenizer": None,
        "post_processor": None,
        "decoder": {"type": "Fuse"},
        "model": {
            "type": "BPE",
            "dropout": None,
            "unk_token": unknown,
            "continuing_subword_prefix": None,
            "end_of_word_suffix": None,
            "fuse_unk": False,
            "byte_fallback": False,
            "ignore_merges": False,
            "vocab": {name: i for i, name in enumerate(names)},
            "merges": [],
        },
    }
