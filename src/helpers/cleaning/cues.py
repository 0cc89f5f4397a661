"""The wordings that give a line's role away, read from `codebook/lines.yaml`."""
from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

import yaml

FURNITURE = re.compile(r"^(?:[\s*+•·▪◦‣●>»›→▸►|#\[(=~_-]+|o\s)+")
TAIL = re.compile(r"[\s:»›→▸►>|*\])=~_.…-]+")     # tried on the line from its end
LONGEST = 4000      # characters of a line that are looked at for a wording


class Cue(NamedTuple):
    """One wording: the role it speaks for, its name, how it is compared (`whole|begins|holds`), up to how many words,
    whether it settles the role whatever stands around it, and whether the weights were fitted without it."""
    role: str
    id: str
    how: str
    pattern: re.Pattern
    max_words: int
    sure: bool
    later: bool = False


def core(line: str) -> str:
    """A line without the bullets, arrows and brackets around it.

    >>> core("* Read more »")
    'Read more'
    """
    bare = FURNITURE.sub("", line)
    tail = TAIL.match(bare[::-1])
    return bare[:len(bare) - tail.end()] if tail else bare


@lru_cache(maxsize=1)
def codebook() -> dict:
    """The content of `lines.yaml`: `about` and, by role, its definition, what is in and out, cues and examples."""
    return yaml.safe_load((files("helpers") / "codebook" / "lines.yaml").read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def cues() -> tuple[Cue, ...]:
    """All cues: those that settle a role first, else in the order of the file."""
    found = []
    for role, entry in codebook()["roles"].items():
        for cue in entry.get("cues", []):
            how = next(h for h in ("whole", "begins", "holds") if h in cue)
            flags = 0 if cue.get("case_matters") else re.IGNORECASE
            found.append(Cue(role, cue["id"], how, re.compile(cue[how], flags),
                             cue.get("max_words", 14 if how == "whole" else 400), cue.get("sure", False),
                             cue.get("later", False)))
    return tuple(sorted(found, key=lambda cue: not cue.sure))


@lru_cache(maxsize=1)
def sure_cues() -> frozenset[tuple[str, str]]:
    """Role and name of the cues that settle a role."""
    return frozenset((cue.role, cue.id) for cue in cues() if cue.sure)


def matches(cue: Cue, line: str) -> bool:
    """Whether a cue fits a line."""
    if len(line.split()) > cue.max_words:
        return False
    if cue.how == "holds":
        return cue.pattern.search(line) is not None
    return (cue.pattern.fullmatch if cue.how == "whole" else cue.pattern.match)(core(line)) is not None


@lru_cache(maxsize=1)
def _tests() -> tuple[tuple[str, str, int, Callable, bool, bool], ...]:
    """Of each cue: role, name, most words, how it is tried, whether on the line as it stands, whether the weights were
    fitted without it."""
    how = {"holds": "search", "whole": "fullmatch", "begins": "match"}
    return tuple((c.role, c.id, c.max_words, getattr(c.pattern, how[c.how]), c.how == "holds", c.later)
                 for c in cues())


def roles_of(line: str, n_words: int) -> tuple[dict[str, str], dict[str, str]]:
    """The roles that a line's wording speaks for, each with the name of the first cue that fits; and the same without
    the cues that are younger than the weights.

    >>> roles_of("Comments are closed.", 3)
    ({'comment': 'moderation'}, {'comment': 'moderation'})
    """
    line = line[:LONGEST]
    bare = core(line)
    found: dict[str, str] = {}
    seen: dict[str, str] = {}
    for role, name, most, test, whole_line, later in _tests():
        if n_words <= most and role not in (found if later else seen) and test(line if whole_line else bare):
            found.setdefault(role, name)
            if not later:
                seen[role] = name
    return found, seen


def check() -> list[str]:
    """Run every cue's examples; one sentence for each that does not come out as it should (none: all is well)."""
    faults, by_name = [], {(c.role, c.id): c for c in cues()}
    for role, entry in codebook()["roles"].items():
        if not entry.get("definition"):
            faults.append(f"lines.yaml: role {role} has no definition: say in one sentence what it is")
        for cue in entry.get("cues", []):
            for wanted, examples in ((True, cue.get("examples_yes", [])), (False, cue.get("examples_no", []))):
                faults += [f"lines.yaml: {role}/{cue['id']} should {'' if wanted else 'not '}match {line!r}: "
                           "change the pattern or the example" for line in examples
                           if matches(by_name[role, cue["id"]], line) is not wanted]
            if not cue.get("examples_yes") or not cue.get("examples_no"):
                faults.append(f"lines.yaml: {role}/{cue['id']} needs examples_yes and examples_no")
    return faults
