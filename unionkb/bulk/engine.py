"""What the engines have in common: shards go in, what became of each comes out, in any order."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from unionkb.bulk.shards import Settings, Shard
from unionkb.bulk.task import Done
from unionkb.reading import mistake

MOST_DEATHS = 50
"""Workers that may die of one shard before it is given up. Each deadly document in it costs two."""


@dataclass(frozen=True, slots=True)
class Lost:
    """A shard without a result, and why. Running again tries it again."""

    shard: Shard
    reason: str


class Engine(Protocol):
    """Reads shards somewhere. Closing the iterator stops the work; results that are there stay."""

    def __call__(self, shards: Sequence[Shard], folder: str, settings: Settings) -> Iterator[Done | Lost]: ...


def reason(error: BaseException) -> str:
    """Why a shard could not be read, in one line."""
    if isinstance(error, OSError):
        return error.strerror or str(error) or type(error).__name__
    return mistake(error)
