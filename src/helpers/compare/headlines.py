"""Headlines held against their own bodies."""
from __future__ import annotations

import difflib

import pandas as pd

from helpers.case import ParameterError
from helpers.codebook.naming import joined, the

__all__ = ["actors_of", "headlines_of", "headline_of", "answer", "sides"]


def actors_of(headlines: pd.DataFrame) -> list[str]:
    """Return the actors that headlines or bodies name, in alphabetical order.

    >>> actors_of(pd.DataFrame({"headline_actor": ["NOR+KES", None], "headline_target": ["TAV", None],
    ...                         "body_actor": ["NOR", "KES"], "body_target": [None, None]}))
    ['KES', 'NOR', 'TAV']
    """
    cells = headlines[["headline_actor", "headline_target", "body_actor", "body_target"]].stack().dropna()
    return sorted({part for cell in cells for part in str(cell).split("+")})


NOBODY = "nobody named"
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
    rows = headlines.assign(**{c: headlines[c].fillna(NOBODY) for c in ("headline_actor", "body_actor")})
    if doc_id:
        rows = rows[rows["doc_id"] == doc_id]
        if rows.empty and len(headlines):
            raise ParameterError(f"No headline label for {doc_id!r}; there are: {', '.join(headlines['doc_id'])}.")
        return rows
    named = rows["headline_actor"].ne(NOBODY)
    differs = rows["headline_actor"].ne(rows["body_actor"])
    return rows.loc[(differs & named).astype(int).add(differs.astype(int)).sort_values(ascending=False, kind="stable"
                                                                                      ).index[:1]]


def answer(guess: str, row: pd.Series, actors: pd.DataFrame, aliases: pd.DataFrame) -> str:
    """Answer a guess about who acts, from a row of :func:`headline_of`.

    Accepts the guess (a code, a name or an alias, in capitals or not), the row, the actors that may be guessed
    (actor_id, name), and the codebook's aliases (alias, actor_id). A word that names none of these actors is said to be
    none of them.

    >>> book = pd.DataFrame({"actor_id": ["KES", "NOR"], "name": ["Keslund", "Norvia"]})
    >>> also = pd.DataFrame({"alias": ["N.V."], "actor_id": ["NOR"]})
    >>> answer("nv", pd.Series({"headline_actor": "KES", "body_actor": "NOR"}), book, also)
    'You guessed nv (NOR): that is whom the body names, and not whom the headline names.'
    >>> answer("", pd.Series({"headline_actor": "KES", "body_actor": "NOR"}), book, also)
    'No guess is written down. Headline and body name different sides.'
    """
    headline, body = row["headline_actor"], row["body_actor"]
    same, silent = headline == body, NOBODY in (headline, body)
    if not guess.strip():
        return "No guess is written down. " + ("One of headline and body names nobody." if silent and not same else
                                               "Headline and body name " + ("the same side." if same else
                                                                            "different sides."))
    code = _guessed(guess, actors, aliases)
    if code is None:
        names = {str(name).casefold(): name for name in actors["name"]}
        near = difflib.get_close_matches(guess.strip().casefold(), names, 1)
        meant = f"; did you mean {names[near[0]]}?" if near else "."
        listed = ", ".join(f"{i} ({name})" for i, name in zip(actors["actor_id"], actors["name"]))
        return f"You guessed {guess.strip()}, which is not in the list{meant} Write one of {listed}."
    if code in body.split("+"):
        what = "whom the body names" + (", and the headline too." if same else ", and not whom the headline names.")
    elif code in headline.split("+"):
        what = "whom the headline names. The body names " + ("nobody." if body == NOBODY else "someone else.")
    else:
        what = "neither whom the headline names nor whom the body names."
    said = code if guess.strip() == code else f"{guess.strip()} ({code})"
    return f"You guessed {said}: that is {what}"


def sides(row: pd.Series, actors: pd.DataFrame) -> str:
    """Say who acts in a headline and who in its body, by name.

    Accepts a row of :func:`headline_of` and the codebook's actors (actor_id, name).

    >>> book = pd.DataFrame({"actor_id": ["KES", "NOR"], "name": ["Keslund", "Norvia"]})
    >>> sides(pd.Series({"headline_actor": "KES+NOR", "body_actor": "nobody named"}), book)
    'In the headline, who acts: Keslund and Norvia. In the body: nobody named.'
    """
    names = dict(zip(actors["actor_id"], actors["name"]))
    one, two = (joined(the(names.get(code, code)) for code in row[f"{place}_actor"].split("+"))
                for place in ("headline", "body"))
    return f"In the headline, who acts: {one}. In the body: {two}."


def _guessed(guess: str, actors: pd.DataFrame, aliases: pd.DataFrame) -> str | None:
    """The code of the actor that a word means, None where it means none of them."""
    def plain(word) -> str:
        return " ".join(str(word).casefold().replace(".", "").split()).removeprefix("the ")
    known = dict(zip(aliases["alias"].map(plain), aliases["actor_id"]))
    known |= dict(zip(actors["name"].map(plain), actors["actor_id"]))
    known |= dict(zip(actors["actor_id"].map(plain), actors["actor_id"]))
    code = known.get(plain(guess))
    return code if code in set(actors["actor_id"]) else None
