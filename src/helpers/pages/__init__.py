"""Pages: notebooks run through papermill, shown through nbconvert, gathered on one index.

The parts are :mod:`~helpers.pages.run` (kernels, parameters, order), :mod:`~helpers.pages.html` (one notebook as one
page) and :mod:`~helpers.pages.index` (run records and the index). They are imported when they are used, since
nbconvert and papermill are slow to import.
"""
from __future__ import annotations

__all__ = ["render"]


def render(*args, **kwargs):
    """Render notebooks to pages: see :func:`helpers.pages.run.render`."""
    from helpers.pages.run import render
    return render(*args, **kwargs)
