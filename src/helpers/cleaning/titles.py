"""Which line is the headline: a score over candidate lines, from repetition, place, case, name of the file and the
text.
"""
from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections import Counter
from functools import lru_cache

import numpy as np

from helpers.cleaning.features import FUNCTION_WORDS, INNER_STOP, OWN, SEPARATOR, STOP, WORD, Line

COLUMNS = re.compile(r"\S(?: {2,}|\t)\S")
ALONE = re.compile(r"<?(?:https?://|www\.)\S+>?", re.IGNORECASE)     # the address a page was saved from
SIZES = ((1, 2), (3, 4), (5, 7), (8, 12), (13, 20), (21, 40))
FEATURES = ["bias"] + [f"words_{a}" for a, _ in SIZES] + [
    "before_text", "distance_before", "next_to_text", "last_headline_before", "first_headline", "first_on_page",
    "place", "inside_text", "after_text", "repeated", "repeated_often", "longer_line_begins_with_it",
    "longer_line_before_holds_it", "in_text_words", "in_first_words", "first_line_likeness", "text_share", "stop",
    "question", "colon", "inner_stop", "separator", "bullet", "numbered", "title_case", "all_caps", "begins_lower",
    "gap_before", "gap_after", "byline_follows", "date_follows", "date_precedes", "function_share", "digit_share",
    "year", "reader", "file_name", "same_as_section_menu", "in_menu", "columns", "on_topic", "first_on_topic",
    "last_on_topic", "most_on_topic", "headline_above", "headline_below", "menu_above"]


def plain(text: str) -> str:
    """Letters and digits alone, in small letters, without accents' composition playing a part."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text).casefold()))


@lru_cache(4096)    # a page's headline is sought twice, among the same lines
def _key(text: str) -> str:
    return plain(text[:500])


@lru_cache(4096)
def _content(text: str) -> frozenset[str]:
    return frozenset(w for w in map(str.casefold, WORD.findall(text[:1000])) if len(w) > 2 and w not in FUNCTION_WORDS)


def candidates(lines: list[Line], rows: np.ndarray) -> list[int]:
    """Places of the lines that could be a headline: 1 to 40 words, no furniture by their
    wording, no long sentence with a stop, no bare address."""
    sentence = rows[:, OWN.index("sentence_like")] if len(lines) else ()
    return [i for i, line in enumerate(lines) if not line.cues and line.n_words <= 40 and len(line.text) <= 400
            and not (sentence[i] and line.n_words >= 20) and not ALONE.fullmatch(line.text)
            and any(c.isalpha() for c in line.text)]


def features(lines: list[Line], rows: np.ndarray, body: np.ndarray, name: str | None) -> tuple[list[int], np.ndarray]:
    """The candidates and one row of `FEATURES` for each; `body` says which lines the text is made of."""
    found = candidates(lines, rows)
    at = {f: k for k, f in enumerate(FEATURES)}
    table = np.zeros((len(found), len(FEATURES)), dtype=np.float32)
    if not found:
        return found, table
    own = {f: k for k, f in enumerate(OWN)}
    inside = np.flatnonzero(body)
    first, last = (int(inside[0]), int(inside[-1])) if len(inside) else (len(lines), len(lines))
    # the first paragraph proper: a stray line in front of it is no beginning
    long = [i for i in inside if lines[i].n_words >= 15]
    start = long[0] if long else first
    text_words = Counter(w for i in inside for w in _content(lines[i].text))
    many = sum(text_words.values()) or 1
    first_words = set().union(*(_content(lines[i].text) for i in long[:4])) if long else set()
    opening = _content(lines[start].text) if start < len(lines) else set()
    keys = [_key(line.text) for line in lines]
    times = Counter(keys)
    in_order = sorted(keys)

    def begun_by(key: str) -> int:
        """How many longer lines begin with this one."""
        if len(key) < 12:
            return 0
        return bisect_left(in_order, key + "\U0010ffff") - bisect_right(in_order, key)
    named = re.sub(r"(?:\.[A-Za-z]{2,5})+$", "", name or "")
    stem, stem_words = plain(named), {w.casefold() for w in re.findall(r"[^\W\d_]{3,}", named)}
    headline_like = [i for i in found if i < start and lines[i].n_words >= 4 and not lines[i].cues
                     and not rows[i, own["bullet"]]]
    # lines above the text, no furniture by their looks, that share words with its first paragraphs
    overlap = {i: sum(w in first_words for w in _content(lines[i].text)) for i in headline_like
               if not COLUMNS.search(lines[i].text)}
    on_topic = [i for i, n in overlap.items() if n >= 2]
    first_topic, last_topic = (on_topic[0], on_topic[-1]) if on_topic else (None, None)
    most = max(on_topic, key=lambda i: overlap[i], default=None)
    for row, i in zip(table, found, strict=True):
        line, mine = lines[i], _content(lines[i].text)
        row[0] = 1
        row[1 + next(k for k, (a, b) in enumerate(SIZES) if a <= line.n_words <= b)] = 1
        row[at["before_text"]] = i < start
        row[at["distance_before"]] = np.log1p(max(0, start - i)) / 3 if i < start else 0
        row[at["next_to_text"]] = 0 < start - i <= 3
        row[at["last_headline_before"]] = bool(headline_like) and i == headline_like[-1]
        row[at["first_headline"]] = bool(headline_like) and i == headline_like[0]
        row[at["first_on_page"]] = i == 0
        row[at["place"]] = i / len(lines)
        row[at["inside_text"]], row[at["after_text"]] = start <= i <= last, i > last
        same = times[keys[i]]
        row[at["repeated"]], row[at["repeated_often"]] = same == 2, same > 2
        row[at["longer_line_begins_with_it"]] = min(2, begun_by(keys[i])) / 2
        row[at["longer_line_before_holds_it"]] = len(keys[i]) > 15 and any(
            keys[i] in keys[j] and keys[i] != keys[j] for j in range(max(0, i - 12), i))
        if mine:
            row[at["in_text_words"]] = sum(w in text_words for w in mine) / len(mine)
            row[at["in_first_words"]] = sum(w in first_words for w in mine) / len(mine)
            row[at["first_line_likeness"]] = len(mine & opening) / len(mine)
            row[at["text_share"]] = min(1, 20 * sum(text_words[w] for w in mine) / many / max(3, len(mine)))
        row[at["stop"]] = bool(STOP.search(line.text)) and not line.text.endswith("?")
        row[at["question"]], row[at["colon"]] = line.text.endswith("?"), ":" in line.text
        row[at["inner_stop"]] = bool(INNER_STOP.search(line.text))
        row[at["separator"]] = bool(SEPARATOR.search(line.text))
        for feature in ("bullet", "numbered", "title_case", "all_caps", "begins_lower", "gap_before", "gap_after",
                        "function_share", "digit_share", "year"):
            row[at[feature]] = rows[i, own[feature]]
        nearby = lines[i + 1:i + 6]
        row[at["byline_follows"]] = any("byline" in x.seen for x in nearby)
        row[at["date_follows"]] = any("dateline" in x.seen for x in nearby)
        row[at["date_precedes"]] = any("dateline" in x.seen for x in lines[max(0, i - 3):i])
        row[at["reader"]] = rows[i, own["speaks_to_reader"]]
        row[at["columns"]] = bool(COLUMNS.search(line.text))
        above, below = lines[i - 1] if i else None, lines[i + 1] if i + 1 < len(lines) else None
        row[at["headline_above"]] = above is not None and i - 1 in overlap and overlap[i - 1] >= 1
        row[at["headline_below"]] = below is not None and not below.seen and 5 <= below.n_words <= 45 and i + 1 <= start
        row[at["menu_above"]] = above is not None and (above.n_words <= 3 or bool(above.seen))
        row[at["on_topic"]] = overlap.get(i, 0) >= 2
        row[at["first_on_topic"]], row[at["last_on_topic"]] = i == first_topic, i == last_topic
        row[at["most_on_topic"]] = i == most
        if len(stem_words) >= 3:
            words = {w.casefold() for w in WORD.findall(line.text) if len(w) > 2}
            likeness = len(words & stem_words) / max(3, len(words | stem_words))
            row[at["file_name"]] = max(float(keys[i] == stem), likeness)
        row[at["same_as_section_menu"]] = line.n_words <= 3 and same > 1
        row[at["in_menu"]] = rows[max(0, i - 2):i + 3, own["bullet"]].mean()
    return found, table
