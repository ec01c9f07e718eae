"""The extractor compiled with mypyc (make compiled) reads the same facts as the plain one."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from compiled import readings

ROOT = Path(__file__).parents[2]
BUILD = ROOT / "build" / "compiled"

pytestmark = pytest.mark.compiled


def test_both_read_the_same() -> None:
    if not BUILD.is_dir():
        pytest.skip("no compiled extractor in build/compiled: make compiled builds it")
    done = subprocess.run(
        [sys.executable, "-m", "compiled.readings"],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(BUILD), str(ROOT / "tests")])},
        cwd=ROOT / "tests",
        capture_output=True,
        text=True,
        check=True,
    )
    state, *theirs = done.stdout.splitlines()
    assert state == "compiled"
    ours = list(readings.lines())
    assert len(ours) > 400
    assert theirs == ours
