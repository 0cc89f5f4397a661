"""Checks of answers: each says whether an answer fits the labels of a case, and if not, what about it does not.

A check never says what would be right. It knows three kinds of wrong: nothing filled in, a word that is none of those
asked for, and an answer that the labels do not give. The labels are a key, not a measurement: `coders.csv` of the case
says who made them.
"""
from __future__ import annotations

import datetime as dt
import difflib
import re
import sys
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from string import ascii_uppercase

import pandas as pd

from helpers.agreement import TENTATIVE, alpha
from helpers.case import Case, CaseError
from helpers.codebook import Codebook, load_codebook
from helpers.codebook.naming import counted
from helpers.compare.moves import DONE
from helpers.tables import TableError
from helpers.teaching import sheets
from helpers.teaching.redtext import not_run
from helpers.teaching.showing import TABLES, WORDS, groups, key_row, lines_of, rows_at

__all__ = ["Checked", "check"]

EMPTY = "Nothing is filled in yet. Write your answer in the cell above, run that cell, then this one."
NO_KEY = "This case has no key for the question: compare with your neighbour."
WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
TYPES = ["SANCTION", "REJECT", "CONSULT", "COOPERATE", "AGREE", "ACCUSE"]                   # and task 4.4
ROLES = ["title", "standfirst", "byline", "caption", "body", "related", "menu", "legal"]     # that task 1.3 asks for
NOBODY = {"nobody", "no one", "none", "none named", "not named", "not said", "unknown"}


@dataclass(frozen=True, repr=False)
class Checked:
    """What a check found: whether the answer stands, and what is said about it."""
    ok: bool
    said: tuple[str, ...]

    def __repr__(self) -> str:
        return "\n".join([("Right. " if self.ok else "Not yet. ") + self.said[0], *self.said[1:]])

    def _repr_html_(self) -> str:
        first, *rest = repr(self).splitlines()
        more = "".join(f"<li>{escape(line)}</li>" for line in rest)
        return (f'<p class="check"><strong>{"✓" if self.ok else "○"} {escape(first)}</strong></p>'
                + (f"<ul>{more}</ul>" if more else ""))


class _Unreadable(ValueError):
    """An answer that cannot be held against anything: says how to write it."""


_CHECKS: dict[str, Callable] = {}


def _named(name: str) -> Callable:
    def keep(function: Callable) -> Callable:
        _CHECKS[name] = function
        return function
    return keep


def check(name: str, *given) -> Checked:
    """Hold an answer against the labels.

    Accepts the name of a check and what it takes (a case, what was asked, the answer). Returns :class:`Checked`, which
    a notebook shows. Never raises for an answer, however odd; raises KeyError for a check that does not exist.

    >>> check("percent", pd.DataFrame({"Ana": ["happened", "denied"], "Ben": ["happened", "happened"]}), 90)
    Not yet. Count the rows in which both wrote the same word, and divide by the number of rows.
    """
    if name not in _CHECKS:
        near = difflib.get_close_matches(str(name), _CHECKS, 1)
        raise KeyError(f"There is no check {name!r}" + (f"; did you mean {near[0]!r}?" if near else "."))
    if stale := not_run(_this_cell()):
        return Checked(False, (f"The cell with your answer ({', '.join(stale)}) ended in red text when it was last "
                               "run. Mend it, run it until nothing red appears, then run this one.",))
    try:
        wrong, right = _CHECKS[name](*given)
    except (_Unreadable, CaseError, TableError) as error:
        wrong, right = [str(error)], ""
    return Checked(not wrong, tuple(wrong) if wrong else (right,))


def _this_cell() -> str:
    """Return the source of the cell that is being run; nothing outside a notebook."""
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    return shell.user_ns.get("In", [""])[-1] if shell is not None else ""


# reading answers ----------------------------------------------------------------------------------------------------


def _blank(value) -> bool:
    if value is None or value == 0 or (isinstance(value, str) and not value.strip()):
        return True
    return isinstance(value, Collection) and not isinstance(value, str) and all(map(_blank, value))


def _text(value) -> str:
    if not isinstance(value, str):
        raise _Unreadable(f"The answer is a word between quotation marks, not {value!r}.")
    return " ".join(value.split()).strip(" .")


def _several(answer, form: str) -> list:
    """Return the filled parts of an answer that is a list; one part alone is taken for a list of one."""
    if isinstance(answer, Mapping | bool) or not isinstance(answer, Collection | int):
        raise _Unreadable(EMPTY if answer is None else f"Keep the form {form}.")
    return [a for a in ([answer] if isinstance(answer, int | str) else answer) if not _blank(a)]


def _number(value, what: str = "a line's number, such as 12") -> int:
    try:
        if isinstance(value, bool):
            raise ValueError
        number = float(str(value).strip().rstrip("%").strip())
        whole = int(number)
    except (ValueError, OverflowError):
        raise _Unreadable(f"{value!r} is no number. The answer is {what}, without quotation marks.") from None
    if whole != number:
        raise _Unreadable(f"{value!r} is no whole number. The answer is {what}.")
    return whole


def _cards(answers) -> dict[str, str]:
    if not isinstance(answers, Mapping):
        raise _Unreadable('Keep the form {"A": "", "B": ""} and write between the second quotation marks of each pair.')
    if _blank(list(answers.values())):
        raise _Unreadable(EMPTY)
    return {str(k): _text(v) for k, v in answers.items()}


def _word(said: str, known: Iterable[str]) -> str:
    """Return the word that was meant among those known; an unknown one is told with the one it nearly is."""
    known = {str(k).casefold(): str(k) for k in known}
    if said.casefold() in known:
        return known[said.casefold()]
    near = difflib.get_close_matches(said.casefold(), known, 1, sheets.NEAR)
    raise _Unreadable(f"{said!r} is none of the words asked for" + (f"; did you mean {known[near[0]]!r}?" if near else
                                                                    f". They are: {', '.join(known.values())}."))


def _each(answers, keys: Mapping[str, Collection[str]], known: Collection[str] | Callable[[str], str],
          why: Callable[[str, str], str], right: str) -> tuple[list[str], str]:
    """Hold a word for each card against the words that the key gives it; ``why`` explains one wrong word.

    ``known`` are the words asked for, or a function that returns the word that was meant.
    """
    said, wrong = _cards(answers), []
    meant = known if callable(known) else lambda word: _word(word, known)
    for card, key in keys.items():
        word = said.get(card, "")
        if not word:
            wrong.append(f"{card} is still empty.")
            continue
        try:
            if meant(word) not in key:
                wrong.append(f"{card}: {why(card, meant(word))}")
        except _Unreadable as error:
            wrong.append(f"{card}: {error}")
    if wrong:
        wrong.insert(0, f"{len(keys) - len(wrong)} of {len(keys)} fit the key.")
    return wrong, right


def _key(found: pd.DataFrame | None) -> pd.DataFrame:
    if found is None:
        raise _Unreadable(NO_KEY)
    return found


def _labels(case: Case, name: str) -> pd.DataFrame:
    return _key(case.labels(name))


# session 1 ----------------------------------------------------------------------------------------------------------


def _roles(case: Case, doc: str) -> dict[int, str]:
    rows = _labels(case, "lines").query("doc_id == @doc")
    return dict(zip(rows["line_no"].astype(int), rows["label"].replace(WORDS)))


def _role(roles: Mapping[int, str], line: int) -> str:
    if line not in roles:
        raise _Unreadable(f"The page has no line {line}: its lines go from 1 to {max(roles)}.")
    return roles[line]


@_named("article")
def _article(case: Case, doc: str, title, first, last) -> tuple[list[str], str]:
    if _blank([title, first, last]):
        return [EMPTY], ""
    roles = _roles(case, doc)
    body = [n for n, role in roles.items() if role == "body"]
    wrong = []
    for what, given, needed in (("title", title, None), ("first line", first, body[0]), ("last line", last, body[-1])):
        if _blank(given):
            wrong.append(f"The {what} is still empty.")
            continue
        try:
            number = _number(given)
            role = _role(roles, number)
        except _Unreadable as error:
            wrong.append(f"The {what}: {error}")
            continue
        if what == "title" and role != "title":
            wrong.append(f"Title: line {number} is not it. The key calls it “{role}”.")
        elif needed and number != needed:
            wrong.append(f"The {what}: the key calls line {number} “{role}”." if role != "body" else
                         f"The {what}: line {number} belongs to the article, but it is not the {what.split()[0]} one.")
    return wrong, "That is the article. Between its first and its last line not everything belongs to it: see next."


@_named("inside")
def _inside(case: Case, doc: str, lines) -> tuple[list[str], str]:
    lines = _several(lines.split(",") if isinstance(lines, str) else lines, "[3, 4]")
    if not lines:
        return [EMPTY], ""
    roles = _roles(case, doc)
    body = [n for n, role in roles.items() if role == "body"]
    key = {n for n, role in roles.items() if body[0] < n < body[-1] and role not in ("body", "blank")}
    given = set(map(_number, lines))
    wrong = [f"Line {n}: the key calls it “{_role(roles, n)}”"
             + (" and keeps it." if roles[n] == "body" else ", but it lies outside the article."
                if not body[0] < n < body[-1] else ": nothing stands there that could be thrown out.")
             for n in sorted(given - key)]
    missing = len(key - given)
    if missing:
        wrong.append(counted(missing, "more line does", "more lines do") + " not belong to the article. "
                     "Which lines would make sense on any other page of this site too?")
    return wrong, "All strangers found, and nothing thrown out that belongs."


@_named("roles")
def _line_roles(case: Case, doc: str, answers) -> tuple[list[str], str]:
    book, roles = load_codebook(None), _roles(case, doc)
    if not isinstance(answers, Mapping):
        raise _Unreadable("Keep the form {9: \"\"} and write between the quotation marks.")
    meaning = {WORDS.get(r, r): d for r, d in book.roles["definition"].items()}

    def why(_: str, word: str) -> str:
        return f"“{word}” means: {meaning[word].rstrip('.')}. Is the line that?"
    return _each({f"line {n}": v for n, v in answers.items()}, {f"line {n}": {_role(roles, n)} for n in answers},
                 lambda word: _word(WORDS.get(word.casefold(), word), ROLES), why,
                 "Every line has the role that the key gives it.")


@_named("copied")
def _copied(case: Case, doc: str, answer) -> tuple[list[str], str]:
    if _blank(answer):
        return [EMPTY], ""
    said = _word(_text(answer), case.manifest["doc_id"])
    if said == doc:
        return ["A text does not copy itself. Which other one does it share its wording with?"], ""
    runs = {d: _runs_of_three(case, d) for d in case.manifest["doc_id"]}
    share = {d: len(runs[doc] & other) / len(runs[doc]) for d, other in runs.items() if d != doc}
    if share[said] < max(share.values()):
        return [f"{doc} shares fewer runs of words with {said} than with another text. Compare their second "
                "paragraphs."], ""
    return [], (f"{share[said]:.0%} of the runs of three words in the article of {doc} stand in that of {said}, too. "
                "The page does not say so anywhere.")


def _runs_of_three(case: Case, doc: str) -> set[tuple[str, ...]]:
    """Return the runs of three words that the article of a text holds: what stands around it is no likeness."""
    roles, lines = _roles(case, doc), lines_of(case, doc)
    words = re.findall(r"\w+", "\n".join(lines.loc[lines["line"].map(roles) == "body", "text"]).casefold())
    return set(zip(words, words[1:], words[2:]))


@_named("leans on")
def _leans_on(case: Case, name: str, docs) -> tuple[list[str], str]:
    docs = _several(docs, '["one", "other"]')
    if not docs:
        return [EMPTY], ""
    given = {_word(_text(d), case.manifest["doc_id"]) for d in docs}
    key = set(case.manifest.loc[case.manifest["leans_on"].str.contains(name, na=False), "doc_id"])
    wrong = [f"{d}: {name} is not named in its chain." for d in sorted(given - key)]
    if missing := len(key - given):
        wrong.append(counted(missing, "more text leans", "more texts lean") + " on it. Read the whole "
                     "column ‘rests on’.")
    return wrong, (f"{len(key)} pages lean on one agency: what it got wrong, each of them has wrong. On whom does the "
                   "agency lean?")


# session 2 ----------------------------------------------------------------------------------------------------------


def _day(value) -> dt.date:
    said = _text(value)
    try:
        return dt.date.fromisoformat(said)
    except ValueError:
        raise _Unreadable(f"{said!r} is no day. Write year-month-day, such as 2024-01-31.") from None


@_named("interval")
def _interval(case: Case, doc: str, earliest, latest) -> tuple[list[str], str]:
    if _blank([earliest, latest]):
        return [EMPTY], ""
    if _blank(earliest) or _blank(latest):
        return ["Both ends are needed: the earliest day and the latest."], ""
    first, last = _day(earliest), _day(latest)
    told = case.load("adjudicated_event_mentions").query("doc_id == @doc and granularity == 'day'")
    # an offer or a threat that was made is over, whatever comes of it; a plan lies ahead
    past = max(_day(d) for d in told.loc[told["status"].isin(DONE), "latest"])
    due = min([_day(d) for d in told.loc[told["status"].eq("planned"), "earliest"]], default=None)
    week = dt.timedelta(days=6)                 # a weekday named alone lies within the last seven days
    wrong = []
    if first > last:
        wrong.append("The earliest day lies after the latest.")
    elif first < past:
        wrong.append("The earliest day is too early: the page tells something later than that as done.")
    elif first > past:
        wrong.append("The earliest day is too late: the last thing it tells was on a day before. Could the page not "
                     "have been written that very day?")
    elif due and last >= due:
        wrong.append("The latest day is too late: by then, what the page announces would no longer lie ahead.")
    elif last > past + week:
        wrong.append("The latest day is later than need be. The page names a day by its weekday alone. How long does "
                     "one go on doing that?")
    elif last < past + dt.timedelta(days=4):
        wrong.append("The latest day is too early: what on the page rules out the day after it?")
    return wrong, (f"{(last - first).days + 1} days. Saying so is more honest than picking one of them, and good "
                   "enough for putting things in order.")


@_named("days")
def _days(case: Case, doc: str, answers) -> tuple[list[str], str]:
    answers = _cards(answers)
    rows = _labels(case, "timex").query("doc_id == @doc")
    out = case.row(doc)["published_best"]
    wrong = []
    for words, said in answers.items():
        key = {v for value in rows.loc[rows["text"] == words, "value"] for v in value.split("|")}
        key = {v for v in key if v[:1].isdigit()} or key        # asked for is when, not how long
        said = said.upper() if re.fullmatch(r"\d{4}-w\d\d", said) else said
        weekday = next((w for w in WEEKDAYS if w in words), None)
        if not key:
            raise _Unreadable(f"The words {words!r} do not stand in the text: keep them as they were.")
        if not said:
            wrong.append(f"“{words}” is still empty.")
        elif said in key:
            continue
        elif not re.fullmatch(r"\d{4}(-\d\d){0,2}|\d{4}-W\d\d|P\d*[A-Z\d]+", said):
            wrong.append(f"“{words}”: write 2024-01-31 for a day, 2024-W05 for a week, 2024-01 for a month.")
        elif weekday and re.fullmatch(r"\d{4}-\d\d-\d\d", said) and _day(said).strftime("%A") != weekday:
            wrong.append(f"“{words}”: {said} was no {weekday}.")
        elif said.startswith("P") or len(said) not in {len(k) for k in key}:
            wrong.append(f"“{words}”: is that a day or a month, or a week? Write no more than the words say, and no "
                         "less.")
        else:
            wrong.append(f"“{words}”: count again. From the day of publication ({out}), or from what the sentence told "
                         "before? Back or ahead?")
    return wrong, "All of them hang on the day of publication. Had that day been wrong, these would be wrong with it."


@_named("order")
def _order(case: Case, labels: list[str], answer) -> tuple[list[str], str]:
    if _blank(answer):
        return [EMPTY], ""
    said = re.sub(r"[^A-Z]", "", _text(answer).upper())
    letters = ascii_uppercase[:len(labels)]
    if sorted(said) != list(letters):
        return [f"Write each of the letters {letters} once, in order, such as “{letters}”."], ""
    day = dict(zip(letters, _key(case.reference).set_index("label").loc[labels, "date_lo"]))
    pairs = [(a, b) for n, a in enumerate(said) for b in said[n + 1:]]
    crossed = sum(day[a] > day[b] for a, b in pairs)
    n = len(pairs)
    return ([f"Of the {n} pairs that your order makes, {crossed} " + ("stands" if crossed == 1 else "stand")
             + " the wrong way round. Which text gives days, and which only gives a story?"] if crossed else [],
            "That is the order of the public record.")


@_named("against the record")
def _against(case: Case, topic: str, docs) -> tuple[list[str], str]:
    docs = _several(docs, '["one", "other"]')
    if not docs:
        return [EMPTY], ""
    points = _labels(case, "contradictions").query("topic == @topic")
    # either of the two texts may be the one that errs: which of them stands first says nothing
    key = set(points["against_record"].dropna()) if "against_record" in points else set()
    if not key:
        raise _Unreadable(NO_KEY)
    given = {_word(_text(d), case.manifest["doc_id"]) for d in docs}
    wrong = [f"{d}: the key finds no slip there on this point. Read its sentence again." for d in sorted(given - key)]
    if missing := len(key - given):
        wrong.append(f"{missing} more " + ("text tells" if missing == 1 else "texts tell")
                     + " it otherwise than the record.")
    return wrong, "That is a finding about these texts, not about what happened."


@_named("undated")
def _undated(drawn: pd.DataFrame, answer) -> tuple[list[str], str]:
    if _blank(answer):
        return [EMPTY], ""
    said = _word(_text(answer), ("yes", "no"))
    told = drawn[drawn["mark"] == "event"]
    left, lent = int(told["dated"].eq(False).sum()), int(told["borrowed"].eq(True).sum())
    return ([] if (said == "yes") == (left + lent > len(told) / 2) else
            ["Add up what stands at the left edge, and the ringed marks; the line under the title counts the rest."],
            f"Of the {len(told)} steps on the chart, {left} stand at the left edge, without a date, and {lent} have "
            f"only the record's (ringed): {left + lent} have none of their own.")


# sessions 2 and 3: codes --------------------------------------------------------------------------------------------


def _codes(case: Case, column: str, keys: Iterable[str]) -> list[set[str]]:
    """Return the codes that count for each card, from the same tables as the key of the coding sheet: adjudicated."""
    table, start = ("adjudicated_frames", "start") if column == "frame" else ("adjudicated_event_mentions",
                                                                              "trigger_start")
    rows = case.load(table)
    if column == "frame":
        rows = rows.merge(case.load("sentences")[["sentence_id", "start"]], on="sentence_id")
    return [set(rows_at(rows, key, start)[column]) for key in keys]


def _groups(case: Case, column: str, keys: Iterable[str]) -> list[set[str]]:
    of = getattr(load_codebook(case.raw), TABLES[column])["seminar_group"]
    return [{of[code] for code in codes} for codes in _codes(case, column, keys)]


@_named("codes")
def _coded(case: Case, column: str, keys: list[str], answers) -> tuple[list[str], str]:
    meaning = groups(load_codebook(case.raw), column).set_index("group")

    def why(_: str, word: str) -> str:
        return f"“{word}” holds: {meaning.loc[word, 'holds']}. Which words of the sentence say that?"
    def known(word: str) -> str:
        try:
            return _word(word, meaning.index)
        except _Unreadable:
            if group := sheets.group_of(column, word):
                raise _Unreadable(f"{word!r} stands in the codebook under ‘{group}’. If you mean it, write that "
                                  "word.") from None
            raise
    return _each(answers, dict(zip(ascii_uppercase, _groups(case, column, keys))), known, why,
                 "All cards fit the key. If you thought of another word first, write down why: session 4 needs it.")


@_named("voices")
def _voices(case: Case, keys: list[str], answers) -> tuple[list[str], str]:
    rows = [key_row(_labels(case, "frames"), k, "start") for k in keys]

    def why(_: str, word: str) -> str:
        return ("nobody is named here to whom the words could belong. Who is left?" if word == "quoted" else
                "somebody else's words stand here, or somebody's view is reported. Whose?")
    return _each(answers, {letter: {r["voice"]} for letter, r in zip(ascii_uppercase, rows)}, ["outlet", "quoted"], why,
                 "A page can put a thought forward without ever saying it itself.")


def _state(said: str, book: Codebook) -> str | None:
    """Return the name of the state that was meant, by whatever name the codebook knows it; None for nobody."""
    if said.casefold() in NOBODY:
        return None
    names = book.actors.drop_duplicates("actor_id").set_index("actor_id")
    states = names[~names.index.str.contains(".", regex=False) & names["kind"].isin(["state", "group"])]
    plain = {name.casefold().replace(".", ""): i for name, i in zip(book.aliases["alias"], book.aliases["actor_id"])
             if i in states.index}
    plain |= {i.casefold(): i for i in states.index} | {name.casefold(): i for i, name in states["name"].items()}
    word = re.sub(r"^the ", "", said.casefold()).replace(".", "")
    if word in plain:
        return str(states.at[plain[word], "name"])
    return _word(said, [*states.loc[states["layer"] == "case", "name"], "nobody"])


@_named("headline")
def _headline(case: Case, doc: str, in_headline, in_body) -> tuple[list[str], str]:
    if _blank([in_headline, in_body]):
        return [EMPTY], ""
    row = _labels(case, "headlines").query("doc_id == @doc").iloc[0]
    book = load_codebook(case.raw)
    actors = book.actors.drop_duplicates("actor_id").set_index("actor_id")["name"]
    wrong = []
    for where, given, key in (("headline", in_headline, row["headline_actor"]), ("body", in_body, row["body_actor"])):
        if _blank(given):
            wrong.append(f"The {where} is still empty.")
            continue
        if _state(_text(given), book) != (actors[key] if pd.notna(key) else None):
            wrong.append(f"In the {where}: " + ("look for the one who does the deed, not the one it is done to."
                         if where == "headline" else "find the sentence that says whose idea it was. Is anyone named?"))
    return wrong, f"Headline and body part ways here. The key's note on this headline: “{row['note']}”."


@_named("who")
def _who(case: Case, event_key: str, answers) -> tuple[list[str], str]:
    book = load_codebook(case.raw)
    rows = _labels(case, "events")
    rows = rows[(rows["event_key"] == event_key) & (rows["stage"] == "offer")
                & rows["status"].isin(DONE)]        # the codebook has an offer that was made as proposed
    actors = book.actors.drop_duplicates("actor_id").set_index("actor_id")["name"]
    keys = {d: set(rows.loc[rows["doc_id"] == d, "actor"].dropna().map(actors)) for d in answers} \
        if isinstance(answers, Mapping) else {}

    def why(doc: str, word: str) -> str:
        return f"that is not what {doc} says. What another text says, or what is true, does not matter here."
    return _each(answers, keys, lambda said: _state(said, book) or "nobody", why,
                 "That is what each text says. Who is right is another question.")


@_named("topics")
def _topics(case: Case, ids: list[str], answers) -> tuple[list[str], str]:
    points = _labels(case, "contradictions").set_index("id")
    topics = [points.loc[i, "topic"] for i in ids]

    def why(_: str, word: str) -> str:
        return f"“{word}” is another card's. What exactly is not the same in the two places?"
    return _each(answers, dict(zip(ascii_uppercase, ({t} for t in topics))), topics, why,
                 "Each card has its change. Which of them would a hurried reader notice?")


@_named("both true")
def _both_true(case: Case, ids: list[str], answers) -> tuple[list[str], str]:
    points = _labels(case, "contradictions").set_index("id")

    def why(_: str, word: str) -> str:
        return ("do the two places speak of the same thing, and of the same day? Read them as a lawyer would."
                if word == "no" else "how could both be true? Write the reading down; the key finds none.")
    dissolves = points["dissolves"].eq("yes").fillna(False) if "dissolves" in points else pd.Series(False, points.index)
    keys = {letter: {"yes" if dissolves[i] else "no"} for letter, i in zip(ascii_uppercase, ids)}
    return _each(answers, keys, ["yes", "no"], why, "Most contradictions go away when one reads what exactly is said.")


@_named("leading frame")
def _leading(drawn: pd.DataFrame, answer) -> tuple[list[str], str]:
    if _blank(answer):
        return [EMPTY], ""
    said = _word(_text(answer), groups(load_codebook(None), "frame")["group"])
    body = drawn[drawn["section"] == "body"]
    counts, n = body.groupby(["doc_id", "frame"])["n"].sum(), body["doc_id"].nunique()
    leads = counts[counts == counts.groupby("doc_id").transform("max")].reset_index()["frame"].value_counts()
    key = set(leads[leads == leads.max()].index)
    return ([] if said in key else [f"“{said}” leads in {int(leads.get(said, 0))} of {n} texts. "
                                    "Look for the longest row of each text."],
            f"“{said}” leads in {int(leads.max())} of {n} texts. That is about these texts, not about their outlets.")


# the coding sheet, and session 4 ------------------------------------------------------------------------------------


@_named("sheet")
def _sheet(path, columns: Iterable[str]) -> tuple[list[str], str]:
    if _blank(path):
        return ["Write the name of your sheet above, such as “coding-sheet-anna.csv”."], ""
    path = Path(str(path))
    if not path.is_file():
        return [f"There is no file {path.name!r} beside this notebook. Save your sheet here, as CSV."], ""
    frame, wrong = sheets.read_sheet(path)
    if not sheets.coder_of(path):
        return ["This is the empty sheet. Save yours under your own name, such as coding-sheet-anna.csv."
                if sheets.unfilled(frame) else "This sheet is filled in, but has no name: nobody can tell whose it is. "
                "Save it as coding-sheet-anna.csv, with your own name, and write that above."], ""
    for column in columns:
        empty = frame.loc[frame[column].isna(), "row"]
        if len(empty) and not wrong:
            wrong.append(f"The column ‘{column}’ is empty in " + (f"row {empty.iloc[0]}." if len(empty) == 1 else
                                                                  f"{len(empty)} rows, first in row {empty.iloc[0]}."))
    return wrong, (f"{len(frame)} rows, each with a word that can be read. Whether it is the best word, your group "
                   "will find out.")


@_named("sheets")
def _sheets(filled: pd.DataFrame, problems: Collection[str]) -> tuple[list[str], str]:
    n = filled["coder"].nunique()
    if n < 2:
        return [f"{'No' if not n else 'Only one'} filled sheet is here; two are needed to compare. Ask your group for "
                "theirs and put them beside this notebook.", *problems], ""
    if filled.groupby("place")["coder"].nunique().max() < 2:
        return ["These sheets are of different texts. Agreement needs the same sentences coded twice.", *problems], ""
    return list(problems), f"{n} sheets can be compared: {', '.join(sorted(filled['coder'].unique()))}."


@_named("lowest")
def _lowest(found: pd.DataFrame, answer) -> tuple[list[str], str]:
    if found.empty:
        return ["There is no agreement to look at yet: the sheets come first."], ""
    if _blank(answer):
        return [EMPTY], ""
    said = _word(_text(answer), TABLES)
    pairs = found[found["coder_a"] != "all"]
    mean = pairs.groupby("variable")["percent"].mean().round(6)
    return ([] if mean[said] == mean.min() else
            [f"There is a column with less agreement than {said}. Compare the averages of ‘percent’."],
            f"{said}: {mean[said]:.0f} % alike on the average of the pairs, the least of the three. Was that your "
            "guess?")


@_named("percent")
def _percent(frame: pd.DataFrame, answer) -> tuple[list[str], str]:
    if _blank(answer):
        return [EMPTY], ""
    given = _number(answer, "written in per cent, as a whole number such as 75")
    share = frame.nunique(axis=1).eq(1).mean() * 100
    return ([] if given == round(share) else
            ["Count the rows in which both wrote the same word, and divide by the number of rows."],
            f"{given} % alike. Alpha of the same rows is {alpha(frame):.2f}.")


@_named("would you trust it")
def _trust(frame: pd.DataFrame, answer) -> tuple[list[str], str]:
    if _blank(answer):
        return [EMPTY], ""
    said, found = _word(_text(answer), ("yes", "no")), alpha(frame)
    return ([] if (said == "yes") == (found >= TENTATIVE) else
            [f"The usual bound is {TENTATIVE}. Is {found:.2f} above it or below?"],
            "Two coders who nearly always write the same word agree often, and show nothing by it.")


@_named("research codes")
def _research(case: Case, keys: list[str], answers) -> tuple[list[str], str]:
    types = load_codebook(case.raw).types

    def why(_: str, word: str) -> str:
        return f"{word} means: {types.loc[word, 'definition']} Is that the step between » and «?"
    return _each(answers, dict(zip(ascii_uppercase, _codes(case, "type", keys))), TYPES, why,
                 "These are the words that a data set of events would hold.")
