"""Red text: what an error means for somebody who has never programmed, and which answers did not get through.

A forgotten quotation mark is no finding about an answer: the cell was not run, and what it gave before still counts.
"""
from __future__ import annotations

import re
from typing import Any

__all__ = ["explain_red_text", "meaning", "not_run"]

_failed: set[str] = set()       # names whose cell ended in red text when it was last run, in this kernel


def explain_red_text() -> None:
    """Put a line in plain words under each red text of this notebook, from now on; nothing happens elsewhere.

    A check then also says when the cell of its answer ended in red text (:func:`not_run`).
    """
    try:
        from IPython import get_ipython
        shell = get_ipython()
    except ImportError:
        return
    if shell is not None:
        shell.events.register("post_run_cell", _after_a_cell)     # a second time changes nothing


def _names(source: str) -> set[str]:
    """Return the names to which a cell gives a value, also where it cannot be read as a whole."""
    return set(re.findall(r"^(\w+)\s*=(?!=)", source, re.M))


def _after_a_cell(result: Any) -> None:
    names, error = _names(result.info.raw_cell or ""), result.error_before_exec or result.error_in_exec
    _failed.difference_update(names)
    if error is not None:
        _failed.update(names)
        print(meaning(error, result.info.raw_cell or ""))


def meaning(error: BaseException, source: str = "") -> str:
    """Say in plain words what an error of a cell means and what to do.

    Accepts the error and the source of its cell: in a check nobody has to write anything.

    >>> print(meaning(NameError("name 'wire' is not defined", name="wire")))
    Red text means: this cell was not run to its end. Nothing is broken.
    The word wire is not known. If it is your answer, it needs quotation marks: "wire". If not, run the first grey cell
    of this page again, then the cells above this one, then this one.
    """
    first = "Red text means: this cell was not run to its end. Nothing is broken.\n"
    if isinstance(error, NameError):
        word = error.name or "that it ends with"
        if word in _failed - _names(source) or source.lstrip().startswith("check("):
            return first + (f"The word {word} is not known: the cell that says what it is was not run, or ended in red "
                            "text. Mend that cell first\nand run it until nothing red appears, then this one. On a "
                            "new day run the first grey cell of this page before both.")
        return first + (f'The word {word} is not known. If it is your answer, it needs quotation marks: "{word}". '
                        "If not, run the first grey cell\nof this page again, then the cells above this one, then this "
                        "one.")
    if isinstance(error, SyntaxError):
        return first + ("A sign is missing or one too many. Each word stands between two quotation marks, a comma "
                        "follows each line of a list,\nand brackets close. Edit → Undo brings back what stood there.")
    return first + ("Run the first grey cell of this page again, then the cells above this one, then this one. If it "
                    "stays red, show it to\nyour instructor.")


def not_run(check: str) -> list[str]:
    """Return which answers that a check looks at did not get through when their cell was last run.

    Accepts the source of the check's cell.
    """
    return sorted(name for name in _failed if re.search(rf"\b{name}\b", check))
