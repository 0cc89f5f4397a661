"""Casebook: news texts about one dispute, turned into data frames, charts and pages."""
import os
from pathlib import Path

__version__ = "0.1.0"
PROJECT_DATA = Path(__file__).resolve().parents[2] / "data"
PRACTICE = "practice"       # the case to learn on: it comes with the project, and is there whatever data folder is used


def default_data() -> Path:
    """Return the data folder: the one ``CASEBOOK_DATA`` names, else the project's own, wherever one stands."""
    named = os.environ.get("CASEBOOK_DATA")
    return Path(named) if named else PROJECT_DATA
