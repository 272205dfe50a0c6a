"""Writes test/fixtures/benchmarks: a few invented rows in the public schema of each evaluation set, Parquet where the hub has
Parquet, written by pyarrow as the hub's files are. No row is from a set.

    python scripts/benchmarks/make_fixtures.py        (needs pyarrow 22.0.0)
"""

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

OUT = Path(__file__).parents[2] / "test" / "fixtures" / "benchmarks"
TEXT, INT, REAL, BOOL = pa.string(), pa.int64(), pa.float64(), pa.bool_()
TEXTS = pa.list_(pa.string())
IMAGE = pa.struct([("bytes", pa.binary()), ("path", pa.string())])

AIME = "https://example.org/wiki/index.php/2024_AIME_I_Problems/Problem_"
AMC = "https://example.org/wiki/index.php/2023_AMC_12A_Problems/Problem_"


def parquet(name, schema, rows, **how):
    columns = {column: [row.get(column) for row in rows] for column, _ in schema}
    pq.write_table(pa.table(columns, schema=pa.schema(schema)), OUT / f"{name}.parquet", **how)


def jsonl(name, rows):
    (OUT / f"{name}.jsonl").write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    gsm8k = [
        dict(
            question="Mira packs 3 boxes of 4 pears and eats 2 pears. How many pears are left?",
            answer="She packs 3*4=<<3*4=12>>12 pears.\nThen 12-2=<<12-2=10>>10 are left.\n#### 10",
        ),
        dict(
            question="A mill grinds 425 kg of rye a day. How many kg in 5 days?",
            answer="425*5=<<425*5=2125>>2,125 kg.\n#### 2,125",
        ),
        dict(question="It was 4 degrees and fell by 7. What is it now?", answer="4-7=<<4-7=-3>>-3\n####-3"),
    ]
    parquet("gsm8k", [("question", TEXT), ("answer", TEXT)], gsm8k)
    jsonl(
        "math-500",
        [
            dict(
                problem="Write $0.5$ as a fraction in lowest terms.",
                solution="It is $\\boxed{\\frac12}$.",
                answer="\\frac12",
                subject="Prealgebra",
                level=1,
                unique_id="test/prealgebra/1.json",
            ),
            dict(
                problem="Find all $x$ with $x^2=4$, parted by commas.",
                solution="$\\boxed{2,-2}$",
                answer="2,-2",
                subject="Algebra",
                level=3,
                unique_id="test/algebra/2.json",
            ),
        ],
    )
    parquet(
        "amc-23",
        [("id", INT), ("question", TEXT), ("answer", REAL), ("url", TEXT)],
        [
            dict(id=0, question="How many edges has a cube, doubled and plus 3?", answer=27.0, url=AMC + "1"),
            dict(id=3, question="What is $2-3$?", answer=-1.0, url=AMC + "2"),
        ],
    )
    jsonl(
        "minerva-math",
        [
            dict(
                problem="A rod of length $2\\mathrm{~cm}$ is doubled. Give its length in cm.",
                solution="Twice two: \\boxed{4.0} \\mathrm{~cm}.",
                type="An Invented Course of Rods (1.01 Fall 2000)",
                idx=0,
            ),
            dict(
                problem="Write the kinetic energy of mass $m$ at speed $v$.",
                solution="First \\boxed{x}, no: $$\\boxed{\\frac{1}{2} m v^{2}}$$",
                type="An Invented Course of Rods (1.01 Fall 2000)",
                idx=1,
            ),
        ],
    )
    images = [(f"image_{i}", IMAGE) for i in range(1, 4)]
    rest = dict(solution=["Look."], context=None, modality="Text-only", difficulty="Competition", unit=None, error=None)
    rest |= dict(question_type="Open-ended", subject="Math", language="English")
    parquet(
        "olympiadbench",
        [("id", INT), ("question", TEXT), ("solution", TEXTS), ("final_answer", TEXTS), ("context", TEXT)]
        + images
        + [("modality", TEXT), ("difficulty", TEXT), ("is_multiple_answer", BOOL), ("unit", TEXT), ("answer_type", TEXT)]
        + [("error", TEXT), ("question_type", TEXT), ("subfield", TEXT), ("subject", TEXT), ("language", TEXT)],
        [
            rest
            | dict(id=1, question="Find all integers $n$ with $n^2<2$.", final_answer=["$-1$,$0$,$1$"])
            | dict(is_multiple_answer=True, answer_type="Numerical", subfield="Number Theory"),
            rest
            | dict(id=2, question="Solve $x>0$, $x\\le 4$ for $x$.", final_answer=["$(0,4]$."])
            | dict(is_multiple_answer=False, answer_type="Interval", subfield="Algebra"),
        ],
    )
    parquet(
        "aime-2024",
        [("id", INT), ("problem", TEXT), ("solution", TEXT), ("answer", TEXT), ("url", TEXT), ("year", TEXT)],
        [
            dict(id=60, problem="What is $5^2$?", solution="$25$", answer="025", url=AIME + "1", year="2024"),
            dict(id=61, problem="What is $30\\cdot 20$?", solution="$600$", answer="600", url=AIME + "2", year="2024"),
        ],
    )
    jsonl(
        "aime-2025",
        [
            dict(problem="What is $7\\cdot 10$?", answer="70", id="0"),
            dict(problem="How many degrees are four fifths of a full turn and $48$?", answer="336^\\circ", id="1"),
        ],
    )
    parquet(
        "mmlu-pro",
        [("question_id", INT), ("question", TEXT), ("options", TEXTS), ("answer", TEXT), ("answer_index", INT)]
        + [("cot_content", TEXT), ("category", TEXT), ("src", TEXT)],
        [
            dict(
                question_id=70,
                question="Which of these floats on water?",
                options=["iron", " cork", "lead", "N/A", "N/A"],
                answer="B",
                answer_index=1,
                cot_content="",
                category="physics",
                src="invented",
            ),
            dict(
                question_id=71,
                question="Which letter begins the word for ten in Latin?",
                options=[f"the letter {c}" for c in "abcdefghij"],
                answer="D",
                answer_index=3,
                cot_content="",
                category="history",
                src="invented",
            ),
        ],
    )
    jsonl(
        "supergpqa",
        [
            dict(
                uuid="0a1b",
                question="Which soil holds most water?",
                options=["sand", "loam", "clay", "gravel"],
                answer="clay",
                answer_letter="C",
                discipline="Agronomy",
                field="Soil Science",
                subfield="Soil Physics",
                difficulty="easy",
                is_calculation=False,
            ),
            dict(
                uuid="0a1c",
                question="What is $2^5$?",
                options=["16", "32", "64"],
                answer="32",
                answer_letter="B",
                discipline="Science",
                field="Mathematics",
                subfield="Arithmetic",
                difficulty="hard",
                is_calculation=True,
            ),
        ],
    )
    parquet(
        "bbeh",
        [("task", TEXT), ("input", TEXT), ("target", TEXT), ("mini", INT)],
        [
            dict(task="word sorting", input="Sort: pear, fig.", target="fig, pear", mini=1),
            dict(task="boardgame qa", input="Does the fox own a boat? proved, disproved or unknown?", target="unknown", mini=0),
            dict(task="multistep arithmetic", input="Let a >< b be a+b. What is 400 >< 4?", target="404.0", mini=0),
        ],
        compression="zstd",
    )


main()
