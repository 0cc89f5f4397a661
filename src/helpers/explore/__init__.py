"""Looking around in a case, for the notebook ``07-explore``.

``choosing`` filters (pure functions on frames), ``drawing`` draws fast, ``reading`` shows where an event comes from and
holds two texts side by side, ``deciding`` writes a decision into ``review/``, ``board`` joins them with controls.
"""
from helpers.explore.board import Board, Coding, Pair, Told
from helpers.explore.choosing import Choice, Chosen, Material, choose, open_material, options, relief, say
from helpers.explore.deciding import decide, keep, targets, undo
from helpers.explore.drawing import lanes, texts, together
from helpers.explore.reading import Page, Span, closest, mark, read_event, side_by_side, tags

__all__ = ["Board", "Choice", "Chosen", "Coding", "Material", "Page", "Pair", "Span", "Told", "choose", "closest",
           "decide", "keep", "lanes", "mark", "open_material", "options", "read_event", "relief", "say",
           "side_by_side", "tags", "targets", "texts", "together", "undo"]
