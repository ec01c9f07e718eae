"""The wheel, installed away from the checkout: code, word lists, schema and sample site all travel in it."""

import importlib.metadata
import os
import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PARTS = ["crawler", "data", "extract", "schema", "unionkb", "pyproject.toml", "README.md", "LICENSE"]

PAGE = """海宁市总工会慰问一线职工
2023-12-20 来源：海宁工会
12月19日，海宁市总工会走访慰问困难职工120名，发放慰问金6.5万元。
"""


def run(*command: str | Path, cwd: Path, **more) -> subprocess.CompletedProcess[str]:
    # Nothing of the checkout may reach the interpreter of the wheel.
    env = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "COVERAGE", "VIRTUAL_ENV"))}
    env |= {"PYTHONUTF8": "1"}
    done = subprocess.run([*map(str, command)], cwd=cwd, env=env, capture_output=True, text=True, **more)
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done


def can_build_here() -> bool:
    try:
        return int(importlib.metadata.version("setuptools").split(".")[0]) >= 77
    except importlib.metadata.PackageNotFoundError:
        return False


@pytest.fixture(scope="module")
def installed(tmp_path_factory) -> Path:
    """The bin folder of a fresh environment that holds the wheel; dependencies are those of this one."""
    tmp = tmp_path_factory.mktemp("wheel")
    source = tmp / "source"
    source.mkdir()
    for part in PARTS:
        if (ROOT / part).is_dir():
            shutil.copytree(ROOT / part, source / part, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / part, source)
    isolation = ["--no-isolation"] if can_build_here() else []
    run(sys.executable, "-m", "build", "--wheel", *isolation, "--outdir", tmp, source, cwd=tmp)
    (wheel,) = tmp.glob("*.whl")
    env = tmp / "env"
    venv.create(env, symlinks=True)
    python = env / "bin" / "python"
    run(
        *(sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", python),
        *("install", "--quiet", "--no-deps", "--no-index", wheel),
        cwd=tmp,
    )
    # Added after the environment's own packages, and without running its .pth files: the checkout, which is
    # installed there in editable form, stays out.
    (site,) = (env / "lib").glob("python3*/site-packages")
    packages = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    (site / "dependencies.pth").write_text("\n".join(sorted(packages)) + "\n", encoding="utf-8")
    shutil.rmtree(source)
    return env / "bin"


@pytest.mark.slow
def test_comes_from_the_wheel(installed, tmp_path):
    code = "import crawler, extract, unionkb\nfor m in crawler, extract, unionkb: print(m.__file__)"
    places = run(installed / "python", "-c", code, cwd=tmp_path).stdout.split()
    assert len(places) == 3
    for place in places:
        assert Path(place).is_relative_to(installed.parent), place


@pytest.mark.slow
def test_nothing_is_left_behind(installed):
    (site,) = (installed.parent / "lib").glob("python3*/site-packages")
    places = {"schema": "unionkb/schema", "data/sample_site": "unionkb/sample_site"}
    places |= {name: name for name in ("crawler", "extract", "unionkb")}
    missing = [
        str(path.relative_to(ROOT))
        for source, target in places.items()
        for path in sorted((ROOT / source).rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
        if not (site / target / path.relative_to(ROOT / source)).is_file()
    ]
    assert missing == []


@pytest.mark.slow
def test_reads_a_page_and_exports(installed, tmp_path):
    unionkb = installed / "unionkb"
    version = importlib.metadata.version("unionkb")
    assert version in run(unionkb, "--version", cwd=tmp_path).stdout
    (tmp_path / "page.txt").write_text(PAGE, encoding="utf-8")
    run(unionkb, "ingest", "page.txt", cwd=tmp_path)
    assert (tmp_path / "kb.sqlite").is_file()
    run(unionkb, "export", "out", cwd=tmp_path)
    facts = (tmp_path / "out" / "facts.csv").read_text(encoding="utf-8")
    assert "海宁市总工会" in facts
    assert "65000" in facts
    for name in ("articles.csv", "organisations.csv", "datapackage.json", "codebook.md"):
        assert (tmp_path / "out" / name).stat().st_size


@pytest.mark.slow
def test_sample_site_travels(installed, tmp_path):
    run(installed / "unionkb", "demo", "demo", cwd=tmp_path)
    assert (tmp_path / "demo" / "csv" / "facts.csv").is_file()
