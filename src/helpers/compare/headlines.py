"""Headlines held against their own bodies."""
from __future__ import annotations

import pandas as pd

from helpers.case import ParameterError

__all__ = ["actors_of", "headlines_of", "headline_of", "answer"]


def actors_of(headlines: pd.DataFrame) -> list[str]:
    """Return the actors that headlines or bodies name, in alphabetical order.

    >>> actors_of(pd.DataFrame({"headline_actor": ["NOR+KES", None], "headline_target": ["TAV", None],
    ...                         "body_actor": ["NOR", "KES"], "body_target": [None, None]}))
    ['KES', 'NOR', 'TAV']
    """
    cells = headlines[["headline_actor", "headline_target", "body_actor", "body_target"]].stack().dropna()
    return sorted({part for cell in cells for part in str(cell).split("+")})


COLUMNS = [f"{place}_{what}" for place in ("headline", "body") for what in ("actor", "action", "target", "certainty")]


def headlines_of(case) -> pd.DataFrame:
    """Return the headline labels of a case (``gold/headlines.csv``), without rows where it has none."""
    labels = case.labels("headlines")
    if labels is None:
        return pd.DataFrame(columns=["doc_id", *COLUMNS, "difference", "note"], dtype="string")
    return labels


def headline_of(headlines: pd.DataFrame, doc_id: str = "") -> pd.DataFrame:
    """Return one row of the headline labels: of the document named, else of one whose headline names another actor.

    Accepts labels (doc_id, headline_actor, body_actor, …). Returns a frame of one row, or of none where there are no
    labels. Missing actors come back as ``nobody named``. Raises :class:`~helpers.case.ParameterError` for a document
    that has none.
    """
    rows = headlines.assign(**{c: headlines[c].fillna("nobody named") for c in ("headline_actor", "body_actor")})
    if doc_id:
        rows = rows[rows["doc_id"] == doc_id]
        if rows.empty and len(headlines):
            raise ParameterError(f"No headline label for {doc_id!r}; there are: {', '.join(headlines['doc_id'])}.")
        return rows
    named = rows["headline_actor"].ne("nobody named")
    differs = rows["headline_actor"].ne(rows["body_actor"])
    return rows.loc[(differs & named).astype(int).add(differs.astype(int)).sort_values(ascending=False, kind="stable"
                                                                                      ).index[:1]]


def answer(guess: str, row: pd.Series) -> str:
    """Answer a guess about who acts, from a row of :func:`headline_of`.

    >>> answer("NOR", pd.Series({"headline_actor": "KES", "body_actor": "NOR"}))
    'You guessed NOR: that is whom the body names, and not whom the headline names.'
    >>> answer("", pd.Series({"headline_actor": "KES", "body_actor": "NOR"}))
    'You have not guessed yet. Headline and body name different sides.'
    """
    same = row["headline_actor"] == row["body_actor"]
    if not guess:
        return "You have not guessed yet. Headline and body name " + ("the same side." if same else "different sides.")
    if guess == row["body_actor"]:
        what = "whom the body names" + (", and the headline too." if same else ", and not whom the headline names.")
    elif guess == row["headline_actor"]:
        what = "whom the headline names. The body names someone else."
    else:
        what = "neither whom the headline names nor whom the body names."
    return f"You guessed {guess}: that is {what}"
