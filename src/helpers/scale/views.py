"""What a notebook opens of a large case: a sample of its texts, and the counts of all."""
from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from helpers.case import Case, by_publication
from helpers.scale.building import MONTHS, add_up, counts, large

SAMPLE = 24     # texts that a page shows one by one


def aggregate(case: Case, what: str = "frames") -> pd.DataFrame:
    """Count a case by month without opening its texts' rows.

    Accepts a case and what to count: ``frames``, ``event_mentions`` (by track), ``quotes`` (by the speaker's bloc),
    ``mentions`` (by actor) or ``times`` (by kind). Returns month, code, n (rows), n_documents (texts with such a row)
    and texts (all texts of that month); a month is empty where no day of publication is known, a code is empty in
    months without any row. Of a large case the counts were made with its parts; of a small one they are made here.

    >>> from helpers.case import open_case
    >>> aggregate(open_case("practice"), "frames").columns.tolist()
    ['month', 'code', 'n', 'n_documents', 'texts']
    """
    found = case.load("counts") if case.has("counts") else add_up([counts(
        {name: case.load(name) for name in ("documents", *MONTHS)})])
    texts = found[found["what"].eq("documents")].set_index("month")["n"]
    rows = found[found["what"].eq(what)].drop(columns="what")
    bare = pd.DataFrame({"month": texts.index.difference(rows["month"]), "code": "", "n": 0, "n_documents": 0})
    rows = pd.concat([rows, bare.astype(rows.dtypes.to_dict())]).sort_values(["month", "code"], ignore_index=True)
    return rows.assign(texts=rows["month"].map(texts))


def sample(case: Case, most: int = SAMPLE) -> list[str]:
    """Return documents of a case, evenly spaced in the order of their publication; the same ones each time.

    >>> from helpers.case import open_case
    >>> len(sample(open_case("practice"), 3))
    3
    """
    order = by_publication(case.manifest)["doc_id"].tolist()
    n = min(most, len(order))
    return [order[(2 * k + 1) * len(order) // (2 * n)] for k in range(n)]


def shown(case: Case, documents: Collection[str] = ()) -> Case:
    """Return the case itself or, of a large one, the case narrowed to the texts named or to a sample of them."""
    return case.part(documents or sample(case)) if large(case) else case


def view(case: Case, documents: Collection[str] = ()) -> Case:
    """Return what a notebook looks at: the case itself or, of a large one, the texts named or a sample of them.

    Of a large case it says so, names the sample, and shows the counts of all texts by year. The rest of the notebook
    then works on a narrowed case, and never has more texts in memory than are named.
    """
    if not large(case):
        return case
    from IPython.display import display

    from helpers.show import table
    part, n = shown(case, documents), len(case.manifest)
    chosen = part.choose()
    print(f"This case has {n:,} texts, too many to draw one by one. Everything below is of {len(chosen):,} of them, "
          + ("those named in `documents`." if documents else "evenly spaced in time: name others in `documents`. "
             f"The sample is {', '.join(chosen)}.")
          + " The tables here count all texts, by year.")
    for what, title in (("event_mentions", "Mentions of events by track"), ("frames", "Frame codes by frame")):
        found = aggregate(case, what)
        if len(found):
            display(table(by_year(found), f"{title}: all {n:,} texts"))
    return part


def by_year(found: pd.DataFrame) -> pd.DataFrame:
    """Make a table of :func:`aggregate`: a row a year with the number of its texts, a column a code."""
    years = found.assign(year=found["month"].str[:4].replace("", "no date"))
    texts = years.drop_duplicates("month").groupby("year")["texts"].sum()
    wide = years[years["code"] != ""].pivot_table(index="year", columns="code", values="n", aggfunc="sum", fill_value=0)
    return wide.reindex(texts.index, fill_value=0).astype("Int64").reset_index().assign(texts=texts.to_numpy())
