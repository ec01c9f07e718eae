"""Reads shards on a Dask cluster, whose workers must see inputs and results under the same paths as we do."""

import logging
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from unionkb.bulk import task
from unionkb.bulk.engine import MOST_DEATHS, Lost, reason
from unionkb.bulk.shards import Settings, Shard
from unionkb.bulk.task import Done
from unionkb.errors import UserError

_AHEAD = 3
"""Shards that wait at the cluster for each that is being read there; the others wait here."""
_SECONDS = 30


class Cluster:
    """An engine at the address of a scheduler: `tcp://host:8786`."""

    def __init__(self, address: str) -> None:
        self._address = address

    def __call__(self, shards: Sequence[Shard], folder: str, settings: Settings) -> Iterator[Done | Lost]:
        try:
            import distributed
            from distributed.comm.core import CommClosedError
        except ImportError as error:
            raise UserError("--cluster needs Dask; install it with: pip install 'unionkb[scale]'") from error
        for name in ("distributed", "distributed.client"):  # We say ourselves what is wrong, in one line.
            logging.getLogger(name).setLevel(logging.CRITICAL)
        try:
            client = distributed.Client(self._address, timeout=_SECONDS)
        except (OSError, ValueError) as error:
            raise UserError(f"{self._address}: no Dask scheduler answers there") from error
        with client:
            try:
                yield from _run(client, shards, folder, settings)
            except (CommClosedError, distributed.client.FutureCancelledError) as error:
                raise UserError(
                    f"{self._address}: the scheduler is gone; run it again, nothing that is done is lost"
                ) from error


def _run(client: Any, shards: Sequence[Shard], folder: str, settings: Settings) -> Iterator[Done | Lost]:
    from distributed import KilledWorker, as_completed

    def submit(shard: Shard) -> Any:
        future = client.submit(task.read_shard, shard, folder, settings, watched=True, pure=False)
        given[future.key] = shard
        return future

    given: dict[str, Shard] = {}
    deaths: Counter[Shard] = Counter()
    waiting = iter(shards)
    ahead = _AHEAD * max(1, sum(client.nthreads().values()))
    work = as_completed([submit(shard) for shard in islice(waiting, ahead)])
    for future in work:
        shard, error = given.pop(future.key), future.exception()
        if isinstance(error, KilledWorker):
            deaths[shard] += 1
            if deaths[shard] < MOST_DEATHS:
                work.add(submit(shard))
                continue
        for following in islice(waiting, 1):
            work.add(submit(following))
        yield future.result() if error is None else Lost(shard, reason(error))
