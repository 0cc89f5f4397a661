"""What a class reads beside the exercises: its codebook, the texts as they were saved, the coding sheet on paper."""
from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import combinations
from pathlib import Path

import pandas as pd
from markupsafe import Markup

from helpers.case import Case
from helpers.codebook import load_codebook
from helpers.codebook.naming import counted
from helpers.teaching import sheets
from helpers.teaching.checks import ROLES
from helpers.teaching.showing import TABLES, WORDS, groups, lines_of

__all__ = ["codebook_page", "coarser", "edges", "printed", "sheet_page", "texts_page"]

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


def printed(title: str, body: str) -> str:
    """Return a page that prints well on A4 and needs no other file."""
    from helpers.pages import html
    return html.paper("print.html.j2", Path(__file__).parent, title=title, body=Markup(body))


def texts_page(case: Case, licence: str) -> str:
    """Return the texts of a case as they were saved, line by line, with the numbers that the exercises count by.

    Accepts a case with its texts, and the licence that lets them be handed out, which the page names.
    """
    title = f"{counted(len(case.manifest), 'text')} on one dispute, as they were saved"
    listed, shown = [], []
    for row in case.manifest.to_dict("records"):
        doc, head = row["doc_id"], Markup("{}: {}").format(row["doc_id"], row["outlet"])
        listed.append(Markup('<li><a href="#{}">{}</a></li>').format(doc, head))
        lines = lines_of(case, doc)
        rows = Markup("").join(Markup('<tr><th scope="row">{}</th><td class="line">{}</td></tr>').format(n, text)
                               for n, text in zip(lines["line"], lines["text"]))
        shown.append(Markup('<h2 id="{}">{}</h2><table class="lines"><tbody>{}</tbody></table>').format(
            doc, head, rows))
    about = Markup("<h1>{}</h1><p>{}. Menus and buttons are left in, for that is how pages come. The numbers are those "
                   "of the lines. The texts may be quoted under the licence {}.</p><ul>{}</ul>").format(
                       title, case.title, licence, Markup("").join(listed))
    return printed(title, about + Markup("").join(shown))


def sheet_page(case: Case, doc: str) -> str:
    """Return the coding sheet of a text to be filled with a pen."""
    wide = {"row": 6, "sentence": 38, "the step": 14, **dict.fromkeys(TABLES, 10), "note": 12}
    heads = Markup("").join(Markup('<th scope="col" style="width:{}%">{}</th>').format(n, name)
                            for name, n in wide.items())
    empty = Markup("<td></td>") * (len(TABLES) + 1)
    rows = Markup("").join(Markup('<tr><th scope="row">{}</th><td class="line">{}</td><td>{}</td>{}</tr>').format(
        r["row"], r["sentence"], r["step"], empty) for r in sheets.rows_of(case, doc).to_dict("records"))
    return printed("Coding sheet", Markup(
        "<h1>Coding sheet: {}</h1><p>Name: __________________ One word a cell, from the codebook; where nothing fits, "
        'none. Alone.</p><table class="sheet"><thead><tr>{}</tr></thead><tbody>{}</tbody></table>').format(
            case.row(doc)["outlet"], heads, rows))
