"""What a new storage layout does to storage that is deployed, field by field.

    changes = compare_layouts(deployed, candidate)       # layouts as tools/storage_layout.py makes them
    breaking(changes)                                    # those that would read deployed storage wrongly

Harmless are: fields behind the last one of a namespace, or of a struct that lies in mappings only; fields in place of
a reserved gap or in unused bytes of a word; another name in the same place with the same type; new namespaces; new
members at the end of an enum. Everything else breaks. What a value type packs into its word is not seen: only which
type lies under it.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

WORD = 32
VARIABLES = "state variables"
GAP = re.compile(r"^(.*\.)?_*(gap|reserved)\d*$", re.IGNORECASE)
STRUCT = re.compile(r"struct ([\w$.]+)")
HARMLESS = frozenset(
    [
        "appended",
        "enum extended",
        "gap used",
        "namespace added",
        "other name of the type",
        "padding used",
        "renamed",
    ]
)


@dataclass(frozen=True)
class Change:
    """One difference: what kind it is, where, and what was and is there, in words."""

    kind: str
    place: str
    words: str

    @property
    def breaks(self) -> bool:
        """Whether storage that is deployed would be read wrongly, or the next upgrade would do so."""
        return self.kind not in HARMLESS

    def __str__(self) -> str:
        return f"{self.kind}: {self.place}: {self.words}"


def compare_layouts(old: dict, new: dict) -> list[Change]:
    """Every difference between a deployed layout and another one."""
    return list(
        dict.fromkeys(
            [
                *_compare_variables(old, new),
                *_compare_namespaces(old, new),
                *_compare_structs(old, new),
                *_compare_enums(old, new),
                *_compare_values(old, new),
            ]
        )
    )


def breaking(changes: Iterable[Change]) -> list[Change]:
    """Those that must not be deployed."""
    return [change for change in changes if change.breaks]


# ---- parts of a layout --------------------------------------------------------------------------


def _compare_variables(old: dict, new: dict) -> Iterator[Change]:
    before, after = old["variables"], new["variables"]
    if not before:
        for member in after:
            words = f"{_spell(member)} lies outside every namespace; must be a member of a namespaced struct"
            yield Change("outside a namespace", f"{VARIABLES}.{member['label']}", words)
        return
    changes = list(_compare_members(VARIABLES, before, after, True, old, new))
    owners = [list(dict.fromkeys(m["label"].split(".")[0] for m in members)) for members in (before, after)]
    if sorted(owners[0]) == sorted(owners[1]) and owners[0] != owners[1]:
        words = f"was {', '.join(owners[0])}; is {', '.join(owners[1])}"
        yield Change("inheritance reordered", VARIABLES, words)
    yield from changes


def _compare_namespaces(old: dict, new: dict) -> Iterator[Change]:
    added = {name: space for name, space in new["namespaces"].items() if name not in old["namespaces"]}
    for name, space in old["namespaces"].items():
        now = new["namespaces"].get(name)
        if now is None:
            heir = next((n for n, s in added.items() if s["struct"] == space["struct"]), None)
            if heir:
                words = f"is {heir} now, at another slot; everything in it would read as zero"
                yield Change("namespace renamed", name, words)
                added.pop(heir)
            else:
                fields = ", ".join(member["label"] for member in space["members"])
                yield Change("namespace removed", name, f"with {fields}")
            continue
        if now["slot"] != space["slot"]:
            yield Change("namespace moved", name, f"was at slot {space['slot']}, is at {now['slot']}")
        yield from _compare_members(name, space["members"], now["members"], True, old, new)
    for name, space in added.items():
        yield Change("namespace added", name, f"with {len(space['members'])} fields")


def _compare_structs(old: dict, new: dict) -> Iterator[Change]:
    for name, members in old["structs"].items():
        if name in new["structs"]:
            free = _lies_in_mappings_only(old, name)
            yield from _compare_members(f"struct {name}", members, new["structs"][name], free, old, new)


def _compare_enums(old: dict, new: dict) -> Iterator[Change]:
    after = new.get("enums", {})
    for name, members in old.get("enums", {}).items():
        now = after.get(name)
        if now is None or now == members:
            continue
        words = f"was {', '.join(members)}; is {', '.join(now)}"
        if now[: len(members)] == members:
            yield Change("enum extended", name, words)
        elif members[: len(now)] == now:
            yield Change("enum narrowed", name, f"{words}; stored values beyond the last would revert")
        else:
            yield Change("enum reordered", name, f"{words}; stored numbers would mean something else")


def _compare_values(old: dict, new: dict) -> Iterator[Change]:
    after = new.get("values", {})
    for name, underlying in old.get("values", {}).items():
        if name in after and after[name] != underlying:
            yield Change("value type changed", name, f"was {underlying}, is {after[name]}")


def _lies_in_mappings_only(layout: dict, struct: str) -> bool:
    """Whether nothing can follow the struct: each value of a mapping has words of its own."""
    pattern = re.compile(rf"(=> )?struct {re.escape(struct)}(?![\w$.])(\[)?")
    members = [
        member
        for members in (
            layout["variables"],
            *(space["members"] for space in layout["namespaces"].values()),
            *layout["structs"].values(),
        )
        for member in members
    ]
    uses = [use for member in members for use in pattern.finditer(member["type"])]
    return all(use[1] and not use[2] for use in uses)


# ---- members ------------------------------------------------------------------------------------


def _compare_members(
    place: str, before: list[dict], after: list[dict], may_grow: bool, old: dict, new: dict
) -> Iterator[Change]:
    was, now = ({member["label"]: member for member in members} for members in (before, after))
    fresh = [member for member in after if member["label"] not in was]
    gaps = [member for member in before if GAP.match(member["label"])]
    moved = False
    for member in before:
        label, here = member["label"], f"{place}.{member['label']}"
        if member in gaps:
            change = _compare_gap(here, member, now.get(label), fresh)
        elif label in now:
            change = _compare_member(here, member, now[label], before, after, old, new)
            moved |= _start(now[label]) != _start(member)
        else:
            heir = next((one for one in fresh if _start(one) == _start(member)), None)
            if heir and heir["bytes"] == member["bytes"] and _same_type(member, heir, old, new):
                fresh.remove(heir)
                change = Change("renamed", here, f"is called {heir['label']} now")
            else:
                left = next((one for one in after if _overlap(one, member)), None)
                over = (
                    f"; {_spell(left)} lies there now" if left else "; the next upgrade may reuse its place"
                )
                change = Change("removed", here, f"was {_spell(member)}{over}")
        if change:
            yield change
    end = max((_end(member) for member in before), default=0)
    for member in fresh:
        yield _place_fresh(place, member, before, gaps, end, moved, may_grow)


def _place_fresh(
    place: str, member: dict, before: list[dict], gaps: list[dict], end: int, moved: bool, may_grow: bool
) -> Change:
    here, words = f"{place}.{member['label']}", _spell(member)
    if any(_start(gap) <= _start(member) and _end(member) <= _end(gap) for gap in gaps):
        return Change("gap used", here, words)
    if _start(member) >= end:
        if may_grow or _end(member) <= _round_up(end):
            return Change("appended", here, words)
        return Change(
            "struct grown", here, f"{words}; the struct is followed by other storage, as it lies inline"
        )
    follows = moved and any(_start(one) >= _start(member) for one in before)
    if follows or any(_overlap(member, one) for one in before):
        return Change("inserted", here, f"{words}, before fields that are in use")
    return Change("padding used", here, words)


def _compare_member(
    here: str, member: dict, now: dict, before: list[dict], after: list[dict], old: dict, new: dict
) -> Change | None:
    words = f"was {_spell(member)}, is {_spell(now)}"
    if _start(now) != _start(member):
        order_changed = _predecessors(member, before, after) != _predecessors(now, after, before)
        return Change("reordered" if order_changed else "moved", here, words)
    if now["bytes"] != member["bytes"]:
        return Change("resized", here, words)
    if now["type"] == member["type"]:
        return None
    if _same_type(member, now, old, new):
        return Change("other name of the type", here, f"was {member['type']}, is {now['type']}")
    return Change("retyped", here, words)


def _compare_gap(here: str, gap: dict, now: dict | None, fresh: list[dict]) -> Change | None:
    """A gap may give its first words away to named fields; where it ends must stay."""
    if now == gap:
        return None
    inside = [one for one in fresh if _start(gap) <= _start(one) and _end(one) <= _end(gap)]
    used = max((_round_up(_end(one)) for one in inside), default=_start(gap))
    if now and now["bytes"] == gap["bytes"] and not inside:
        return Change("moved", here, f"was {_spell(gap)}, is {_spell(now)}")
    if used == (_start(now) if now else _end(gap)) and (now is None or _end(now) == _end(gap)):
        return None
    is_now = f"is {now['bytes'] // WORD}" if now else "is gone"
    words = f"was {gap['bytes'] // WORD} words, {is_now}, and fields in its place take {(used - _start(gap)) // WORD}"
    return Change("gap removed", here, words)


def _predecessors(member: dict, members: list[dict], others: list[dict]) -> set[str]:
    """Labels before a member, of those that both lists have."""
    common = {other["label"] for other in others}
    return {one["label"] for one in members if one["label"] in common and _start(one) < _start(member)}


def _same_type(member: dict, now: dict, old: dict, new: dict) -> bool:
    """Whether two names stand for types that are stored alike."""
    before, after = member["type"], now["type"]
    names = list(zip(STRUCT.findall(before), STRUCT.findall(after), strict=False))
    if _encoding(STRUCT.sub("struct", before), old) != _encoding(STRUCT.sub("struct", after), new):
        return False
    return all(
        one == other or _are_alike(old["structs"].get(one), new["structs"].get(other), old, new)
        for one, other in names
    )


def _are_alike(one: list[dict] | None, other: list[dict] | None, old: dict, new: dict) -> bool:
    if one is None or other is None:
        return False
    return not breaking(_compare_members("", one, other, False, old, new))


def _encoding(label: str, layout: dict) -> str:
    """A type without names that do not matter to storage."""
    label = re.sub(r"contract [\w$.]+|address payable", "address", label)
    values = layout.get("values", {})
    return re.sub(r"[A-Za-z_$][\w$.]*", lambda name: values.get(name[0], name[0]), label)


def _start(member: dict) -> int:
    return member["slot"] * WORD + member["offset"]


def _end(member: dict) -> int:
    return _start(member) + member["bytes"]


def _round_up(position: int) -> int:
    return -(-position // WORD) * WORD


def _overlap(one: dict, other: dict) -> bool:
    return _start(one) < _end(other) and _start(other) < _end(one)


def _spell(member: dict) -> str:
    return f"{member['type']} at slot {member['slot']}, byte {member['offset']}"
