# ruff: noqa: E501 - one package a line
"""Workbooks that are damaged, foreign, or made to hurt."""

from __future__ import annotations

import io

import openpyxl

from tests.hostile.cases import Case, Content, file, zipped

ONE = {"a": ["1"], "b": ["2"]}

_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
    "</Types>"
)
_RELS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/>'
    "</Relationships>"
)
_BOOK = (
    '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<sheets><sheet name="s" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
_BOOK_RELS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="{target}"{more}/>'
    "</Relationships>"
)
_HEAD = (
    '<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c>'
    '<c r="B1" t="inlineStr"><is><t>b</t></is></c></row>'
)


def _text(cell: str, text: str) -> str:
    return f'<c r="{cell}" t="inlineStr"><is><t>{text}</t></is></c>'


_ROW = f'<row r="2">{_text("A2", "1")}{_text("B2", "2")}</row>'


def book(
    rows: str = _HEAD + _ROW,
    *,
    before: str = "",
    target: str = "worksheets/sheet1.xml",
    more: str = "",
    dimension: str = "",
    **parts: str | bytes,
) -> bytes:
    """A workbook of one sheet whose rows are this XML."""
    sheet = (
        f'{before}<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f"{dimension}<sheetData>{rows}</sheetData></worksheet>"
    )
    return zipped(
        {
            "[Content_Types].xml": _TYPES,
            "_rels/.rels": _RELS,
            "xl/workbook.xml": _BOOK,
            "xl/_rels/workbook.xml.rels": _BOOK_RELS.format(target=target, more=more),
            "xl/worksheets/sheet1.xml": sheet,
            **{
                name.replace("__", "/").replace("_xml", ".xml"): part
                for name, part in parts.items()
            },
        }
    )


def _formula(xml: str) -> bytes:
    return book(_HEAD + f'<row r="2">{xml}{_text("B2", "2")}</row>')


def _written(*rows: list[object]) -> bytes:
    made, out = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        made.active.append(row)
    made.save(out)
    return out.getvalue()


ENTITIES = (
    '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {chr(98 + at)} "{f"&{chr(97 + at)};" * 10}">' for at in range(9))
    + "]>"
)


def _sheet(name: str, outcomes: str, content: Content, fields: str = "a b", **own) -> Case:
    return file(f"xlsx-{name}", outcomes, "t.xlsx", content, fields, **own)


CASES = [
    _sheet("good", "accepted", book(), values=ONE),
    _sheet(
        "formula-without-value",
        "source-error | cell-error",
        _written(["a", "b"], ["=1+1", "2"]),
    ),
    _sheet(
        "formula-with-value",
        "accepted",
        _formula('<c r="A2" t="str"><f>1+0</f><v>1</v></c>'),
        values=ONE,
    ),
    _sheet(
        "formula-with-an-empty-value",
        "accepted",
        _formula('<c r="A2" t="str"><f>""</f><v></v></c>'),
        values={"a": [None], "b": ["2"]},
    ),
    _sheet(
        "formula-of-arrays-without-value",
        "source-error | cell-error",
        _formula('<c r="A2"><f t="array" ref="A2:A3">B2*2</f></c>'),
    ),
    _sheet(
        "formula-shared-without-value",
        "source-error | cell-error",
        _formula('<c r="A2"><f t="shared" si="0"/></c>'),
    ),
    _sheet(
        "formula-with-an-error",
        "accepted | type-error | source-error | cell-error",
        _formula('<c r="A2" t="e"><f>1/0</f><v>#DIV/0!</v></c>'),
        values={"a": ["#DIV/0!"], "b": ["2"]},
    ),
    _sheet(
        "formula-in-the-header",
        "source-error | cell-error | blank-label | incorrect-label",
        book('<row r="1"><c r="A1"><f>"a"</f></c>' + _text("B1", "b") + "</row>" + _ROW),
    ),
    _sheet("not-a-zip", "format-error", b"a,b\n1,2\n"),
    _sheet("empty-file", "format-error", b""),
    _sheet("truncated", "format-error", book()[:-40]),
    _sheet("other-zip", "format-error", zipped({"a": "b"})),
    _sheet(
        "old-binary-format", "format-error", bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 4096
    ),
    _sheet(
        "encrypted",
        "format-error",
        bytes.fromhex("d0cf11e0a1b11ae1") + "EncryptedPackage".encode("utf-16-le") * 100,
    ),
    _sheet(
        "external-entity",
        "format-error | accepted",
        book(
            before='<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>',
            rows=_HEAD + f'<row r="2">{_text("A2", "&e;")}{_text("B2", "2")}</row>',
        ),
    ),
    _sheet(
        "billion-laughs",
        "format-error",
        book(
            before=ENTITIES,
            rows=_HEAD + f'<row r="2">{_text("A2", "&j;")}{_text("B2", "2")}</row>',
        ),
    ),
    _sheet(
        "quadratic-entity",
        "format-error",
        book(
            before=f'<!DOCTYPE x [<!ENTITY e "{"x" * 100_000}">]>',
            rows=_HEAD + f'<row r="2">{_text("A2", "&e;" * 20_000)}{_text("B2", "2")}</row>',
        ),
        flood=True,
    ),
    _sheet(
        "external-link-part",
        "accepted",
        book(
            xl__externalLinks__externalLink1_xml='<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'
        ),
        values=ONE,
    ),
    _sheet(
        "sheet-on-the-network",
        "format-error | source-error",
        book(target="http://127.0.0.1:9/sheet.xml", more=' TargetMode="External"'),
    ),
    _sheet(
        "sheet-outside", "format-error | source-error", book(target="../../../../etc/passwd")
    ),
    _sheet(
        "huge-dimension",
        "accepted",
        book(dimension='<dimension ref="A1:XFD1048576"/>'),
        values=ONE,
    ),
    _sheet(
        "false-dimension", "accepted", book(dimension='<dimension ref="A1:A1"/>'), values=ONE
    ),
    _sheet(
        "broken-dimension",
        "accepted | format-error",
        book(dimension='<dimension ref="x"/>'),
        values=ONE,
    ),
    _sheet(
        "row-a-million-down",
        "blank-row 0 | source-error",
        book(_HEAD + f'<row r="1048576">{_text("A1048576", "1")}</row>'),
        flood=True,
    ),
    _sheet(
        "row-a-billion-down",
        "source-error | format-error",
        book(_HEAD + f'<row r="1000000000">{_text("A1000000000", "1")}</row>'),
        flood=True,
    ),
    _sheet("row-of-no-number", "format-error | accepted", book(_HEAD + '<row r="x"></row>')),
    _sheet(
        "row-number-negative",
        "format-error | accepted | blank-row | source-error",
        book(_HEAD + f'<row r="-5">{_text("A2", "1")}</row>'),
    ),
    _sheet(
        "cell-far-right",
        "extra-cell | extra-label | source-error",
        book(_HEAD + f'<row r="2">{_text("ZZZ2", "1")}</row>'),
    ),
    _sheet(
        "cell-of-no-place",
        "format-error | accepted",
        book(_HEAD + '<row r="2"><c r="?"><v>1</v></c></row>'),
    ),
    _sheet(
        "cell-further-right-than-there-is",
        "format-error | source-error",
        book(_HEAD + f'<row r="2">{_text("ZZZZZZ2", "1")}</row>'),
    ),
    _sheet(
        "number-of-no-number",
        "format-error | type-error | accepted",
        book(_HEAD + '<row r="2"><c r="A2"><v>x</v></c></row>'),
    ),
    _sheet(
        "shared-string-out-of-range",
        "format-error",
        book(_HEAD + '<row r="2"><c r="A2" t="s"><v>99</v></c></row>'),
    ),
    _sheet(
        "shared-string-negative",
        "format-error | accepted | type-error",
        book(_HEAD + '<row r="2"><c r="A2" t="s"><v>-1</v></c></row>'),
    ),
    _sheet(
        "date-far-away",
        "format-error | type-error | accepted | cell-error",
        book(_HEAD + '<row r="2"><c r="A2" t="d"><v>99999-01-01</v></c></row>'),
    ),
    _sheet("broken-xml", "format-error", book(_HEAD + "<row><c>")),
    _sheet(
        "xml-of-utf-7", "format-error", book(before='<?xml version="1.0" encoding="utf-7"?>')
    ),
    _sheet(
        "control-escapes",
        "accepted",
        book(_HEAD + f'<row r="2">{_text("A2", "_x001B_[31m")}{_text("B2", "2")}</row>'),
        values={"a": ["_x001B_[31m"], "b": ["2"]},
    ),
    _sheet(
        "deep-xml",
        "format-error | accepted",
        lambda: book(_HEAD + "<x>" * 50_000 + "</x>" * 50_000),
        flood=True,
    ),
    _sheet("bomb", "compression-error", lambda: book(_HEAD + " " * 300_000_000), flood=True),
    _sheet(
        "bomb-beside", "compression-error", lambda: book(xl__media__image1="0" * 50_000_000)
    ),
    _sheet("empty-sheet", "source-error", book("")),
    _sheet(
        "no-sheet",
        "format-error",
        zipped(
            {
                "[Content_Types].xml": _TYPES,
                "_rels/.rels": _RELS,
                "xl/workbook.xml": _BOOK.replace(
                    '<sheet name="s" sheetId="1" r:id="rId1"/>', ""
                ),
            }
        ),
    ),
    _sheet("sheet-number-huge", "format-error", book(), dialect={"sheetNumber": 10**20}),
    _sheet(
        "sheet-name-with-escapes", "format-error", book(), dialect={"sheetName": "\x1b[31m"}
    ),
    _sheet("macros", "accepted", book(xl__vbaProject_xml=b"\xd0\xcf"), values=ONE),
]
