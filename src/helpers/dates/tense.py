"""The time a clause speaks of, read from its verb forms, without a tagger."""
from __future__ import annotations

from .lexicon import LETTER, Tokens

REACH = 14
FUTURE = {"will", "'ll", "shall", "would", "wo", "won", "ll", "going", "gonna"}
PLANNED = {"scheduled", "due", "expected", "set", "slated", "planned", "supposed", "poised", "likely", "expects", "plans", "hopes",
           "intends", "wants", "promises", "promised", "agreed", "ready", "about", "scheduling", "plan", "intend", "expect", "deadline",
           "want", "hope", "vowed", "aims", "bound", "forthcoming", "upcoming", "tentatively", "until", "by", "effective", "payable",
           "awaiting", "ahead"}
SKIP = {"not", "still", "also", "now", "never", "then", "soon", "once", "again", "all", "both"}
LASTED = {"lasted", "ran", "continued", "remained", "waited", "stayed", "was", "were", "stood", "lived", "worked", "served", "held"}
EXPECTED = {"expected", "scheduled", "due", "slated", "planned", "expects", "plans", "hopes", "intends", "supposed", "tentatively",
            "payable", "effective"}
BE = {"be", "been", "being", "is", "are", "was", "were", "am", "get", "gets", "got"}
PAST = set("""was were had did said told made took went came gave got held met saw found left kept began put brought wrote stood heard let
meant set ran paid sat spoke lay led grew lost fell sent built broke spent cut rose drove bought wore chose sought fought caught taught sold shot
won struck threw drew flew knew hit became felt thought known shown done seen been came quit shut split spread swept blew hung sank shook stole
swore tore woke withdrew bore bound bred dealt dug fed fled forbade forgot forgave froze ground hid hurt knelt lent lit overcame overthrew proved
rang reset rid rode sang shed shone slid slept slew spun sprang stuck stung swam swung trod underwent understood upheld wept wound born""".split())
NOT_PAST = set("""need indeed speed feed seed hundred bed red wed united exceed proceed succeed embed breed bleed shed sacred hatred kindred naked
wicked rugged ragged limited unprecedented alleged armed advanced sophisticated supposed so-called unmanned related detailed skilled united
deed greed creed weed need freed heed led sled ted ned fred med""".split())


def tense(tokens: Tokens, i: int, j: int) -> str:
    """Return "past", "future" or "" for the expression in tokens i..j: the nearest verb to its left decides, else to its right."""
    words, letters = tokens.words, tokens.letters
    ends = (LETTER["STOP"], LETTER["BAR"])
    k, low = i - 1, max(0, i - REACH)
    joined = words[k].lower() if i else ""
    if joined in ("until", "till", "by") and k > low and letters[k - 1] not in ends \
            and not LASTED & {w.lower() for w in words[low:k]} and "had" not in words[low:k]:
        return "future"
    while k >= low and letters[k] not in ends:
        found = _verb(words, k, low)
        if found is not None:
            return found
        k -= 1
    high = min(len(words), j + REACH)
    for k in range(j, high):
        if letters[k] in ends:
            break
        word = words[k].lower()
        if word in FUTURE:
            return "future" if word != "would" else ""
        if word in ("is", "are") and k + 1 < high and words[k + 1].lower() in PLANNED:
            return "future"
        if _is_past(word):
            return "past"
    return ""


def _is_past(word: str) -> bool:
    return word in PAST or (len(word) > 4 and word.endswith("ed") and word not in NOT_PAST)


def _verb(words: list[str], k: int, low: int) -> str | None:
    word = words[k].lower()
    if word in FUTURE:
        return "future"
    if word in ("upcoming", "deadline", "forthcoming"):
        return "future"
    if word in EXPECTED:
        return "past" if "had" in (w.lower() for w in words[max(low, k - 3):k]) else "future"
    if word == "as" and k + 2 < len(words) and words[k + 1] in ("soon", "early") and words[k + 2] == "as":
        return "future"
    if word == "to" and k + 1 < len(words) and words[k + 1].islower() and words[k + 1] not in ("the", "a", "an", "his", "her", "their", "its", "this",
                                                                                           "that", "be") or word == "to" and words[k + 1:k + 2] == ["be"]:
        for back in range(k - 1, max(low, k - 5) - 1, -1):
            if words[back].lower() in PLANNED or (back == k - 1 and words[back] in ("is", "are")):
                return "future"
        return None
    if _is_past(word):
        for back in range(k - 1, max(low, k - 4) - 1, -1):  # "will be held", "to be signed"
            before = words[back].lower()
            if before in FUTURE or (before == "to" and back + 1 < k and words[back + 1].lower() in ("be", "have")):
                return "future"
            if before in ("is", "are"):
                return ""  # "is held on Friday" may be either
            if before not in BE and before not in SKIP and not before.endswith("ly"):
                break
        return "past"
    return None
