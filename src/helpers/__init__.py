"""Casebook: news texts about one dispute, turned into data frames, charts and pages."""
__version__ = "0.1.0"
