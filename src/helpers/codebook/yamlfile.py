"""YAML as plain text with line numbers: strings, lists and mappings, nothing else."""

from __future__ import annotations

from pathlib import Path

import yaml

LIMIT = 1_000_000
DEEPEST = 12


class Row(dict):
    """A mapping that knows the line it began on."""

    line: int = 0


class YamlError(ValueError):
    """A YAML file that cannot be used: ``line`` and ``remedy`` say where and what to do."""

    def __init__(self, line: int, message: str, remedy: str):
        super().__init__(message)
        self.line, self.message, self.remedy = line, message, remedy


_Base: type = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


class _Loader(_Base):
    """Every scalar is a string, so that ``no`` and ``on`` stay words; a tag that asks for an object is refused."""


def _mapping(loader, node):
    row = Row()
    row.line = node.start_mark.line + 1
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if not isinstance(key, str):
            raise YamlError(
                key_node.start_mark.line + 1, "a key must be a word", "put the name of a field before the colon"
            )
        if key in row:
            raise YamlError(
                key_node.start_mark.line + 1,
                f"the key {key!r} stands twice in one entry",
                "delete one of them, or merge the two",
            )
        row[key] = loader.construct_object(value_node, deep=True)
    return row


def _refuse(loader, suffix, node):
    raise YamlError(
        node.start_mark.line + 1, f"the tag {node.tag!r} is not allowed", "write the value as plain text, without '!'"
    )


_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)
_Loader.add_constructor(
    "tag:yaml.org,2002:seq", lambda loader, node: [loader.construct_object(n, deep=True) for n in node.value]
)
_Loader.add_constructor("tag:yaml.org,2002:str", lambda loader, node: loader.construct_scalar(node))
_Loader.add_multi_constructor("", _refuse)


def read_yaml(path: Path) -> Row:
    """Accepts a path; returns its mapping (every leaf a string). Raises YamlError with the line and the remedy."""
    if path.stat().st_size > LIMIT:
        raise YamlError(1, f"the file is larger than {LIMIT:,} bytes", "split it, or look whether it is the right file")
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise YamlError(
            1, f"the file is not UTF-8 text (byte {error.start})", "save it again with the encoding UTF-8"
        ) from error
    try:
        depth = 0
        for event in yaml.parse(text, Loader=_Loader):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > DEEPEST:
                raise YamlError(
                    event.start_mark.line + 1, f"lists are nested more than {DEEPEST} deep", "write it flat"
                )
            if isinstance(event, yaml.AliasEvent):
                raise YamlError(event.start_mark.line + 1, "an alias (*name) is not allowed", "write the value out")
        found = yaml.load(text, Loader=_Loader)  # noqa: S506  a base loader: strings, lists and mappings only
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        what = getattr(error, "problem", None) or "it cannot be read as YAML"
        raise YamlError(
            mark.line + 1 if mark else 1,
            f"not valid YAML: {what}",
            "look here and one line above: indentation, a missing quotation mark, a colon in unquoted text",
        ) from error
    if not isinstance(found, Row):
        raise YamlError(1, "the file must hold named fields at its top", "begin with 'entries:' or 'rules:'")
    return found
