"""Fit the weights of extract/lexicon/confidence_weights.tsv to gold, and say how far they can be believed.

    python scripts/fit_confidence.py GOLD_FOLDER ... [--check GOLD_FOLDER ...] [--write]

A GOLD_FOLDER holds `pages/*.txt` and `gold/*.jsonl` (docs/gold-format.md). A fact is right when all its
fields are. The weights are those of a logistic regression with an L2 penalty. The first table is
cross-validated: each page is judged by weights fitted to other pages. --check folders are judged by weights
fitted to all.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

from extract import confidence
from extract.confidence import probability
from unionkb import reliability

TABLE = Path(confidence.__file__).with_name("lexicon") / "confidence_weights.tsv"
HEAD = """\
# Weights of the features of extract/confidence.py, fitted by scripts/fit_confidence.py: positive speaks for a
# fact being right in every field. `facts` says how many facts of the gold had the feature.
term\tmeaning\tvalid_from\tvalid_to\tsource\tvalue\tfacts
"""
PENALTY = 10.0
ROUNDS = 500
FOLDS = 10

Example = tuple[str, tuple[str, ...], bool]
"""Page, features of a fact, whether it is right."""
Weights = dict[str, float]


def examples(folder: Path) -> list[Example]:
    """The facts read in the pages of a gold folder."""
    return [(page, fact.evidence, right) for page, fact, right in reliability.read(folder)]


def fit(found: Sequence[Example]) -> Weights:
    """Gradient ascent with momentum; `any`, the intercept, is not drawn to zero."""
    weights = dict.fromkeys((name for _, names, _ in found for name in names), 0.0)
    speed = dict.fromkeys(weights, 0.0)
    for _ in range(ROUNDS):
        slope = {name: -PENALTY * value * (name != "any") for name, value in weights.items()}
        for _, names, right in found:
            miss = right - probability(weights, names)
            for name in names:
                slope[name] += miss
        for name in weights:
            speed[name] = 0.9 * speed[name] + slope[name] / len(found)
            weights[name] += speed[name]
    return weights


def cross_validated(found: Sequence[Example]) -> list[reliability.Judged]:
    pages = sorted({page for page, _, _ in found})
    judged = []
    for fold in range(FOLDS):
        held = set(pages[fold::FOLDS])
        weights = fit([each for each in found if each[0] not in held])
        judged += [(probability(weights, names), right) for page, names, right in found if page in held]
    return judged


def write(weights: Weights, found: Sequence[Example]) -> None:
    counts = {name: sum(name in names for _, names, _ in found) for name in weights}
    rows = (
        f"{name}\t\t\t\tfitted to gold\t{weights[name]:.3f}\t{counts[name]}\n" for name in sorted(weights)
    )
    TABLE.write_text(HEAD + "".join(rows), encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folders", metavar="GOLD_FOLDER", nargs="+", type=Path)
    parser.add_argument("--check", metavar="GOLD_FOLDER", nargs="+", type=Path, default=[])
    parser.add_argument("--write", action="store_true", help=f"write the weights to {TABLE.name}")
    args = parser.parse_args()
    found = [each for folder in args.folders for each in examples(folder)]
    print(f"cross-validated by page, {len(found)} facts")
    print(reliability.table(cross_validated(found)))
    weights = fit(found)
    for folder in args.check:
        held = [(probability(weights, names), right) for _, names, right in examples(folder)]
        print(f"\n{folder.name}, {len(held)} facts\n{reliability.table(held)}")
    if args.write:
        write(weights, found)


if __name__ == "__main__":
    main()
