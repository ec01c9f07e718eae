"""Inputs -> shards: pieces of work that depend on the inputs alone, not on who does them."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from unionkb.bulk import inputs, prefilter
from unionkb.bulk.inputs import Input
from unionkb.bulk.records import Form
from unionkb.extractor import extractor_version

SHARD_BYTES = 32_000_000
"""Bytes of an input, as they lie on the disk, that make a shard: minutes of work."""
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Settings:
    """What decides, beside input and extractor, what is read."""

    longest: int
    """Bytes beyond which a page is refused."""
    filter: bool = True
    """Whether pages without a word of trade unions are dropped unread."""
    segmenter: str = "jieba"


@dataclass(frozen=True, slots=True)
class Shard:
    """The records of an input that begin at or after `start` and before `stop`."""

    path: str
    form: Form
    start: int
    stop: int
    size: int
    """Bytes of the whole input."""

    def __str__(self) -> str:
        whole = self.start == 0 and self.stop == self.size
        return self.path if whole else f"{self.path} [{self.start}-{self.stop}]"


def cut(given: Input, shard_bytes: int = SHARD_BYTES) -> Iterator[Shard]:
    """The shards of an input, in order."""
    step = shard_bytes if given.can_be_cut else max(given.size, 1)
    for start in range(0, max(given.size, 1), step):
        yield Shard(given.path, given.form, start, min(start + step, given.size), given.size)


def name(shard: Shard, settings: Settings) -> str:
    """Name of a shard's result: a hash of what is read, and the extractor's version. Equal bytes have one
    result, wherever they lie; of a remote input its host says whether they are equal. Raises OSError."""
    content = hashlib.sha256(
        f"{shard.form} {shard.start} {shard.stop} {shard.size} {settings.longest} "
        f"{prefilter.version() if settings.filter else ''}\0".encode()
    )
    if inputs.is_remote(shard.path):
        content.update(inputs.stamp(shard.path).encode())
    else:
        with open(shard.path, "rb") as stream:
            stream.seek(shard.start)
            left = shard.stop - shard.start
            while left > 0 and (data := stream.read(min(left, _CHUNK))):
                content.update(data)
                left -= len(data)
    return f"{content.hexdigest()[:32]}-{extractor_version()}.parquet"
