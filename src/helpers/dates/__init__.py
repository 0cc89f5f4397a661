"""Time expressions as ISO intervals with a basis, and the publication date as an interval with its evidence.

`find_times` reads a text once into expressions whose meanings are functions of the publication day (`grammar`), and
resolves them at both ends of the publication interval (`times`); `infer_published` solves a page's clues for that
interval (`published`); `describe` says a time in plain words (`reading`).
"""

from . import grammar, rules_days, rules_periods, rules_spans  # noqa: F401  (order of rules: days first)
from .published import Published, infer_published
from .reading import describe
from .times import find_times

grammar.machine()  # build it while importing, not in the first reader's time

__all__ = ["Published", "describe", "find_times", "infer_published"]
