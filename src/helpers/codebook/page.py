"""The codebook for readers: a page for a seminar."""

from __future__ import annotations

from pathlib import Path

from .book import Codebook

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
