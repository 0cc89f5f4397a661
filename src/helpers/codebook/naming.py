"""How names, numbers and lists stand in a sentence, and what the roles of speakers are called there."""
import re
from collections.abc import Iterable, Mapping

# role of a speaker → what it is called; the order in which they are drawn
ROLES = {"official": "officials and bodies", "other": "experts and others", "medium": "media"}
# basis of a date → what it rests on
BASES = {"explicit": "given in full", "year_inferred": "given without its year", "relative": "counted from another day",
         "record": "from the public record", "none": "not given"}
# speakers of no bloc of their own: last in every bar
UNPLACED = ["several together", "other", "not placed"]
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")

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


def counted(n: int, one: str, many: str = "", *, spelt: bool = False) -> str:
    """Say a number of things; ``spelt``: in words up to ten.

    >>> counted(1, "text"), counted(2, "text"), counted(0, "entry", "entries"), counted(2, "text", spelt=True)
    ('1 text', '2 texts', '0 entries', 'two texts')
    """
    return f"{NUMBERS[n] if spelt and n < len(NUMBERS) else n} {one if n == 1 else many or one + 's'}"


def initials(names: Iterable[str], signs: Mapping[str, str] | None = None) -> dict[str, str]:
    """Give each name its initials, or as many of its first letters as tell it from the names before it; some names a
    sign of their own.

    >>> initials(["Norvia", "United States", "Northmark", "anna", "not placed"], {"not placed": "?"})
    {'Norvia': 'N', 'United States': 'US', 'Northmark': 'No', 'anna': 'a', 'not placed': '?'}
    """
    found: dict[str, str] = {}
    for name in names:
        capitals = "".join(word[0] for word in name.split() if word[0].isupper())
        tries = [(signs or {}).get(name, capitals), *(name[:n] for n in range(1, len(name) + 1))]
        found[name] = next((t for t in tries if t and t not in found.values()), name)
    return found


def joined(names: Iterable[str]) -> str:
    """Return names as a sentence lists them.

    >>> joined(["a", "b", "c"]), joined(["a"]), joined([])
    ('a, b and c', 'a', '')
    """
    *first, last = list(names) or [""]
    return f"{', '.join(first)} and {last}" if first else last
