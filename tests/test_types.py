"""The type hints of the package are true: mypy reads all of it and has nothing to say."""

import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parents[1]


def test_the_types_of_the_package_hold():
    pytest.importorskip("mypy", reason="mypy is not installed: `python start.py env` installs what the tests need")
    call = [sys.executable, "-m", "mypy", "--config-file", "pyproject.toml"]    # what it learned is kept in .mypy_cache
    done = subprocess.run(call, cwd=HERE, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, f"\n{done.stdout}{done.stderr}"
