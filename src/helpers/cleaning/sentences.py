"""Kept lines cut into sentences, each with a digest by which a newly saved copy of the page can be anchored again."""
from __future__ import annotations

import hashlib
import re
import unicodedata

import pandas as pd
import syntok.segmenter

from helpers import tables
from helpers.cleaning.lines import KEPT

WORDS = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")
# "[Harbour News Reporter Ana Ruiz] The …": a byline before the first sentence, in brackets
BYLINE_AHEAD = re.compile(
    r"\s*[\[(（【][^\])）】\n]{0,60}\b(?i:reporters?|correspondents?|editor|by|staff|desk|writer)\b[^\])）】\n]{0,60}[\])）】]\s*")
# "PORT ANA, 3 March (HNA) – The …": place, perhaps date and agency, and a dash
MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?"
DATELINE_AHEAD = re.compile(
    r"\s*[A-ZÀ-Þ][A-ZÀ-Þ.'’-]+(?:[ ,/]+(?!" + MONTH + r")[A-ZÀ-Þ][\w.'’-]*){0,4}"
    r"(?:,? +(?:\d{1,2} " + MONTH + "|" + MONTH + r" \d{1,2})(?:,? \d{4})?)?,?"
    r"(?: *\([\w .,/&-]{2,40}\))? *(?:[–—―]|--|-(?= )) *")
PIECE = 20_000
TITLE_ENDS = re.compile(r"\b(?:Gov|Govs|Rep|Reps|Sen|Sens|Lt|Gen|Col|Maj|Capt|Cmdr|Adm|Sgt|Cpl|Pvt|Brig|Hon|Rev|"
                        r"Pres|Amb|Supt|Atty|Prof|Profs|Drs?|Mr|Mrs|Ms|Messrs|Insp|Det|Sec|Dep|Asst|Mt|Ft)\.$")
NUMBER_ENDS = re.compile(r"\b(?:No|Nos|Art|Arts|Sec|Ch|Vol|Fig|pp?|para|approx|c|ca)\.$")
LONGEST_END = 12    # no abbreviation of the two is as long
MISSED_END = re.compile(r"(?:(?<=\d)(?:bn|mn|tn|m|km|kg|k)\.|(?<![A-Z]\. )\b(?:[A-Z]\.){2,}"
                        r"(?= +(?:The|He|She|It|They|We|But|And|In|On|At|An|This|That|These|Those|His|Her|Their|Its|"
                        r"Some|Many|Both|There|When|While|After|Before)\b))"
                        r"([\"”’)]*) +(?=[\"“‘(\[]*[A-ZÀ-Þ])")


def digest(words: str) -> str:
    """Twelve hexadecimal digits of the SHA-256 of a passage's words: case, accents' composition, stops and space do not
    count, so a copy saved again with other quotation marks has the same digest.

    >>> digest("“The ferry is late,” she said.") == digest('"The  ferry is late", she said')
    True
    """
    normal = unicodedata.normalize("NFKC", words).casefold().replace("’", "'")
    return hashlib.sha256(" ".join(WORDS.findall(normal)).encode()).hexdigest()[:12]


def lead_in(line: str) -> tuple[str, int, int] | None:
    """The byline or dateline that a line opens with: which of the two, and where it ends and the text begins.

    Returns (`byline` or `dateline`, its end without space, the text's start) or None. A name in capitals before a dash
    ("NATO – it said –") looks like a place and is taken for one.

    >>> lead_in("PORT ANA, 3 March (HNA) – The ferry is late.")
    ('dateline', 25, 26)
    >>> lead_in("The ferry is late.") is None
    True
    """
    for role, pattern in (("byline", BYLINE_AHEAD), ("dateline", DATELINE_AHEAD)):
        found = pattern.match(line[:200])
        if found and found.end() < len(line.rstrip()):
            return role, len(found.group().rstrip()), found.end()
    return None


def _cut(passage: str) -> list[tuple[int, int]]:
    """Spans of the sentences of one paragraph: syntok's, joined after a title before a name, cut where an amount or an
    abbreviation of letters ends the sentence."""
    spans: list[tuple[int, int]] = []
    for piece in range(0, len(passage), PIECE):
        for paragraph in syntok.segmenter.analyze(passage[piece:piece + PIECE]):
            for tokens in paragraph:
                start, end = piece + tokens[0].offset, piece + tokens[-1].offset + len(tokens[-1].value)
                first, last = spans[-1] if spans else (0, 0)
                first = look = max(first, last - LONGEST_END)
                if spans and (TITLE_ENDS.search(passage, first, last)
                              or NUMBER_ENDS.search(passage, first, last) and passage[start].isdigit()):
                    start = spans.pop()[0]      # what is joined was looked through before, but for where it met
                for cut in MISSED_END.finditer(passage, max(start, look), end):
                    spans.append((start, cut.end(1)))
                    start = cut.end()
                spans.append((start, end))
    return spans


def sentences(text: str, lines: pd.DataFrame) -> pd.DataFrame:
    r"""Cut the kept lines of a text into sentences.

    Accepts the text and its `lines` (from `clean`, or with roles corrected by hand). A title, a dek or a heading
    without
    a stop is one sentence; a sentence never runs over a line break. Body lines are cut with syntok (Leitner, MIT); a
    byline or dateline that a line opens with is left outside its first sentence.

    Returns `start`, `end` (offsets into the text), `section` (`title|dek|caption|body`), `paragraph` (body lines
    counted from 1; 0 for the other sections), `n_words`, `digest`.

    >>> from helpers.cleaning import clean
    >>> text = ("Ferries Return to the Islands\n\nThe U.S. envoy, Sen. Lima, came on Aug. 18. The ship cost $2.5bn. "
    ...     "“We wait. We hope,” she said.\n\nThe crews, who had struck for nine days, were glad to sail again.\n")
    >>> table = sentences(text, clean(text))
    >>> [text[s:e] for s, e in table.loc[table["section"] == "body", ["start", "end"]].values][:3]
    ['The U.S. envoy, Sen. Lima, came on Aug. 18.', 'The ship cost $2.5bn.', '“We wait.']
    """
    rows, paragraph = [], 0
    for start, end, role in zip(*(lines[name].tolist() for name in ("start", "end", "role")), strict=True):
        if role not in KEPT:
            continue
        passage = text[start:end]
        begin = 0
        if role == "body":
            paragraph += 1
            ahead = lead_in(passage)
            begin = ahead[2] if ahead else 0
        if role == "title":
            stripped = passage.strip()
            skip = len(passage) - len(passage.lstrip())
            spans = [(skip, skip + len(stripped))]
        else:
            spans = [(begin + a, begin + b) for a, b in _cut(passage[begin:])]
        rows += [(start + a, start + b, role, paragraph if role == "body" else 0, len(WORDS.findall(passage[a:b])),
                  digest(passage[a:b])) for a, b in spans]
    return tables.typed(rows, {"start": "Int64", "end": "Int64", "section": "string", "paragraph": "Int64",
                               "n_words": "Int64", "digest": "string"})
