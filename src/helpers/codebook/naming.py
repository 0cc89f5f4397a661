"""How a name stands in a sentence."""
import re

# unions, kingdoms, republics and groups of islands or peoples have the article in English
_ARTICLE = re.compile(r"United |.*\b(?:Republic|Kingdom|Emirates|Federation|Union|Nations|States|Islands|League)\b|"
                      r"(?:Netherlands|Philippines|Bahamas|Maldives|Seychelles|Gambia|Vatican|Kremlin|Pentagon)\b")


def the(name: str) -> str:
    """Return a name with the article that a sentence gives it.

    >>> the("United States"), the("Netherlands"), the("Norvia"), the("the Compact")
    ('the United States', 'the Netherlands', 'Norvia', 'the Compact')
    """
    return f"the {name}" if _ARTICLE.match(name) else name
