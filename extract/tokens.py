"""The only importer of segmenters. Import of jieba is put off until words are asked for."""

import logging
from collections.abc import Callable
from functools import cache

from extract.model import Span

Segmenter = Callable[[str], list[str]]


@cache
def _jieba() -> Segmenter:
    import jieba

    jieba.setLogLevel(logging.WARNING)
    jieba.initialize()

    def cut(text: str) -> list[str]:
        return list(jieba.cut(text, HMM=True))

    return cut


def segment(text: str) -> list[Span]:
    """Words of the text as spans that cover it without gaps."""
    spans, at = [], 0
    for word in _jieba()(text):
        spans.append(Span(at, at + len(word)))
        at += len(word)
    return spans
