"""Texts of every kind, the same at each call: what tokenizers are trained on, and the 1,000 they are compared on."""

import pydoc_data.topics
import random
import unicodedata

SENTENCES = [
    "The quick brown fox jumps over the lazy dog; it's 3 o'clock, they've said, and we'll see.",
    "Was ist die Antwort auf alle Fragen? Übermäßig viele Köche verderben den Brei, sagt man.",
    "L'été dernier, nous avons mangé des crêpes à la crème brûlée près de la forêt.",
    "El niño comió una piña pequeña mientras el pingüino miraba. ¿Qué pasó?",
    "Съешь ещё этих мягких французских булок, да выпей же чаю.",
    "我们要解这个方程:先把两边同时乘以三,然后移项。答案是四十二。",
    "吾輩は猫である。名前はまだ無い。どこで生れたかとんと見当がつかぬ。カタカナも。",
    "나는 오늘 아침에 학교에 가서 수학 문제를 풀었다.",
    "السلام عليكم ورحمة الله، كيف حالك اليوم؟",
    "שלום עולם, מה שלומך היום?",
    "สวัสดีชาวโลก วันนี้อากาศดีมาก",
    "नमस्ते दुनिया, आज मौसम बहुत अच्छा है।",
    "Γειά σου Κόσμε, τι κάνεις σήμερα;",
    "Xin chào thế giới, hôm nay trời đẹp quá.",
    "İstanbul'da ışıl ışıl bir gün, değil mi?",
]
EMOJI = ["😀", "👨‍👩‍👧‍👦", "👍🏽", "🇩🇪", "🏳️‍🌈", "❤️", "✌️", "🧑🏿‍🚀", "🔥", "☕", "1️⃣", "🫠", "👩🏼‍❤️‍💋‍👨🏻"]
CODE = [
    "def f(x):\n    return x ** 2 + 1  # square\n",
    "for (let i = 0; i < n; i++) {\n\tsum += a[i]!;\n}\n",
    "SELECT * FROM runs WHERE id='7' AND reward >= 0.5;",
    "\\frac{-b \\pm \\sqrt{b^2-4ac}}{2a} = \\boxed{x}",
    '{"a": [1, 2.5e-3, null], "b\\n": "\\u00e9"}',
    "https://example.org/a/b?c=d&e=%20f#g",
    "if __name__ == '__main__':\r\n\tmain()\r\n",
    "<div class=\"x\">&nbsp;</div><!-- c -->",
]
SPACES = list(" \t\n\r\v\f\u00a0\u1680\u2003\u2009\u200a\u2028\u2029\u202f\u205f\u3000\u0085") + ["\r\n", "  ", "   ", "\n\n", " \n"]
INVISIBLE = list("\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f")
CONTRACTIONS = ["'s", "'S", "'t", "'re", "'RE", "'ve", "'m", "'ll", "'LL", "'d", "’s", "'ſ", "''"]
COMBINING = [chr(c) for c in range(0x300, 0x340)] + ["\u0591", "\u05b0", "\u0651", "\u093c", "\u0e31", "\u3099", "\u1161", "\u11a8"]


def corpus():
    rng = random.Random(1)
    topics = sorted(pydoc_data.topics.topics.items())
    for _, text in topics[:40]:
        yield from text.split("\n")
    for _ in range(30):
        yield from SENTENCES
        yield from CODE
        yield f"{rng.randint(0, 9999)} + {rng.randint(0, 99)} = {rng.random():.3f}"
    yield from EMOJI * 3


def assigned(rng):
    """A random character that exists: no surrogate, nothing unassigned or private."""
    while True:
        char = chr(rng.choice([rng.randint(0, 0x2FF), rng.randint(0, 0xFFFF), rng.randint(0x10000, 0x1FFFF)]))
        if unicodedata.category(char) not in ("Cs", "Cn", "Co"):
            return char


def texts(special):
    """1,000 texts; `special` are tokens that some of them contain, whole or torn."""
    rng = random.Random(7)
    word = lambda: rng.choice(rng.choice(SENTENCES + CODE).split(" "))
    words = lambda n: " ".join(word() for _ in range(n))
    pick = lambda items, n: "".join(rng.choice(items) for _ in range(n))
    kinds = [
        lambda: pick([chr(c) for c in range(32, 127)], rng.randint(1, 60)),
        lambda: words(rng.randint(1, 15)),
        lambda: rng.choice(SENTENCES)[rng.randint(0, 20) :],
        lambda: "".join(assigned(rng) for _ in range(rng.randint(1, 25))),
        lambda: pick([chr(c) for c in range(0x4E00, 0x9FFF, 7)], rng.randint(1, 20)) + word(),
        lambda: pick([chr(c) for c in range(0xAC00, 0xD7A3, 11)], rng.randint(1, 12)),
        lambda: pick(EMOJI, rng.randint(1, 6)) + rng.choice(["", " ", word()]),
        lambda: "".join(rng.choice("aeoucsnAEO가") + pick(COMBINING, rng.randint(0, 3)) for _ in range(rng.randint(1, 10))),
        lambda: unicodedata.normalize("NFD", rng.choice(SENTENCES)),
        lambda: word() + pick(SPACES, rng.randint(1, 9)) + word() + pick(SPACES, rng.randint(0, 4)),
        lambda: pick(SPACES + INVISIBLE, rng.randint(1, 12)),
        lambda: pick(SPACES, rng.randint(0, 3)) + words(3).replace(" ", rng.choice(SPACES)),
        lambda: pick("0123456789", rng.randint(1, 30)) + rng.choice(["", ".", ",", "e-7"]) + pick("0123456789٣४Ⅷ²½", rng.randint(0, 6)),
        lambda: f"{rng.randint(-999, 999)}{rng.choice('+-*/=')}{rng.randint(0, 10**rng.randint(1, 12))} = {rng.random() * 1e4:,.2f}",
        lambda: rng.choice(CODE) + rng.choice(CODE),
        lambda: word() + rng.choice(CONTRACTIONS) + rng.choice(["", " ", word()]) + rng.choice(CONTRACTIONS),
        lambda: rng.choice(special) + rng.choice(["", " ", "\n"]) + words(2) + rng.choice(["", " "]) + rng.choice(special) + rng.choice(special),
        lambda: rng.choice(special)[: rng.randint(1, 6)] + word() + rng.choice(special)[rng.randint(0, 4) :],
        lambda: pick([chr(c) for c in [*range(0, 32), 127, *range(128, 160)]], rng.randint(1, 10)) + word(),
        lambda: pick("▁Ġ�ĀÿÄ", rng.randint(1, 6)) + word(),
    ]
    fixed = ["", " ", "  ", "\n", "a", "\u0000", "\ufeff", "\ufeffa", "é", "e\u0301", "\U0010ffff", " a", "a ", "ﬁ", "Å", "<0x41>", "<unk>"]
    long = [" ".join(rng.choice(SENTENCES) for _ in range(60)), "a" * 5000, " " * 3000, "ab" * 2000, "9" * 2000, "\n" * 1500, "我" * 1000, "😀" * 500]
    result = fixed + long
    while len(result) < 1000:
        result.append(kinds[len(result) % len(kinds)]())
    return result
