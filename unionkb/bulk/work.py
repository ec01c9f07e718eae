"""All inputs of a run: cut, read by an engine, and in the order of the inputs again."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from unionkb.bulk import inputs, shards
from unionkb.bulk.engine import Engine, Lost
from unionkb.bulk.inputs import Input
from unionkb.bulk.results import Counts
from unionkb.bulk.shards import Settings, Shard
from unionkb.bulk.task import Done
from unionkb.errors import UserError
from unionkb.run import Listener


@dataclass(slots=True)
class Report:
    """What became of the inputs."""

    done: list[Done] = field(default_factory=list)
    """Shards with a result, in the order of inputs and of what is in them."""
    counts: Counts = field(default_factory=Counts)
    """Of all shards, those among them that were read earlier."""
    skipped: int = 0
    """Shards that were read earlier."""
    failed: int = 0
    """Inputs, shards and records that failed in this run."""


def folder_of(database: Path) -> Path:
    """Where results are kept unless told otherwise: `kb.sqlite.shards/` beside `kb.sqlite`."""
    return database.with_name(f"{database.name}.shards")


def read(
    paths: Iterable[str],
    folder: Path,
    settings: Settings,
    engine: Engine,
    listener: Listener,
    *,
    shard_bytes: int = shards.SHARD_BYTES,
) -> Report:
    """Read what has no result in `folder` yet. What fails is told the listener, and the rest goes on. Raises
    UserError where the folder cannot be made."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(f"{folder}: {error.strerror}") from error
    report = Report()
    work: list[Shard] = []
    for found in inputs.find(paths):
        if isinstance(found, Input):
            work += shards.cut(found, shard_bytes)
        else:
            report.failed += 1
            listener.failed(*found)
    listener.begin(len(work))
    done: dict[Shard, Done] = {}
    _run(work, folder, settings, engine, listener, report, done)
    while again := _misjudged(work, done):
        # Never met but where a file holds web archives as pages: then what one shard took for a beginning
        # lay inside a record of the one before.
        work = [again.get(shard, shard) for shard in work]
        work = [shard for shard in work if shard.start < shard.stop]
        new = [shard for shard in again.values() if shard in work]
        _run(new, folder, settings, engine, listener, report, done)
    report.done = [done[shard] for shard in work if shard in done]
    for each in report.done:
        report.counts.add(each.about.counts)
        report.skipped += not each.is_new
    return report


def _run(
    work: Sequence[Shard],
    folder: Path,
    settings: Settings,
    engine: Engine,
    listener: Listener,
    report: Report,
    done: dict[Shard, Done],
) -> None:
    for answer in engine(work, str(folder.resolve()), settings):
        if isinstance(answer, Lost):
            report.failed += 1
            listener.failed(str(answer.shard), answer.reason)
        else:
            done[answer.shard] = answer
            for failure in answer.about.failures if answer.is_new else ():
                report.failed += 1
                where = f"{answer.shard.path} at {failure.offset}"
                listener.failed(f"{where}: {failure.document}" if failure.document else where, failure.reason)
        listener.advance()


def _misjudged(work: Sequence[Shard], done: dict[Shard, Done]) -> dict[Shard, Shard]:
    """Shards whose first record lies inside the last of the shard before, and where they really begin."""
    wrong: dict[Shard, Shard] = {}
    path, begins = "", None
    for shard in work:
        about = done[shard].about if shard in done else None
        if shard.path != path:
            path, begins = shard.path, None
        if begins is not None and about and about.first is not None and about.first < begins:
            wrong[shard] = replace(shard, start=min(begins, shard.stop))
            break  # What follows depends on what is really there.
        if about and about.first is not None:
            begins = about.following
    return wrong
