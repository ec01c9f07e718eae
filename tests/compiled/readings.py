"""Prints all that is read in the tagged cases, the sample site and some odd texts: one line per article.

    python -m compiled.readings    (from the folder of the tests)

The first line says whether the extractor that read them is compiled.
"""

from collections.abc import Iterator

import tagged

import extract.link
from extract.model import Draft
from extract.pipeline import read_page
from unionkb import documents, paths

ODD = (
    "",
    "\udc80县总工会慰问\ud800300名职工，发放\x00慰问金5万元",
    "\u202e300名职工\u202c，１２３．５万元，百分之九十五",
    "万" * 500 + "1" * 500 + "万元" * 500,
    "，".join(["县总工会慰问困难职工12名"] * 300),
)


def drafts() -> Iterator[list[Draft]]:
    for case in tagged.cases():
        yield [case.draft]
    for file in documents.find([paths.sample_site()]):
        if isinstance(file, documents.File):
            yield list(documents.drafts(documents.read(file)))
    for text in ODD:
        yield [Draft(text)]


def lines() -> Iterator[str]:
    for page in drafts():
        for reading in read_page(page):
            yield ascii(reading)


def main() -> None:
    print("compiled" if extract.link.__file__.endswith((".so", ".pyd")) else "plain")
    for line in lines():
        print(line)


if __name__ == "__main__":
    main()
