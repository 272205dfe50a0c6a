"""Reads exports of a run with pandas, DuckDB and datasets, and the database itself while it is being written.

Usage: exports.py FOLDER, which holds <what>.{jsonl,csv,parquet}; exports.py --database FILE.
Prints one JSON object; values that differ between readers end it with an error.
"""

import json
import math
import sqlite3
import sys
from pathlib import Path


def same(a, b):
    if a is None or b is None:
        return a is None and b is None
    if isinstance(a, float) or isinstance(b, float):
        return float(a) == float(b)
    return a == b


def expect(found, wanted, who):
    """`found`: rows as lists. An empty text is taken for null where a reader of CSV cannot tell them apart."""
    assert len(found) == len(wanted), f"{who}: {len(found)} rows instead of {len(wanted)}"
    for i, (f, w) in enumerate(zip(found, wanted)):
        for j, (a, b) in enumerate(zip(f, w)):
            if isinstance(a, float) and math.isnan(a):
                a = None
            if who.endswith("csv"):
                a = None if a == "" else a
                b = None if b == "" else b
            assert same(a, b), f"{who}: row {i}, column {j}: {a!r} instead of {b!r}"


def read_exports(folder):
    import datasets
    import duckdb
    import pandas as pd

    datasets.disable_progress_bars()
    # From version 3 on, pandas reads numbers exactly by itself.
    exact = {"float_precision": "round_trip"} if int(pd.__version__.split(".")[0]) < 3 else {}
    report = {}
    for what in sorted(file.stem for file in folder.glob("*.jsonl")):
        path = {f: str(folder / f"{what}.{f}") for f in ["jsonl", "csv", "parquet"]}
        lines = [json.loads(line) for line in Path(path["jsonl"]).read_text("utf8").split("\n") if line]
        names = list(lines[0])
        wanted = [list(row.values()) for row in lines]
        texts = {n: "string" for n in names if any(isinstance(row[n], str) for row in lines)}

        frames = {
            "pandas parquet": pd.read_parquet(path["parquet"]),
            "pandas jsonl": pd.read_json(path["jsonl"], lines=True, dtype=False, precise_float=True),
            "pandas csv": pd.read_csv(
                path["csv"], dtype=texts, keep_default_na=False, na_values={n: [""] for n in names}, **exact
            ),
        }
        for who, frame in frames.items():
            assert list(frame.columns) == names, f"{who}: {list(frame.columns)}"
            rows = frame.astype(object).where(frame.notna(), None).values.tolist()
            expect(rows, wanted, who)

        db = duckdb.connect()
        described = db.execute(f"DESCRIBE SELECT * FROM read_parquet('{path['parquet']}')").fetchall()
        columns = {name: kind for name, kind, *_ in described}
        queries = {
            "duckdb parquet": f"SELECT * FROM read_parquet('{path['parquet']}')",
            "duckdb jsonl": f"SELECT * FROM read_json('{path['jsonl']}', format='newline_delimited', columns={columns})",
            "duckdb csv": f"SELECT * FROM read_csv('{path['csv']}', header=true, columns={columns})",
        }
        for who, query in queries.items():
            expect([list(row) for row in db.execute(query).fetchall()], wanted, who)

        for loader in ["parquet", "csv", "json"]:
            file = path["jsonl" if loader == "json" else loader]
            rows = datasets.load_dataset(loader, data_files=file, split="train", cache_dir=str(folder / "cache"))
            assert rows.column_names == names
            if loader == "csv":  # its reader guesses types as pandas does
                assert len(rows) == len(wanted)
            else:
                expect([[row[n] for n in names] for row in rows], wanted, f"datasets {loader}")
        report[what] = len(wanted)
    return report


def read_database(file):
    import duckdb
    from duckdb_extensions import import_extension

    views = ["question_fates", "answers_given", "metrics_by_step"]
    plain = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
    db = duckdb.connect()
    import_extension("sqlite_scanner", con=db)
    db.execute("LOAD sqlite")
    db.execute(f"ATTACH '{file}' AS record (TYPE sqlite, READ_ONLY)")
    return {
        "sqlite3": {view: plain.execute(f"SELECT count(*) FROM {view}").fetchone()[0] for view in views},
        "duckdb": {view: db.execute(f"SELECT count(*) FROM record.{view}").fetchone()[0] for view in views},
    }


if __name__ == "__main__":
    result = read_database(sys.argv[2]) if sys.argv[1] == "--database" else read_exports(Path(sys.argv[1]))
    print(json.dumps(result))
