"""One role for every line of a saved page, with the rule that gave it."""
from __future__ import annotations

import re

import numpy as np
import pandas as pd

from helpers.cleaning import features, titles
from helpers.cleaning.cues import sure_cues
from helpers.cleaning.features import OWN, Line
from helpers.cleaning.weights import best_title, body_lines, nearest_to_text

KEPT = ("title", "dek", "caption", "body")
PRIORITY = ("legal", "comment", "byline", "dateline", "caption", "credit", "share", "related", "about", "nav")
NEAR_TITLE = 12
STAMPS = ("stamp", "clock_alone")
ENTRIES = 3         # stamps with text below that make a page a live blog
NO_ENTRY = {"related", "share", "legal", "about", "caption", "credit"}
COMMENTS = re.compile(r"comment|repl(?:y|ies)\b|discussion|conversation|thoughts?\b", re.IGNORECASE)
AUTHORS = re.compile(r"[^\W\d_][\w.'’-]*(?: [\w.'’-]+){1,3}")
DOES = re.compile(r"(?:, .{3,80},)? (?:is|was|has|covers|reports|writes(?! ?:)|teaches|works|serves|leads|joined)\b")


def clean(text: str, *, name: str | None = None) -> pd.DataFrame:
    r"""Give each line of a text its role.

    Accepts a text as it was read (any line breaks) and, if known, the file's `name` (a clue for the title).

    Returns one row a line, in order, that together tile the text (only line breaks lie between): `line_no` (from 1),
    `start`, `end` (character offsets, end exclusive, without the line break), `role` (see `codebook/lines.yaml`),
    `rule` (what decided) and `kept`: true for title, dek, caption and body, the roles that sentences are made of. A
    caption is kept as a section of its own, since it says things; it is not body.

    A line is body when a linear model of its shape, wording, place and neighbours says so (`line_weights.csv`; fitted
    by
    `benchmarks/fit_lines.py`), decided for the whole page at once. The other roles follow from wording
    (`cue/<role>/<name>`) or from where the line stands (`place/...`). After jusText (Pomikálek 2011) in using the
    neighbours, and Boilerpipe (Kohlschütter, Fankhauser, Nejdl 2010) in using shallow text features.

    Raises TypeError for anything but a string.

    >>> lines = clean("Home\nLog in\n\nFerries Return to the Northern Islands\n\nBy Ana Ruiz\n\n"
    ...     "The night ferry will sail again from Monday, the company said, after a strike of nine days.\n\n"
    ...     "Crews had asked for a second cook on each ship, and they got one in the end.\n\nComments are closed.\n")
    >>> lines.loc[lines.role != "blank", ["line_no", "role"]].values.tolist()
    [[1, 'nav'], [2, 'nav'], [4, 'title'], [6, 'byline'], [8, 'body'], [10, 'body'], [12, 'comment']]
    """
    if not isinstance(text, str):
        raise TypeError(f"clean() takes a text (str), not {type(text).__name__}; read a file with helpers.readers.read")
    spans, lines = features.look(text)
    roles, rules = ["blank"] * len(spans), ["blank"] * len(spans)
    for line, (role, rule) in zip(lines, _roles(lines, len(spans), name), strict=True):
        roles[line.no - 1], rules[line.no - 1] = role, rule
    if len(spans) > 1 and spans[-1][0] == spans[-1][1]:
        # what follows the last line break is no line of its own
        spans, roles, rules = spans[:-1], roles[:-1], rules[:-1]
    return pd.DataFrame({
        "line_no": pd.array(range(1, len(spans) + 1), dtype="Int64"),
        "start": pd.array([s for s, _ in spans], dtype="Int64"), "end": pd.array([e for _, e in spans], dtype="Int64"),
        "role": pd.array(roles, dtype="string"), "rule": pd.array(rules, dtype="string"),
        "kept": pd.array([r in KEPT for r in roles], dtype="boolean")})


def _roles(lines: list[Line], n_all: int, name: str | None) -> list[tuple[str, str]]:
    """Role and rule of each line that holds something."""
    rows = features.own(lines, n_all)
    body, why, score = body_lines(lines, rows, name)
    title = best_title(lines, rows, body, name)
    headline = "" if title is None else titles.plain(lines[title].text)
    settled = [_settled(line, headline if i != title else "") for i, line in enumerate(lines)]
    _entries(lines, rows, body, why)
    stamped = [line.cues.get("dateline") in STAMPS for line in lines]
    body &= ~np.array(stamped, bool) & np.array([s is None for s in settled], bool)
    if title is not None:
        body[title] = False
    for i in _biographies(lines, body):
        body[i], settled[i] = False, ("about", "repetition/author")
    if not body.any():
        # a page has a text: where none stands out, what comes nearest to one is taken
        barred = [i == title or settled[i] is not None or bool(line.cues) for i, line in enumerate(lines)]
        if not all(barred):
            body = nearest_to_text(np.where(barred, -np.inf, score))
            why = ["weights/nearest"] * len(lines)
    inside = np.flatnonzero(body)
    first, last = (int(inside[0]), int(inside[-1])) if len(inside) else (len(lines), -1)
    found, under = [], None
    for i, line in enumerate(lines):
        if i == title:
            role = "title", "weights/title"
        elif body[i]:
            role, under = ("body", why[i]), None
        else:
            role = settled[i] or _furniture(i, lines, rows, title, first, last, under)
            label = role[1].startswith("cue/") and line.n_words <= 8 and i > (title or 0)
            if label and (role[0] == "related" or role[0] == "comment" and COMMENTS.search(line.text)):
                under = role[0]
            elif label and role[0] in ("legal", "about"):
                under = None
        found.append(role)
    return found


def _entries(lines: list[Line], rows: np.ndarray, body: np.ndarray, why: list[str]) -> None:
    """Make the entries of a live blog body, in place: where text stands below a stamp of a page ("14:02 GMT"), the
    sentences below its other stamps are text, too, and so is a heading between a stamp and its sentences."""
    stamps = [i for i, line in enumerate(lines) if line.cues.get("dateline") in STAMPS]
    if len(stamps) < ENTRIES:
        return
    other = [i for i, line in enumerate(lines) if i > stamps[0] and (
        "comment" in line.cues or line.cues.get("related") == "related_label")]     # here other texts begin
    sentence = rows[:, OWN.index("sentence_like")]
    entries = []
    for i, end in zip(stamps, [*stamps[1:], len(lines)], strict=True):
        found: list[int] = []
        for k in range(i + 1, min([end, *other[:1]])):
            if lines[k].cues and end == len(lines):     # below the last entry the page goes on
                break
            if sentence[k] and not set(lines[k].cues) & NO_ENTRY:
                found += [i + 1] * (k == i + 2 and not lines[i + 1].cues and lines[i + 1].n_words <= 15) + [k]
        if any(lines[k].n_words >= 15 for k in found):
            entries.append(found)
    if len(entries) < ENTRIES or not any(body[k] for found in entries for k in found):
        return
    for found in entries:
        for k in found:
            if not body[k]:
                body[k], why[k] = True, "place/under_stamp"


def _biographies(lines: list[Line], body: np.ndarray) -> list[int]:
    """The last lines of the text that say of an author by name what she is or does."""
    inside = np.flatnonzero(body).tolist()
    head = lines[:inside[0]] if inside else []
    near = {line.no for k, line in enumerate(head) if line.n_words <= 10 and any(
        "dateline" in beside.cues for beside in head[max(0, k - 2):k + 3])}
    names = {re.sub(r"^(?:Dr|Prof|Professor|Sir|Dame)\.? ", "", name)
             for line in lines if line.n_words <= 16 and ("byline" in line.cues or line.no in near)
             for name in AUTHORS.findall(re.sub(r"(?i)\b(?:by|and|in|author|interview)\b|[:|,;&]", "\n", line.text))
             if name[0].isupper()}
    return [i for i in inside[len(inside) // 2:] for name in names if lines[i].n_words <= 120
            and lines[i].text.startswith(name) and DOES.match(lines[i].text, len(name))]


def _settled(line: Line, headline: str) -> tuple[str, str] | None:
    """Role and rule of a line that is no body whatever stands around it: a sure wording, or the headline once more."""
    if len(headline) > 25:
        key = titles.plain(line.text[:600])
        if key == headline:
            return "nav", "repetition/title"
        if key.startswith(headline) and line.n_words <= 60:
            return "caption", "repetition/title_and_more"
    for role in PRIORITY:
        if (role, line.cues.get(role)) in sure_cues():
            return role, f"cue/{role}/{line.cues[role]}"
    return None


def _furniture(i: int, lines: list[Line], rows: np.ndarray, title: int | None, first: int, last: int,
               under: str | None) -> tuple[str, str]:
    """Role and rule of another line that is not body: wording, then place. `first` and `last` are the body's ends,
    `under` the role of the nearest label above ("Related stories", "3 comments") without text in between."""
    line = lines[i]
    cue = next((r for r in PRIORITY if r in line.cues), None)
    if under and cue == "dateline":
        return under, f"place/under_{under}"        # of a comment, or of another story
    if under == "comment" and not cue and line.n_words <= 4 and "dateline" in lines[min(i + 1, len(lines) - 1)].cues:
        return under, "place/under_comment"         # who comments
    if cue:
        return cue, f"cue/{cue}/{line.cues[cue]}"
    bullet = rows[i, OWN.index("bullet")]
    if title is not None and title < i < first and i - title <= NEAR_TITLE and not bullet:
        beside = [lines[k].cues for k in (i - 1, i + 1) if title < k < len(lines)]
        lower = rows[i, OWN.index("lower_share")]
        if 2 <= line.n_words <= 6 and lower < .35 and not line.text.isupper() and any(
                "dateline" in x or x.get("nav") == "reading_time" for x in beside) or (
                2 <= line.n_words <= 6 and lower < .35 and lines[i + 1].cues.get("byline") in ("post", "desk")):
            return "byline", "place/beside_date"
        between = {role for x in lines[title + 1:i] for role in x.cues}
        if line.n_words >= 5 and (lower >= .3 or line.n_words >= 9) and not between & {"related", "comment", "legal"}:
            if between & {"byline", "dateline", "credit"}:
                return "caption", "place/under_byline"
            return "dek", "place/under_title"
    if first < i < last:
        return ("related", "place/inside_text_short") if line.n_words < 15 else ("caption", "place/inside_text_long")
    if under and line.n_words >= 3:
        return under, f"place/under_{under}"
    if i > last and line.n_words >= 5:
        return ("related", "place/after_text_short") if line.n_words < 25 else ("about", "place/after_text_long")
    return "nav", "place/before_text" if i < first else "place/after_text"
