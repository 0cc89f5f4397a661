"""How a name stands in a sentence."""
import re

# unions, kingdoms, republics, bodies that are called by what they are, and groups of islands or peoples have the
# article in English
_ARTICLE = re.compile(r"United |Group of |"
                      r".*\b(?:Republic|Kingdom|Emirates|Federation|Union|Nations|States|Islands|League|"
                      r"Organi[sz]ation|Agency|Court|Committee|Council|Community|Bank|Fund)\b|"
                      r"(?:Netherlands|Philippines|Bahamas|Maldives|Seychelles|Comoros|Gambia|Holy See|Vatican|"
                      r"Kremlin|Pentagon)\b")


def the(name: str) -> str:
    """Return a name with the article that a sentence gives it.

    >>> the("United States"), the("Netherlands"), the("Norvia"), the("the Compact")
    ('the United States', 'the Netherlands', 'Norvia', 'the Compact')
    >>> the("World Bank"), the("Group of Seven"), the("NATO")
    ('the World Bank', 'the Group of Seven', 'NATO')
    """
    return f"the {name}" if _ARTICLE.match(name) else name
