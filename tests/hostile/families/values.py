"""Numbers, dates, and patterns that run away."""

from __future__ import annotations

import datetime

from tests.hostile.cases import cell, table

STORED = "type-error 2"  # valid by the specification, and not storable: `build` says so


def _pattern(name: str, outcomes: str, pattern: str, text: str, **own):
    field = {"name": "a", "type": "string", "constraints": {"pattern": pattern}}
    values = {"a": [text]} if outcomes.startswith("accepted") else None
    return table(f"pattern-{name}", outcomes, f'a\n"{text}"\n', [field], values=values, **own)


INTEGERS = [
    cell("integer-2-to-63-less-1", "accepted", str(2**63 - 1), "integer", 2**63 - 1),
    cell("integer-minus-2-to-63", "accepted", str(-(2**63)), "integer", -(2**63)),
    cell("integer-2-to-63", "accepted", str(2**63), "integer", "unstorable"),
    cell("integer-400-digits", "accepted", "9" * 400, "integer", "unstorable"),
    cell("integer-hundred-thousand-digits", "accepted", "9" * 100_000, "integer", "unstorable"),
    cell("integer-2-to-53-and-1", "accepted", str(2**53 + 1), "integer", 2**53 + 1),
    cell("integer-leading-zeros", "accepted", "007", "integer", 7),
    cell("integer-plus", "accepted", "+5", "integer", 5),
    cell("integer-minus-zero", "accepted", "-0", "integer", 0),
    *[
        cell(f"integer-{name}", "type-error 2", text, "integer")
        for name, text in {
            "hex": "0x1E",
            "underscore": "3_0",
            "point": "30.0",
            "exponent": "3e1",
            "full-width": "３０",
            "arabic-indic": "٣٠",
            "urdu": "۳۰",
            "superscript": "3²",
            "blank": " 30",
            "no-break-space": "30\u00a0",
            "line-end": "30\n",
            "two-signs": "--3",
            "real-minus": "−3",
            "nan": "nan",
            "inf": "inf",
            "true": "true",
            "nul": "3\0",
            "zero-width": "3\u200b0",
            "comma": "1,000",
            "bom": "\ufeff30",
        }.items()
    ],
]

NUMBERS = [
    cell("number-2-to-53-and-1", "accepted", str(2**53 + 1), "number", "unstorable"),
    cell("number-17-digits", "accepted", "0.1234567890123456789", "number", "unstorable"),
    cell("number-tenth", "accepted", "0.1", "number", 0.1),
    cell("number-1e400", "accepted", "1e400", "number", "unstorable"),
    cell("number-1e-400", "accepted", "1e-400", "number", "unstorable"),
    cell("number-1e999999999", "accepted", "1e999999999", "number", "unstorable"),
    cell("number-1e-999999999", "accepted", "1e-999999999", "number", "unstorable"),
    cell(
        "number-exponent-of-5000-digits",
        "accepted | type-error 2",
        "1e" + "9" * 5_000,
        "number",
        "unstorable",
    ),
    cell("number-nan", "accepted", "NaN", "number", "unstorable"),
    cell("number-inf", "accepted", "-INF", "number", "unstorable"),
    cell("number-minus-zero", "accepted", "-0", "number", 0.0),
    cell("number-minus-zero-point", "accepted", "-0.0", "number", 0.0),
    cell("number-plus", "accepted", "+5", "number", 5.0),
    cell("number-leading-zeros", "accepted", "007.50", "number", 7.5),
    cell(
        "number-hundred-thousand-digits",
        "accepted",
        "0." + "3" * 100_000,
        "number",
        "unstorable",
    ),
    *[
        cell(f"number-{name}", "type-error 2", text, "number")
        for name, text in {
            "underscore": "8_3.3",
            "hex": "0x1p3",
            "comma": "8,3",
            "infinity": "Infinity",
            "signalling": "sNaN",
            "full-width": "８.３",
            "arabic-indic": "٨٫٣",
            "two-points": "8.3.3",
            "blank": "8.3 ",
            "percent": "8%",
            "suffix": "8.3f",
            "fraction": "1/2",
            "only-a-point": ".",
            "only-an-exponent": "e5",
            "only-a-sign": "-",
            "full-stop-of-another-kind": "8\uff0e3",
        }.items()
    ],
]

DATES = [
    cell("date-29-february", "accepted", "2024-02-29", "date", datetime.date(2024, 2, 29)),
    cell("date-year-9999", "accepted", "9999-12-31", "date", datetime.date(9999, 12, 31)),
    cell("date-year-1", "accepted", "0001-01-01", "date", datetime.date(1, 1, 1)),
    *[
        cell(f"date-{name}", "type-error 2", text, "date")
        for name, text in {
            "29-february-2023": "2023-02-29",
            "30-february": "2024-02-30",
            "year-0": "0000-01-01",
            "year-10000": "10000-01-01",
            "two-digit-year": "24-01-01",
            "no-zeros": "2024-3-31",
            "slashes": "2024/03/31",
            "american": "03/31/2024",
            "zone": "2024-03-31Z",
            "time": "2024-03-31T00:00:00",
            "negative": "-2024-03-31",
            "arabic-digits": "٢٠٢٤-٠٣-٣١",
            "non-breaking-hyphen": "2024\u201103\u201131",
            "serial-number": "45382",
            "blank": "2024-03-31 ",
            "month-13": "2024-13-01",
        }.items()
    ],
    *[
        cell(f"datetime-{name}", outcomes, text, "datetime", value)
        for name, outcomes, text, value in [
            ("leap-second", "type-error 2", "2016-12-31T23:59:60Z", None),
            ("24-00", "accepted | type-error 2", "2024-01-01T24:00:00Z", "next-day"),
            ("hour-25", "type-error 2", "2024-01-01T25:00:00Z", None),
            ("zone-of-15-hours", "type-error 2", "2024-01-01T00:00:00+15:00", None),
            ("blank-for-t", "type-error 2", "2024-01-01 00:00:00", None),
            (
                "ten-digits-of-fraction",
                "accepted",
                "2024-01-01T00:00:00.1234567891",
                "unstorable",
            ),
            ("small-t", "type-error 2", "2024-01-01t00:00:00z", None),
        ]
    ],
    cell("time-24-00", "type-error 2 | accepted", "24:00:00", "time"),
    cell("time-60-seconds", "type-error 2", "23:59:60", "time"),
    cell("year-urdu", "type-error 2", "۲۰۲۴", "year"),
    cell("year-huge", "accepted | type-error 2", "9" * 5_000, "year", "unstorable"),
    cell("duration-huge", "accepted", "P" + "9" * 5_000 + "Y", "duration", "same"),
    cell("duration-of-nothing", "type-error 2", "PT", "duration"),
    cell(
        "date-pattern-of-evil", "type-error 2 | field-error 2", "x", "date", format="%" * 5_001
    ),
    cell(
        "date-pattern-twice", "type-error 2 | field-error", "2024-2024", "date", format="%Y-%Y"
    ),
    cell(
        "date-pattern-long",
        "type-error 2 | field-error",
        "2024",
        "date",
        format="%Y" + " " * 100_000 + "%d",
    ),
    cell("date-any-of-evil", "type-error 2", "1" * 50_000, "date", format="any"),
    cell("datetime-any-of-words", "type-error 2", "jan " * 10_000, "datetime", format="any"),
    cell("boolean-of-other-case", "type-error 2", "TrUe", "boolean"),
    cell("geopoint-of-nan", "type-error 2", "nan,nan", "geopoint"),
    cell("geopoint-array-deep", "type-error 2", "[" * 100_000, "geopoint", format="array"),
    cell("object-deep", "type-error 2", '{"a":' * 50_000, "object"),
    cell(
        "object-deep-and-closed",
        "type-error 2 | accepted",
        '{"a":' * 20_000 + "1" + "}" * 20_000,
        "object",
        "same",
    ),
    cell(
        "array-deep-and-closed",
        "type-error 2 | accepted",
        "[" * 900 + "]" * 900,
        "array",
        "same",
    ),
    cell("array-of-nan", "type-error 2", "[NaN]", "array"),
    cell(
        "object-duplicate-keys", "type-error 2 | accepted", '{"a": 1, "a": 2}', "object", "same"
    ),
    cell(
        "object-of-a-huge-integer", "accepted", '{"a": ' + "9" * 5_000 + "}", "object", "same"
    ),
    cell(
        "geojson-deep",
        "type-error 2",
        '{"type": "GeometryCollection", "geometries": [' * 2_000,
        "geojson",
    ),
    cell("list-of-a-million", "accepted", "," * 999_999, "list", "same"),
    cell(
        "email-of-evil",
        "type-error 2",
        "a" * 50_000 + "!" + "@" * 50_000,
        "string",
        format="email",
    ),
    cell("email-of-dots", "type-error 2", "a." * 50_000 + "@", "string", format="email"),
    cell("uri-of-evil", "type-error 2", "http://" + "[" * 50_000, "string", format="uri"),
    cell(
        "uri-of-colons", "type-error 2", "http://[" + ":" * 50_000 + "]", "string", format="uri"
    ),
    cell("binary-of-evil", "type-error 2", "A" * 500_001, "string", format="binary"),
    cell(
        "bare-number-of-evil",
        "type-error 2",
        "x" * 100_000 + "1" + "x" * 100_000 + "1",
        "number",
        bareNumber=False,
    ),
    cell("group-char-of-evil", "type-error 2", "1" + "," * 100_000, "number", groupChar=","),
    cell(
        "group-char-is-a-digit",
        "accepted | type-error 2 | field-error",
        "10",
        "number",
        "any",
        groupChar="1",
    ),
    cell(
        "decimal-char-is-the-group-char",
        "accepted | type-error 2 | field-error",
        "1,0",
        "number",
        "any",
        groupChar=",",
        decimalChar=",",
    ),
]

PATTERNS = [
    _pattern("look-ahead-that-is-harmless", "accepted", "(?=a)a", "a"),
    _pattern("nested-quantifiers", "constraint-error 2", "(a+)+$", "a" * 5_000 + "!"),
    _pattern("alternation", "constraint-error 2", "(a|aa)+", "a" * 5_000 + "!"),
    _pattern("of-the-reference", "constraint-error 2", "^([A-Z]|(a+)+)+$", "a" * 5_000 + "!"),
    _pattern("back-reference", "field-error", r"(x+x+)+y|\1", "x" * 64, flood=True),
    _pattern(
        "look-ahead", "field-error | constraint-error 2", "(?=(a+)+$)a+b", "a" * 64, flood=True
    ),
    _pattern(
        "look-behind",
        "constraint-error 2 | field-error",
        "(?<=a)b|(a*)*c(?=d)",
        "a" * 64,
        flood=True,
    ),
    _pattern(
        "possessive-of-nothing", "constraint-error 2 | field-error | accepted", "(?:)*+", "a"
    ),
    _pattern(
        "huge-repetition", "constraint-error 2 | field-error", "(a{1000}){1000}", "a" * 50
    ),
    _pattern(
        "huger-repetition",
        "constraint-error 2 | field-error",
        "((a{9999}){9999}){9999}",
        "a" * 50,
    ),
    _pattern(
        "repetition-past-the-limit",
        "constraint-error 2 | field-error",
        "a{99999999999999999999}",
        "a",
    ),
    _pattern("deep", "constraint-error 2 | field-error", "(" * 3_000 + "a" + ")" * 3_000, "b"),
    _pattern(
        "very-deep",
        "constraint-error 2 | field-error",
        "(" * 200_000 + "a" + ")" * 200_000,
        "b",
        flood=True,
    ),
    _pattern("long", "constraint-error 2 | field-error", "(a|b)" * 100_000, "b", flood=True),
    _pattern(
        "long-alternation",
        "constraint-error 2 | field-error",
        "|".join(f"x{at}" for at in range(100_000)),
        "b",
        flood=True,
    ),
    _pattern(
        "many-categories",
        "constraint-error 2 | field-error",
        r"[\p{L}-[\p{Lu}]]" * 2_000,
        "b",
        flood=True,
    ),
    _pattern(
        "many-blocks",
        "constraint-error 2 | field-error",
        r"\p{IsBasicLatin}" * 20_000,
        "b",
        flood=True,
    ),
    _pattern("unclosed", "field-error", "(a", "a"),
    _pattern("unclosed-class", "field-error", "[a", "a"),
    _pattern("nothing-to-repeat", "field-error", "*a", "a"),
    _pattern("code", "constraint-error 2 | field-error", "(?{print(1)})", "a"),
    _pattern("recursion", "constraint-error 2 | field-error", "(?R)", "a"),
    _pattern("nul", "constraint-error 2", "\0", "a"),
    _pattern("ends-with-backslash", "field-error", "a\\", "a"),
    _pattern("surrogate", "field-error | constraint-error 2", r"\ud800", "a"),
    table(
        "pattern-on-every-field",
        "field-error | constraint-error",
        ",".join(f"f{at}" for at in range(300)) + "\n" + ",".join(["a" * 64] * 300) + "\n",
        [
            {"name": f"f{at}", "type": "string", "constraints": {"pattern": r"(?=(a+)+$)a+b"}}
            for at in range(300)
        ],
        flood=True,
    ),
    table(
        "pattern-of-look-ahead-on-every-field",
        "accepted",
        ",".join(f"f{at}" for at in range(2_000)) + "\n" + ",".join("a" * 2_000) + "\n",
        [
            {"name": f"f{at}", "type": "string", "constraints": {"pattern": r"(?=a)a"}}
            for at in range(2_000)
        ],
        flood=True,
        values={f"f{at}": ["a"] for at in range(2_000)},
    ),
]

CASES = [*INTEGERS, *NUMBERS, *DATES, *PATTERNS]
