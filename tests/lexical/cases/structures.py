"""Objects, arrays, lists, points: accepted and refused texts."""

from __future__ import annotations

from rekodiq_data.descriptor.model import Field

from .base import BLANKS, Case, same

STRUCTURES = (
    Case(
        "object",
        Field("x", "object"),
        same(
            *("{}", '{"a": 1}', ' {"a": {"b": [1, null, true]}}\n', '{"a": 1, "a": 2}'),
            *('{"a": "\\ud800"}', '{"a": 1e999}', '{"a": 1E999999999999999999999}'),
            '{"a": ' + "9" * 5000 + "}",
        ),
        (
            *("[1]", "1", '"a"', "null", "true", "{", "{a: 1}", "{'a': 1}", '{"a": 1,}', "x"),
            *(
                '{"a": NaN}',
                '{"a": -Infinity}',
                '{"a": 01}',
                '{"a": .5}',
                '{"a": "\t"}',
                "{} {}",
            ),
            *("\ufeff{}", *(blank for blank in BLANKS if blank != "\ufeff")),
        ),
    ),
    Case(
        "array",
        Field("x", "array"),
        same("[]", "[1, 2]", '[["a"], {}]', "[" * 128 + "]" * 128, '["' + "[" * 900 + '"]'),
        (
            *(
                "{}",
                "1",
                "[1, 2",
                "[1,]",
                "[NaN]",
                "1, 2",
                "[" * 129 + "]" * 129,
                "[" * 100_000,
            ),
            *("[" * 2000 + "]" * 2000, '[{"a":' * 70 + "1" + "}]" * 70, *BLANKS),
        ),
    ),
    Case("list", Field("x", "list"), same("a,b", "a", "", ",", " a, b "), ()),
    Case(
        "list of integers",
        Field("x", "list", item_type="integer"),
        {"1,2": "1,2", "+1,02": "1,2", "9" * 20: "9" * 20},
        ("1,x", "1, 2", "1,", "", ",", "1;2", "1.0", "٣", "1_0"),
    ),
    Case(
        "list of numbers with another delimiter",
        Field("x", "list", item_type="number", delimiter="; ", group_char=","),
        {
            "1.50; 2": "1.5; 2",
            "NaN; -INF": "NaN; -INF",
            "0.30000000000000001": "0.30000000000000001",
        },
        ("1,000; 2", "1;2", "1; ", "x"),
    ),
    Case(
        "list of numbers whose canonical form holds the delimiter",
        Field("x", "list", item_type="number", delimiter="E"),
        {"10000000000000000E1": "10000000000000000E1", "01E2": "1E2"},
        ("x",),
    ),
    Case(
        "list of booleans",
        Field("x", "list", item_type="boolean"),
        {"TRUE,0": "true,false"},
        ("yes,no", "true, false"),
    ),
    Case(
        "list of dates",
        Field("x", "list", item_type="date", delimiter="|"),
        same("2024-01-26|2024-02-29"),
        ("2024-1-5", "2024-01-26|2024-02-30"),
    ),
    Case(
        "list of datetimes",
        Field("x", "list", item_type="datetime"),
        {
            "2024-01-26T15:00:00.30,2024-01-26T15:00:00+00:00": (
                "2024-01-26T15:00:00.3,2024-01-26T15:00:00Z"
            )
        },
        ("2024-01-26",),
    ),
    Case(
        "list of times",
        Field("x", "list", item_type="time"),
        same("15:00:00,16:00:00"),
        ("15:00",),
    ),
    Case("list without a delimiter", Field("x", "list", delimiter=""), same("a,b", ""), ()),
    Case(
        "geopoint",
        Field("x", "geopoint"),
        {
            "90.50, 45.50": "90.5,45.5",
            "90,45": "90,45",
            "-66.9,29.1": "-66.9,29.1",
            "180,-90": "180,-90",
            "1e1,+.5": "10,0.5",
            "-0,0": "0,0",
        },
        (
            *("90", "a,b", "90,45,1", "181,0", "0,91", "90 ,45", "90,  45", " 90,45", "90,45 "),
            *(
                "9_0,45",
                "٩,4",
                "NaN,1",
                "INF,1",
                "90;45",
                "[90,45]",
                "1e400,0",
                "90,\t45",
                *BLANKS,
            ),
        ),
    ),
    Case(
        "geopoint as an array",
        Field("x", "geopoint", format="array"),
        {"[90.50, 45.50]": "[90.5,45.5]", " [1,2]\n": "[1,2]", "[1E1,2.0]": "[10,2]"},
        (
            *('["90","45"]', "[90.5]", "[1,2,3]", "90,45", "[true,1]", "[null,1]", "[181,0]"),
            *('{"90":1,"45":2}', '"12"', "[NaN,1]", "[1e400,2]", "x", ""),
        ),
    ),
    Case(
        "geopoint as an object",
        Field("x", "geopoint", format="object"),
        {
            '{"lon": 90.50, "lat": 45.50}': '{"lon":90.5,"lat":45.5}',
            '{"lat":2,"lon":1}': '{"lon":1,"lat":2}',
        },
        (
            *('{"lon":90.5}', '{"lon":1,"lat":2,"x":3}', "[1,2]", '{"lon":"1","lat":2}', "1,2"),
            *('{"lon":true,"lat":2}', '{"lon":1,"lat":91}', '{"Lon":1,"Lat":2}', "null", ""),
        ),
    ),
)
