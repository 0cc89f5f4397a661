"""Comparing: events linked across texts, texts held against each other, their headlines and the public record."""
from helpers.compare.headlines import actors_of, answer, headline_of
from helpers.compare.linking import borrow_dates, choose, link
from helpers.compare.record import coverage_by_track

__all__ = ["actors_of", "answer", "borrow_dates", "choose", "coverage_by_track", "headline_of", "link"]
