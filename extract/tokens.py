"""Words. The only importer of segmenters, each of which is loaded when the first words are asked for.

jieba is at work unless `using` says otherwise. Words decide where the name of an organisation begins among
the words before it, and whether the short name of a county or city is a word (see organisation_names).
"""

import hashlib
import io
import logging
import os
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, redirect_stderr
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from extract.model import Span

Cut = Callable[[str], Iterable[str]]
"""Text -> its words in order; space between them may be left out."""

_LONGEST: Final = 500
"""Characters that pkuseg gets at a time: it takes more than linear time for long ones."""
_BEFORE: Final = 8
"""Characters of a word before an offset that it lies across; longer words are very rare."""
_PIECE: Final = re.compile(rf"[^\s。！？；]{{0,{_LONGEST}}}[。！？；]+|[^\s。！？；]{{1,{_LONGEST}}}")
_WEIGHTS: Final = "weights.npz"
_FEATURES: Final = ("features.msgpack", "features.pkl", "features.json")


class SegmenterError(ValueError):
    """An unknown segmenter, or a model that is not there or cannot be read; the message is one line."""


class _Segmenter(NamedTuple):
    name: str
    """As in the version of what was read with it; empty for jieba."""
    load: Callable[[], Cut]
    choice: str = "jieba"
    """As `using` is told."""


@cache
def _jieba() -> Cut:
    import jieba

    jieba.setLogLevel(logging.WARNING)
    jieba.initialize()
    return lambda text: jieba.cut(text, HMM=True)


_JIEBA: Final = _Segmenter("", _jieba)
_at_work = _JIEBA


@contextmanager
def using(choice: str) -> Iterator[None]:
    """Inside the block, words are those of `jieba`, of `pkuseg` or of `pkuseg:MODEL`, in the whole process.

    MODEL is the folder of a model of pkuseg (`weights.npz` and its features), or the name of one that pkuseg
    publishes and has fetched before. Nothing is fetched here. Raises SegmenterError before the block."""
    global _at_work
    before, _at_work = _at_work, _chosen(choice)
    try:
        yield
    finally:
        _at_work = before


def segmenter() -> str:
    """The segmenter at work, with a hash of its model: `pkuseg-1f2e3d4c`. Empty for jieba, the default."""
    return _at_work.name


def choice() -> str:
    """What `using` was told of the segmenter at work, for a process that is to use the same."""
    return _at_work.choice


def segment(text: str) -> list[Span]:
    """Words of the text as spans that cover it without gaps; what the segmenter leaves out (pkuseg: space)
    becomes spans of its own. Linear for any text."""
    spans, at = [], 0
    for word in _at_work.load()(text):
        if not text.startswith(word, at):
            start = text.find(word, at)
            if start < 0:  # Not of this text: no segmenter does so, and offsets must hold if one does.
                continue
            spans.append(Span(at, start))
            at = start
        spans.append(Span(at, at + len(word)))
        at += len(word)
    if at < len(text):
        spans.append(Span(at, len(text)))
    return spans


def may_hold(text: str, offset: int) -> bool:
    """Whether a word of the dictionary lies across an offset, so that only the segmenter can tell where words
    end. Always true of a segmenter without a dictionary."""
    if _at_work is not _JIEBA:
        return True
    known = _dictionary()
    for start in range(max(0, offset - _BEFORE), min(offset, len(text) - 1)):
        end = offset + 1
        # The dictionary also lists the beginnings of its words, as found zero times.
        while (times := known.get(text[start:end])) is not None and end <= len(text):
            if times:
                return True
            end += 1
    return False


@cache
def _dictionary() -> dict[str, int]:
    _jieba()
    import jieba

    known: dict[str, int] = jieba.dt.FREQ
    return known


def _chosen(choice: str) -> _Segmenter:
    kind, colon, model = choice.partition(":")
    if kind == "jieba" and not colon:
        return _JIEBA
    if kind == "pkuseg" and (model or not colon):
        folder = _folder(model)
        _pkuseg(folder)
        return _Segmenter(f"pkuseg-{_hash(folder)}", lambda: _pkuseg(folder), choice)
    raise SegmenterError(f"no segmenter {choice!r}: write jieba, pkuseg or pkuseg:MODEL")


def _library() -> Any:
    try:
        import spacy_pkuseg
    except ImportError as error:
        raise SegmenterError("pkuseg is not installed: pip install spacy-pkuseg") from error
    return spacy_pkuseg


def _folder(model: str) -> Path:
    """The folder of a model, given by its path or its name."""
    config = _library().config
    name = model or "spacy_ontonotes"
    published = name in config.available_models
    folder = Path(config.pkuseg_home, name) if published else Path(name)
    if (folder / _WEIGHTS).is_file() and any((folder / file).is_file() for file in _FEATURES):
        return folder.resolve()
    if published:
        fetch = f'''python -c "import spacy_pkuseg; spacy_pkuseg.pkuseg('{name}')"'''
        raise SegmenterError(f"{folder}: no model {name} yet; fetch it once with: {fetch}")
    raise SegmenterError(f"{folder}: no model of pkuseg: {_WEIGHTS} or features.msgpack is missing")


@cache
def _pkuseg(folder: Path) -> Cut:
    try:
        with redirect_stderr(io.StringIO()):  # It reports which of the formats of features it tries.
            words = _library().pkuseg(os.fspath(folder))
    except Exception as error:  # numpy, msgpack and pickle each have their own for files that are damaged.
        raise SegmenterError(
            f"{folder}: not a model of pkuseg, or damaged ({type(error).__name__})"
        ) from error
    return lambda text: (word for piece in _PIECE.finditer(text) for word in words.cut(piece[0]))


@cache
def _hash(folder: Path) -> str:
    found = hashlib.sha256()
    for name in (_WEIGHTS, *_FEATURES):
        if (folder / name).is_file():
            found.update((folder / name).read_bytes())
    return found.hexdigest()[:8]
