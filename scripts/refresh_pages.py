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
    return {
        "read_by": draft.read_by,
        "known": stated,
        "single": draft.single,
        "text": draft.text.split("\n"),
    }


def result(case: Path, cms: str | None = None) -> dict[str, object]:
    """What the readers make of a case, with the family named or left to be recognised. `url.txt`, where there
    is one, holds the address of the page, `hints.json` what the page that links to it says."""
    address, told = case / "url.txt", case / "hints.json"
    url = address.read_text(encoding="utf-8").strip() if address.exists() else None
    hints = json.loads(told.read_text(encoding="utf-8")) if told.exists() else None
    html = decode((case / "input.html").read_bytes()).text
    found = read(html, url, cms, hints)
    return {"drafts": [as_json(draft) for draft in found], "next_part": next_part(html, url)}


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
