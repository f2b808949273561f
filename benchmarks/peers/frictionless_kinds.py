"""What Frictionless calls an error, as the kinds in which errors are seeded."""

from __future__ import annotations

_KINDS = {
    "samples": "integer",
    "modelled_on": "date",
    "rock_type": "member",
    "sample_code": "pattern",
    "category": "required",
    "block_id": "repeated_key",
    "source_id": "orphan",
}


def seeded(type_: str, field: str | None) -> tuple[str, str]:
    """Field and kind of an error of this type at this field; None where it names none."""
    if type_ == "row-constraint":
        return "cu_tonnes", "product"
    if type_ == "foreign-key":
        return "source_id", "orphan"
    if field == "density_tm3":
        return field, "number" if type_ == "type-error" else "range"
    return field or "", _KINDS.get(field or "", type_)
