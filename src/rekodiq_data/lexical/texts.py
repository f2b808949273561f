"""Strings and their formats, booleans, and fields of any type.

"A valid email address", "a valid URI", "a uuid", "base64" are read by their own standards: RFC
5321 and 6531 (the domain with a dot, and a name after it that ends in no digit, as Frictionless
asks), RFC 3986 (with a scheme, ASCII only), RFC 9562 (five groups with hyphens), RFC 4648 (its
alphabet, padded). An unknown format of a string is its descriptor's fault, and takes any text.
"""

from __future__ import annotations

import re
import unicodedata
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from rekodiq_data.lexical.parsed import (
    BAD,
    Bad,
    Family,
    Parsed,
    Reader,
    format_of,
    mask,
    none_bad,
    nulls,
    settle,
)

if TYPE_CHECKING:
    from rekodiq_data.descriptor.model import Field

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_PCHAR = r"(?:[A-Za-z0-9\-._~!$&'()*+,;=:@]|%[0-9A-Fa-f]{2})"
# user info and host (without an IP literal, which the reader looks at apart), then the port
_HOST = r"(?:[A-Za-z0-9\-._~!$&'()*+,;=]|%[0-9A-Fa-f]{2})*"
_USER = r"(?:[A-Za-z0-9\-._~!$&'()*+,;=:]|%[0-9A-Fa-f]{2})*"
_AUTHORITY = rf"(?:{_USER}@)?{_HOST}(?::[0-9]*)?"
_URI = (
    rf"^[A-Za-z][A-Za-z0-9+.\-]*:"
    rf"(?://{_AUTHORITY}(?:/{_PCHAR}*)*|/(?:{_PCHAR}+(?:/{_PCHAR}*)*)?|{_PCHAR}+(?:/{_PCHAR}*)*|)"
    rf"(?:\?(?:{_PCHAR}|[/?])*)?(?:#(?:{_PCHAR}|[/?])*)?$"
)
_QUICK = {
    "email": rf"^{_ATOM}(?:\.{_ATOM})*@(?:{_LABEL}\.)+[A-Za-z]{{2,63}}$",
    "uri": _URI,
    "uuid": r"^[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$",
    "binary": r"^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$",
}
_SHORT_EMAIL = 64  # no part of an address this short is too long
_QUOTED = re.compile(r'"(?:[\x20\x21\x23-\x5b\x5d-\x7e\xa0-\U0010ffff]|\\[\x20-\x7e])*+"')
_UUID = re.compile(_QUICK["uuid"])
_BASE64 = re.compile(_QUICK["binary"])
_URI_FORM = re.compile(_URI)
_IP_LITERAL = re.compile(
    r"([A-Za-z][A-Za-z0-9+.\-]*://(?:[^/?#@\[\]]*@)?)\[([^\]\[]*)\]((?:[:/?#].*)?)", re.DOTALL
)
_IP_FUTURE = re.compile(r"[vV][0-9A-Fa-f]+\.[A-Za-z0-9\-._~!$&'()*+,;=:]+")


# --- string ----------------------------------------------------------------------------------


def is_email(text: str) -> bool:
    """Whether a text is an e-mail address.

    >>> [is_email(text) for text in ("a.b@example.org", "a@localhost", "a..b@example.org")]
    [True, False, False]
    """
    local, at, domain = text.rpartition("@")
    if not at or not local or len(local.encode()) > 64 or len(domain) > 253:
        return False
    if not _QUOTED.fullmatch(local) and not all(map(_is_atom, local.split("."))):
        return False
    if domain.startswith("[") and domain.endswith("]"):
        return _is_address_literal(domain[1:-1])
    labels = domain.split(".")
    last = labels[-1]
    return (
        len(labels) > 1 < len(last) and all(map(_is_label, labels)) and not last[-1].isdigit()
    )


def _is_atom(part: str) -> bool:
    rest = "".join(char for char in part if char < "\x80")
    others = all(unicodedata.category(char)[0] not in "CZ" for char in part if char >= "\x80")
    return bool(part) and others and (not rest or re.fullmatch(_ATOM, rest) is not None)


def _is_label(label: str) -> bool:
    if label.startswith("-") or label.endswith("-") or not 0 < len(label) <= 63:
        return False
    return all(
        char.isalnum() or char == "-"
        if char < "\x80"
        else unicodedata.category(char)[0] in "LMN"
        for char in label
    )


def _is_address_literal(text: str) -> bool:
    if text[:5].lower() == "ipv6:":
        return _is_address(text[5:], IPv6Address)
    return _is_address(text, IPv4Address)


def _is_address(text: str, kind: type[IPv4Address | IPv6Address]) -> bool:
    try:
        kind(text)
    except AddressValueError:
        return False
    return "%" not in text  # a zone is no part of either standard


def is_uri(text: str) -> bool:
    """Whether a text is a URI of RFC 3986 with a scheme.

    >>> [is_uri(text) for text in ("https://example.org/a%20b", "example.org", "a:b c")]
    [True, False, False]
    """
    literal = _IP_LITERAL.fullmatch(text)
    if literal:
        before, address, after = literal.groups()
        if not _is_address(address, IPv6Address) and not _IP_FUTURE.fullmatch(address):
            return False
        text = f"{before}host{after}"
    return _URI_FORM.fullmatch(text) is not None


def is_uuid(text: str) -> bool:
    """Whether a text is a UUID in its usual form."""
    return _UUID.fullmatch(text) is not None


def is_binary(text: str) -> bool:
    """Whether a text is padded base64."""
    return _BASE64.fullmatch(text) is not None


_FORMATS = {"email": is_email, "uri": is_uri, "uuid": is_uuid, "binary": is_binary}


def string_reader(field: Field) -> Reader:
    """Reader of one text of the field's format."""
    is_right = _FORMATS.get(format_of(field))

    def read(text: str) -> str | Bad:
        return text if is_right is None or is_right(text) else BAD

    return read


def parse_string(text: pa.StringArray, field: Field) -> Parsed:
    """Texts as they stand; only a format can be wrong."""
    form = format_of(field)
    if form not in _FORMATS:
        return none_bad(text)
    settled = mask(pc.match_substring_regex(text, _QUICK[form]))
    if form == "email":
        settled &= mask(pc.less_equal(pc.binary_length(text), _SHORT_EMAIL))
    values = text if settled.all() else pc.if_else(pa.array(settled), text, None)
    return settle(text, values, settled, string_reader(field))


def write_text(_field: Field, value: Any) -> str:
    """A value that is its own text."""
    return str(value)


def canonical_text(values: pa.Array, _field: Field) -> pa.StringArray:
    """Values that are their own texts."""
    return values.cast(pa.string())


_EXPECTED = {
    "email": "an e-mail address, such as name@example.org",
    "uri": "a URI with its scheme, such as https://example.org/page",
    "uuid": "a UUID, such as 123e4567-e89b-12d3-a456-426614174000",
    "binary": "base64 text, such as aGVsbG8=",
}


def expected_string(field: Field) -> str:
    """In words."""
    return _EXPECTED.get(format_of(field), "text, but a value of another type")


# --- boolean ---------------------------------------------------------------------------------


def boolean_reader(field: Field) -> Reader:
    """Reader of one boolean. A text in both lists is false, as in Frictionless."""
    meanings = dict.fromkeys(field.true_values, True) | dict.fromkeys(field.false_values, False)

    def read(text: str) -> bool | Bad:
        return meanings.get(text, BAD)

    return read


def parse_boolean(text: pa.StringArray, field: Field) -> Parsed:
    """Booleans by the field's two lists, each text exactly."""
    true = pc.is_in(text, pa.array(field.true_values, pa.string()))
    false = pc.is_in(text, pa.array(field.false_values, pa.string()))
    values = pc.if_else(pc.or_(true, false), pc.invert(false), None)
    return Parsed(values, nulls(values) & ~nulls(text), {})


def write_boolean(_field: Field, value: bool) -> str:
    """As `true` or `false`."""
    return "true" if value else "false"


def canonical_boolean(values: pa.Array, _field: Field) -> pa.StringArray:
    """As `true` or `false`."""
    return values.cast(pa.string())


def expected_boolean(field: Field) -> str:
    """In words."""
    true, false = ", ".join(field.true_values), ", ".join(field.false_values)
    return f"true (written {true}) or false (written {false})"


STRING = Family(
    arrow=pa.string(),
    parse=parse_string,
    reader=string_reader,
    write=write_text,
    canonical=canonical_text,
    expected=expected_string,
)
BOOLEAN = Family(
    arrow=pa.bool_(),
    parse=parse_boolean,
    reader=boolean_reader,
    write=write_boolean,
    canonical=canonical_boolean,
    expected=expected_boolean,
)
ANY = Family(
    arrow=pa.string(),
    parse=lambda text, _field: none_bad(text),
    reader=lambda _field: lambda text: text,
    write=write_text,
    canonical=canonical_text,
    expected=lambda _field: "any text",
)
