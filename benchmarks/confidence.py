"""How far the confidence of a fact can be believed: of those with about the same, how many are right.

    python benchmarks/confidence.py [GOLD_FOLDER ...]

Over the tagged cases of tests/cases, on which the weights were not fitted, and over gold folders that hold
`pages/*.txt` and `gold/*.jsonl` (docs/gold-format.md). A fact is right when all its fields are.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# This script's folder comes first on the path, and holds a name of a package it needs; tests/ is no package.
sys.path[:] = [place for place in sys.path if Path(place).resolve() != ROOT / "benchmarks"]
sys.path.append(str(ROOT / "tests"))


def main() -> None:
    import tagged

    from unionkb import evaluate, reliability

    cases = tagged.evaluation(tagged.cases())
    judged = zip(cases.claims, evaluate.judged(cases), strict=True)
    sets = {
        f"{len(tagged.cases())} tagged cases": [
            (claim.confidence, right) for claim, right in judged if right is not None
        ]
    }
    for folder in map(Path, sys.argv[1:]):
        sets[folder.name] = [(fact.confidence, right) for _, fact, right in reliability.read(folder)]
    for name, found in sets.items():
        print(f"{name}, {len(found)} facts\n{reliability.table(found)}\n")


if __name__ == "__main__":
    main()
