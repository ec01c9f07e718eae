"""Whether work takes time in proportion to its size."""

import time
from collections.abc import Callable

TRIES = 4
"""Other processes disturb a measurement; one undisturbed try is enough."""
SLACK = 3
FLOOR = 0.02
"""Seconds below which a measurement says nothing."""


def in_proportion(work: Callable[[int], object], small: int, large: int) -> bool:
    """Whether `work(large)` takes at most SLACK times as much longer than `work(small)` as it is larger. What
    is quadratic takes `large / small` times as much longer, so the sizes must be further apart than SLACK."""
    assert large > 2 * SLACK * small

    def seconds(size: int) -> float:
        start = time.process_time()
        work(size)
        return time.process_time() - start

    seconds(small)
    return any(seconds(large) <= SLACK * large / small * max(seconds(small), FLOOR) for _ in range(TRIES))
