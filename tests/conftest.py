"""Fixtures that every test may use: the project's folder, a browser, and the five texts where they are present."""
import os
from pathlib import Path

import pytest

from helpers.doctor import browser

ROOT = Path(__file__).resolve().parent.parent

@pytest.fixture(scope="session")
def project() -> Path:
    """The root folder of the project."""
    return ROOT


@pytest.fixture(scope="session")
def chromium() -> Path:
    """Path of a Chromium, Chrome or Edge. Without one the test is skipped; where the browser is required it fails."""
    found = browser()
    if found is None:
        reason = "no Chromium, Chrome or Edge found; install one or name it in CASEBOOK_BROWSER"
        (pytest.fail if os.environ.get("CI") or os.environ.get("CASEBOOK_REQUIRE_BROWSER") else pytest.skip)(reason)
    return found


def find_texts() -> Path | None:
    """Accepts nothing. Returns the folder that CASEBOOK_TEXTS names, else ../shared/corpus, else None."""
    named = os.environ.get("CASEBOOK_TEXTS")
    folder = Path(named) if named else ROOT.parent / "shared" / "corpus"
    return folder if folder.is_dir() and any(folder.glob("*.txt")) else None


@pytest.fixture(scope="session")
def texts() -> Path:
    """The folder of the publishers' texts, which are not part of the project. Without it the test is skipped."""
    folder = find_texts()
    if folder is None:
        pytest.skip("the publishers' texts are not on this machine; name their folder in CASEBOOK_TEXTS")
    return folder
