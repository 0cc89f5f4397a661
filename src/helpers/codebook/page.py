"""The codebook for readers: one entry explained in a sentence or two, and the whole as a page for a seminar."""

from __future__ import annotations

from pathlib import Path

from .book import Codebook
from .reading import nearest

_PARTS = {
    "types": "Event type",
    "stages": "Stage",
    "tracks": "Track",
    "statuses": "Status",
    "frames": "Frame",
    "roles": "Line role",
    "event_rules": "Event rule",
    "frame_rules": "Frame rule",
    "frame_events": "Frame rule of events",
    "modality": "Modality rule",
    "speech": "Speech rule",
}
_SECTIONS = {
    "types": ("Event types", "What kind of act?", "events.yaml"),
    "stages": ("Stages", "Which step of a sanction case, a bargain, an arms deal or a law?", "stages.yaml"),
    "tracks": ("Tracks", "Which thread of the dispute?", "tracks.yaml"),
    "statuses": ("Statuses", "How real does the text make it?", "statuses.yaml"),
    "frames": ("Frames", "Which side of the dispute does a sentence put forward?", "frames.yaml"),
    "roles": ("Line roles", "What is a line of a saved page?", "lines.yaml"),
}


def _listed(value) -> str:
    return "; ".join(value) if isinstance(value, (tuple, list)) else str(value)


def explain(codebook: Codebook, code: str) -> str:
    """Accepts a codebook and a code, a rule's id or an actor's id; returns what it means, in a few lines.

    Raises KeyError with the nearest known code.

    >>> from helpers.codebook import load_codebook
    >>> print(explain(load_codebook(None), "rumoured").splitlines()[0])
    Status rumoured: rumoured
    """
    found = []
    for table, kind in _PARTS.items():
        rows = getattr(codebook, table)
        if code in rows.index:
            row = rows.loc[code]
            lines = [f"{kind} {code}" + (f": {row['label']}" if "label" in row else "")]
            for name in (
                "definition",
                "in",
                "out",
                "example",
                "type",
                "class",
                "status",
                "cues",
                "requires",
                "excludes",
            ):
                if name in row and len(row[name]) and not (table == "roles" and name == "cues"):
                    lines.append(f"  {name}: {_listed(row[name])}")
            found.append("\n".join(lines))
    actors = codebook.actors[codebook.actors["actor_id"] == code]
    if len(actors):
        first = actors.iloc[0]
        lines = [f"Actor {code}: {first['name']} ({first['kind']}, {first['bloc']})"]
        for row in actors.itertuples():
            if row.office:
                lines.append(f"  {row.office}: {row.valid_from or '…'} to {row.valid_to or '…'}")
        names = codebook.aliases.loc[codebook.aliases["actor_id"] == code, "alias"]
        found.append("\n".join([*lines, f"  in texts: {'; '.join(names)}"]))
    if not found:
        known = [key for table in _PARTS for key in getattr(codebook, table).index]
        raise KeyError(f"{code!r} is not in the codebook: {nearest(code, [*known, *codebook.actors['actor_id']])}")
    return "\n".join(found)


def page(codebook: Codebook, case_title: str = "", case_name: str = "") -> str:
    """Accepts a codebook, the title and the name of its case; returns one HTML page that needs no other file and runs
    no script.

    Every type, stage, status, track, frame and line role stands there with its definition, what is in, what is out and
    an example, and with the texts that the authors of the rules had read.
    """
    from helpers.pages import html  # slow to import, and only a page needs it

    parts = [
        {
            "id": table,
            "name": name,
            "question": question,
            "about": codebook.about.get(file, {}),
            "rows": getattr(codebook, table).reset_index().to_dict("records"),
        }
        for table, (name, question, file) in _SECTIONS.items()
    ]
    contents = [
        (level, text, place)
        for part in parts
        for level, text, place in (
            (1, part["name"], part["id"]),
            *((3, row.get("label", code), f"{part['id']}-{code}")
              for row in part["rows"] for code in [row.get("code", row.get("role"))]),
        )
    ]
    own = codebook.actors[codebook.actors["layer"] == "case"]
    return html.paper(
        "page.html.j2",
        Path(__file__).parent,
        title=case_title,
        name=case_name,
        contents=[*contents, (1, "Who and what is named", "who"), (1, "Rules and sources", "rules")],
        parts=parts,
        rules=codebook.rules,
        rule_counts={
            _PARTS[t]: len(getattr(codebook, t))
            for t in ("event_rules", "frame_rules", "frame_events", "modality", "speech")
        },
        actors=own.to_dict("records"),
        items=codebook.items.to_dict("records"),
        n_states=len(codebook.countries),
        version=codebook.version,
    )
