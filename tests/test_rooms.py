"""One direction of flow: no room of the package imports, even by way of others, one that imports it."""
import ast
import graphlib
from pathlib import Path

import pytest

import helpers

ROOT = Path(helpers.__file__).parent


def rooms_of(tree: ast.Module, inside: tuple[str, ...]) -> set[str]:
    """The rooms that a module imports when it is read; an import inside a function is made when it is needed."""
    names = []
    for node in tree.body:
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            above = ("helpers", *inside)[:len(inside) + 2 - node.level] if node.level else ()
            module = ".".join((*above, *filter(None, [node.module])))
            names += [f"{module}.{alias.name}" for alias in node.names]
    return {room for name in names if (room := (name.split(".") + [""])[1]) and name.startswith("helpers.")
            and ((ROOT / room).is_dir() or (ROOT / f"{room}.py").is_file())}


def graph() -> dict[str, set[str]]:
    """The rooms (packages and single modules) and those that each imports."""
    found: dict[str, set[str]] = {}
    for path in sorted(ROOT.rglob("*.py")):
        inside = path.relative_to(ROOT).with_suffix("").parts
        own = found.setdefault(inside[0], set())
        own |= rooms_of(ast.parse(path.read_text(encoding="utf-8")), inside[:-1]) - {inside[0]}
    return found


def test_rooms_import_in_one_direction():
    found = graph()
    assert {"tables", "codebook"} <= found["frames"] and "cleaning" in found["pipeline"], "imports are read"
    list(graphlib.TopologicalSorter(found).static_order())


def test_a_circle_is_found():
    found = graph()
    found["tables"] = found["tables"] | {"pipeline"}
    with pytest.raises(graphlib.CycleError):
        list(graphlib.TopologicalSorter(found).static_order())


@pytest.mark.parametrize("code, inside, rooms", [
    ("from helpers.codebook.words import weights", ("compare",), {"codebook"}),
    ("from helpers import tables, review", (), {"tables", "review"}),
    ("import helpers.case", (), {"case"}),
    ("from .clauses import cut", ("events",), {"events"}),
    ("from ..tables import typed", ("events",), {"tables"}),
    ("from .. import tables", ("events",), {"tables"}),
    ("import pandas\ndef later():\n    from helpers import scale", (), set()),
])
def test_imports_are_read(code, inside, rooms):
    assert rooms_of(ast.parse(code), inside) == rooms
