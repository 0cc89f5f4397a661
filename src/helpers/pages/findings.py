"""What a desk officer reads first: the five findings of a case, in the sentences of the notebooks, with their charts.

Nothing is computed in another way than in ``03-chart-chronology``, ``04-compare-accounts`` and ``05-compare-framing``:
the same functions are called on the same tables, so that a sentence here and there can never differ.
"""
from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

import pandas as pd

from helpers import compare, review
from helpers.case import Case, by_publication
from helpers.charts import Chart, accounts, chronology, disputes, lists, sources
from helpers.charts import framing as framing_charts
from helpers.codebook import Codebook, load_codebook
from helpers.compare import framing
from helpers.compare.codings import by_whom

__all__ = ["FINDINGS", "Desk", "findings", "place_finding"]

# finding → what it is about, and the notebook whose chart shows it; the first five that a case has are told
FINDINGS = {
    "chronology": ("What happened", "03-chart-chronology"),
    "ways_out": ("Ways out", "03-chart-chronology"),
    "contested": ("What is contested", "04-compare-accounts"),
    "framing": ("How it is framed", "05-compare-framing"),
    "headlines": ("Headlines and their bodies", "04-compare-accounts"),
    "coverage": ("What the texts leave out", "04-compare-accounts"),
    "voices": ("Whose voices", "04-compare-accounts"),
    "disputes": ("Who announces, who denies, and when", "03-chart-chronology"),
}
MOST = 5
PAPER = 8.9     # inches of a drawing: its smallest words, of 9 points, have 7 on the 7 inches between A4's margins
NAMED = 30      # events that such a drawing names at most


class Desk:
    """A case opened as the notebooks open it; what is asked for is computed once.

    Accepts a case and the layer of codes.
    """

    def __init__(self, case: Case, layer: str = "adjudicated") -> None:
        self.case, self.layer, self.chosen = case, layer, case.coded()
        self.codebook: Codebook = load_codebook(case.raw / "codebook")
        self.events, self.mentions, self.opened = compare.events_of(case, layer, self.chosen, codebook=self.codebook)
        self.coder = review.coder_kinds(case, self.mentions)

    @cached_property
    def texts(self) -> pd.DataFrame:
        return by_publication(compare.choose(self.case.load("documents"), self.chosen))

    @cached_property
    def sentences(self) -> pd.DataFrame:
        return compare.choose(self.case.load("sentences"), self.chosen)

    @cached_property
    def names(self) -> dict[str, str]:
        """What each text is called in figures."""
        return dict(zip(self.texts["doc_id"], self.texts["short_name"].fillna(self.texts["doc_id"]), strict=True))

    @cached_property
    def quotes(self) -> pd.DataFrame:
        return compare.choose(compare.rows_of(self.case, "quotes", self.layer)[0], self.chosen)

    @cached_property
    def frames(self) -> pd.DataFrame:
        rows, _ = compare.rows_of(self.case, "frames", self.layer)
        return compare.choose(rows, self.chosen, frames=list(self.codebook.frames.index))

    @cached_property
    def steps(self) -> pd.DataFrame:
        return compare.moves.steps(self.events, self.mentions, self.case.reference, actors=self.codebook.actors,
                                   aliases=self.codebook.aliases, fills=self.codebook.statuses["fill"],
                                   links=self.case.labels("record_links"), ties=self.case.labels("record_ties"))

    @cached_property
    def offers(self) -> pd.DataFrame:
        people = dict(zip(self.codebook.actors["actor_id"], self.codebook.actors["name"], strict=True))
        return compare.moves.ways_out(self.steps, days=compare.moves.ANSWERED, names=people)

    @cached_property
    def supposed(self) -> pd.DataFrame:
        return compare.moves.supposed(self.steps)

    @cached_property
    def claims(self) -> pd.DataFrame:
        return compare.accounts.claim_matrix(self.mentions, self.events)

    @cached_property
    def contested(self) -> pd.DataFrame:
        return compare.moves.contested(self.claims, self.mentions, self.case.reference, self.points, self.texts)

    @cached_property
    def disputed(self) -> pd.DataFrame:
        """The statements of the contested claims that can be drawn over time."""
        return compare.disputes.drawable(compare.disputes.statements(
            self.claims, self.mentions, self.case.reference, actors=self.codebook.actors,
            aliases=self.codebook.aliases, ties=self.case.labels("record_ties"), documents=self.texts))

    @cached_property
    def points(self) -> pd.DataFrame:
        return compare.points_of(self.case, self.mentions, self.sentences, self.texts, self.codebook)

    @cached_property
    def covered(self) -> pd.DataFrame:
        otherwise = compare.contradictions.tells_otherwise(self.points)
        return compare.accounts.coverage(self.case.reference, self.mentions, self.texts, otherwise)

    @cached_property
    def ranges(self) -> pd.DataFrame:
        """How many body sentences of each text every coder gives each frame."""
        codings, _ = framing.codings(self.case)
        return framing.coder_range(codings, self.sentences, self.chosen, list(self.codebook.frames.index))

    @cached_property
    def voices(self) -> pd.DataFrame:
        quotes = self.quotes.assign(role=compare.roles(self.quotes, self.codebook, self.texts))
        return compare.accounts.voices(quotes, compare.accounts.blocs(self.codebook.actors)[0])

    # the charts, with the notebooks' arguments ----------------------------------------------------------------------

    @cached_property
    def _drawn(self) -> dict[str, Chart]:
        return {}

    def chart(self, name: str) -> Chart:
        """Return one of the charts of :data:`FINDINGS`, drawn once."""
        if name not in self._drawn:
            self._drawn[name] = getattr(self, f"_draw_{name}")()
        return self._drawn[name]

    @property
    def lanes(self) -> dict:
        """What the chronology and its twin, the list, are drawn with besides events and record."""
        return {"actors": self.codebook.actors, "statuses": self.codebook.statuses["fill"].to_dict(),
                "contested": compare.accounts.contested_events(self.claims)}

    def _draw_chronology(self) -> Chart:
        return chronology.lanes(self.events, self.case.reference, coder=self.coder, **self.lanes)

    def on_paper(self, name: str) -> Chart | None:
        """Return a chart as it is drawn for a few sheets of paper: the chronology narrower, so that its words can be
        read when it is as broad as a sheet, and without what only its page has room for; None for any other."""
        if name != "chronology":
            return None
        dated, record = self.events["earliest"].notna(), self.case.reference
        more = [f"{(~dated).sum()} events without a date"] if (~dated).any() else []
        more += ["the public record"] if record is not None else []
        left_out = f"Not drawn here, but on the page of the chronology: {' and '.join(more)}." if more else ""
        return chronology.lanes(self.events[dated], None if record is None else record.head(0), coder=self.coder,
                                **self.lanes, labels=NAMED, title=self.chart(name).title, source=left_out, width=PAPER)

    def _draw_ways_out(self) -> Chart:
        return chronology.ways_out(self.offers, actors=self.codebook.actors, days=compare.moves.ANSWERED,
                                   supposed=len(self.supposed), coder=self.coder)

    def _draw_contested(self) -> Chart:
        return accounts.claims(compare.accounts.differing(self.claims, self.contested), self.texts, coder=self.coder)

    def _draw_disputes(self) -> Chart:
        return disputes.over_time(self.disputed, actors=self.codebook.actors, coder=self.coder)

    def _draw_framing(self) -> Chart:
        _, layer = compare.rows_of(self.case, "frames", self.layer)
        coder = "machine" if layer == "machine" else by_whom(self.case, self.frames)
        return framing_charts.by_text(
            self.frames, self.texts, self.sentences, labels=self.codebook.frames["label"].to_dict(), layer=layer,
            ranges=self.ranges, doubtful=framing.doubtful(self.case, layer), coder=coder)

    def _draw_headlines(self) -> Chart:
        heads = compare.choose(self.case.labels("headlines"), list(self.texts["doc_id"]))
        return sources.headlines(heads, self.codebook.actors, documents=self.texts,
                                 coder=review.labelled_by(self.case, "headlines")[0] or "nobody named")

    def _draw_coverage(self) -> Chart:
        return accounts.coverage(self.covered, self.texts, tracks=self.codebook.tracks["label"].to_dict())

    def _draw_voices(self) -> Chart:
        shades = compare.accounts.blocs(self.codebook.actors)[1]
        return accounts.voices(self.voices, self.texts, colours_of=shades,
                               coder=review.coder_kinds(self.case, self.quotes))

    def twin(self, name: str) -> str:
        """Return one of the charts as an HTML list, which a phone shows in its stead."""
        actors = self.codebook.actors
        ways = {"chronology": lambda: chronology.twin(self.events, **self.lanes),
                "ways_out": lambda: lists.twin(self.chart(name), actors),
                "disputes": lambda: disputes.twin(self.chart(name), actors),
                "framing": lambda: framing_charts.twin(self.chart(name), ranges=self.ranges,
                                                       labels=self.codebook.frames["label"].to_dict())}
        return ways[name]() if name in ways else accounts.twin(self.chart(name), actors)

    # the sentences --------------------------------------------------------------------------------------------------

    def says(self, name: str) -> tuple[str, str]:
        """Return the sentence of a finding and the beginning of its chart's description; two empty texts for none."""
        has = {"chronology": len(self.events), "ways_out": len(self.offers), "contested": len(self.contested),
               "framing": len(self.frames),
               "headlines": self.case.labels("headlines") is not None,
               "coverage": self.case.reference is not None, "voices": len(self.quotes),
               "disputes": name == "disputes" and len(self.disputed)}
        if not has[name]:
            return "", ""
        # two titles are taken without drawing their charts, which would be most of the work
        unseen = {"chronology": lambda: chronology.say_events(self.events, statuses=self.lanes["statuses"]),
                  "framing": lambda: framing_charts.say_frames(
                      self.frames, self.texts, self.sentences, labels=self.codebook.frames["label"].to_dict(),
                      ranges=self.ranges, layer=compare.rows_of(self.case, "frames", self.layer)[1])}
        title = unseen[name]() if name in unseen and name not in self._drawn else self.chart(name).title
        said = {"contested": lambda: compare.moves.say_contested(self.contested),
                "coverage": lambda: compare.accounts.say_coverage(self.covered)}
        return said[name]() if name in said else f"{title}.", title


def findings(case: Case | Desk) -> pd.DataFrame:
    """Return the findings of a case, at most five, each with the notebook and the chart that show it.

    Accepts a case, or a :class:`Desk` of it. Returns finding, topic, sentence, notebook and chart (how the chart's
    description begins; :func:`place_finding` says where that stands on a page). A finding that a case has no rows for
    is left out.

    >>> from helpers.case import open_case
    >>> found = findings(open_case("practice"))
    >>> found["finding"].tolist()[:2], len(found)
    (['chronology', 'ways_out'], 5)
    """
    desk = case if isinstance(case, Desk) else Desk(case)
    rows: list[tuple] = []
    for name, (topic, notebook) in FINDINGS.items():
        if len(rows) == MOST:
            break
        sentence, title = desk.says(name)
        if sentence:
            rows.append((name, topic, sentence, notebook, title))
    return pd.DataFrame(rows, columns=["finding", "topic", "sentence", "notebook", "chart"]).astype("string")


def place_finding(chart: str, figures: Mapping[str, str]) -> str | None:
    """Return where a finding's chart stands on its page, or None: then a link can only lead to the page.

    Accepts the beginning of the chart's description and the page's figures (place → how their descriptions begin).

    >>> place_finding("Two of three", {"figure-1": "Maps.", "figure-2": "Two of three. Lanes."})
    'figure-2'
    """
    return next((place for place, alt in figures.items() if alt.startswith(chart[:250])), None)
