#!/usr/bin/env python3
"""Write tests/pages/<cms>/<case>/expected.json anew from what the page readers give today.

Look at the difference before committing it: the files say what is right, not what happens to come out.
Usage: refresh_pages.py [CASE ...]    cases as folders; all without arguments
"""

import json
import sys
from pathlib import Path

from crawler.decode import decode
from crawler.pages import next_part, read
from extract.model import Draft

ROOT = Path(__file__).parent.parent / "tests" / "pages"


def as_json(draft: Draft) -> dict[str, object]:
    """A draft as expected.json has it: fields that are unknown are left out."""
    known = {name: getattr(draft.known, name) for name in draft.known.__dataclass_fields__}
    stated = {name: str(value) for name, value in known.items() if value is not None}
    return {"known": stated, "single": draft.single, "text": draft.text.split("\n")}


def result(case: Path) -> dict[str, object]:
    """What the readers make of a case. `url.txt`, where there is one, holds the address of the page."""
    address = case / "url.txt"
    url = address.read_text(encoding="utf-8").strip() if address.exists() else None
    html = decode((case / "input.html").read_bytes()).text
    return {"drafts": [as_json(d) for d in read(html, url)], "next_part": next_part(html, url)}


def main() -> None:
    """Refresh the cases named on the command line, or all."""
    cases = [Path(name) for name in sys.argv[1:]] or sorted(p.parent for p in ROOT.glob("*/*/input.html"))
    for case in cases:
        text = json.dumps(result(case), ensure_ascii=False, indent=1) + "\n"
        target = case / "expected.json"
        if not target.exists() or target.read_text(encoding="utf-8") != text:
            target.write_text(text, encoding="utf-8")
            print(f"changed {target}")


if __name__ == "__main__":
    main()
