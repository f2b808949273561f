"""The block model: its fields, their rules, and the kinds of error that are seeded."""

from __future__ import annotations

from typing import Any

SOURCES = tuple(f"src-{number:03d}" for number in range(40))

# Kind of error, and the field that it is seeded into. Two kinds meet in one field: some tools
# lose sight of the one behind the other.
KINDS = {
    "number": "density_tm3",
    "integer": "samples",
    "date": "modelled_on",
    "member": "rock_type",
    "range": "density_tm3",
    "pattern": "sample_code",
    "required": "category",
    "repeated_key": "block_id",
    "orphan": "source_id",
    "product": "cu_tonnes",
}

_REQUIRED = {"required": True}


def _number(name: str, minimum: float, maximum: float, *, required: bool = True) -> Any:
    bounds = {"minimum": minimum, "maximum": maximum}
    return {
        "name": name,
        "type": "number",
        "constraints": {**(_REQUIRED if required else {}), **bounds},
    }


def _integer(name: str, minimum: int, maximum: int, *, required: bool) -> Any:
    return {**_number(name, minimum, maximum, required=required), "type": "integer"}


def _member(name: str, *members: str) -> Any:
    return {
        "name": name,
        "type": "string",
        "constraints": {"required": True, "enum": list(members)},
    }


TABLE: list[dict[str, Any]] = [
    {"name": "block_id", "type": "string", "constraints": {"required": True, "unique": True}},
    _member("domain", "porphyry", "breccia", "supergene", "waste"),
    _member("rock_type", "diorite", "andesite", "siltstone", "dacite"),
    _member("category", "measured", "indicated", "inferred"),
    _number("x_m", 400_000, 410_000),
    _number("y_m", 3_200_000, 3_210_000),
    _integer("z_m", -400, 800, required=True),
    _integer("bench", -30, 60, required=False),
    _integer("samples", 0, 400, required=False),
    _number("density_tm3", 2, 3.4),
    _number("tonnage_t", 0, 25_000),
    _number("cu_pct", 0, 2.5),
    _number("au_gpt", 0, 3, required=False),
    {"name": "cu_tonnes", "type": "number", "constraints": _REQUIRED},
    {
        "name": "modelled_on",
        "type": "date",
        "constraints": {"required": True, "minimum": "2009-01-01", "maximum": "2025-12-31"},
    },
    {
        "name": "sample_code",
        "type": "string",
        "constraints": {"pattern": "S[A-Z]-[0-9]{6}"},
    },
    {"name": "note", "type": "string"},
    {"name": "source_id", "type": "string", "constraints": _REQUIRED},
]
FIELDS = tuple(field["name"] for field in TABLE)


def descriptor(*, cross_rule: bool = True) -> dict[str, Any]:
    """The package's descriptor; without `cross_rule`, only what Table Schema itself can say."""
    blocks: dict[str, Any] = {
        "fields": TABLE,
        "foreignKeys": [
            {
                "fields": "source_id",
                "reference": {"resource": "sources", "fields": "source_id"},
            }
        ],
    }
    if cross_rule:
        blocks["rekodiq:checks"] = [
            {
                "check": "product",
                "name": "copper",
                "result": "cu_tonnes",
                "factors": ["tonnage_t", "cu_pct"],
                "scale": "0.01",
                "tolerance": "0.001",
            }
        ]
    sources = {
        "fields": [
            {"name": "source_id", "type": "string", "constraints": {"required": True}},
            {"name": "title", "type": "string"},
        ],
        "primaryKey": ["source_id"],
    }
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "block-model",
        "resources": [
            {"name": "blocks", "type": "table", "path": "blocks.csv", "schema": blocks},
            {"name": "sources", "type": "table", "path": "sources.csv", "schema": sources},
        ],
    }


def arrow_types() -> dict[str, Any]:
    """Arrow types of the columns, for programs that read them with pyarrow alone."""
    import pyarrow as pa

    kinds = {"string": pa.string(), "number": pa.float64(), "integer": pa.int64()}
    return {field["name"]: kinds.get(field["type"], pa.date32()) for field in TABLE}
