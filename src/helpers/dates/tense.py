"""The time a clause speaks of, read from its verb forms, without a tagger.

The verb nearest to the left of an expression decides, as English puts a time after its verb; only an expression that
opens its clause looks to the right. Written from grammar (Quirk et al. 1985, chapter 4: will, be to, present for the
scheduled future,
would as future in the past).
"""

from __future__ import annotations

from .lexicon import LETTER, Tokens

REACH = 14  # words to either side
ENDS = {LETTER["STOP"], LETTER["BAR"]}
WILL = set("will 'll ll wo won shall would going gonna".split())
# what is followed by "to" and something still to come, or says so itself
OTHERS = set("has have had since who which whose".split())
NONE = set("not n't never no nor neither none nobody nothing hardly".split())
MODALS = set("may might could should must can".split())      # what may or should be is still to come
PLAN = set(
    """scheduled due expected set slated planned supposed poised likely expects plans hopes intends wants promises
    promised agreed ready plan intend expect want hope vowed vows pledged pledges threatened threatens threaten
    threatening aims bound upcoming tentatively effective payable awaiting""".split()
)
DUE = set(
    "expected scheduled due slated planned expects plans hopes intends supposed tentatively payable effective "
    "upcoming forthcoming".split()
)
SCHEDULED = set(
    """meet meets begin begins start starts open opens resume resumes vote votes return returns arrive arrives end
    ends expire expires
convene convenes host hosts visit visits travel travels leave leaves close closes hold holds face faces""".split()
)
HEADLINE = SCHEDULED | set(
    """be decide discuss sign receive speak deliver announce appear make take give address testify join launch
unveil consider attend review debate rule buy sell send get replace run go come""".split()
)
BE = set("be been being is are was were am get gets got have has".split())
SKIP = set("not still also now never then soon once again all both n't".split())
LASTED = set("lasted ran continued remained waited stayed was were stood lived worked served held".split())
PAST = set(
    """was were had did said told made took went came gave got held met saw found left kept began put brought wrote
    stood heard let
meant ran paid sat spoke lay led grew lost fell sent built broke spent cut rose drove bought wore chose sought fought
caught taught sold shot
won struck threw drew flew knew hit became felt thought known shown done seen been quit shut split spread swept blew
hung sank shook stole
swore tore woke withdrew bore bred dealt dug fed fled forbade forgot forgave froze hid hurt knelt lent lit overcame
overthrew proved
rang rode sang shone slid slept slew spun sprang stuck stung swam swung trod underwent understood upheld wept wound
born set
fallen risen gone driven given grown written spoken broken chosen begun thrown worn stolen eaten beaten sworn torn
drawn flown shrunk""".split()
)
# what has its date behind "for"
ARRANGED = set(
    """proposed planned scheduled set slated called booked tabled announced fixed foreseen arranged pencilled mooted
    billed convened""".split()
)
SAYS = set("said told reported announced added".split())
NOT_PAST = set(
    """need indeed speed feed seed hundred wicked united exceed proceed succeed embed breed bleed shed sacred hatred
    kindred naked
rugged ragged limited unprecedented alleged armed advanced sophisticated so-called unmanned related detailed skilled
greed creed freed heed""".split()
)
NO_VERB = set("the a an his her their its this that these those my our your".split())


def tense(tokens: Tokens, i: int, j: int) -> str:
    """Return "past", "future" or "" for the expression in tokens i..j.

    >>> from .lexicon import lex
    >>> tense(lex("She said she will leave on Friday ."), 6, 7), tense(lex("On Friday she left ."), 1, 2)
    ('future', 'past')
    """
    first = max(0, i - REACH)
    words = [w if w == "May" else w.lower() for w in tokens.words[first : j + REACH]]     # the month is no "may"
    letters = tokens.letters[first : j + REACH]
    i, j = i - first, j - first
    low = max((k + 1 for k in range(i) if letters[k] in ENDS), default=0)
    high = next((k for k in range(j, len(words)) if letters[k] in ENDS), len(words))
    if i - low > 1 and words[i - 1] in ("until", "till", "by") and not (LASTED | {"had"}) & set(words[low:i]):
        return "future"
    be = words[max(low, i - 6) : i - 2]
    if i - low > 1 and words[i - 1] == "for" and words[i - 2] in ARRANGED and {"is", "are", "been", "being"} & set(be):
        return "future"
    infinitive = False
    for k in range(i - 1, low - 1, -1):
        found = _verb(words, k, low)
        if found is not None:
            return found
        if words[k] == "that" and k + 1 < i and words[k + 1] in NO_VERB and _ahead(words, j, high, words[low:i]):
            # "said that the talks of May will go on": the date is in the subject
            return _ahead(words, j, high, words[low:i])
        if words[k] in ("is", "are") and words[i - 1] == "on" and (k == i - 2 or words[k - 1 : k] == ["there"]):
            return "future"  # "there is a vote on Sunday"
        infinitive |= words[k] == "to" and words[k + 1] in HEADLINE
    if infinitive:
        return "future"  # "Minister to visit on Tuesday"
    return _ahead(words, j, high, words[low:i])


def _ahead(words: list[str], j: int, high: int, left: list[str]) -> str:
    """What the first verb behind an expression says; ``left``: the words of its clause before it. Where these have a
    verb or a "since" of their own, what may be done behind them has a time of its own."""
    for k in range(j, high):
        if words[k] in WILL:
            return "" if words[k] == "would" else "future"
        if words[k] in MODALS:
            return "future" if _may(words, k) and not OTHERS & set(left) else ""
        if words[k] in ("is", "are") and words[k + 1 : k + 2] and words[k + 1] in PLAN:
            return "future"
        if _is_past(words[k]):
            return "past"
    return ""


def _may(words: list[str], k: int) -> bool:
    """Whether the modal verb at k speaks of what is to come: not "could have been", nor "none could" and "could not",
    which tell of what nobody was able to do (Quirk et al. 1985, 4.52 and 4.60)."""
    if words[k] == "could" and NONE & set(words[:k] + words[k + 1 : k + 2]):
        return False
    behind = [w for w in words[k + 1 : k + 5] if not w.endswith("ly") and w not in SKIP]
    return bool(behind) and behind[0] != "have"


def _is_past(word: str) -> bool:
    return word in PAST or (len(word) > 4 and word.endswith("ed") and word not in NOT_PAST)


def _is_infinitive(words: list[str], k: int) -> bool:
    return words[k] == "to" and k + 1 < len(words) and words[k + 1].isalpha() and words[k + 1] not in NO_VERB


def _verb(words: list[str], k: int, low: int) -> str | None:
    """What the word at k says of the clause's time, or None when it is not its verb."""
    word, before = words[k], words[max(low, k - 4) : k][::-1]
    if word in WILL or word in MODALS and word != "can" and _may(words, k):   # "can stay under water" tells of no time
        return "future"
    if word in DUE:
        return "past" if "had" in before[:3] else "future"
    if word == "as" and words[k + 1 : k + 3] in (["soon", "as"], ["early", "as"]):
        return "future"
    if _is_infinitive(words, k):
        lead = words[max(low, k - 5) : k]
        if set(lead) & PLAN or lead[-1:] in (["is"], ["are"]):
            return "past" if "had" in lead else "future"  # "had been due to end on Friday"
        return None
    if word in SCHEDULED and before[:1] not in (["the"], ["a"], ["an"], ["its"], ["their"]):
        if {"did", "didn", "didn't"} & set(before):
            return "past"
        if before and before[0] not in SAYS and (_is_past(before[0]) or before[0] in BE):
            return None  # "came close", "is open"
        return None if "to" in before[:1] else "future"
    if not _is_past(word):
        return None
    for back, other in enumerate(before):  # "will be held", "to be signed"
        if other in WILL or other == "to" and back and before[back - 1] in ("be", "have"):
            return "future"
        if other in MODALS and _may(words, k - 1 - back):
            return "future"
        if other in ("is", "are"):
            return ""  # "is held on Friday" may be either
        if other not in BE and other not in SKIP and not other.endswith("ly"):
            break
    return "past"
