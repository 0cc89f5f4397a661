"""What can be seen of a line: its shape, its wording, its place on the page and its neighbours.

All of it is counted without a model and without knowing the site. `line_weights.csv` says how much each counts.
"""
from __future__ import annotations

import re
from collections import Counter
from typing import NamedTuple

import numpy as np

from helpers.cleaning.cues import core, roles_of

ROLES_WITH_CUES = ("byline", "credit", "dateline", "caption", "related", "nav", "legal", "about", "share", "comment")
FUNCTION_WORDS = frozenset("""
    a about after all also an and are as at be been before but by can could did do for from had has have he her
    his how i if in into is it its just many may more most no not of on one or other our out over said she
    should since so some such than that the their them then there these they this those through to under until
    up was we were what when where which while who will with would you your der die das und ist nicht mit von
    den im ein eine auf für dem des le la les des et est une dans pour que qui sur el los las del y es una por
    con para se il di che non per del della è um uma os as do da em não ve bir bu için
""".split())
STOP = re.compile(r"[.!?…。！？][\"'”’»)\]]*$")
INNER_STOP = re.compile(r"[.!?…][\"'”’»)\]]* +[\"'“‘«(\[]*[A-ZÀ-Þ0-9]")
BULLET = re.compile(r"^(?:[*+•·▪◦‣●-]|o) ")
NUMBERED = re.compile(r"^\(?\d{1,3}[.)] ")
SEPARATOR = re.compile(r"[|›»•→<>]| / | · ")
ADDRESS = re.compile(r"https?://|www\.|\w\.(?:com|org|net|gov|edu|co)\b|@\w")
GLUED = re.compile(r"[a-zà-ÿ][A-ZÀ-Þ][a-zà-ÿ]")
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
COLUMNS = re.compile(r"\S(?: {3,}|\t+)\S")
YEAR = re.compile(r"\b(?:19|20)\d\d\b")
QUOTE = re.compile(r"[\"“”«»„]")
SIZES = ((1, 1), (2, 3), (4, 6), (7, 9), (10, 14), (15, 24), (25, 49), (50, 10**9))
READER = frozenset("you your you're you’re yours we our us".split())


class Line(NamedTuple):
    """A line with something on it: its number from 1, its span, its words, the roles its wording speaks for, and those
    of them that the weights know."""
    no: int
    start: int
    end: int
    text: str
    n_words: int
    cues: dict
    seen: dict


SHAPE = [
    "stop", "stop_and_five_words", "question", "colon", "no_stop_long", "inner_stop", "bullet", "numbered",
    "bullet_long", "numbered_short", "number_alone", "columns", "sentence_like", "sentence_apart", "begins_lower",
    "all_caps", "title_case", "lower_share", "function_share", "no_function_word", "commas", "quotes",
    "digit_share", "year", "separator", "address", "glued", "reader_share", "speaks_to_reader", "repeated",
    "repeated_often", "said_before", "contents_entry", "contents_heading", "begins_with_short_line", "gap_before",
    "gap_after", "begins_like_before", "ellipsis", "topic_share", "off_topic", "place", "place_squared",
    "first_lines", "last_lines"]
OWN = (["bias"] + [f"words_{a}" for a, _ in SIZES] + SHAPE + [f"cue_{r}" for r in ROLES_WITH_CUES]
       + ["any_cue_short", "any_cue_long"])
AROUND = [
    "self", "before_1", "after_1", "before_2_3", "after_2_3", "before_4_8", "after_4_8", "before_9_20",
    "after_9_20", "best_before_5", "best_after_5", "mass_before", "mass_after", "no_mass_before", "no_mass_after",
    "under_related", "under_comment", "under_share", "under_about", "under_legal", "comments_began", "after_title",
    "just_after_title", "just_before_title", "title_far_before", "title_words", "is_title", "in_main_part",
    "before_main_part", "after_main_part", "cues_before", "cues_after", "words_before", "words_after",
    "sentence_by_text", "sentence_off_text", "heads_long", "heads_short", "density", "words_around", "core_topic",
    "bullet_self", "bullet_before_1", "bullet_after_1", "short_between", "same_shape_run", "first_line_of_mass"]


def own(lines: list[Line], n_all: int) -> np.ndarray:
    """One row a line, one column for each name in `OWN`."""
    rows = np.zeros((len(lines), len(OWN)), dtype=np.float32)
    at = {name: k for k, name in enumerate(OWN)}
    times = Counter(line.text.casefold() for line in lines)
    words = [[w.casefold() for w in WORD.findall(line.text[:4000])] for line in lines]
    bare = [core(line.text).casefold() if line.n_words <= 16 else "" for line in lines]
    last_place = {key: i for i, key in enumerate(bare)}
    entries, short_lines = set(), set()
    vocabulary: Counter[str] = Counter()
    for line, ws in zip(lines, words, strict=True):
        if line.n_words >= 15:
            vocabulary.update({w for w in ws if len(w) > 3 and w not in FUNCTION_WORDS})
    previous_head, seen = None, set()
    for i, (line, ws) in enumerate(zip(lines, words, strict=True)):
        text, n, row = line.text, line.n_words, rows[i]
        row[0] = 1
        row[1 + next(k for k, (a, b) in enumerate(SIZES) if a <= n <= b)] = 1
        stop, head = bool(STOP.search(text[-6:])), text[:2]
        row[at["stop"]], row[at["stop_and_five_words"]] = stop, stop and n >= 5
        row[at["ellipsis"]] = text.endswith(("...", "…", "[…]", "[...]"))
        row[at["question"]], row[at["colon"]] = text.endswith("?"), text.endswith(":")
        row[at["no_stop_long"]] = not stop and n >= 15
        row[at["inner_stop"]] = bool(INNER_STOP.search(text[:2000]))
        bullet = bool(BULLET.match(text))
        row[at["bullet"]], row[at["numbered"]] = bullet, bool(NUMBERED.match(text))
        row[at["bullet_long"]] = bullet and n >= 10
        row[at["numbered_short"]] = row[at["numbered"]] and not stop and n < 10
        row[at["number_alone"]] = n == 1 and not ws
        row[at["columns"]] = bool(COLUMNS.search(text))
        begins = [w[0] for w in WORD.findall(text[:400])]
        lower = 0.0
        if begins:
            lower = sum(map(str.islower, begins)) / len(begins)
            row[at["begins_lower"]] = begins[0].islower()
            row[at["lower_share"]] = lower
            row[at["title_case"]] = n >= 3 and lower < .35
        row[at["all_caps"]] = n >= 1 and text.isupper()
        function = [w in FUNCTION_WORDS for w in ws]
        row[at["function_share"]] = min(.5, sum(function) / max(1, len(ws)))
        row[at["no_function_word"]] = not any(function)
        row[at["commas"]] = min(4, text.count(",")) / 4
        row[at["quotes"]] = bool(QUOTE.search(text))
        row[at["digit_share"]] = sum(map(str.isdigit, text[:300])) / min(300, len(text))
        row[at["year"]] = bool(YEAR.search(text))
        row[at["separator"]] = bool(SEPARATOR.search(text))
        row[at["address"]] = bool(ADDRESS.search(text))
        row[at["glued"]] = min(3, len(GLUED.findall(text[:300]))) / 3
        reader = sum(w in READER for w in ws) / max(1, len(ws))
        row[at["reader_share"]], row[at["speaks_to_reader"]] = min(.2, reader) * 5, reader > 0
        same = times[text.casefold()]
        row[at["repeated"]], row[at["repeated_often"]] = same > 1, same > 2
        row[at["said_before"]] = n >= 8 and text in seen
        seen.add(text)
        listed = bullet or row[at["numbered"]]
        if bare[i] and n >= 2:
            row[at["contents_entry"]] = listed and last_place[bare[i]] > i + 1
            row[at["contents_heading"]] = bare[i] in entries and last_place[bare[i]] == i
            if listed:
                entries.add(bare[i])
        row[at["begins_with_short_line"]] = n >= 10 and any(
            " ".join(text.split(None, k)[:k]).casefold() in short_lines for k in (2, 3, 4))
        if 2 <= n <= 4 and not listed and text[0].isupper():
            short_lines.add(text.casefold())
        row[at["gap_before"]] = i == 0 or line.no - lines[i - 1].no > 1
        row[at["gap_after"]] = i + 1 == len(lines) or lines[i + 1].no - line.no > 1
        sentence = stop and n >= 8 and row[at["function_share"]] > .2 and lower > .5
        row[at["sentence_like"]] = sentence
        row[at["sentence_apart"]] = sentence and n >= 15 and row[at["gap_before"]] and row[at["gap_after"]]
        row[at["begins_like_before"]] = head == previous_head
        previous_head = head
        content = {w for w in ws if len(w) > 3 and w not in FUNCTION_WORDS}
        mine = 1 if n >= 15 else 0
        shared = sum(vocabulary[w] > mine for w in content) / len(content) if content else 0
        row[at["topic_share"]], row[at["off_topic"]] = shared, bool(content) and shared == 0
        place = line.no / max(1, n_all)
        row[at["place"]], row[at["place_squared"]] = place, place * place
        row[at["first_lines"]], row[at["last_lines"]] = np.exp(-i / 5), np.exp(-(len(lines) - 1 - i) / 5)
        for role in line.seen:
            row[at["cue_" + role]] = 1
        row[at["any_cue_short"]] = bool(line.seen) and n < 10
        row[at["any_cue_long"]] = bool(line.seen) and n >= 10
    return rows


def content_words(text: str) -> set[str]:
    """The words of four letters and more that are no function words, in small letters."""
    return {w for w in map(str.casefold, WORD.findall(text[:4000])) if len(w) > 3 and w not in FUNCTION_WORDS}


def _window(values: np.ndarray, first: int, last: int) -> np.ndarray:
    """Mean of the values `first` to `last` places later (negative: earlier); 0 beyond the ends."""
    sums = np.concatenate([[0], np.cumsum(values)])
    n = len(values)
    index = np.arange(n)
    a, b = np.clip(index + first, 0, n), np.clip(index + last + 1, 0, n)
    return (sums[b] - sums[a]) / (last - first + 1)


def main_part(p: np.ndarray, size: np.ndarray) -> tuple[int, int] | None:
    """First and last place of the run of lines whose words are body-like on balance: the largest sum of
    (`p` - 1/2) × words, words counted up to 60 (Kadane's scan); None where no line is body-like."""
    best, total, start, found = 0.0, 0.0, 0, None
    for i, gain in enumerate(((p - .5) * np.minimum(size, 60).clip(3)).tolist()):
        if total <= 0:
            total, start = 0.0, i
        total += gain
        if total > best:
            best, found = total, (start, i)
    return found


def around(lines: list[Line], p: np.ndarray, rows: np.ndarray, title: int | None) -> np.ndarray:
    """One row a line, one column for each name in `AROUND`.

    `p` is how body-like each line is in itself (0 to 1), `title` the place of the line that is the headline at first
    sight.
    """
    n = len(lines)
    size = np.array([line.n_words for line in lines], dtype=float)
    bullet = rows[:, OWN.index("bullet")].astype(float)
    mass = p * np.minimum(size, 120) * (p > .3)
    before = np.concatenate([[0], np.cumsum(mass)[:-1]])
    total = max(1e-9, mass.sum())
    columns: dict[str, np.ndarray | list[float]] = {"self": p,
               "before_1": _window(p, -1, -1), "after_1": _window(p, 1, 1),
               "before_2_3": _window(p, -3, -2), "after_2_3": _window(p, 2, 3),
               "before_4_8": _window(p, -8, -4), "after_4_8": _window(p, 4, 8),
               "before_9_20": _window(p, -20, -9), "after_9_20": _window(p, 9, 20)}
    strong = p * np.minimum(1, size / 20)
    columns["best_before_5"] = np.max([_window(strong, -k, -k) for k in range(1, 6)], axis=0)
    columns["best_after_5"] = np.max([_window(strong, k, k) for k in range(1, 6)], axis=0)
    columns["mass_before"], columns["mass_after"] = before / total, 1 - (before + mass) / total
    columns["no_mass_before"] = np.exp(-before / 15)
    columns["no_mass_after"] = np.exp(-(total - before - mass) / 15)
    columns["first_line_of_mass"] = np.exp(-before / 15) * (strong > .5)
    under = {role: np.zeros(n) for role in ("related", "comment", "share", "about", "legal")}
    level, began, comments = dict.fromkeys(under, 0.0), False, np.zeros(n)
    for i, line in enumerate(lines):
        for role in under:
            under[role][i] = level[role]
            fades = .9 - .55 * min(1, strong[i])
            level[role] = 1.0 if role in line.seen and line.n_words <= 8 else level[role] * fades
        comments[i] = began
        began = began or ("comment" in line.seen and line.n_words <= 8 and before[i] > 60)
    columns |= {f"under_{role}": values for role, values in under.items()}
    columns["comments_began"] = comments
    index = np.arange(n)
    since = index - (title if title is not None else n)
    if title is not None:
        columns["after_title"], columns["is_title"] = since > 0, since == 0
        columns["just_after_title"] = np.where(since > 0, np.exp(-abs(since) / 4), 0)
        columns["just_before_title"] = np.where(since < 0, np.exp(-abs(since) / 4), 0)
        columns["title_far_before"] = np.where(since > 0, np.minimum(since, 300) / 300, 0)
    else:
        columns |= dict.fromkeys(("after_title", "is_title", "just_after_title", "just_before_title",
                                  "title_far_before"), np.zeros(n))
    named = content_words(lines[title].text) if title is not None else set()
    sets = [content_words(line.text) for line in lines]
    columns["title_words"] = [len(named & mine) / max(2, len(named)) for mine in sets]
    core = Counter(w for mine, sure, line in zip(sets, p, lines, strict=True) if sure > .6 and line.n_words >= 12
                   for w in mine)
    columns["core_topic"] = [sum(core[w] > 1 for w in mine) / max(3, len(mine)) for mine in sets]
    heading = (size <= 12) * (1 - rows[:, OWN.index("stop")])
    below = _window(strong, 1, 1)
    columns["heads_long"], columns["heads_short"] = heading * below, heading * (below < .2)
    capped = np.minimum(size, 100)
    columns["density"] = _window(p * capped, -8, 8) / np.maximum(1, _window(capped, -8, 8))
    columns["words_around"] = np.log1p(_window(capped, -5, 5)) / 4
    columns["words_before"], columns["words_after"] = np.log1p(before) / 7, np.log1p(total - before - mass) / 7
    like = rows[:, OWN.index("sentence_like")]
    columns["sentence_by_text"] = like * _window(p, -1, -1)
    columns["sentence_off_text"] = like - columns["sentence_by_text"]
    part = main_part(p, size)
    first, last = part if part else (0, n - 1)
    columns["in_main_part"] = (index >= first) & (index <= last)
    columns["before_main_part"] = np.minimum(np.maximum(first - index, 0), 30) / 30
    columns["after_main_part"] = np.minimum(np.maximum(index - last, 0), 30) / 30
    cued = np.array([float(bool(line.seen)) for line in lines])
    columns["cues_before"], columns["cues_after"] = _window(cued, -3, -1), _window(cued, 1, 3)
    columns["bullet_self"] = bullet * p
    columns["bullet_before_1"] = _window(bullet * (1 - p), -2, -1)
    columns["bullet_after_1"] = _window(bullet * (1 - p), 1, 2)
    columns["short_between"] = (size < 10) * np.minimum(columns["best_before_5"], columns["best_after_5"])
    short = (size < 10).astype(float)
    columns["same_shape_run"] = short * _window(short, -4, 4)
    return np.column_stack([columns[name] for name in AROUND]).astype(np.float32)


def split_lines(text: str) -> list[tuple[int, int]]:
    r"""Spans of the lines of a text, their line breaks left out; `\n`, `\r\n` and a lone `\r` end a line.

    >>> split_lines("a\r\nbc\n")
    [(0, 1), (3, 5), (6, 6)]
    """
    spans, at = [], 0
    for found in re.finditer(r"\r\n|\n|\r", text):
        spans.append((at, found.start()))
        at = found.end()
    return spans + [(at, len(text))]


def look(text: str) -> tuple[list[tuple[int, int]], list[Line]]:
    """The spans of all lines, and those that hold something with their words counted and their cues found."""
    spans, lines, seen = split_lines(text), [], {}
    for no, (start, end) in enumerate(spans, 1):
        content = text[start:end].strip()
        if content:
            if content not in seen:
                n = len(content.split())
                seen[content] = n, *roles_of(content, n)
            lines.append(Line(no, start, end, content, *seen[content]))
    return spans, lines
