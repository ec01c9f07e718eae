"""Reads one document in a process of its own: what dies of it there leaves the others alive."""

import faulthandler
import pickle
import subprocess
import sys

from extract import tokens
from extract.model import Reading
from unionkb import reading
from unionkb.bulk import arrow, reader
from unionkb.bulk.records import Document
from unionkb.bulk.results import Origin
from unionkb.reading import Unreadable

SECONDS = 60.0
COMMAND = [sys.executable, "-m", "unionkb.bulk.alone"]


def read(document: Document) -> list[tuple[Origin, Reading]]:
    """As `reader.read`. Raises Unreadable also where the reader died or came to no end."""
    try:
        done = subprocess.run(
            COMMAND,
            input=pickle.dumps((document, tokens.choice())),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=SECONDS,
            check=True,
        )
    except subprocess.TimeoutExpired as error:
        raise Unreadable(f"whoever reads it comes to no end within {SECONDS:g} s") from error
    except subprocess.CalledProcessError as error:
        how = f"signal {-error.returncode}" if error.returncode < 0 else f"status {error.returncode}"
        raise Unreadable(f"whoever reads it dies ({how})") from error
    found = pickle.loads(done.stdout)
    if isinstance(found, Exception):
        raise found
    return [(arrow.decode(Origin, origin), arrow.decode(Reading, each)) for origin, each in found]


def main() -> None:
    # Whoever waits for it may be gone by then.
    faulthandler.dump_traceback_later(SECONDS + 1, exit=True)
    document, choice = pickle.load(sys.stdin.buffer)
    with tokens.using(choice):
        try:
            found = [(arrow.encode(origin), arrow.encode(each)) for origin, each in reader.read(document)]
            answer = pickle.dumps(found)
        except Exception as error:
            answer = pickle.dumps(Unreadable(reading.failure(error)))
    sys.stdout.buffer.write(answer)


if __name__ == "__main__":
    main()
