"""Comparing: events linked across texts, texts held against each other, their headlines and the public record.

``linking`` makes events of mentions; ``moves`` asks for ways out, threats and lags; ``disputes`` for who announces and
who denies a claim over time; ``accounts`` holds the texts side by side; ``contradictions`` finds what does not fit;
``headlines`` and ``record`` compare with those two.
"""
from helpers.compare import accounts, contradictions, disputes, matters, moves, naming, opening
from helpers.compare.headlines import actors_of, answer, headline_of, headlines_of, sides
from helpers.compare.linking import borrow_dates, choose, link
from helpers.compare.opening import (
    chain_of,
    complete,
    events_of,
    origins,
    points_of,
    retold,
    rows_of,
    say_told_as,
    told_as,
    when,
)
from helpers.compare.record import coverage_by_track, record_template
from helpers.compare.speakers import ROLES, roles

__all__ = ["ROLES", "accounts", "actors_of", "answer", "borrow_dates", "chain_of", "choose", "complete",
           "contradictions", "coverage_by_track", "disputes", "events_of", "headline_of", "headlines_of", "link",
           "matters", "moves", "naming", "opening", "origins", "points_of", "record_template", "retold", "roles",
           "rows_of", "say_told_as", "sides", "told_as", "when"]
