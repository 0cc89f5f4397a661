"""From a text as it was read to line roles and sentences.

`clean` gives every line a role, `sentences` cuts what is kept, `describe` says what the page says about itself,
`near_duplicates` reports texts that repeat one another.
"""
from helpers.cleaning.cues import check as check_cues
from helpers.cleaning.describe import describe, language, say_rule
from helpers.cleaning.duplicates import near_duplicates
from helpers.cleaning.lines import KEPT, clean
from helpers.cleaning.sentences import digest, lead_in, sentences

__all__ = ["KEPT", "check_cues", "clean", "describe", "digest", "language", "lead_in", "near_duplicates", "say_rule",
           "sentences"]
