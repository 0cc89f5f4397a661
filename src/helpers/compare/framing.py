"""Framing compared: whose voice, headline against body, who is let speak in which frame, whose words, what is left out.

Up to about thirty texts are a census: what is counted is counted, and the doubt that is shown is the range between
coders. From :data:`SAMPLE` texts on, if they were drawn as a sample, texts (never sentences, which depend on each
other) may be compared by permutation, with the rate of false discoveries held down.
"""
from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from helpers import agreement, review
from helpers.codebook import Codebook
from helpers.codebook.naming import ROLES, UNPLACED, counted, joined, the
from helpers.frames import STOP_WORDS, known_names, name_spans

__all__ = ["SAMPLE", "bloc_frames", "codings", "coder_range", "compare_groups", "distinctive", "doubtful",
           "headlines", "left_out", "log_odds", "over_time", "repeated", "say_blocs", "say_conclusions",
           "say_groups", "say_headlines", "say_left_out", "say_range", "say_repeated", "say_tone", "say_voice",
           "say_words", "shares", "tone", "voice_share", "words"]

SAMPLE = 30         # fewer texts than this are compared by counting alone
MOST = 3            # of several that share the first place so many are named


THROUGHOUT = 2 / 3      # of a body's sentences: who coded fewer took a sample, which is no count of the text


def _body(frames: pd.DataFrame, sentences: pd.DataFrame) -> pd.DataFrame:
    section = sentences.set_index("sentence_id")["section"]
    return frames[frames["sentence_id"].map(section).eq("body")]


def codings(case) -> tuple[dict[str, pd.DataFrame], list[str]]:
    """Return every coding of a case's frames by its coder, and what was refused of sheets.

    Labels, frozen second codings, sheets that students filled and the machine, each as rows doc_id, sentence_id, frame,
    rank, voice. The texts that the coder coded, two thirds of the body's sentences or more, are in ``attrs["texts"]``:
    of the others, a sheet of some sentences says no count.
    """
    out = {}
    found, problems = review.gather(case, "frames")
    sentences = case.load("sentences")
    body = sentences[sentences["section"].eq("body")]
    for coding in found:
        rows = coding.rows[["doc_id", "sentence_id", "frames", "voice"]].explode("frames").dropna(subset="frames")
        rows = rows.rename(columns={"frames": "frame"})
        rows = rows.assign(rank=rows.groupby("sentence_id").cumcount() + 1).reset_index(drop=True)
        covered = body["sentence_id"].isin(coding.covered).groupby(body["doc_id"]).mean()
        rows.attrs["texts"] = tuple(covered.index[covered >= THROUGHOUT])
        out[coding.coder_id] = rows
    return out, problems


def _coded(rows: pd.DataFrame, texts: Sequence[str]) -> list[str]:
    """Of some texts, those that a coder coded; all of them where it is not told."""
    return [d for d in texts if d in rows.attrs.get("texts", texts)]


# between coders -----------------------------------------------------------------------------------------------------


def coder_range(codings: Mapping[str, pd.DataFrame], sentences: pd.DataFrame, texts: Sequence[str],
                frames: Sequence[str]) -> pd.DataFrame:
    """Count the body sentences of each text that carry each frame, coder by coder.

    Accepts each coder's rows (doc_id, sentence_id, frame), the table ``sentences``, the texts and the frames. Returns
    doc_id, frame, a column a coder, and their ``low``, ``high`` and ``apart`` (high − low). A coder counts only in the
    texts that he coded (see :func:`codings`): elsewhere his cell is empty; who coded none of them has no column.
    """
    if not codings:
        return pd.DataFrame(columns=["doc_id", "frame", "low", "high", "apart"])
    index = pd.MultiIndex.from_product([list(texts), list(frames)], names=["doc_id", "frame"])
    counts = {coder: _body(rows, sentences).groupby(["doc_id", "frame"])["sentence_id"].nunique().reindex(
        index, fill_value=0).astype(int) for coder, rows in codings.items()}
    for coder, rows in codings.items():
        coded = index.get_level_values("doc_id").isin(_coded(rows, texts))
        if not coded.any():         # a sample of sentences here and there
            del counts[coder]
        elif not coded.all():
            counts[coder] = counts[coder].astype("Int64").where(coded)
    out = pd.DataFrame(counts, index=index)
    low, high = (end.fillna(0).astype(int) for end in (out.min(axis=1), out.max(axis=1)))
    return out.assign(low=low, high=high, apart=high - low).reset_index()


def doubtful(case, layer: str = "adjudicated") -> list[str]:
    """Return the frames of a case on which coders agree too little to draw them unmarked.

    That is an alpha below the bound for tentative conclusions (.667), where there are enough positives to say: of any
    two coders, or, for the machine's layer, of the machine and the coder of the labels.
    """
    coded = review.gather(case, "frames")[0]
    if layer == "machine":
        coded = [c for i, c in enumerate(coded) if i == 0 or c.coder_id == "machine"]
    else:
        coded = [c for c in coded if c.coder_id != "machine"]
    if len(coded) < 2:
        return []
    found = review.compare(coded, "frames", case.load("sentences"), draws=1)
    found = found[found["variable"].str.startswith("frame: ") & found["positives"].ge(agreement.RARE)
                  & found["coder_a"].ne("all") & found["alpha"].lt(agreement.TENTATIVE)]
    return sorted(set(found["variable"].str.removeprefix("frame: ")))


def say_range(ranged: pd.DataFrame, labels: Mapping[str, str] | None = None) -> str:
    """Say in one sentence where coders differ most.

    >>> rows = pd.DataFrame({"doc_id": ["a"], "frame": ["cost"], "A": [2], "B": [5], "low": [2], "high": [5],
    ...                      "apart": [3]})
    >>> say_range(rows)
    'Coders are furthest apart on cost in a (2 to 5 sentences); 0 of the 1 counts are the same for all 2 coders.'
    >>> say_range(rows.drop(columns="B"))
    'Only A has coded these texts, so there is no range between coders to show.'
    """
    coders = [c for c in ranged.columns if c not in ("doc_id", "frame", "short_name", "low", "high", "apart")]
    if len(coders) < 2:
        who = coders[0] if coders else "nobody"
        return f"Only {who} has coded these texts, so there is no range between coders to show."
    drawn = ranged[ranged["high"] > 0]
    if drawn.empty:
        return "No coder found a frame in the body of these texts."
    most = drawn[drawn["apart"] == drawn["apart"].max()]
    same = int((drawn["apart"] == 0).sum())
    verb = "is" if same == 1 else "are"
    whole = ranged[coders].notna().all(axis=None)
    alike = f"{same} of the {len(drawn)} counts {verb} the same for all {len(coders)} coders" + (
        "" if whole else " (of each text, those who coded it)")
    if most["apart"].iloc[0] == 0:
        return f"Coders give the same counts everywhere: {alike}."
    where = [f"on {(labels or {}).get(r['frame'], r['frame'])} in {r.get('short_name', r['doc_id'])} ({r['low']} to "
             f"{r['high']} sentences)" for r in most.head(MOST).to_dict("records")]
    more = [counted(len(most) - MOST, "other place")] if len(most) > MOST else []
    return f"Coders are furthest apart {joined(where + more)}; {alike}."


# voice --------------------------------------------------------------------------------------------------------------


def voice_share(codings: Mapping[str, pd.DataFrame], sentences: pd.DataFrame, texts: Sequence[str]) -> pd.DataFrame:
    """Count the body sentences whose first frame stands in a quoted voice, coder by coder.

    Returns doc_id, coder, quoted, n (body sentences with a frame) and share.
    """
    out = []
    for coder, rows in codings.items():
        first = _body(rows[rows["rank"] == 1], sentences)
        for doc_id in _coded(rows, texts):
            own = first.loc[first["doc_id"] == doc_id, "voice"]
            n, quoted = len(own), int(own.eq("quoted").sum())
            out.append((doc_id, coder, quoted, n, quoted / n if n else np.nan))
    return pd.DataFrame(out, columns=["doc_id", "coder", "quoted", "n", "share"])


def say_voice(voices: pd.DataFrame, coder: str, names: Mapping[str, str] | None = None) -> str:
    """Say in one sentence in whose voice the texts frame, after one coder.

    >>> rows = pd.DataFrame({"doc_id": ["a", "b"], "coder": "A", "quoted": [9, 1], "n": [10, 10], "share": [.9, .1]})
    >>> say_voice(rows, "A")
    'Of body sentences with a frame, quoted voices carry from 1 of 10 in b to 9 of 10 in a; 10 of 20 in all.'
    >>> say_voice(rows, "B")
    'Coder B found no framed sentence in the body of these texts.'
    """
    own = voices[(voices["coder"] == coder) & voices["n"].gt(0)]
    if own.empty:
        return f"Coder {coder} found no framed sentence in the body of these texts."
    low, high = own["share"].min(), own["share"].max()
    total = f"{int(own['quoted'].sum())} of {int(own['n'].sum())}"
    if low == high:
        return f"Quoted voices carry {total} body sentences with a frame, and the same share in each text."
    first, last = (joined([f"{r.quoted} of {r.n} in {(names or {}).get(r.doc_id, r.doc_id)}"
                           for r in own[own["share"] == end].itertuples()]) for end in (low, high))
    return f"Of body sentences with a frame, quoted voices carry from {first} to {last}; {total} in all."


def tone(labels: pd.DataFrame | None, documents: Sequence[str]) -> pd.DataFrame:
    """Count the hand-coded tone of a text's sentences toward each party.

    Accepts frame labels as strings, with a column ``tone_…`` a party (−1, 0, 1). Returns doc_id, party, against,
    favourable, n (sentences labelled); empty where nobody has coded tone. No tone is ever computed from word
    lists.
    """
    labels = pd.DataFrame() if labels is None else labels
    out = []
    for c in [c for c in labels.columns if c.startswith("tone_")]:
        values = pd.to_numeric(labels[c], errors="coerce")
        for doc_id in documents:
            own = values[labels["doc_id"].eq(doc_id)].dropna()
            out.append((doc_id, c.removeprefix("tone_").upper(), int((own < 0).sum()), int((own > 0).sum()), len(own)))
    return pd.DataFrame(out, columns=["doc_id", "party", "against", "favourable", "n"])


def say_tone(toned: pd.DataFrame, coder: str, names: Mapping[str, str] | None = None) -> str:
    """Say in one sentence toward whom the sentences lean.

    Accepts what :func:`tone` returned, the coder, and what each party is called.

    >>> say_tone(pd.DataFrame({"doc_id": ["a"], "party": ["NOR"], "against": [3], "favourable": [1], "n": [9]}), "A",
    ...          {"NOR": "Norvia"})
    'Tone as coder A heard it: 3 sentences of 9 speak against Norvia, 1 for it.'
    >>> say_tone(tone(None, []), "A")
    'Nobody has coded the tone of these texts.'
    """
    if toned.empty or not toned["n"].sum():
        return "Nobody has coded the tone of these texts."
    by = toned.groupby("party", sort=False)[["against", "favourable", "n"]].sum()
    said = [f"{counted(r.against, 'sentence')} of {r.n} {'speaks' if r.against == 1 else 'speak'} against "
            f"{the((names or {}).get(str(p), str(p)))}, "
            f"{r.favourable} for it" for p, r in by.iterrows()]
    return f"Tone as coder {coder} heard it: {'; '.join(said)}."


# headlines ----------------------------------------------------------------------------------------------------------


def headlines(frames: pd.DataFrame, sentences: pd.DataFrame, texts: Sequence[str],
              machine: pd.DataFrame | None = None) -> pd.DataFrame:
    """Hold the frames of each title against the text's own body.

    Accepts frames, sentences, the texts and, to fall back on, the machine's frames. Returns doc_id, frame (of the
    title, its first; missing where it has none), voice, laundered (``yes`` or ``no``; where no coder has said so, what
    the rules find, ``yes, by rule`` or ``no, by rule``, and without them ``not coded``), body (sentences of the body
    with that frame), of (body sentences), place (1 where the body uses no frame more often), body_frame (its most used;
    several that share the first place are parted by `` + ``), never (frames of the title, not its first alone, that
    its body never uses, parted in the same way; empty where there is none).
    """
    by_id = sentences.set_index("sentence_id")["section"]
    counts = _body(frames, sentences).groupby(["doc_id", "frame"])["sentence_id"].nunique()
    size = sentences[sentences["section"].eq("body")].groupby("doc_id").size()
    layers = [(rows[rows["sentence_id"].map(by_id).eq("title")], source) for rows, source in
              ((frames, ""), (machine, ", by rule")) if rows is not None]
    titled = layers[0][0]
    out = []
    for doc_id in texts:
        mine = titled[titled["doc_id"].eq(doc_id) & titled["rank"].eq(1)]
        own = counts.loc[doc_id] if doc_id in counts.index.get_level_values(0) else pd.Series(dtype=int)
        top = " + ".join(own.index[own == own.max()]) if len(own) else pd.NA
        washed = _laundered(doc_id, layers)
        if mine.empty:
            out.append((doc_id, pd.NA, pd.NA, washed, 0, int(size.get(doc_id, 0)), pd.NA, top, ""))
            continue
        row = mine.iloc[0]
        n = int(own.get(row["frame"], 0))
        headed = titled.loc[titled["doc_id"].eq(doc_id)].sort_values("rank", kind="stable")["frame"].drop_duplicates()
        never = " + ".join(f for f in headed if f not in own.index)
        out.append((doc_id, row["frame"], row["voice"], washed, n, int(size.get(doc_id, 0)), int((own > n).sum()) + 1,
                    top, never))
    return pd.DataFrame(out, columns=["doc_id", "frame", "voice", "laundered", "body", "of", "place", "body_frame",
                                      "never"]).astype({"frame": "string", "voice": "string", "laundered": "string",
                                                        "place": "Int64", "body_frame": "string", "never": "string"})


def _laundered(doc_id: str, layers: Sequence[tuple[pd.DataFrame, str]]) -> str:
    """Say whether a title is laundered, by the first layer that says so at all."""
    for titled, source in layers:
        said = titled.loc[titled["doc_id"].eq(doc_id), "laundered"].dropna()
        if len(said):
            return ("yes" if said.astype(bool).any() else "no") + source
    return "not coded"


def say_headlines(found: pd.DataFrame, labels: Mapping[str, str] | None = None,
                  names: Mapping[str, str] | None = None) -> str:
    """Say in one sentence whether headlines lead with what their bodies lead with, and which do not.

    Accepts what :func:`headlines` returned, and what frames and texts are called. The smaller group is named where it
    is small.

    >>> rows = pd.DataFrame({"doc_id": ["a", "b"], "frame": ["cost", "law"], "voice": ["outlet", "quoted"],
    ...                      "laundered": ["no", "no"], "body": [4, 0], "of": [9, 8], "place": [1, 3],
    ...                      "body_frame": ["cost", "cost + aid"], "never": ["", "law"]})
    >>> say_headlines(rows)
    'In 1 of 2 texts the headline leads with the frame its body uses most (a); 1 has a frame that its body never uses
    (b: law).'
    >>> say_headlines(rows.assign(frame=None))
    'No headline of these texts carries a frame.'
    """
    framed = found[found["frame"].notna()]
    if framed.empty:
        return "No headline of these texts carries a frame."

    def called(doc_id: str) -> str:
        return (names or {}).get(doc_id, doc_id)
    leads, misses = framed[framed["place"].eq(1)], framed[framed["place"].ne(1)]
    few, how = (leads, "") if len(leads) <= len(misses) else (misses, "not ")
    which = f" ({how}{joined(map(called, few['doc_id']))})" if 0 < len(few) <= MOST else ""
    shared = leads["body_frame"].str.contains(" + ", regex=False).any()
    some = f"{len(leads)} of" if len(leads) else "none of the"
    leading = "the headline leads" if len(leads) else "does the headline lead"
    said = (f"In {some} {counted(len(framed), 'text')} {leading} with the frame its body uses most"
            f"{', or with one of several that share this place' if shared else ''}{which}")
    never = framed[framed["never"].ne("")]
    listed = "; ".join(f"{called(r.doc_id)}: " + joined([(labels or {}).get(f, f.replace("_", " "))
                                                         for f in r.never.split(" + ")]) for r in never.itertuples())
    if len(never) > 1:
        return f"{said}; {len(never)} have a frame that their bodies never use ({listed})."
    return f"{said}; {'1 has' if len(never) else 'none has'} a frame that its body never uses" + \
        (f" ({listed})." if len(never) else ".")


# who speaks in which frame ------------------------------------------------------------------------------------------


def bloc_frames(frames: pd.DataFrame, quotes: pd.DataFrame, sentences: pd.DataFrame, names: Mapping[str, str]
                ) -> pd.DataFrame:
    """Count by speaker's bloc and role the frames of the body sentences that stand in a quoted voice.

    Accepts frames, quotations (doc_id, start, end, speaker_bloc: a country's code, several parted by ``+``; optional
    ``role``, see :func:`helpers.compare.speakers.roles`), sentences, and what each code is called. A sentence belongs
    to the quotation that covers most of it. A speaker with a code that has no name is ``other``, one without a code
    ``not placed``. Returns bloc, role where it is given, frame, n (sentences).
    """
    roles = quotes["role"] if "role" in quotes else pd.Series("", quotes.index)
    spans = {d: list(q[["start", "end", "speaker_bloc", "_role"]].itertuples(index=False, name=None))
             for d, q in quotes.assign(_role=roles).groupby("doc_id")}
    place = {}
    for sentence_id, doc_id, start, end in sentences[["sentence_id", "doc_id", "start", "end"]].itertuples(index=False):
        near = [(min(end, b) - max(start, a), bloc, r) for a, b, bloc, r in spans.get(doc_id, ())
                if a < end and b > start]
        if near:
            _, code, role = max(near, key=lambda x: x[0])
            parts = [] if pd.isna(code) else list(dict.fromkeys(names.get(p, "other") for p in str(code).split("+")))
            bloc = "not placed" if not parts else parts[0] if len(parts) == 1 else "several together"
            place[sentence_id] = bloc, role
    quoted = _body(frames[frames["voice"].eq("quoted")], sentences)
    found = [place.get(s, ("not placed", "other")) for s in quoted["sentence_id"]]
    quoted = quoted.assign(bloc=[b for b, _ in found], role=[r for _, r in found])
    by = ["bloc", *(["role"] if "role" in quotes else []), "frame"]
    return quoted.groupby(by, as_index=False).agg(n=("sentence_id", "nunique")).sort_values(
        ["n", *by], ascending=[False, *[True] * len(by)], ignore_index=True)


def say_blocs(counted: pd.DataFrame, labels: Mapping[str, str] | None = None) -> str:
    """Say in one sentence which frame each bloc speaks in most.

    >>> say_blocs(pd.DataFrame({"bloc": ["Norvia", "not placed"], "frame": ["law", "cost"], "n": [4, 9]}))
    'Speakers of Norvia use law most (4 of 4 quoted frames); 9 of 13 have no speaker that could be placed.'
    >>> say_blocs(pd.DataFrame({"bloc": "Norvia", "role": ["official", "medium"], "frame": ["law", "cost"],
    ...                         "n": [4, 9]}))
    'Officials and bodies of Norvia use law most (4 of 4 quoted frames); of 13, 9 are in the voice of media.'
    >>> say_blocs(pd.DataFrame({"bloc": [], "frame": [], "n": []}))
    'No frame of these texts stands in a quoted voice.'
    """
    if counted.empty:
        return "No frame of these texts stands in a quoted voice."
    total = int(counted["n"].sum())
    lost = int(counted.loc[counted["bloc"].eq("not placed"), "n"].sum())
    parts = []
    placed = counted[~counted["bloc"].isin(UNPLACED)]
    placed = placed[placed["role"].eq("official")] if "role" in placed else placed
    for bloc, rows in placed.groupby("bloc", sort=False):
        most = rows["n"].max()
        top = [(labels or {}).get(f, str(f).replace("_", " ")) for f in rows.loc[rows["n"] == most, "frame"]]
        parts.append(f"of {the(bloc)} use {joined(top)} most ({most} of {rows['n'].sum()} quoted frames)")
    if "role" in counted:       # a bloc's newspapers and professors are not its voice
        rest = [(int(counted.loc[counted["role"].eq(r), "n"].sum()), words) for r, words in ROLES.items()
                if r != "official"]
        others = [f"{n} {'is' if n == 1 else 'are'} in the voice of {words}" for n, words in rest if n]
        said = f"{ROLES['official'].capitalize()} " + ", those ".join(parts) if parts else \
            "No quoted frame is in the voice of an official of a known bloc"
        return f"{said}; of {total}, {joined(others)}." if others else f"{said}."
    said = "Speakers " + ", those ".join(parts) if parts else "No quoted frame has a speaker of a known bloc"
    return f"{said}; {lost or 'none'} of {total} {'has' if lost == 1 else 'have'} no speaker that could be placed."


# words --------------------------------------------------------------------------------------------------------------

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")


def words(text: str, sentences: pd.DataFrame, codebook: Codebook | None = None) -> pd.DataFrame:
    """Count the single words of a text's body: small letters, without names and function words.

    A word that the text writes with a capital only is taken for a name.

    Accepts the text, its rows of ``sentences`` (start, end, section) and the codebook whose names do not count. Returns
    ``word`` and ``n`` in alphabetical order. Of a text no more than this list is kept, from which it cannot be put
    together again.

    >>> whole = pd.DataFrame({"start": [0], "end": [50], "section": ["body"]})
    >>> words("The lease angered the port. Norvia left the lease.", whole).values.tolist()
    [['angered', 1], ['lease', 2], ['left', 1], ['port', 1]]
    """
    known = known_names(codebook) if codebook is not None else frozenset()
    body = sentences[sentences["section"].eq("body")]
    small = {w for s, e in zip(body["start"], body["end"]) for w in _WORD.findall(text[s:e]) if w.islower()}
    found: Counter[str] = Counter()
    for start, end in zip(body["start"], body["end"]):
        sentence = text[start:end]
        names = name_spans(sentence, known)
        for match in _WORD.finditer(sentence):
            word = match.group().lower()
            if len(word) > 2 and word in small and word not in STOP_WORDS and word not in known and not any(
                    a <= match.start() < b for a, b in names):
                found[word] += 1
    return pd.DataFrame(sorted(found.items()), columns=["word", "n"]).astype({"word": "string", "n": "Int64"})


def log_odds(counts: pd.DataFrame, *, strength: float | None = None) -> pd.DataFrame:
    """Weigh how much more one text uses each word than the other texts do.

    Weighted log-odds ratio with an informative Dirichlet prior (Monroe, Colaresi and Quinn 2008, *Fightin' Words*,
    Political Analysis 16(4), equations 16, 18 and 22): the prior is what all texts together would lead one to expect,
    worth ``strength`` words (none given: the mean length of a text), so that rare words do not win by chance.

    Accepts the table ``words`` (doc_id, word, n). Returns doc_id, word, n, others (times in the other texts), log_odds,
    z, the most distinctive first. The z serves to rank words; it is no test.

    >>> found = log_odds(pd.DataFrame({"doc_id": ["a", "a", "b", "b"], "word": ["lease", "port", "lease", "port"],
    ...                                "n": [9, 5, 1, 15]}))
    >>> found.loc[0, ["doc_id", "word"]].tolist(), bool(found.loc[0, "z"] > 0)
    (['a', 'lease'], True)
    """
    if counts["doc_id"].nunique() < 2:
        return pd.DataFrame(columns=["doc_id", "word", "n", "others", "log_odds", "z"])
    wide = counts.pivot_table(index="word", columns="doc_id", values="n", aggfunc="sum", fill_value=0).astype(float)
    total = wide.sum(axis=1)
    strength = strength or total.sum() / wide.shape[1]
    prior = total / total.sum() * strength
    out = []
    for doc_id in wide.columns:
        mine, rest = wide[doc_id], total - wide[doc_id]
        odds = [np.log((y + prior) / (y.sum() + strength - y - prior)) for y in (mine, rest)]
        delta = odds[0] - odds[1]
        spread = np.sqrt(1 / (mine + prior) + 1 / (rest + prior))
        out.append(pd.DataFrame({"doc_id": doc_id, "n": mine.astype(int), "others": rest.astype(int), "log_odds": delta,
                                 "z": delta / spread}).rename_axis("word").reset_index())
    out = pd.concat(out)[["doc_id", "word", "n", "others", "log_odds", "z"]]
    return out.sort_values(["doc_id", "z", "word"], ascending=[True, False, True], ignore_index=True)


def distinctive(counts: pd.DataFrame, *, most: int = 8) -> pd.DataFrame:
    """Return each text's ``most`` distinctive words of those it uses twice or more (see :func:`log_odds`)."""
    found = log_odds(counts)
    found = found[(found["n"] >= 2) & (found["z"] > 0)]
    return found.groupby("doc_id", sort=False).head(most).reset_index(drop=True)


def say_words(found: pd.DataFrame, names: Mapping[str, str] | None = None) -> str:
    """Say in one sentence which word marks each text most.

    Words that share the first place are all named, up to three.

    >>> say_words(pd.DataFrame({"doc_id": ["a"], "word": ["lease"], "n": [9], "others": [1], "z": [2.1]}))
    'The word that marks each text most: a “lease” (9 times, 1 in the others).'
    >>> say_words(pd.DataFrame({"doc_id": [], "word": [], "n": [], "others": [], "z": []}))
    'No word marks one of these texts against the others.'
    """
    if found.empty:
        return "No word marks one of these texts against the others."
    said = []
    for doc_id, rows in found.groupby("doc_id", sort=False):
        first = rows[rows["z"] >= rows["z"].max() - 1e-9]
        words = [f"“{r.word}” ({r.n} times, {r.others} in the others)" for r in first.head(MOST).itertuples()]
        more = [f"{len(first) - MOST} more"] if len(first) > MOST else []
        said.append(f"{(names or {}).get(str(doc_id), doc_id)} {joined(words + more)}")
    return "The word that marks each text most: " + "; ".join(said) + "."


# what is left out, what is repeated ---------------------------------------------------------------------------------


def left_out(frames: pd.DataFrame, sentences: pd.DataFrame, texts: Sequence[str], codes: Sequence[str]) -> pd.DataFrame:
    """Return the frames that a text's body never uses although another text does: doc_id, frame, elsewhere (texts)."""
    body = _body(frames, sentences)
    used = body[body["doc_id"].isin(list(texts))].groupby("frame")["doc_id"].agg(set)
    out = [(d, f, len(used[f])) for d in texts for f in codes if f in used.index and d not in used[f]]
    return pd.DataFrame(out, columns=["doc_id", "frame", "elsewhere"]).sort_values(
        ["elsewhere", "frame", "doc_id"], ascending=[False, True, True], ignore_index=True)


def say_left_out(found: pd.DataFrame, n: int, labels: Mapping[str, str] | None = None,
                 names: Mapping[str, str] | None = None) -> str:
    """Say in one sentence which omission stands out: a frame that all other texts use.

    >>> say_left_out(pd.DataFrame({"doc_id": ["a"], "frame": ["law"], "elsewhere": [4]}), 5)
    'One frame is used by all texts but one: law (not in a).'
    >>> say_left_out(pd.DataFrame({"doc_id": [], "frame": [], "elsewhere": []}), 5)
    'No text leaves out a frame that another text uses.'
    """
    if found.empty:
        return "No text leaves out a frame that another text uses."
    alone = found[found["elsewhere"] == n - 1] if n > 2 else found.iloc[:0]
    if alone.empty:
        n = len(found)
        verb = "is" if n == 1 else "are"
        return f"No frame is used by all texts but one; {counted(n, 'frame')} missing in a text {verb} used in another."
    called = [((labels or {}).get(f, str(f).replace("_", " ")), (names or {}).get(d, d))
              for d, f in zip(alone["doc_id"], alone["frame"])]
    said = [f"{frame} (not in {text})" for frame, text in called]
    many = "One frame is" if len(said) == 1 else f"{len(said)} frames are"
    return f"{many} used by all texts but one: {joined(said)}."


_ORIGIN = ["published_earliest", "published_latest", "outlet", "leans_on"]


def _later(one: Mapping, other: Mapping) -> bool:
    """Whether a text came out after another one, as far as it can be told.

    Where their intervals share a day, the one that is said to lean on the other's outlet is the later; else the one
    that can have come out last, for a text of unknown day is not shown to be the source. At last the order of the
    table decides.

    >>> wire = {"published_earliest": "2031-03-04", "published_latest": "2031-03-04", "outlet": "Wire", "place": 1}
    >>> copy = {"published_earliest": "2031-03-01", "published_latest": "2031-03-20", "leans_on": "Wire, 4 March"}
    >>> _later(copy | {"place": 0}, wire), _later(wire, copy | {"place": 0})
    (True, False)
    """
    def days(text: Mapping) -> tuple[str, str]:
        first, last = (text.get(f"published_{end}") for end in ("earliest", "latest"))
        return "" if pd.isna(first) else str(first), "9999" if pd.isna(last) else str(last)

    def leans(text: Mapping, on: Mapping) -> bool:
        said, outlet = text.get("leans_on"), on.get("outlet")
        return not pd.isna(said) and not pd.isna(outlet) and str(outlet).casefold() in str(said).casefold()
    (first, last), (other_first, other_last) = days(one), days(other)
    if first <= other_last and other_first <= last and leans(one, other) != leans(other, one):
        return leans(one, other)
    return (last, one["place"]) > (other_last, other["place"])


def repeated(runs: pd.DataFrame | None, sentences: pd.DataFrame, documents: pd.DataFrame) -> set[str]:
    """Return the sentences that repeat an earlier text for half of their length or more, by id.

    Accepts the table ``reuse`` (doc_a, start_a, end_a, doc_b, start_b, end_b), sentences, documents (doc_id,
    published_earliest, published_latest, and where they are known outlet and leans_on). Of two texts the earlier keeps
    its sentence (:func:`_later`).
    """
    if runs is None or runs.empty:
        return set()
    texts = documents.reindex(columns=["doc_id", *_ORIGIN]).reset_index(drop=True)
    rows = {r["doc_id"]: r | {"place": n} for n, r in enumerate(texts.to_dict("records"))}
    later: dict[str, list[tuple[int, int]]] = {}
    for r in runs[runs["doc_a"].isin(rows) & runs["doc_b"].isin(rows)].itertuples():
        mine = (r.doc_a, r.start_a, r.end_a) if _later(rows[r.doc_a], rows[r.doc_b]) else (r.doc_b, r.start_b, r.end_b)
        later.setdefault(mine[0], []).append((int(mine[1]), int(mine[2])))
    out = set()
    for s in sentences[sentences["doc_id"].isin(later)].itertuples():
        told = np.zeros(int(s.end - s.start), bool)
        for a, b in later[s.doc_id]:
            told[max(0, a - s.start):max(0, b - s.start)] = True
        if told.mean() >= .5:
            out.add(s.sentence_id)
    return out


def say_repeated(gone: set[str], sentences: pd.DataFrame, removed: bool) -> str:
    """Say in one sentence how many sentences repeat another text, and whether they count.

    >>> say_repeated(set(), pd.DataFrame({"doc_id": ["a"], "sentence_id": ["a1"]}), False)
    'No sentence repeats an earlier text for half of its length.'
    """
    rows = sentences[sentences["sentence_id"].isin(gone)]
    if rows.empty:
        return "No sentence repeats an earlier text for half of its length."
    repeat, half, verb = ("repeats", "its", "is") if len(rows) == 1 else ("repeat", "their", "are")
    what = "left out here" if removed else "counted here all the same"
    return (f"{len(rows)} of {counted(len(sentences), 'sentence')} {repeat} an earlier text for half of {half} length "
            f"and {verb} {what}.")


# many texts ---------------------------------------------------------------------------------------------------------


def shares(frames: pd.DataFrame, sentences: pd.DataFrame, codes: Sequence[str]) -> pd.DataFrame:
    """Return by text which share of its body sentences carries each frame: one row a text, one column a frame."""
    size = sentences[sentences["section"].eq("body")].groupby("doc_id").size()
    n = _body(frames, sentences).groupby(["doc_id", "frame"])["sentence_id"].nunique().unstack(fill_value=0)
    return n.reindex(index=size.index, columns=list(codes), fill_value=0).div(size, axis=0)


def compare_groups(rates: pd.DataFrame, groups: pd.Series, *, draws: int = 4999, seed: int = 1) -> pd.DataFrame:
    """Compare the frames of groups of texts by permutation, with the rate of false discoveries controlled.

    Accepts shares by text (:func:`shares`) and each text's group, by doc_id. For each frame the groups' means are held
    against those of the same texts dealt out by lot (Good 2005, *Permutation, Parametric and Bootstrap Tests*; the
    statistic is the sum of squares between groups); p counts the observed deal too (Phipson and Smyth 2010); q is the
    adjusted p of Benjamini and Hochberg (1995). Returns frame, a column a group (mean share), p, q, most telling first.
    Raises ValueError with fewer than :data:`SAMPLE` texts, or a group of fewer than two: then count, and do not test.
    """
    groups = groups.reindex(rates.index).dropna()
    rates = rates.loc[groups.index]
    size = groups.value_counts()
    if len(rates) < SAMPLE or len(size) < 2 or size.min() < 2:
        raise ValueError(f"{len(rates)} texts in {len(size)} groups are too few for a test: it takes {SAMPLE} texts "
                         "and two in each group. Compare the counts instead.")
    names = sorted(size.index)
    member = (groups.to_numpy()[:, None] == np.array(names, dtype=object)[None, :]).astype(float)
    values, n = rates.to_numpy(float), member.sum(axis=0)

    def between(mem: np.ndarray) -> np.ndarray:
        means = mem.T @ values / n[:, None]
        return (n[:, None] * (means - values.mean(axis=0)) ** 2).sum(axis=0)
    seen, lot = between(member), np.random.RandomState(seed)
    more = np.ones(values.shape[1])
    for _ in range(draws):
        more += between(member[lot.permutation(len(member))]) >= seen - 1e-12
    p = more / (draws + 1)
    out = pd.DataFrame(member.T @ values / n[:, None], index=names, columns=rates.columns).T
    out = out.assign(p=p, q=false_discovery(p)).rename_axis("frame").reset_index()
    return out.sort_values(["p", "frame"], ignore_index=True)


def false_discovery(p: np.ndarray) -> np.ndarray:
    """Return p-values adjusted for the rate of false discoveries (Benjamini and Hochberg 1995).

    >>> false_discovery(np.array([.01, .04, .03, .8])).round(3).tolist()
    [0.04, 0.053, 0.053, 0.8]
    """
    order = np.argsort(p)
    scaled = p[order] * len(p) / np.arange(1, len(p) + 1)
    out = np.empty(len(p))
    out[order] = np.minimum(1, np.minimum.accumulate(scaled[::-1])[::-1])
    return out


def say_groups(found: pd.DataFrame | None, n: int) -> str:
    """Say in one sentence what a comparison of groups of texts gave.

    >>> say_groups(None, 5)
    '5 texts are too few to compare groups of texts: it takes 30 that were drawn as a sample.'
    >>> say_groups(pd.DataFrame({"frame": ["law"], "p": [.4], "q": [.4]}), 40)
    'No frame tells the groups apart at a false discovery rate of 5 per cent (1 tested on 40 texts).'
    """
    if found is None:
        return f"{n} texts are too few to compare groups of texts: it takes {SAMPLE} that were drawn as a sample."
    told = found.loc[found["q"] <= .05, "frame"].tolist()
    tail = f"at a false discovery rate of 5 per cent ({len(found)} tested on {n} texts)"
    return f"{joined(told)} {'tells' if len(told) == 1 else 'tell'} the groups apart {tail}." if told else \
        f"No frame tells the groups apart {tail}."


def over_time(rates: pd.DataFrame, published: pd.Series, *, every: str = "Q") -> pd.DataFrame:
    """Return the mean share of each frame by period, with bootstrap intervals (95 per cent) over texts.

    Accepts shares by text, each text's day of publication (ISO) by doc_id, and the period (``M``, ``Q``, ``Y``).
    Returns period, frame, n (texts), mean, low, high. Raises ValueError with fewer than :data:`SAMPLE` dated texts.
    """
    dated = pd.PeriodIndex(pd.to_datetime(published.reindex(rates.index).dropna()), freq=every)
    rates = rates.loc[published.reindex(rates.index).dropna().index]
    if len(rates) < SAMPLE:
        raise ValueError(f"{len(rates)} dated texts are too few for a course over time: it takes {SAMPLE}.")
    lot, out = np.random.RandomState(1), []
    for period in sorted(set(dated)):
        values = rates[dated == period].to_numpy(float)
        means = values[lot.randint(0, len(values), (2000, len(values)))].mean(axis=1)
        low, high = np.quantile(means, [.025, .975], axis=0)
        out += [(str(period), f, len(values), *row) for f, *row in zip(rates.columns, values.mean(axis=0), low, high)]
    return pd.DataFrame(out, columns=["period", "frame", "n", "mean", "low", "high"])


def say_conclusions(n_texts: int, n_sentences: int) -> str:
    """Say in one sentence what the counts can and cannot carry.

    >>> say_conclusions(5, 126)
    '5 chosen texts (126 sentences) are a census: the counts hold for them, for no outlet, country or year beyond.'
    """
    return (f"{n_texts} chosen texts ({n_sentences} sentences) are a census: the counts hold for them, for no outlet, "
            "country or year beyond.")
