"""Applying a `diff.json` to the old records, which must give the new ones."""

from __future__ import annotations

from collections import Counter


def apply(old, found):
    """The new records of one table, from its old ones and its part of a `diff.json`.

    Args:
        old: records as mappings of field to canonical text, without missing cells.
        found: the table's object in `diff.json`, with nothing left out.

    Returns:
        How often each new record occurs: a counter of frozen sets of (field, text).
    """
    names = {each["old_name"]: each["name"] for each in found["fields"] if each["old_name"]}
    records = [{names[name]: text for name, text in record.items()} for record in old]
    if not found["key"]:
        counted = Counter(map(_frozen, records))
        for each in found["removed"]:
            counted[_frozen(each["values"])] -= each["count"]
        for each in found["added"]:
            counted[_frozen(each["values"])] += each["count"]
        assert all(number >= 0 for number in counted.values())
        return +counted
    gone = {each["old_name"] for each in found["fields"] if each["new_name"] is None}
    by_key = {tuple(record[name] for name in found["key"]): record for record in records}
    for each in found["removed"]:
        del by_key[tuple(each["key"])]
    for record in by_key.values():
        for name in gone:
            record.pop(name, None)
    for each in found["changed"]:
        record = by_key[tuple(each["key"])]
        for cell in each["cells"]:
            assert record.get(cell["field"]) == cell["old"]
            record[cell["field"]] = cell["new"]
    for filled in found["filled"]:
        for value in filled["values"]:
            by_key[tuple(value["key"])][filled["field"]] = value["value"]
    for each in found["added"]:
        assert tuple(each["key"]) not in by_key
        by_key[tuple(each["key"])] = dict(each["values"])
    return Counter(map(_frozen, by_key.values()))


def _frozen(record):
    return frozenset((name, text) for name, text in record.items() if text is not None)


def bag(records):
    """How often each of these records occurs."""
    return Counter(map(_frozen, records))
