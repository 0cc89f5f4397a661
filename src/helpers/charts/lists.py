"""Charts that compare no texts, as lists: what a phone shows in their stead."""
from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import pandas as pd

from helpers.charts.layout import Chart, as_list
from helpers.charts.moves import ANSWERS, lasted
from helpers.charts.scale import reading
from helpers.charts.sources import DRAWN
from helpers.codebook.naming import joined

__all__ = ["twin"]

Items = Iterable[tuple[str, list[str]]]
SURE = {"happened": ", happened", "claimed": ", claimed", "denied": ", denied"}     # a threat says that it is one


def twin(chart: Chart, actors: pd.DataFrame | None = None, *, stages: Mapping[str, str] | None = None) -> str:
    """Return a chart as an HTML list: for phones, where its words would be too small.

    Accepts what :func:`helpers.charts.moves.ways_out`, :func:`~helpers.charts.moves.lags`,
    :func:`~helpers.charts.moves.stages`, :func:`helpers.charts.sources.published`,
    :func:`~helpers.charts.sources.kept` or :func:`~helpers.charts.sources.anatomy` returned, the codebook's actors
    (actor_id, name) and what ``stages`` are called. Returns one hidden ``<div class="twin">``, which the style
    sheet of a page shows on narrow screens in the picture's stead. All text is escaped.

    >>> rows = pd.DataFrame({"from_label": ["<b>Sale</b>"], "to_label": ["Ban"], "days": [5], "slack": [0]})
    >>> print(twin(Chart(None, "Five days", "", rows)))
    <div class="twin" hidden>
    <p><strong>Five days</strong></p>
    <ul>
    <li><b>&lt;b&gt;Sale&lt;/b&gt; → Ban</b><br><small>5 days</small></li>
    </ul>
    </div>
    """
    called = {} if actors is None else dict(zip(actors["actor_id"], actors["name"], strict=True))
    data = chart.data
    if "answer" in data:
        items = _offers(data, called)
    elif "slack" in data:
        items = _lags(data)
    elif "level" in data:
        items = _stages(data, called, stages or {})
    elif "what" in data:
        items = _published(data)
    else:
        items = _lines(data)
    return as_list(items, chart.title)


def _name(codes: object, called: dict[str, str]) -> str:
    """Who stands behind a code, or behind several that act together."""
    if pd.isna(codes) or not str(codes):
        return "not named"
    return joined([called.get(c, c) for c in re.split(r"[+;]", str(codes))])


def _lasted(row) -> list[str]:
    """After how many days something came, where both days are known."""
    return [] if pd.isna(row.days) else [lasted(int(row.days), int(getattr(row, "slack", 0)))]


def _offers(data: pd.DataFrame, called: dict[str, str]) -> Items:
    for r in data.itertuples():
        came = ANSWERS[r.answer][2]
        if r.answer not in ("silence", "open"):
            came = f"{came}{' late' if r.late else ''}, {reading(r.answer_earliest, r.answer_latest)}"
        yield r.label, [f"{_name(r.offered_by, called)} → {_name(r.offered_to, called)}, "
                        f"{reading(r.earliest, r.latest)}", "; after ".join([came, *_lasted(r)])]


def _lags(data: pd.DataFrame) -> Items:
    for r in data.itertuples():
        yield f"{r.from_label} → {r.to_label}", _lasted(r) or ["still open"]


def _stages(data: pd.DataFrame, called: dict[str, str], stages: Mapping[str, str]) -> Items:
    for (by, whom), rows in data.groupby(["sender_id", "target_id"], dropna=False, sort=False):
        yield f"{_name(by, called)} → {_name(whom, called)}", [
            f"{reading(r.earliest, r.latest)}: {r.label} ({stages.get(r.stage, r.stage)}{SURE.get(r.fill, '')})"
            for r in rows.itertuples()]


def _published(data: pd.DataFrame) -> Items:
    for _, rows in data.groupby("doc_id", sort=False):
        own, times = (rows[rows["what"].eq("time") == spoken] for spoken in (False, True))
        said = [f"{DRAWN[r.what]}: {reading(r.earliest, r.latest)}" for r in own.itertuples()]
        years = times.groupby([times["earliest"].str[:4], times["latest"].str[:4]])["n"].sum()
        spoken = [f"{first if first == last else f'{first} to {last}'} ({n})" for (first, last), n in years.items()]
        yield rows["short_name"].iloc[0], said + ([f"speaks of {', '.join(spoken)}"] if spoken else [])


def _lines(data: pd.DataFrame) -> Items:
    """What is kept and what is dropped: of each text, or of the one page that is shown line by line."""
    one = "characters" in data
    counts = data[data["role"] != "blank"].groupby(["role", "kept"], sort=False, as_index=False).size().rename(
        columns={"size": "n"}) if one else data
    groups = [("The lines of this page", counts)] if one else \
        ((rows["short_name"].iloc[0], rows) for _, rows in counts.groupby("doc_id", sort=False))
    for name, rows in groups:
        yield name, [f"{what}: " + ", ".join(f"{r.role} {r.n if one else r.words}" for r in part.itertuples())
                     for what, kept in (("kept", True), ("dropped", False))
                     if len(part := rows[rows["kept"].eq(kept)])]
