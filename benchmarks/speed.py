"""How fast the stages are, how much memory they take, and whether a hostile text can hold them up.

    python benchmarks/speed.py [--kb N] [--rounds N] [--case NAME] [--data DIR] [--skip memory|growth|peers]

Measured on texts made from those of a case that comes with its texts: their lines and sentences shuffled, with other
states, days and numbers in every text, so that no cache can serve a text twice; each round has texts of its own. Time
is CPU time of this process, so other work on the machine counts little; the median of the rounds is shown.

`growth` gives each stage texts that no one would write, at one length and at four times that. A stage whose time is in
proportion to the text takes four times as long; what takes more than eight times is marked.
"""
from __future__ import annotations

import argparse
import json
import random
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd

from helpers import actors, cleaning, dates, events, frames, speech
from helpers.case import open_case
from helpers.codebook import Codebook, load_codebook

STAGES = ("lines", "sentences", "title", "published", "times", "mentions", "quotes", "events", "frames")
CODERS = ("mentions", "quotes", "events", "frames")
BOUNDS = {name: 200 for name in STAGES} | {"all coders": 100, "text to tables": 60}
NUMBER = re.compile(r"\b\d+\b")


# texts --------------------------------------------------------------------------------------------------------------


def _other_states(book: Codebook, draw: random.Random) -> dict[str, str]:
    """Other states in the place of the case's own: name for name, capital for capital, demonym for demonym."""
    forms = book.aliases[book.aliases["match"] == "word"]
    states = forms[forms["actor_id"].isin(book.actors.loc[book.actors["kind"] == "state", "actor_id"])]
    listed = {who: {form: list(names) for form, names in rows.groupby("form")["alias"]}
              for who, rows in states[~states["ambiguous"]].groupby("actor_id")}
    own = set(states.loc[states["layer"] == "case", "actor_id"])
    full = sorted(who for who, names in listed.items() if len(names) == 3 and who not in own)
    swaps = {}
    for who, other in zip(sorted(own), draw.sample(full, len(own))):
        for form, names in listed.get(who, {}).items():
            for k, name in enumerate(names):
                swaps[name] = listed[other][form][min(k, len(listed[other][form]) - 1)]
    return swaps


def _other_number(match: re.Match, draw: random.Random) -> str:
    digits = match.group()
    if len(digits) == 4 and digits[:2] in ("19", "20"):
        return str(draw.randint(2001, 2026))
    if len(digits) <= 2:
        return str(draw.randint(1, 28))
    return "".join(draw.choice("123456789") for _ in digits)


class Corpus:
    """Texts made anew from those of a case, without end; the same seed gives the same texts."""

    def __init__(self, case_name: str, data: Path | None):
        case = open_case(case_name, data=data)
        if not case.present.all():
            raise SystemExit(f"{case_name}: its texts are not here, and the texts to measure on are made from them.")
        self.book = load_codebook(case.raw)
        self.furniture, self.sentences = [], []
        for doc_id in case.choose():
            text = case.text(doc_id)
            lines = cleaning.clean(text)
            body = set(lines.index[lines["role"] == "body"])
            before = [text[s:e] for k, s, e in lines[["start", "end"]].itertuples() if not body or k < min(body)]
            after = [text[s:e] for k, s, e in lines[["start", "end"]].itertuples() if body and k > max(body)]
            self.furniture.append((before, after))
            split = cleaning.sentences(text, lines)
            split = split[split["section"] == "body"]
            self.sentences += [text[s:e] for s, e in split[["start", "end"]].itertuples(index=False)]

    def texts(self, size: int, seed: int) -> Iterator[str]:
        """Texts of about so many bytes together."""
        draw, made = random.Random(seed), 0
        while made < size:
            swaps = _other_states(self.book, draw)
            swap = re.compile(r"\b(?:" + "|".join(map(re.escape, sorted(swaps, key=len, reverse=True))) + r")\b")
            before, after = draw.choice(self.furniture)
            paragraphs = [" ".join(draw.sample(self.sentences, draw.randint(1, 4)))
                          for _ in range(draw.choice((3, 6, 10, 16, 40)))]
            text = "\n".join([*before, *(p + "\n" for p in paragraphs), *after])
            text = swap.sub(lambda m, own=swaps: own[m.group()], text)
            text = NUMBER.sub(lambda m: _other_number(m, draw), text)
            made += len(text.encode())
            yield text


# stages -------------------------------------------------------------------------------------------------------------


def code(text: str, book: Codebook, clock: Callable | None = None, sentences: pd.DataFrame | None = None
         ) -> dict[str, pd.DataFrame]:
    """All tables of one text; ``clock`` is called with each stage's name and function, ``sentences`` are given to the
    coders in the place of those found."""
    run = clock or (lambda _, function: function())
    lines = run("lines", lambda: cleaning.clean(text))
    rows = run("sentences", lambda: cleaning.sentences(text, lines))
    rows = rows.assign(sentence_id=rows.index.astype(str), doc_id="text") if sentences is None else sentences
    run("title", lambda: cleaning.describe(text, lines))
    guess = run("published", lambda: dates.infer_published(lines, text=text))
    day = (guess.earliest.isoformat(), guess.latest.isoformat()) if guess.earliest else None
    times = run("times", lambda: dates.find_times(text, day))
    times = times.assign(time_id=times.index.astype(str))
    named = run("mentions", lambda: actors.mentions(text, rows, book, day))
    said, chain = run("quotes", lambda: speech.quotes(text, rows, named, book, "The Outlet"))
    told = run("events", lambda: events.event_mentions(text, rows, named, said, times, book))
    framed = run("frames", lambda: frames.frames(text, rows, book, quotes=said, mentions=named,
                                                  event_mentions=told))
    return {"lines": lines, "sentences": rows, "times": times, "clues": guess.clues, "mentions": named,
            "quotes": said, "chain": chain, "event_mentions": told, "frames": framed}


def speeds(corpus: Corpus, size: int, seed: int) -> dict[str, float]:
    """KB per CPU second of each stage, of all coders and of all together, on texts of one seed."""
    each: dict[str, list[float]] = {stage: [] for stage in STAGES}
    texts = list(corpus.texts(size, seed))
    total = sum(len(t.encode()) for t in texts) / 1000
    for text in texts:
        code(text, corpus.book, _clock(each))
    spent = {name: sum(times) for name, times in each.items()}
    out = {name: total / spent[name] for name in STAGES}
    out["all coders"] = total / sum(spent[name] for name in CODERS)
    out["text to tables"] = total / sum(spent.values())
    return out


def stream(corpus: Corpus, size: int, folder: Path) -> float:
    """Code so many bytes, text by text, and write each text's rows at once; returns the process's peak memory in MB."""
    for text in corpus.texts(size, 1):
        for name, rows in code(text, corpus.book).items():
            with open(folder / f"{name}.csv", "a", encoding="utf-8", newline="") as file:
                rows.to_csv(file, index=False, header=False, lineterminator="\n")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1e6 if sys.platform == "darwin" else 1e3)


# peers --------------------------------------------------------------------------------------------------------------


def peers(corpus: Corpus, size: int, seed: int) -> dict[str, float]:
    """KB per CPU second of spaCy's sentence splitter, token patterns and phrase patterns, where spaCy is installed."""
    try:
        import spacy
        from spacy.matcher import Matcher, PhraseMatcher
    except ImportError:
        return {}
    nlp = spacy.blank("en")
    nlp.max_length = 10**9
    splitter = nlp.add_pipe("sentencizer")
    rules, names = Matcher(nlp.vocab), PhraseMatcher(nlp.vocab, attr="LOWER")
    for rule, cues in list(corpus.book.event_rules["cues"].items())[:200]:
        patterns = [[{"LOWER": {"REGEX": w.replace("*", r"\w*")}} if "*" in w else {"LOWER": w} for w in cue.split()]
                    for cue in cues if not re.search(r"[()]|\.\.\.|^re:", cue)]
        if patterns:
            rules.add(rule, patterns)
    names.add("names", [nlp.make_doc(name) for name in corpus.book.aliases["alias"]])
    texts = list(corpus.texts(size, seed))
    total, spent = sum(len(t.encode()) for t in texts) / 1000, {}
    began = time.process_time()
    docs = [nlp.make_doc(text) for text in texts]
    tokens = time.process_time() - began
    for name, step in (("sentencizer", splitter), (f"Matcher, {len(rules)} rules", rules),
                       (f"PhraseMatcher, {len(corpus.book.aliases)} names", names)):
        began = time.process_time()
        for doc in docs:
            step(doc)
        spent[name] = total / (tokens + time.process_time() - began)
    return {f"spaCy tokens and {name}": rate for name, rate in spent.items()}


# growth -------------------------------------------------------------------------------------------------------------

# what a text that no one would write is made of
HOSTILE = [
    " ", "\n", " \n", "\t", "\r", "\u00a0", "“", '"', "'", "’ ", "“a” ", '"a" ', "‘a’ ", "“‘«„", "“a ", "(", "(a) ",
    "[", "7", "7,", "7.", "1-", "12 ", "4 May 2021, ", "1/2/21 ", "2021 ", "2021-", "May ", "two weeks ago ",
    "about a ",
    "the third of ", "A", "Ab ", "A. ", "A.", "Ab. ", "Mr. ", "Ab-", "Ab, ", "-", " – ", " - ", "—", ".", "...", ". ",
    ",", ", ", "; ", ": ", "?", "! ", "the ", "the", "and ", ", and ", "that ", "that the ", "not ", "no more than ",
    "according to ", "according to Ana Ruiz, ", "said ", ", said ", "he said ", "he said that ", ", he said, ",
    "“a,” he said. ", "Peru said it ", "he ", "the minister ", "they ", ", who ", "which ", "if ", "if it ", "would ",
    "could ", "sanctions ", "Peru imposed sanctions on Chile and ", "imposed ", "Peru ", "Peru and ", "Peru, ",
    "Peru's ", "Ana Ruiz ", "Ana ", "the president of ", "of the ", "as ", "as a result of ", "by ", "to ", "to be ",
    "quickly ", "very ", "was ", "was told by ", "citing ", "citing officials, ", "quoted as saying ", "told Ana ",
    "a said b, ", "in a statement ", "on Monday ", "abc ", "a", "a ", "a-", "a.", "a'", "a’", "a_", "_", "a/", "a@",
    "a: ", "&amp; ", "<b>", "http://a.b/", " | ", "• a\n", "1. a\n", "Read more\n", "By Ana Ruiz\n", "It rained. ",
    "Why? ", "e\u0301", "\u0301", "a\u200b", "\u200b", "\u200fא ", "a\u00ad", "\ufeff", "😀", "İ", "ß", "漢", "。",
    "mixed 1", "mixed 2", "mixed 3",
]


def hostile(unit: str, size: int) -> str:
    """A page of so many characters of one thing, or of all of them, with a headline above and a word behind."""
    if unit.startswith("mixed "):
        things = [thing for thing in HOSTILE if "\n" not in thing and "\r" not in thing]
        unit = "".join(random.Random(unit).choices(things, k=size // 4))[:size]
    return f"Ferry is late\n\nThe ferry was late on Monday, the pilot said.\n\nPeru {unit * (size // len(unit))}x."


def growth(book: Codebook, size: int, units: list[str] | None = None) -> pd.DataFrame:
    """CPU seconds of each stage on hostile texts of ``size`` characters and of four times as many.

    Returns text, stage, once and four times. The coders are given the stretch as one sentence, whatever was made of it.
    """
    rows = []
    for unit in units or HOSTILE:
        spent: dict[str, list[float]] = {stage: [] for stage in STAGES}
        for n in (size, 4 * size):
            text = hostile(unit, n)
            whole = pd.DataFrame({"start": [0, 15, 61], "end": [13, 59, len(text)], "doc_id": "text",
                                  "paragraph": [0, 1, 2], "section": ["title", "body", "body"],
                                  "sentence_id": ["0", "1", "2"]})
            code(text, book, _clock(spent), whole)
        rows += [(unit, stage, small, large) for stage, (small, large) in spent.items()]
    return pd.DataFrame(rows, columns=["text", "stage", "once", "four times"])


def _clock(spent: dict[str, list[float]]) -> Callable:
    def clock(stage: str, function: Callable) -> object:
        began = time.process_time()
        out = function()
        spent[stage].append(time.process_time() - began)
        return out
    return clock


# ------------------------------------------------------------------------------------------------------------------


def main() -> int:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--kb", type=int, default=300, help="size of the texts of a round")
    ask.add_argument("--rounds", type=int, default=5)
    ask.add_argument("--case", default="practice", help="the case whose texts the new ones are made from")
    ask.add_argument("--data", type=Path, default=None)
    ask.add_argument("--skip", action="append", default=[], choices=("speed", "memory", "growth", "peers"))
    ask.add_argument("--hostile", action="append", help="only this kind of hostile text")
    ask.add_argument("--characters", type=int, default=50_000, help="length of a hostile text")
    ask.add_argument("--stream", type=int, help=argparse.SUPPRESS)
    call = ask.parse_args()
    corpus, size = Corpus(call.case, call.data), call.kb * 1000
    if call.stream:
        with tempfile.TemporaryDirectory() as folder:
            print(json.dumps(stream(corpus, call.stream, Path(folder))))
        return 0
    if "speed" not in call.skip:
        code(next(corpus.texts(1, 0)), corpus.book)     # cues are compiled once
        rounds = [speeds(corpus, size, seed) for seed in range(1, call.rounds + 1)]
        print(f"KB per CPU second, median of {call.rounds} rounds of {call.kb} KB (lowest, highest; what must be)")
        for name in rounds[0]:
            rates = sorted(r[name] for r in rounds)
            print(f"  {name:<16}{statistics.median(rates):7.0f}   ({rates[0]:.0f}–{rates[-1]:.0f}; ≥ {BOUNDS[name]})")
    if "peers" not in call.skip:
        rounds = [peers(corpus, size, seed) for seed in range(1, call.rounds + 1)]
        for name in rounds[0]:
            print(f"  {name:<48}{statistics.median(r[name] for r in rounds):7.0f}")
        if not rounds[0]:
            print("  spaCy is not installed: no peers. `pip install casebook[bench]` brings it.")
    if "memory" not in call.skip:
        again = [sys.executable, __file__, "--case", call.case] + (["--data", str(call.data)] if call.data else [])
        peak = [json.loads(subprocess.run([*again, "--stream", str(n * size)], check=True, capture_output=True,
                                          text=True).stdout) for n in (1, 10)]
        print(f"\nPeak memory of a process that codes {call.kb} KB: {peak[0]:.0f} MB; of one that codes ten times as "
              f"much: {peak[1]:.0f} MB")
    if "growth" not in call.skip:
        table = growth(corpus.book, call.characters, call.hostile)
        table["times"] = table["four times"] / table["once"].clip(lower=.002)
        slow = table[(table["times"] > 8) & (table["four times"] > .1)]
        print(f"\nHostile texts of {call.characters} and {4 * call.characters} characters: CPU seconds, and how many "
              f"times as long; {len(slow)} of {len(table)} more than eight times")
        shown = table.sort_values("four times", ascending=False).groupby("stage", sort=False).head(3)
        print(pd.concat([slow, shown]).drop_duplicates().round(3).to_string(index=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
