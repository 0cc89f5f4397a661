"""How well the text is told from what stands around it, and how fast.

    python benchmarks/pages.py --case s400                        the labelled texts of a case
    python benchmarks/pages.py --pages FOLDER                     whole pages with their truth.json
    python benchmarks/pages.py --case s400 --pages FOLDER --peers    beside other libraries, as far as they are
    installed

Texts of a case are compared line by line with data/raw/CASE/gold/lines.csv. The rules' author had read the texts of
s400: a score on them is in-sample. Of the pages, two thirds were learnt from (see fit_lines.py) and one third was kept
aside; only
the third counts. FOLDER holds *.txt and truth.json, a list of {file, title, main_content}. To get such pages: WCXB,
the Web
Content eXtraction Benchmark (Murrough-Foley 2026, CC BY 4.0), development split, each page's HTML rendered to lines
with inscriptis and each line stripped.

Peers, none of them needed:  pip install justext trafilatura lxml-html-clean pysbd spacy
They are made for HTML, so they are given each line as a paragraph, which is all that a saved text has left of its page.
"""
from __future__ import annotations

import argparse
import csv
import html
import json
import re
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from fit_lines import kept_aside

from helpers.case import list_cases, open_case
from helpers.cleaning import clean, sentences
from helpers.cleaning.sentences import lead_in
from helpers.cleaning.titles import plain
from helpers.readers import read

Span = tuple[int, int]
SYNONYMS = {"related-link": "related", "share-subscribe": "share", "comment-widget": "comment"}


def words(text: str) -> Counter:
    return Counter(re.findall(r"\w+", text.lower()))


def runs(text: str, n: int = 4) -> Counter:
    found = re.findall(r"\w+", text.lower())
    return Counter(tuple(found[i:i + n]) for i in range(max(1, len(found) - n + 1)))


def f1(truth: Counter | set, ours: Counter | set) -> float:
    """F1 of two bags or sets."""
    size = (lambda x: x.total()) if isinstance(truth, Counter) else len
    both = size(truth & ours)
    return 2 * both / (size(truth) + size(ours)) if truth or ours else 1.0


# --- ways to choose the lines of the text: each takes a text and returns the chosen lines' spans ---

def spans_of_lines(text: str) -> list[Span]:
    return [(m.start(), m.end()) for m in re.finditer(r"[^\r\n]*\S[^\r\n]*", text)]


def ours(text: str) -> list[Span]:
    lines = clean(text)
    return [(int(s), int(e)) for s, e in lines.loc[lines["role"] == "body", ["start", "end"]].values]


def keep_all(text: str) -> list[Span]:
    return spans_of_lines(text)


def stop_and_five_words(text: str) -> list[Span]:
    stop = re.compile(r"[.!?…][\"'”’)\]]*\s*$")
    return [(s, e) for s, e in spans_of_lines(text) if len(text[s:e].split()) >= 5 and stop.search(text[s:e])]


def as_page(text: str) -> str:
    paragraphs = "".join(f"<p>{html.escape(text[s:e])}</p>\n" for s, e in spans_of_lines(text))
    return f"<html><body>{paragraphs}</body></html>"


def found_again(text: str, passages: Iterable[str]) -> list[Span]:
    """The lines that a peer's answer holds, each as often as it holds it."""
    left = Counter(plain(p) for passage in passages for p in passage.split("\n"))
    chosen = []
    for s, e in spans_of_lines(text):
        key = plain(text[s:e])
        if left[key]:
            left[key] -= 1
            chosen.append((s, e))
    return chosen


def justext_lines(text: str) -> list[Span]:
    import justext
    stoplist = justext.get_stoplist("English")
    return found_again(text, (p.text for p in justext.justext(as_page(text).encode(), stoplist, encoding="utf-8")
                              if not p.is_boilerplate))


def trafilatura_lines(text: str) -> list[Span]:
    import trafilatura
    return found_again(text, [trafilatura.extract(as_page(text), include_comments=False) or ""])


WAYS: dict[str, Callable[[str], list[Span]]] = {
    "casebook": ours, "keep all": keep_all, "stop, five words": stop_and_five_words}
PEERS = {"jusText": ("justext", justext_lines), "trafilatura": ("trafilatura", trafilatura_lines)}


def installed(peers: dict) -> dict:
    """Those of the peers that are installed; says of each other one that it is left out."""
    found = {}
    for name, (module, way) in peers.items():
        try:
            __import__(module)
            found[name] = way
        except ImportError as error:
            print(f"  ({name} is left out: {error})")
    return found


# --- the labelled texts of a case ---

def labelled_texts(data: Path, case: str) -> tuple[dict[str, str], dict[str, dict[int, str]]]:
    """Texts by document, and each one's role by line number."""
    folder = data / "raw" / case
    labels: dict[str, dict[int, str]] = defaultdict(dict)
    for row in csv.DictReader((folder / "gold" / "lines.csv").open(encoding="utf-8")):
        labels[row["doc_id"]][int(row["line_no"])] = SYNONYMS.get(row["label"], row["label"])
    files = {r["doc_id"]: r["file"] for r in csv.DictReader((folder / "documents.csv").open(encoding="utf-8"))}
    return {doc: read(folder / files[doc]).text for doc in labels if (folder / files[doc]).is_file()}, labels


def word_places(text: str, spans: Iterable[Span]) -> set[int]:
    return {s + m.start() for s, e in spans for m in re.finditer(r"\S+", text[s:e])}


def score_case(data: Path, case: str, ways: dict) -> None:
    texts, labels = labelled_texts(data, case)
    if not texts:
        print(f"{case}: its texts are not in place (casebook texts {case} --from FOLDER)")
        return
    print(f"\n{case}: F1 of the body's words by text (labels of data/raw/{case}/gold/lines.csv)")
    print(f"  {'':18}" + "".join(f"{k[:9]:>10}" for k in texts) + f"{'mean':>10}")
    truth, titles = {}, 0
    for key, text in texts.items():
        lines = clean(text)
        at = {int(n): (int(s), int(e)) for n, s, e in lines[["line_no", "start", "end"]].values}
        truth[key] = word_places(text, (at[n] for n, role in labels[key].items() if role == "body" and n in at))
        first = min((n for n, role in labels[key].items() if role == "title"), default=None)
        titles += first in set(lines.loc[lines["role"] == "title", "line_no"])
    for name, way in ways.items():
        scores = [f1(truth[k], word_places(t, way(t))) for k, t in texts.items()]
        print(f"  {name:18}" + "".join(f"{s:10.3f}" for s in scores) + f"{sum(scores) / len(scores):10.3f}")
    print(f"  titles exact: {titles} of {len(texts)}")


# --- sentence boundaries ---

def spacy_sentencizer() -> Callable[[str], Iterable[int]]:
    import spacy
    pipeline = spacy.blank("en")
    pipeline.add_pipe("sentencizer")
    return lambda line: [sent.end_char for sent in pipeline(line).sents]


def pysbd_ends() -> Callable[[str], Iterable[int]]:
    import pysbd
    segmenter = pysbd.Segmenter(language="en", clean=False, char_span=True)
    return lambda line: [span.start + len(span.sent.rstrip()) for span in segmenter.segment(line)]


def score_sentences(data: Path, case: str, with_peers: bool) -> None:
    """Ends of body sentences, right within one character; every splitter is given the labelled body lines."""
    path = data / "raw" / case / "gold" / "sentences.csv"
    texts, labels = labelled_texts(data, case)
    if not texts or not path.is_file():
        return
    truth = {(r["doc_id"], int(r["end"])) for r in csv.DictReader(path.open(encoding="utf-8")) if r["doc_id"] in texts}
    answers: dict[str, set] = {"casebook": set()}
    peers = {"sentencizer": ("spacy", spacy_sentencizer), "pysbd": ("pysbd", pysbd_ends)}
    splitters = {name: make() for name, make in installed(peers).items()} if with_peers else {}
    answers |= {name: set() for name in splitters}
    clock, size = Counter(), 0
    for key, text in texts.items():
        lines = clean(text)
        lines["role"] = ["body" if labels[key].get(n) == "body" else "blank" for n in lines["line_no"]]
        start = time.process_time()
        answers["casebook"] |= {(key, int(e)) for e in sentences(text, lines)["end"]}
        clock["casebook"] += time.process_time() - start
        for s, e in lines.loc[lines["role"] == "body", ["start", "end"]].values:
            ahead = lead_in(text[s:e])
            begin = int(s) + (ahead[2] if ahead else 0)
            size += e - begin
            for name, ends in splitters.items():
                start = time.process_time()
                answers[name] |= {(key, begin + len(text[begin:begin + end].rstrip())) for end in ends(text[begin:e])}
                clock[name] += time.process_time() - start
    print(f"\n{case}: sentence ends, right within one character ({len(truth)} in the labels)")
    for name, found in answers.items():
        def near(a, b):
            return sum(any((d, e + k) in b for k in (-1, 0, 1)) for d, e in a)
        score = (near(truth, found) + near(found, truth)) / (len(truth) + len(found))
        print(f"  {name:18} F1 {score:.3f}   {size / 1000 / max(clock[name], 1e-9):7.0f} KB per CPU second")


# --- whole pages ---

def score_pages(folder: Path, ways: dict) -> None:
    """As WCXB (mean F1 of words) and as the article-extraction benchmark (F1 of runs of four words) score them."""
    pages = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    parts = {"learnt from (not a score)": [p for p in pages if not kept_aside(p["file"])],
             "kept aside": [p for p in pages if kept_aside(p["file"])]}
    for part, chosen in parts.items():
        texts = {p["file"]: (folder / p["file"]).read_text(encoding="utf-8") for p in chosen}
        print(f"\nwhole pages {part}: {len(chosen)}")
        print(f"  {'':18}{'words F1':>10}{'runs F1':>10}{'KB per CPU s':>14}")
        for name, way in ways.items():
            start = time.process_time()
            bodies = {f: "\n".join(t[s:e] for s, e in way(t)) for f, t in texts.items()}
            rate = sum(map(len, texts.values())) / 1000 / max(1e-9, time.process_time() - start)
            word_scores, true, missed, wrong = [], 0.0, 0.0, 0.0
            for page in chosen:
                word_scores.append(f1(words(page["main_content"]), words(bodies[page["file"]])))
                a, b = runs(page["main_content"]), runs(bodies[page["file"]])
                both, every = (a & b).total(), (a | b).total()
                true += both / every
                missed += (a - b).total() / every
                wrong += (b - a).total() / every
            mean, by_runs = sum(word_scores) / len(word_scores), 2 * true / (2 * true + missed + wrong)
            print(f"  {name:18}{mean:10.3f}{by_runs:10.3f}{rate:14.0f}")
        exact = there = 0
        for page in chosen:
            text, title = texts[page["file"]], plain(page["title"] or "")
            lines = clean(text)
            named = lines.loc[lines["role"] == "title", ["start", "end"]].values
            exact += any(plain(text[s:e]) == title for s, e in named)
            there += title in {plain(text[s:e]) for s, e in spans_of_lines(text)}
        print(f"  titles exact: {exact} of {len(chosen)}; of the {there} pages that have it as a line: "
              f"{exact / max(1, there):.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--case", action="append", default=[],
                        help="a case with labelled lines; may be repeated (default without --pages: all)")
    parser.add_argument("--pages", type=Path, help="folder of whole pages with truth.json")
    parser.add_argument("--peers", action="store_true", help="also run the other libraries that are installed")
    parser.add_argument("--data", type=Path, default=Path(__file__).resolve().parents[1] / "data",
                        help="where the cases lie (default: the project's data)")
    call = parser.parse_args()
    if call.pages and not (call.pages / "truth.json").is_file():
        parser.error(f"{call.pages} holds no truth.json: name the folder that holds the pages and their truth.json")
    ways = WAYS | (installed(PEERS) if call.peers else {})
    clean("A first call reads the codebook.")
    for case in call.case or ([] if call.pages else list_cases(call.data)):
        if not open_case(case, call.data).has_texts:
            print(f"{case}: its texts are not here; nothing is measured on it.")
            continue
        score_case(call.data, case, ways)
        score_sentences(call.data, case, call.peers)
    if call.pages:
        score_pages(call.pages, ways)


if __name__ == "__main__":
    main()
