"""JSON Schemas of fields: nothing outside of them is read, and their patterns cannot run away.

jsonschema by itself opens the address that a `$ref` names, and searches with Python's regular
expressions, some of which take longer than the universe lasts on forty characters. Here
patterns are RE2's, whose time is bounded, and a reference must stay within its schema.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jsonschema.protocols import Validator


def judge_of(stated: Any) -> Callable[[str], bool]:
    """What tells whether a JSON text follows the schema `stated`.

    Raises:
        ValueError: it is no JSON Schema, refers to something outside, or has a pattern that
            RE2 does not take.
    """
    import jsonschema

    try:
        jsonschema.Draft202012Validator.check_schema(stated)
    except jsonschema.SchemaError as error:
        raise ValueError(f"it is not a JSON Schema: {error.message}") from None
    _require_safe(stated)
    safe = jsonschema.validators.extend(
        jsonschema.Draft202012Validator,
        {
            "pattern": _pattern,
            "patternProperties": _pattern_properties,
            "additionalProperties": _additional_properties,
        },
    )
    # This registry knows the schemas of JSON Schema itself, and retrieves nothing.
    validator = safe(stated, registry=jsonschema.validators.SPECIFICATIONS)

    def follows(text: str) -> bool:
        try:
            return bool(validator.is_valid(json.loads(text)))
        except (
            RecursionError,
            ArithmeticError,
            jsonschema.exceptions._WrappedReferencingError,
        ):
            # It refers to itself without end, or to nothing; or a number is beyond a double.
            return False

    return follows


def _require_safe(stated: Any) -> None:
    patterns: list[str] = []
    words: set[str] = set()
    for each in _objects(stated):
        reference = each.get("$ref", each.get("$dynamicRef"))
        if isinstance(reference, str) and not reference.startswith("#"):
            raise ValueError(f'it refers to "{reference}", and nothing outside of it is read')
        if isinstance(each.get("pattern"), str):
            patterns.append(each["pattern"])
        if isinstance(each.get("patternProperties"), dict):
            patterns.extend(each["patternProperties"])
        words |= each.keys()
    for pattern in patterns:
        try:
            _is_found(pattern, "")
        except pa.ArrowInvalid:
            raise ValueError(f'its pattern "{pattern}" is none that RE2 takes') from None
    if {"patternProperties", "unevaluatedProperties"} <= words:
        # jsonschema would search for the second with Python's expressions.
        raise ValueError('it has both "patternProperties" and "unevaluatedProperties"')


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    stack = [value]
    while stack:
        each = stack.pop()
        if isinstance(each, dict):
            yield each
            stack.extend(each.values())
        elif isinstance(each, list):
            stack.extend(each)


def _is_found(pattern: str, text: str) -> bool:
    return bool(pc.match_substring_regex(pa.scalar(text), pattern).as_py())


def _fault(words: str) -> Any:
    import jsonschema

    return jsonschema.ValidationError(words)


def _pattern(validator: Validator, pattern: str, instance: Any, _schema: Any) -> Iterator[Any]:
    if validator.is_type(instance, "string") and not _is_found(pattern, instance):
        yield _fault("pattern")


def _pattern_properties(
    validator: Any, patterns: dict[str, Any], instance: Any, _schema: Any
) -> Iterator[Any]:
    if not validator.is_type(instance, "object"):
        return
    for pattern, inner in patterns.items():
        for name, value in instance.items():
            if _is_found(pattern, name):
                yield from validator.descend(value, inner, path=name, schema_path=pattern)


def _additional_properties(
    validator: Any, inner: Any, instance: Any, schema: dict[str, Any]
) -> Iterator[Any]:
    if not validator.is_type(instance, "object"):
        return
    patterns = schema.get("patternProperties", {})
    for name, value in instance.items():
        if name in schema.get("properties", {}):
            continue
        if not any(_is_found(pattern, name) for pattern in patterns):
            yield from validator.descend(value, inner, path=name)
