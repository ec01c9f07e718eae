"""Articles found in annotated pages. The gold sets are not in the repository; without them this skips."""

import json
import unicodedata
from collections import Counter
from pathlib import Path

import pytest

from extract import layout
from extract.model import Article, Draft

GOLD = Path(__file__).resolve().parents[2] / "shared" / "gold"
SETS = ("seeds", "train", "dev")


def letters(text: str) -> str:
    """Text without space and punctuation, in one width."""
    return "".join(c for c in unicodedata.normalize("NFKC", text) if c.isalnum())


def bare(text: str) -> str:
    return "".join(text.split())


def _right_title(article: Article, accepted: set[str]) -> bool:
    return letters(article.meta.title or "") in (accepted or {""})


def measure(folder: Path) -> Counter[str]:
    """Counts of what gold has and layout finds."""
    count: Counter[str] = Counter()
    for file in sorted((folder / "gold").glob("*.jsonl")):
        rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
        text = (folder / "pages" / rows[0]["doc"]).read_text(encoding="utf-8")
        articles = layout.split(Draft(text))
        whole = "\n".join(bare(article.body) for article in articles)
        count["extra"] += max(0, len(articles) - len(rows))
        for row in rows:
            count["articles"] += 1
            holding = [a for a in articles if letters(row["start"]) in letters(a.body)]
            accepted = {letters(title) for title in row["titles"]}
            right = [
                a
                for a in holding
                if (letters(a.meta.title or "") in accepted) or not (accepted or a.meta.title)
            ]
            count["found"] += bool(right)
            day = holding[0].meta.published if holding else None
            count["published"] += bool(holding) and (day.isoformat() if day else None) == row["published"]
            count["quotes"] += len(row["facts"])
            count["kept"] += sum(bare(fact["quote"]) in whole for fact in row["facts"])
    return count


@pytest.fixture(scope="module")
def figures() -> dict[str, Counter[str]]:
    if not GOLD.is_dir():
        pytest.skip("the gold sets are not beside the checkout")
    return {name: measure(GOLD / name) for name in SETS if (GOLD / name).is_dir()}


def test_prints_a_table(figures: dict[str, Counter[str]], capsys: pytest.CaptureFixture[str]) -> None:
    with capsys.disabled():
        print("\nset    articles    found    extra published   quotes     kept")
        for name, n in figures.items():
            cells = [n[key] for key in ("articles", "found", "extra", "published", "quotes", "kept")]
            print(f"{name:6}" + "".join(f"{cell:9}" for cell in cells))


def test_every_seed_article_is_found(figures: dict[str, Counter[str]]) -> None:
    seeds = figures["seeds"]
    assert (seeds["articles"], seeds["found"], seeds["extra"]) == (24, 24, 0)
    assert seeds["kept"] == seeds["quotes"]


@pytest.mark.parametrize("name", SETS)
def test_articles_dates_and_quotes(figures: dict[str, Counter[str]], name: str) -> None:
    n = figures[name]
    assert n["found"] >= 0.9 * n["articles"]
    assert n["published"] >= 0.97 * n["articles"]
    assert n["kept"] >= 0.995 * n["quotes"]
