"""Makes test/golden/clusters.json: BLEU by nltk, average linkage by scipy, and the two together.

    pip install nltk scipy numpy && python scripts/golden/clusters.py
"""

import json
import pathlib
import random

import numpy as np
from nltk.translate.bleu_score import SmoothingFunction, sentence_bleu
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform

rng = random.Random(5)
WORDS = "find the sum of all integers x such that a divides b and prime number".split()


def sentence():
    return [rng.choice(WORDS) for _ in range(rng.randint(1, 14))]


def near(words):
    return [rng.choice(WORDS) if rng.random() < 0.15 else w for w in words]


def bleu(hypothesis, reference):
    return sentence_bleu([reference], hypothesis, smoothing_function=SmoothingFunction().method1)


def partition(distances, threshold):
    """Cluster of each item, numbered by first appearance."""
    names = fcluster(linkage(squareform(distances, checks=False), "average"), threshold, "distance")
    numbers = {}
    return [numbers.setdefault(int(n), len(numbers)) for n in names]


pairs = [(a := sentence(), near(a) if rng.random() < 0.6 else sentence()) for _ in range(60)]
matrices = []
for n in (2, 5, 17, 40, 40):  # no ties: which of two equal distances is joined first is not defined
    half = np.triu(np.array([[rng.random() for _ in range(n)] for _ in range(n)]), 1).round(6)
    full = half + half.T
    cuts = {str(t): partition(full, t) for t in (0.05, 0.25, 0.4, 0.5)}
    matrices.append({"n": n, "upper": half[np.triu_indices(n, 1)].tolist(), "cuts": cuts})

texts = []
while len(texts) < 48:
    words = near(rng.choice(texts)) if texts and rng.random() < 0.6 else sentence()
    if words not in texts:
        texts.append(words)
d = np.array([[0 if i == j else 1 - (bleu(a, b) + bleu(b, a)) / 2 for j, b in enumerate(texts)] for i, a in enumerate(texts)])

golden = {
    "bleu": [{"hypothesis": " ".join(a), "reference": " ".join(b), "bleu": bleu(a, b)} for a, b in pairs],
    "linkage": matrices,
    "batch": {"texts": [" ".join(t) for t in texts], "clusters": {str(t): partition(d, t) for t in (0.3, 0.5, 0.7)}},
}
target = pathlib.Path(__file__).parents[2] / "test/golden/clusters.json"
target.write_text(json.dumps(golden) + "\n")
