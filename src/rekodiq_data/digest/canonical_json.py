"""One text for one JSON value, so that its digest means something."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any


def canonical_json(value: Any) -> bytes:
    """`value` as canonical JSON, in UTF-8.

    No blanks; keys sorted by code points; text escaped only where JSON demands it; numbers
    without exponent, fraction only where there is one, in the fewest digits that read back
    equal. So 1, 1.0 and 1e0 are one number, and 0 has no sign.

    >>> canonical_json({"b": [1.50, 2.0, 1e-7], "a": None})
    b'{"a":null,"b":[1.5,2,0.0000001]}'
    """
    return "".join(_pieces(value)).encode()


def _pieces(value: Any) -> list[str]:
    if isinstance(value, Mapping):
        pairs = [
            [json.dumps(key, ensure_ascii=False), ":", *_pieces(value[key])]
            for key in sorted(value)
        ]
        return ["{", *_joined(pairs), "}"]
    if isinstance(value, list | tuple):
        return ["[", *_joined([_pieces(each) for each in value]), "]"]
    if isinstance(value, float):
        return [_number(value)]
    return [json.dumps(value, ensure_ascii=False)]


def _joined(parts: list[list[str]]) -> list[str]:
    return [
        piece for index, part in enumerate(parts) for piece in ([",", *part] if index else part)
    ]


def _number(value: float) -> str:
    text = format(Decimal(repr(value)), "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text
