"""Correcting a code from the notebook: one decision, kept in ``review/`` as ``casebook score --save`` keeps it.

Nothing here is called while a notebook is rendered: only a press of a button writes.
"""
from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from helpers import review, tables
from helpers.case import Case, CaseError, ParameterError
from helpers.codebook.naming import counted
from helpers.explore.choosing import Material
from helpers.review import decisions, spreadsheet
from helpers.review.sheets import REVIEW, TABLE

__all__ = ["ACTIONS", "Target", "decide", "keep", "targets", "undo"]

ACTIONS = {"accept": "accept as it is", "reject": "reject"}
HAD_READ = "the passage and the codes that the notebook showed"
CALLED = {"events": "this step", "frames": "the frames of its sentence", "quotes": "the quotation it stands in"}


@dataclass(frozen=True)
class Target:
    """A row that can be decided on: what it is (see CALLED), the key of its span, its fields as coders write them."""
    what: str
    key: str
    now: Mapping[str, str]


def targets(material: Material, event_mention_id: str) -> list[Target]:
    """Return what can be decided on at a mention: the step, the frames of its sentence, the quotation it stands in.

    Decisions go on top of the layer that charts draw; a mention that is not of it has none.
    """
    rows = {}
    for what in CALLED:
        try:
            name, rows[what] = review.drawn(material.case, what)
        except CaseError:                    # nobody has coded any
            continue
        rows[what] = rows[what].assign(key=decisions.keys(rows[what], name))
    if "events" not in rows:
        return []
    mine = rows["events"][rows["events"]["event_mention_id"] == event_mention_id]
    if mine.empty:
        return []
    mention, found = mine.iloc[0], {"events": mine}
    if "frames" in rows:
        found["frames"] = rows["frames"][rows["frames"]["sentence_id"] == mention["sentence_id"]]
    if "quotes" in rows:
        q = rows["quotes"]
        found["quotes"] = q[(q["doc_id"] == mention["doc_id"]) & (q["start"] < mention["trigger_end"])
                            & (q["end"] > mention["trigger_start"])]
    out = []
    for what, own in found.items():
        now = {f: decisions.shown(own.to_dict("records")[0], f) for f in REVIEW[what]} if len(own) else {}
        if what == "frames" and pd.notna(mention["sentence_id"]):
            now["frames"] = ";".join(own["frame"])
            doc, _, span = mention["sentence_id"].rpartition("/s")
            out.append(Target(what, f"{doc}:{span}", now))
        elif len(own):
            out.append(Target(what, own["key"].iloc[0], now))
    return out


def decide(material: Material, target: Target, action: str, value: str, coder: str, kind: str, *, note: str = "",
           day: str = "") -> pd.DataFrame:
    """Return one decision, checked, as a frame of one row.

    Accepts what is decided on, an action (``accept``, ``reject`` or the field to correct), the better value (``none``
    empties the field), the coder's name and kind, a note, and the day (none: today). Raises
    :class:`~helpers.case.ParameterError`, which says what is wrong and what to do.
    """
    coder, value = coder.strip(), value.strip()
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*", coder):
        raise ParameterError("Say who decides: a name of letters and digits, such as anna or P3.")
    who = review.coders(material.case).set_index("coder_id")["kind"].to_dict()
    if who.get(coder, kind) != kind:
        raise ParameterError(f"{coder!r} is entered as coder of kind {who[coder]}, not {kind}. Take another name.")
    edit = action not in ACTIONS
    if edit and not value:
        raise ParameterError(f"Give the better value for {action!r}, or none to empty it.")
    if edit and value == target.now.get(action):
        raise ParameterError(f"{action!r} is {value!r} already. To say that it is right, choose “{ACTIONS['accept']}”.")
    row = dict.fromkeys(decisions.DECISIONS) | {
        "table": TABLE[target.what], "key": target.key, "decision": "edit" if edit else action, "coder_id": coder,
        "date": day or dt.date.today().isoformat(), "note": " ".join(note.split()) or None}
    if edit:
        row |= {"field": action, "machine_value": target.now.get(action) or None, "decided_value": value}
    wrong = decisions.wrong(row, who | {coder: kind}, review.codes(material.codebook))
    if wrong:
        raise ParameterError(f"Not kept: {wrong}" + ("" if wrong.endswith("?") else "."))
    return pd.DataFrame([row], columns=decisions.DECISIONS).astype("string")


def keep(case: Case, decision: pd.DataFrame, kind: str) -> str:
    """Write a decision to ``review/decisions-<coder>.csv``, whole or not at all, and say where it is.

    Accepts what :func:`decide` returned, and the coder's kind. A coder who is not in ``review/coders.csv`` yet is
    entered first, with the day and with what was on the screen as what had been read.
    """
    coder, day = decision["coder_id"].iloc[0], decision["date"].iloc[0]
    entered = ""
    if coder not in set(review.coders(case)["coder_id"]):
        review.enter(case, coder, kind, day, HAD_READ)
        entered = f" {coder} is entered in review/coders.csv as {kind}."
    path = review.write_decisions(case, decision, f"decisions-{coder}")
    return (f"Kept: {_told(decision.iloc[0])}, in review/{path.name}.{entered} `casebook build {case.name}` applies "
            "it; until then charts and tables show the old code.")


def undo(case: Case, coder: str) -> str:
    """Take back the last decision of a coder, whole or not at all, and say which it was.

    A file that held nothing else goes, and so does the coder's line in ``review/coders.csv`` where the notebook wrote
    it and nothing else of that coder is left. Raises :class:`~helpers.case.ParameterError` where nothing can be undone.
    """
    coder = coder.strip()
    path = case.raw / "review" / f"decisions-{coder}.csv"
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*", coder) or not path.is_file():
        raise ParameterError(f"{coder or 'Nobody'} has decided nothing that could be undone.")
    rows = spreadsheet.read(path, decisions.DECISIONS)
    rest = rows[:-1]
    left = None if rest else _without(case, coder)      # whatever is wrong with the other files is told before one goes
    if rest:
        spreadsheet.write(path, rest, decisions.DECISIONS, bom=False)
    else:
        path.unlink()
    gone = "" if left is None else f" {coder} is no longer entered in review/coders.csv."
    if left is not None:
        entered = case.raw / "review" / "coders.csv"
        tables.write_whole(entered, tables.to_csv(left)) if len(left) else entered.unlink()
    if not rows:
        return f"Nothing was there.{gone}"
    are = "is" if len(rest) == 1 else "are"
    return f"Taken back: {_told(rows[-1])}. {counted(len(rest), 'decision')} of {coder} {are} left.{gone}"


def _without(case: Case, coder: str) -> pd.DataFrame | None:
    """The rows of ``review/coders.csv`` without a coder whom :func:`keep` entered, or None: the coder stays, for the
    row is another's, or something else of that coder is there."""
    who = case.optional("review/coders.csv")
    if who is None:
        return None
    mine = (who["coder_id"].eq(coder) & who["had_read"].eq(HAD_READ)).fillna(False)
    kept, _ = review.read_decisions(case)
    sheets = (case.raw / "review" / "sheets").glob("*.csv")
    own = kept["file"].eq(f"review/decisions-{coder}.csv")
    other = kept.loc[~own, "coder_id"].eq(coder).any() or any(
        coder == row.get("coder") for sheet in sheets for row in spreadsheet.read(sheet))
    return who[~mine] if mine.any() and not other else None


def _told(row: Mapping) -> str:
    what = f"{row['field']} → {row['decided_value']}" if row["decision"] == "edit" else row["decision"]
    return f"{what} for {row['table']} {row['key']} ({row['coder_id']}, {row['date']})"
