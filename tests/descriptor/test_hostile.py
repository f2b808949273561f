"""Whatever a descriptor holds, faults come back and nothing is raised."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from rekodiq_data.descriptor import open_package
from rekodiq_data.descriptor import vocabulary as known
from rekodiq_data.report import Severity

KEYS = sorted(
    known.PACKAGE_KEYS
    | known.RESOURCE_KEYS
    | known.SCHEMA_KEYS
    | known.FIELD_KEYS
    | known.CONSTRAINT_KEYS
    | known.DIALECT_KEYS
    | known.FOREIGN_KEY_KEYS
    | known.REFERENCE_KEYS
    | known.CHECK_KEYS
    | known.READING_KEYS
    | {"value", "label", "package", "via", "raw", "theme"}
)
WORDS = [*known.TYPES, "a", "", "a.csv", "../a", "https://example.org/a", "1", "default", "(["]
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-3, 10**20)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from(WORDS)
    | st.text(max_size=5)
)


def objects(values: st.SearchStrategy[Any], *keys: str) -> st.SearchStrategy[Any]:
    """Objects with some of these keys, and perhaps others."""
    names = st.sampled_from(keys) if keys else st.sampled_from(KEYS)
    return st.dictionaries(names | st.text(max_size=5), values, max_size=6)


ANY = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | objects(inner), max_leaves=12
)
FIELD = objects(ANY, *known.FIELD_KEYS)
SCHEMA = st.fixed_dictionaries(
    {"fields": st.lists(FIELD | ANY, max_size=3) | ANY},
    optional=dict.fromkeys(sorted(known.SCHEMA_KEYS - {"fields"}), ANY),
)
RESOURCE = st.fixed_dictionaries(
    {"name": st.sampled_from(WORDS) | ANY, "path": st.sampled_from(WORDS) | ANY},
    optional={
        **dict.fromkeys(sorted(known.RESOURCE_KEYS - {"name", "path"}), ANY),
        "schema": SCHEMA | ANY,
        "dialect": objects(ANY, *known.DIALECT_KEYS) | ANY,
    },
)
SCHEMAS = st.sampled_from([known.PACKAGE_SCHEMA, "https://example.org/other.json"])
PACKAGE = st.fixed_dictionaries(
    {"resources": st.lists(RESOURCE, max_size=3) | ANY},
    optional={
        **dict.fromkeys(sorted(known.PACKAGE_KEYS - {"resources"}), ANY),
        "$schema": SCHEMAS,
    },
)


def check(folder: Path) -> None:
    """Open what is in `folder`: faults must be JSON, and unsound tables must have some."""
    found = open_package(folder)
    for fault in found.faults:
        json.dumps(fault.to_dict()).encode()
        assert fault.path is not None
    for table in found.resources:
        wrong = [fault for fault in found.faults if fault.severity is Severity.ERROR]
        assert table.is_sound or wrong
        assert table.is_sound or table.schema is None
        assert isinstance(table.name, str)
        if table.schema is not None:
            hash((table.schema.names, table.schema.primary_key, table.schema.unique_keys))


@settings(max_examples=100, deadline=None)
@given(PACKAGE | ANY)
def test_any_json_value_as_descriptor_gives_a_package_with_faults(value: Any) -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "datapackage.json").write_text(json.dumps(value))
        check(Path(folder))


@settings(max_examples=50, deadline=None)
@given(st.fixed_dictionaries({"resources": st.lists(ANY, max_size=3)}) | ANY, SCHEMA | ANY)
def test_any_json_value_as_project_gives_a_package_with_faults(value: Any, schema: Any) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for name in ("datapackage", "schemas"):
            Path(folder, name).mkdir()
        Path(folder, "datapackage", "package.yaml").write_text(json.dumps(value))
        Path(folder, "schemas", "a.yaml").write_text(json.dumps(schema))
        check(Path(folder))
