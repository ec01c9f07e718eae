"""How far the confidence of a fact can be believed: of those with about the same, how many are right.

    python benchmarks/confidence.py [GOLD_FOLDER ...]

Over the tagged cases of tests/cases, on which the weights were not fitted, and over gold folders that hold
`pages/*.txt` and `gold/*.jsonl` (docs/gold-format.md). A fact is right when all its fields are.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# This script's folder comes first on the path, and holds a name of a package it needs; tests/ is no package.
sys.path[:] = [place for place in sys.path if Path(place).resolve() != ROOT / "benchmarks"]
sys.path.append(str(ROOT / "tests"))


def judged(gold: object, claims: list) -> list[tuple[float, bool]]:
    """Confidence of each claim, and whether it is right; those on which readers differ are left out."""
    from unionkb import evaluate

    evaluation = evaluate.evaluate(gold, claims)
    right = evaluate.judged(evaluation)
    return [
        (claim.confidence, well)
        for claim, well in zip(evaluation.claims, right, strict=True)
        if well is not None and claim.confidence is not None
    ]


def read(folder: Path) -> Iterator:
    """What the extractor reads in the pages of a gold folder."""
    from extract.model import Draft
    from extract.pipeline import read_page
    from unionkb import evaluate

    for page in sorted((folder / "pages").glob("*.txt")):
        readings = read_page([Draft(page.read_text(encoding="utf-8"))])
        yield from evaluate.claims_from_readings(page.name, readings)


def main() -> None:
    import tagged

    from unionkb import evaluate, reliability

    cases = tagged.evaluation(tagged.cases())
    sets = {f"{len(tagged.cases())} tagged cases": judged(cases.gold, list(cases.claims))}
    for folder in map(Path, sys.argv[1:]):
        sets[folder.name] = judged(evaluate.load_gold(folder / "gold"), list(read(folder)))
    for name, found in sets.items():
        print(f"{name}, {len(found)} facts\n{reliability.table(found)}\n")


if __name__ == "__main__":
    main()
