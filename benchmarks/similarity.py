"""What `grader similar` finds of copies in disguise, and how long a class takes; beside copydetect where that is installed.

Run by `.venv/bin/python benchmarks/similarity.py`. copydetect 0.5 is another winnowing library for Python; `pip install copydetect`
into an environment of its own, and name its packages in PYTHONPATH.
"""

from __future__ import annotations

import ast
import importlib.util
import io
import random
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from grader.similarity.winnowing import compare

ROOT = Path(__file__).resolve().parent.parent
EXERCISE = next((ROOT / "exercises").glob("ex05*"))
GIVEN = [path.read_text(encoding="utf-8") for path in sorted(EXERCISE.glob("*.py"))]
ANSWER = (ROOT / "demo" / "answers" / "ex05_cut_windows.py").read_text(encoding="utf-8")
ANOTHER = (ROOT / "demo" / "answers" / "ex05_pad.py").read_text(encoding="utf-8")
STUDENTS = 200


def renamed(code: str) -> str:
    """Give every variable another name."""
    tree = ast.parse(code)
    names = {
        node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
    for number, name in enumerate(sorted(names)):
        code = re.sub(rf"\b{name}\b", f"value_{number}", code)
    return code


def turned_around(code: str) -> str:
    """Write the functions in another order."""
    head, *functions = re.split(r"(?m)^(?=def )", code)
    return head + "\n\n".join(reversed(functions))


def laid_out(code: str) -> str:
    """Write the same statements with other spaces, lines, quotes and without comments."""
    return ast.unparse(ast.parse(code))


def hinted(code: str) -> str:
    """Add type hints."""
    return re.sub(r"def (\w+)\((.*)\):", r"def \1(\2: np.ndarray) -> np.ndarray:", code)


def printing(code: str) -> str:
    """Print something after each assignment."""
    return re.sub(r"(?m)^( +)(\w+ = .*)$", r"\1\2\n\1print('here')", code)


def padded(code: str) -> str:
    """Add functions that are never called."""
    return code + "".join(
        f"\n\ndef unused_{at}(a, b):\n    return {'[' * at}a, b{']' * at}\n" for at in range(30)
    )


DISGUISES: tuple[Callable[[str], str], ...] = (renamed, turned_around, laid_out, hinted, printing, padded)


def ours(first: str, second: str) -> float:
    """Return the percentage that this program shows."""
    return 100 * max(
        (pair.similarity for pair in compare({"a": first, "b": second}, GIVEN, least=0.01)), default=0
    )


def theirs(module: Any, first: str, second: str) -> float:
    """Return the larger percentage that copydetect shows, with its own settings."""
    noise, window = 25, 6
    given: list[int] = []
    for code in GIVEN:
        given += module.CodeFingerprint("x.py", noise, 1, fp=io.StringIO(code)).hashes
    prints = [
        module.CodeFingerprint("x.py", noise, window, boilerplate=given, fp=io.StringIO(code))
        for code in (first, second)
    ]
    return 100 * float(max(module.compare_files(*prints)[1]))


def main() -> None:
    """Compare an answer with disguises of itself, then a class."""
    other = importlib.import_module("copydetect") if importlib.util.find_spec("copydetect") else None
    cases = [(disguise.__name__, disguise(ANSWER)) for disguise in DISGUISES]
    for name, code in [
        *cases,
        ("all of them", padded(printing(hinted(turned_around(renamed(ANSWER)))))),
        ("another answer", ANOTHER),
    ]:
        line = f"{name:16} {ours(ANSWER, code):4.0f} %"
        print(line if other is None else f"{line}   copydetect {theirs(other, ANSWER, code):4.0f} %")
    answers = sorted((ROOT / "demo" / "answers").glob("ex0[2-9]*.py"))
    texts = [path.read_text(encoding="utf-8", errors="replace") for path in answers]
    rng = random.Random(1)
    class_ = {f"s{number:03d}": "\n".join(rng.sample(texts, 2)) for number in range(STUDENTS)}
    started = time.perf_counter()
    found = compare(class_, GIVEN, least=0.6)
    size = sum(map(len, class_.values())) / len(class_)
    print(
        f"{STUDENTS} answers of {size:.0f} characters: {time.perf_counter() - started:.1f} s, {len(found)} pairs"
    )


if __name__ == "__main__":
    main()
