"""Strings and their formats, booleans, any: accepted and refused texts."""

from __future__ import annotations

from rekodiq_data.descriptor.model import Field

from .base import BLANKS, FOREIGN, Case, same

TEXTS = (
    Case("string", Field("x", "string"), same(*BLANKS, *FOREIGN, "abc", "é", "007"), ()),
    Case("any", Field("x"), same(*BLANKS, *FOREIGN, "abc", "1"), ()),
    Case("string of an unknown format", Field("x", "string", format="wkt"), same("abc"), ()),
    Case(
        "email",
        Field("x", "string", format="email"),
        same(
            *("name@example.org", "a.b+c@sub.example.co.uk", "o'neil@example.org", "1@2.ab"),
            *(
                '"a b"@example.org',
                '"a@b"@example.org',
                '"a\\"b"@example.org',
                '""@example.org',
            ),
            *("é@example.org", "اسم@example.org", "a@exämple.org", "a@испытание.рф"),
            *(
                "a@[127.0.0.1]",
                "a@[IPv6:2001:db8::1]",
                "x@xn--p1ai.xn--p1ai",
                "A_B@EXAMPLE.ORG",
            ),
            *("a" * 64 + "@example.org", "a@" + "b" * 63 + ".org"),
        ),
        (
            *(
                "name",
                "@example.org",
                "name@",
                "a@b@example.org",
                "a b@example.org",
                "a..b@c.de",
            ),
            *(".a@c.de", "a.@c.de", "a@localhost", "a@-c.de", "a@c-.de", "a@c..de", "a@.de"),
            *(
                "a@c.de.",
                "a@c_d.de",
                "a@c.d",
                "a@c.12",
                "a@c.d1",
                "a@c d.de",
                "a@b.cd\n",
                "a\n@b.cd",
            ),
            *("mailto:a@b.cd", "<a@b.cd>", '"a"b@c.de', '"a\nb"@c.de', "a@[1.2.3]", "a@[x]"),
            *("a" * 65 + "@example.org", "a@" + "b" * 64 + ".org", "a@" + "b." * 130 + "org"),
            *("a@[IPv6:fe80::1%eth0]", "a\u00a0b@c.de", "a\u200b@c.de", "a@c\u0000.de"),
            *BLANKS,
        ),
    ),
    Case(
        "uri",
        Field("x", "string", format="uri"),
        same(
            *("https://example.org", "http://example.org/a/b?c=d#e", "ftp://u:p@h:21/x", "a:"),
            *(
                "mailto:a@b.cd",
                "urn:isbn:0451450523",
                "tel:+1-816-555-1212",
                "file:///etc/hosts",
            ),
            *(
                "http://[::1]/",
                "http://u@[2001:db8::1]:80/x",
                "http://[v7.a:b]",
                "http://1.2.3.4",
            ),
            *(
                "https://example.org/a%20b",
                "HTTP://EXAMPLE.ORG",
                "a://",
                "a:/",
                "a:b:c@d",
                "a:?x#y",
            ),
            *("data:text/plain;base64,SGVsbG8=", "http://ex%41mple.org:"),
        ),
        (
            *(
                "example.org",
                "//example.org",
                "/a",
                "1a:b",
                "a b:c",
                "http://a b",
                "http://a/é",
            ),
            *(
                "http://a/%zz",
                "http://[::1]x",
                "http://[x]/",
                "http://[::1",
                "a:b#c#d",
                "a:b\n",
            ),
            *(
                "http://a/{b}",
                "http://a/\\b",
                'http://a/"',
                "http://a:b:c",
                "http://a:x/",
                ":a",
            ),
            *(
                "http://u@v@w",
                "http://[fe80::1%25eth0]/",
                "é:a",
                "http://[v.a]",
                "http://é.org",
            ),
            *BLANKS,
        ),
    ),
    Case(
        "uuid",
        Field("x", "string", format="uuid"),
        same(
            "123e4567-e89b-12d3-a456-426614174000",
            "123E4567-E89B-12D3-A456-426614174000",
            "00000000-0000-0000-0000-000000000000",
        ),
        (
            "123e4567e89b12d3a456426614174000",
            "{123e4567-e89b-12d3-a456-426614174000}",
            "urn:uuid:123e4567-e89b-12d3-a456-426614174000",
            "123e4567-e89b-12d3-a456-42661417400",
            "123e4567-e89b-12d3-a456-4266141740000",
            "123e4567-e89b-12d3-a456-42661417400g",
            "123e4567-e89b-12d3-a456-426614174000\n",
            "123e4567-e89b-12d3-a456-42661417400٣",
            *BLANKS,
        ),
    ),
    Case(
        "binary",
        Field("x", "string", format="binary"),
        same("", "aGVsbG8=", "aGVsbG8h", "AA==", "AB==", "+/+/", "A" * 400),
        (
            *(
                "!!!!",
                "abc",
                "aGVsbG8",
                "a===",
                "====",
                "aGVs bG8=",
                "aGVs\nbG8=",
                "ab=c",
                "é===",
            ),
            *("_-_-", "AA==AA==", "AAAA=", "AAA=\n", *BLANKS[1:]),
        ),
    ),
    Case(
        "boolean",
        Field("x", "boolean"),
        {
            **dict.fromkeys(("true", "True", "TRUE", "1"), True),
            **dict.fromkeys(("false", "False", "FALSE", "0"), False),
        },
        ("yes", "no", "tRuE", "T", "t", "2", "01", "1.0", "true ", " true", *FOREIGN, *BLANKS),
    ),
    Case(
        "boolean with words of its own",
        Field("x", "boolean", true_values=("yes", "Y"), false_values=("no", "")),
        {"yes": True, "Y": True, "no": False, "": False},
        ("true", "1", "N", "YES", "y", "false", " "),
    ),
    Case(
        "boolean with a text in both lists",
        Field("x", "boolean", true_values=("x", "y"), false_values=("x",)),
        {"x": False, "y": True},
        ("true",),
    ),
    Case(
        "boolean without lists",
        Field("x", "boolean", true_values=(), false_values=()),
        {},
        ("true", "", "0"),
    ),
)
