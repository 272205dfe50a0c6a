"""math-verify's verdicts on pairs of answers: reads {"gold", "pred"} per line, writes true, false or null (an error) per line."""
import json
import sys

from math_verify import parse, verify



def read(text):
    """As its documentation asks: formulas stand between dollar signs, whole outputs are searched as they are."""
    marked = any(mark in text for mark in ("$", "\\boxed", "\\(", "\\[", "\n", "nswer"))
    return parse(text) if marked else (parse(f"${text}$") or parse(text))


for line in sys.stdin:
    pair = json.loads(line)
    try:
        same = bool(verify(read(pair["gold"]), read(pair["pred"])))
    except Exception:
        same = None
    print(json.dumps(same), flush=True)
