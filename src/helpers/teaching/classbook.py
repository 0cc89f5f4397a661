"""The codebook as a class uses it: three columns of the coding sheet in their coarser words, and the roles of lines."""
from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import combinations
from pathlib import Path

import pandas as pd

from helpers.case import Case
from helpers.codebook import load_codebook
from helpers.teaching.checks import ROLES
from helpers.teaching.showing import TABLES, WORDS, groups

__all__ = ["codebook_page", "coarser", "edges"]

ASKS = {"status": "How sure does the text make it?", "track": "Which part of the dispute is it?",
        "frame": "Which side of the matter does the sentence put forward?"}


def coarser(rule: str, group: Mapping[str, str]) -> str:
    """Say a rule of the codebook in the words of a class: groups for codes, each once.

    >>> coarser("It is proposed or threatened.", {"proposed": "announced", "threatened": "announced"})
    'It is announced.'
    """
    codes = "|".join(sorted(map(re.escape, group), key=len, reverse=True))
    said = re.sub(rf"\b(?:{codes})\b", lambda code: group[code[0]], rule)
    return re.sub(r"\b(\w+)(?:(?: or |, )\1\b)+", r"\1", said)


def _elsewhere(code: Mapping, group: Mapping[str, str]) -> list[str]:
    """What is out of a code, with the group it goes to; what goes to another code of its own group is not out."""
    kept = []
    for said in code["out"]:
        inside = "; ".join(re.findall(r"\((.+?)\)", said))
        named = {g for c, g in group.items() if re.search(rf"\b{c}\b", inside)}
        if named != {code["seminar_group"]}:
            kept.append(re.sub(r"\(.+?\)", lambda found: coarser(found[0], group), said))
    return kept


def edges(codes: pd.DataFrame, names: Sequence[str]) -> dict[tuple[str, str], list[str]]:
    """Return the rules that part two groups from each other, by pairs in the order of ``names``, each rule once."""
    group = codes["seminar_group"].to_dict()
    out: dict[tuple[str, str], list[str]] = {(one, other): [] for one, other in combinations(names, 2)}
    for code, drawn in codes["boundaries"].items():
        for edge in drawn:
            one, other = sorted((group[code], group[edge["against"]]), key=names.index)
            rule = coarser(re.sub(r"^See \w+\. ?", "", edge["rule"]), group)
            if rule and one != other:
                out[one, other].append(rule)
    return {pair: rules for pair, rules in out.items() if rules}


def codebook_page(case: Case) -> str:
    """Return the codebook of a class as a page: the sheet's rules and words, what is in and out, and what parts them.

    Accepts a case. Every rule is the codebook's own, said in the coarser words.
    """
    from helpers.pages import html
    book, parts = load_codebook(case.raw), []
    for column, asks in ASKS.items():
        codes = getattr(book, TABLES[column])
        group, names = codes["seminar_group"].to_dict(), groups(book, column)["group"].tolist()
        rows = [{"name": name, "codes": [code | {"out": _elsewhere(code, group)} for code in of.to_dict("records")]}
                for name in names for of in [codes[codes["seminar_group"] == name]]]
        rules = list(book.about[f"{TABLES[column]}.yaml"].get("seminar_rules", ()))
        if "precedence" in codes:
            first = codes.sort_values("precedence", kind="stable")["seminar_group"].drop_duplicates()
            rules.insert(0, f"Where several fit, the first of these counts: {', '.join(first)}.")
        parts.append({"column": column, "asks": asks, "groups": rows, "rules": rules,
                      "edges": edges(codes, names)})
    own = book.actors[(book.actors["layer"] == "case")].drop_duplicates("actor_id")
    known = book.roles.rename(index=WORDS)
    roles = known.loc[ROLES].rename_axis("name").reset_index().to_dict("records")
    contents = [(1, f"The column “{part['column']}”", part["column"]) for part in parts]
    return html.paper("codebook.html.j2", Path(__file__).parent, title=case.title, parts=parts, roles=roles,
                      contents=[*contents, (1, "Who is who", "names"), (1, "What a line is for", "roles")],
                      actors=own.to_dict("records"))
