"""Reads shards in processes of this machine, and goes on when one of them dies."""

import multiprocessing
import os
import signal
import threading
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess

from unionkb.bulk import task
from unionkb.bulk.engine import MOST_DEATHS, Lost, reason
from unionkb.bulk.shards import Settings, Shard
from unionkb.bulk.task import Done
from unionkb.errors import UserError

_SPAWN = multiprocessing.get_context("spawn")
"""A forked process would share the locks of this one's threads, and the pipes of its siblings."""
_STILLBORN = 10
"""Workers in a row that may end before they have begun, until it is clear that none ever will."""


def cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Pool:
    """An engine of `workers` processes."""

    def __init__(self, workers: int) -> None:
        self._workers = workers

    def __call__(self, shards: Sequence[Shard], folder: str, settings: Settings) -> Iterator[Done | Lost]:
        waiting = deque(shards)
        deaths: Counter[Shard] = Counter()
        at_work: list[_Worker] = []
        stillborn = 0
        try:
            while waiting or at_work:
                while waiting and len(at_work) < self._workers:
                    at_work.append(_Worker.start(folder, settings, waiting.popleft()))
                wait([end for worker in at_work for end in (worker.pipe, worker.process.sentinel)])
                for worker in list(at_work):
                    answer = worker.answer()
                    stillborn = 0 if worker.has_begun else stillborn
                    if isinstance(answer, _Died) and not worker.has_begun:
                        at_work.remove(worker)
                        waiting.appendleft(worker.shard)
                        stillborn += 1
                        if stillborn >= _STILLBORN:
                            raise UserError(f"workers cannot be started; the last ended by {answer}")
                    elif isinstance(answer, _Died):
                        at_work.remove(worker)
                        deaths[worker.shard] += 1
                        if deaths[worker.shard] < MOST_DEATHS:
                            waiting.append(worker.shard)
                        else:
                            yield Lost(
                                worker.shard, f"{MOST_DEATHS} workers died of it, the last by {answer}"
                            )
                    elif answer is not None:
                        if waiting:
                            worker.give(waiting.popleft())
                        else:
                            worker.stop()
                            at_work.remove(worker)
                        yield answer
        finally:
            for worker in at_work:
                worker.process.terminate()
            for worker in at_work:
                worker.process.join()


class _Died(str):
    """How a worker ended."""


@dataclass(slots=True)
class _Worker:
    process: BaseProcess
    pipe: Connection
    shard: Shard
    has_begun: bool = False

    @classmethod
    def start(cls, folder: str, settings: Settings, shard: Shard) -> "_Worker":
        ours, theirs = _SPAWN.Pipe()
        process = _SPAWN.Process(target=_work, args=(theirs, folder, settings), daemon=True)
        process.start()
        theirs.close()
        worker = cls(process, ours, shard)
        worker.give(shard)
        return worker

    def give(self, shard: Shard) -> None:
        self.shard = shard
        with suppress(OSError):  # It has died meanwhile; `answer` finds out.
            self.pipe.send(shard)

    def answer(self) -> Done | Lost | _Died | None:
        """What became of its shard, if it has come to that."""
        try:
            if self.pipe.poll():
                answer: Done | Lost | None = self.pipe.recv()
                self.has_begun = True
                return answer
        except (EOFError, OSError):
            pass
        else:
            if self.process.is_alive():
                return None
        self.process.join()
        self.pipe.close()
        code = self.process.exitcode or 0
        return _Died(f"signal {-code}" if code < 0 else f"exit with status {code}")

    def stop(self) -> None:
        self.pipe.close()
        self.process.join()


def _work(pipe: Connection, folder: str, settings: Settings) -> None:
    """Life of a worker: shard after shard, until the other end of the pipe is closed. It says None first."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the one who started it.
    threading.Thread(target=_end_with_parent, daemon=True).start()
    with suppress(EOFError, OSError):
        pipe.send(None)
        while True:
            shard = pipe.recv()
            try:
                answer: Done | Lost = task.read_shard(shard, folder, settings, watched=True)
            except Exception as error:
                answer = Lost(shard, reason(error))
            pipe.send(answer)


def _end_with_parent() -> None:
    """Who is killed takes his workers with him: what they are at would be held from the run that goes on."""
    parent = multiprocessing.parent_process()
    assert parent
    parent.join()
    os._exit(1)
