"""What must be true of a codebook beyond its form: codes that exist, offices that do not overlap, cues that work."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import partial

import pandas as pd

from .cues import compile_cues, danger, to_regex
from .reading import ALONE, FORMS, KINDS, MATCHES, SHAPES, Reading, nearest
from .yamlfile import Row


def fit(reading: Reading) -> None:
    """All checks that a codebook must pass before it is used."""
    references(reading)
    people(reading)
    readable_cues(reading)


def references(reading: Reading) -> None:
    for file, shape in SHAPES.items():
        for given, table in shape.refers.items():
            target = next(f for f, s in SHAPES.items() if s.table == table)
            known = reading.entries.get(target, {})
            for code, (name, row) in reading.entries.get(file, {}).items():
                if row.get(given) and row[given] not in known:
                    reading.say(
                        name,
                        row.line,
                        code,
                        f"{given!r} names {row[given]!r}, which {target} does not define",
                        nearest(row[given], known),
                    )
    for file, shape in SHAPES.items():
        entries = reading.entries.get(file, {}) if "boundaries" in shape.fields else {}
        for code, (name, row) in entries.items():
            for edge in row.get("boundaries") or []:
                against = edge.get("against") if isinstance(edge, Row) else edge
                if against not in entries:
                    reading.say(
                        name,
                        row.line,
                        code,
                        f"a boundary is drawn against {against!r}, which is no code of {shape.table}",
                        nearest(str(against), entries),
                    )
                elif not edge.get("rule"):
                    reading.say(name, row.line, code, f"the boundary against {against!r} has no rule", "add 'rule: …'")


def _span(text: str, last: bool) -> date | None:
    """The first or last day of ``2021``, ``2021-04`` or ``2021-04-13``; an empty cell is open."""
    if not text:
        return date.max if last else date.min
    found = re.fullmatch(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", text)
    if not found:
        return None
    try:
        year, month, day = (int(part or 0) for part in found.groups())
        if day:
            return date(year, month, day)
        if not last:
            return date(year, month or 1, 1)
        return pd.Period(f"{year}-{month or 12:02d}", "M").end_time.date()
    except ValueError:
        return None


def _contrast(colour: str) -> float:
    """Contrast of a colour with white, after WCAG 2."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 1.05 / (0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] + 0.05)


def _term(reading: Reading, name: str, line: int, who: str, row: Mapping[str, str]) -> tuple[date, date] | None:
    """The first and last day of an office; None, and a problem, where they are none or stand the wrong way round."""
    first, last = _span(row["valid_from"], False), _span(row["valid_to"], True)
    for which, value in (("valid_from", first), ("valid_to", last)):
        if value is None:
            reading.say(name, line, who, f"{which} is no date: {row[which]!r}", "write 2021, 2021-04 or 2021-04-13")
    if first and last and first > last:
        reading.say(name, line, who, "valid_from is later than valid_to", "swap the two")
    return (first, last) if first and last and first <= last else None


def leaders(reading: Reading, actors: set[str]) -> None:
    """Leaders lead an actor that is known, and one at a time by their dates."""
    terms: dict[str, list[tuple[date, date, int]]] = {}
    for name, line, row in reading.rows.get("leaders.csv", []):
        who = row["name"]
        if not who:
            reading.say(name, line, row["country"], "the name is empty", "write given name and surname")
        if row["country"] not in actors:
            reading.say(name, line, who, f"nobody has the code {row['country']!r}", nearest(row["country"], actors))
        if row["alone"] not in ALONE:
            reading.say(name, line, who, f"alone cannot be {row['alone']!r}",
                        nearest(row["alone"], [a or "(empty)" for a in ALONE]))
        term = _term(reading, name, line, who, row)
        for first, last, other in terms.get(who, []) if term else ():
            # the last day of one office may be the first of the next
            if term and first < term[1] and term[0] < last:
                reading.say(name, line, who, f"the dates run over those on line {other}",
                            "correct valid_from or valid_to: who leads two at once stands for neither")
        if term:
            terms.setdefault(who, []).append((*term, line))


def people(reading: Reading) -> None:
    states = {row["country"] for _, _, row in reading.rows.get("countries.csv", [])}
    bodies = [row for _, _, row in reading.rows.get("bodies.csv", [])]
    states |= {row["body"] for row in bodies if row["kind"] == "state"}
    known = states | {row["body"] for row in bodies}
    leaders(reading, known)
    _aliases(reading, known | _actors(reading, states))
    _items(reading)


def _actors(reading: Reading, states: set[str]) -> set[str]:
    """Check the rows of actors; returns their codes."""
    seen: dict[tuple, int] = {}
    holders: dict[tuple[str, str], list] = {}
    for name, line, row in reading.rows.get("actors.csv", []):
        who, kind, country, colour = row["actor_id"], row["kind"], row["country"], row["colour"]
        say = partial(reading.say, name, line, who)
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", who):
            say("the actor_id may hold only letters, figures, dots and hyphens", "write for example USA.senate")
        if kind not in KINDS:
            say(f"the kind {kind!r} is not known", nearest(kind, KINDS))
        if states and country and country not in states:
            say(f"the country {country!r} is not an ISO 3166 alpha-3 code", nearest(country, states))
        if not re.fullmatch(r"(#[0-9A-Fa-f]{6})?", colour):
            say(f"the colour {colour!r} is not written as #RRGGBB", "write for example #0072B2")
        elif colour and (on_white := _contrast(colour)) < 3:
            say(f"the colour {colour} is too pale on white ({on_white:.1f}:1, needed 3:1)", "take a darker one")
        key = (who, row["office"], row["valid_from"])
        if key in seen:
            say(
                f"the same actor and office stand on line {seen[key]} already",
                "delete one, or give the second term its own dates",
            )
        seen[key] = line
        term = _term(reading, name, line, who, row)
        if term and row["office"] and not row["shared"]:
            holders.setdefault((country, row["office"]), []).append((*term, who, name, line))
    _held_by_two(reading, holders)
    return {who for who, *_ in seen}


def _held_by_two(reading: Reading, holders: dict[tuple[str, str], list]) -> None:
    for (_, office), terms in holders.items():
        terms.sort(key=lambda term: term[:2])
        for (_, before, one, *_), (start, _, two, name, line) in zip(terms, terms[1:]):
            # a day of handing over is shared by both
            if start < before and one != two:
                reading.say(
                    name,
                    line,
                    two,
                    f"{one} still holds the office {office!r} on {start}",
                    "correct valid_from or valid_to, or write 'yes' under shared if several hold it at once",
                )


def _aliases(reading: Reading, actors: set[str]) -> None:
    allowed = {"match": MATCHES, "form": FORMS, "ambiguous": ("", "yes"), "error_form": ("", "yes")}
    named: dict[str, list] = {}
    for name, line, row in reading.rows.get("aliases.csv", []):
        alias, who = row["alias"], row["actor_id"]
        say = partial(reading.say, name, line)
        if not alias:
            say(who, "the alias is empty", "write the words as they stand in texts, or delete the row")
        if who not in actors:
            say(alias, f"the actor {who!r} is not in actors.csv", nearest(who, actors))
        for column, words in allowed.items():
            if row[column] not in words:
                say(alias, f"{column} cannot be {row[column]!r}", nearest(row[column], [a or "(empty)" for a in words]))
        for other, other_line, ambiguous in named.get(alias, []):
            if other == who:
                say(alias, f"the alias stands on line {other_line} already", "delete one of the two rows")
            elif not (ambiguous and row["ambiguous"]):
                say(
                    alias,
                    f"the alias means {other} on line {other_line} and {who} here",
                    "write 'yes' under ambiguous in both rows, or choose one",
                )
        named.setdefault(alias, []).append((who, line, row["ambiguous"]))


def _items(reading: Reading) -> None:
    items: dict[str, int] = {}
    for name, line, row in reading.rows.get("items.csv", []):
        for alias in {row["item"], *filter(None, map(str.strip, row["aliases"].split(";")))}:
            if alias in items and items[alias] != line:
                reading.say(
                    name,
                    line,
                    row["item"],
                    f"the name {alias!r} stands on line {items[alias]} already",
                    "keep it in one row only",
                )
            items[alias] = line


def readable_cues(reading: Reading) -> None:
    """Every cue must be readable and harmless before any text meets it."""
    for file, shape in SHAPES.items():
        if "cues" not in shape.fields:
            continue
        for code, (name, row) in reading.entries.get(file, {}).items():
            for given in ("cues", "requires", "excludes"):
                if given == "cues" and row.get("cues") == []:
                    reading.say(
                        name, row.line, code, "the rule has no cue", "add the words that show it, or delete the rule"
                    )
                for cue in row.get(given) or []:
                    _try_cue(reading, name, row.line, code, cue)
    for role, (name, row) in reading.entries.get("lines.yaml", {}).items():
        for cue in row.get("cues") or []:
            if isinstance(cue, Row):
                for how in ("whole", "begins", "holds"):
                    if how in cue:
                        _try_cue(reading, name, cue.line, f"{role}.{cue.get('id', '')}", f"re:{cue[how]}")


def _try_cue(reading: Reading, name: str, line: int, code: str, cue) -> None:
    if not isinstance(cue, str):
        reading.say(name, line, code, f"the cue {cue!r} is not plain text", "put it in quotation marks")
        return
    try:
        pattern = to_regex(cue)
        if cue.startswith("re:"):  # plain cues become sound and harmless patterns by the way they are made
            re.compile(pattern)
            if why := danger(pattern):
                reading.say(name, line, code, f"the cue {cue!r}: {why.split(':')[0]}", why.split(": ", 1)[1])
    except ValueError as error:
        reading.say(name, line, code, str(error).split(":")[0], str(error).split(": ", 1)[-1])
    except (re.error, RecursionError, OverflowError) as error:
        reading.say(
            name,
            line,
            code,
            f"the regular expression {cue!r} is broken ({error})",
            "write plain words with * instead, or close its brackets",
        )


def examples(reading: Reading) -> None:
    """Run every rule on its own examples (line roles run theirs in ``helpers.cleaning``, which says how they match)."""
    for file, shape in SHAPES.items():
        if "examples_yes" not in shape.fields:
            continue
        for code, (name, row) in reading.entries.get(file, {}).items():
            try:
                finder = compile_cues([{"id": code, **row}])
            except (ValueError, re.error):
                continue  # reported by readable_cues
            _run(reading, name, row.line, code, row, lambda text, finder=finder: bool(finder.find(text)))


def _run(reading: Reading, name: str, line: int, code: str, row: Mapping, met) -> None:
    for given, wanted in (("examples_yes", True), ("examples_no", False)):
        examples = row.get(given)
        if not isinstance(examples, list) or not examples:
            reading.say(
                name,
                line,
                code,
                f"there is no example under {given!r}",
                "add at least one sentence, about invented parties",
            )
            continue
        for example in examples:
            try:
                found = met(example)
            except (re.error, TypeError):
                continue  # reported by readable_cues
            if found != wanted:
                reading.say(
                    name,
                    line,
                    code,
                    f"{given}: the rule {'misses' if wanted else 'wrongly meets'} {example!r}",
                    "add a cue that meets it, or move the sentence to examples_no"
                    if wanted
                    else "narrow a cue (excludes, requires), or move the sentence to examples_yes",
                )
