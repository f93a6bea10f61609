"""YAML that people write, read so that it means what it looks like: each name once, numbers in decimal.

YAML 1.1 takes the last of two equal names, 0100 for 64, 1:30 for 90 and `no` for false. Here the first is a fault, and
the others are texts, which the fields then refuse or read as such.
"""

import re
from typing import Any

import yaml


class PlainLoader(yaml.SafeLoader):
    """Numbers in decimal, true, false and null; everything else is a text."""

    yaml_implicit_resolvers = {}  # noqa: RUF012  (PyYAML's own attribute)


for _tag, _pattern, _first in (
    ("null", r"~|null|", ["~", "n", ""]),
    ("bool", r"true|false", ["t", "f"]),
    ("int", r"-?(?:0|[1-9][0-9_]*)", list("-0123456789")),
    ("float", r"-?(?:0|[1-9][0-9_]*)\.[0-9]+", list("-0123456789")),
):
    PlainLoader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(f"^(?:{_pattern})$"), _first)


def read_yaml(text: str) -> tuple[Any, yaml.Node | None, list[str]]:
    """The document, its root node, and what stands twice in it. Raises yaml.YAMLError."""
    root = yaml.compose(text, Loader=PlainLoader)
    return yaml.load(text, Loader=PlainLoader), root, _repeated(root, (), set())


def _repeated(node: yaml.Node | None, path: tuple, seen_nodes: set[int]) -> list[str]:
    if id(node) in seen_nodes:
        return []
    seen_nodes.add(id(node))
    if isinstance(node, yaml.SequenceNode):
        inner = [
            _repeated(part, (*path, str(number)), seen_nodes) for number, part in enumerate(node.value, 1)
        ]
        return [fault for faults in inner for fault in faults]
    if not isinstance(node, yaml.MappingNode):
        return []
    faults, names = [], set()
    for key, value in node.value:
        name = str(key.value)
        if name in names:
            faults.append(f"line {key.start_mark.line + 1}, {'.'.join((*path, name))}: stands twice")
        names.add(name)
        faults += _repeated(value, (*path, name), seen_nodes)
    return faults
