"""Writes what is made from the program into the documentation: the codebook, and what examples print.

    python scripts/update_docs.py

Commands in ```console blocks (lines that begin with `$ unionkb`) are run in a folder that holds data/cases,
and what they print takes the place of what stands below them.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from unionkb import codebook

ROOT = Path(__file__).parents[1]
PAGES = ("README.md", "README.zh.md")
_BLOCK = re.compile(r"(?<=^```console\n).*?(?=^```$)", re.M | re.S)
WIDTH = 100
"""Columns of the terminal in which examples run."""


def run(commands: list[str], folder: Path) -> str:
    """Commands, each with what it printed. Raises RuntimeError when one fails."""
    text = ""
    for command in commands:
        words = command.split()
        if words[0] != "unionkb":
            raise ValueError(f"not a command of unionkb: {command}")
        done = subprocess.run(
            [sys.executable, "-X", "utf8", "-c", "from unionkb.cli import main; main()", *words[1:]],
            cwd=folder,
            env={"COLUMNS": str(WIDTH), "PATH": ""},
            capture_output=True,
            encoding="utf-8",
        )
        if done.returncode:
            raise RuntimeError(f"{command}\n{done.stderr}")
        text += f"$ {command}\n{done.stdout}"
    return "".join(line.rstrip() + "\n" for line in text.splitlines())


def with_output(page: str) -> str:
    """The text of a page with what its examples print today."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(ROOT / "data" / "cases", Path(folder) / "data" / "cases")
        return _BLOCK.sub(lambda block: run(re.findall(r"^\$ (.*)$", block[0], re.M), Path(folder)), page)


def main() -> None:
    (ROOT / "docs" / "codebook.md").write_text(codebook.render(), encoding="utf-8")
    (ROOT / "docs" / "codebook.zh.md").write_text(codebook.chinese(), encoding="utf-8")
    for page in PAGES:
        path = ROOT / page
        path.write_text(with_output(path.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
