"""XML Schema's regular expressions, by what they match."""

from __future__ import annotations

import re

import pyarrow as pa
import pytest

from rekodiq_data.compiled.limited import PatternTime
from rekodiq_data.compiled.patterns import matcher
from rekodiq_data.lexical import translated
from rekodiq_data.lexical.expressions import _of_name
from rekodiq_data.limits import ReadLimits

CASES = [
    (r"\i\c*", ["abc", "_1", "é·"], ["1a", "a b", "-a", ""]),
    (r"\I\C", ["1 ", "-!"], ["a ", "1a"]),
    (r"[\i-[:]][\c-[:]]*", ["foo"], ["a:b", ":a"]),
    (r"[a-z-[aeiou]]+", ["bcd"], ["abc", ""]),
    (r"[^a-z-[0-9]]", ["A", "!"], ["5", "b"]),
    (r"[a-z-[a-y-[m]]]+", ["mz"], ["a", "y"]),
    (r"[a-[a]]", [], ["a", "b"]),
    (r"[\d-[5]]+", ["12"], ["15"]),
    (r"[\s\S-[ab]]", ["c", " "], ["a"]),
    (r"[\n\t\x41B-[B]]", ["\n", "A"], ["B"]),
    (r"[\u00e9\-x-[x]]", ["é", "-"], ["x"]),
    (r"[\p{L}-[\p{Lu}]]+", ["abc"], ["aBc", "1"]),
    (r"[\P{L}-[0]]", ["1"], ["a", "0"]),
    (r"\p{IsGreek}+", ["αβ"], ["ab"]),
    (r"\P{IsBasicLatin}", ["é"], ["a"]),
    (r"[\p{IsCyrillic}x]+", ["жx"], ["y"]),
    (r"\p{Lu}\P{Lu}", ["Ab"], ["AB"]),
    (r"\p{Cn}", ["\u0378"], ["a"]),
    (r"\d{2}", ["12", "٣٤"], ["1a"]),
    (r"\D", ["a"], ["1"]),
    (r"\w+", ["a_b", "a$é"], ["a-b", "a b"]),
    (r"\W+", ["!? "], ["_", "a"]),
    (r"[\w.-]+", ["a_b.c-d"], ["a b"]),
    (r"\s\S", [" a"], ["ab"]),
    (r"a.b", ["axb"], ["a\nb", "a\rb"]),
    (r"a\.b\-c", ["a.b-c"], ["axb-c"]),
    (r"a|b", ["a", "b"], ["abc"]),
    (r"^a.*$", ["apple"], ["xa"]),
    (r"[]a]+", ["]a"], ["b"]),
    (r"[[a]+", ["[a"], ["b"]),
    (r"(?:a)+?", ["aa"], ["b"]),
    (r"\u0041\n", ["A\n"], ["u0041"]),
    (r"(?=a)ab*", ["abb"], ["b"]),
    (r"(a)\1", ["aa"], ["a"]),
    (r"a{1,2000}", ["aaa"], ["b"]),
    (r"(?=\i)\c+", ["a1"], ["1a"]),
    (r"(?=x)[\p{Lu}x]+\d\w\s\S\D\W", ["xA1_ ab!"], ["a"]),
]


@pytest.mark.parametrize(
    ("pattern", "right", "wrong"), CASES, ids=lambda value: str(value)[:30]
)
def test_a_pattern_matches_what_it_says(pattern, right, wrong):
    match = matcher(pattern)
    assert match(pa.array(right, pa.string())).tolist() == [True] * len(right)
    assert match(pa.array(wrong, pa.string())).tolist() == [False] * len(wrong)


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("[a", "not closed"),
        ("[a-[b]", "must end after it"),
        ("[a-[b", "not closed"),
        ("[a-[b]c]", "must end after it"),
        (r"\pL", "followed by a name"),
        (r"\p{Foo}", "no category or block"),
        (r"\p{L", "followed by a name"),
        (r"[\b-[a]]", "no meaning in a class"),
        ("(a", "not a regular expression"),
    ],
)
def test_what_is_no_expression_is_refused_in_words(pattern, words):
    with pytest.raises(ValueError, match=words):
        matcher(pattern)


def test_an_expression_that_runs_away_is_stopped():
    said = []
    time = PatternTime(ReadLimits(pattern_seconds=0.2))
    match = matcher(r"([A-Z]|(a+)+)+b\1", time=time, on_slow=said.append)
    assert match(pa.array(["b", "a" * 40, "b"])).tolist() == [False, True, False]
    assert "too long on some text" in said[0]
    assert "--max pattern-seconds=0.4 raises it" in said[0]
    assert match(pa.array(["c"])).tolist() == [True]
    assert len(said) == 2


def test_values_before_the_one_that_takes_too_long_have_their_answer():
    time = PatternTime(ReadLimits(pattern_seconds=0.2))
    assert time.matches(r"(a|aa)+b|x", ["x", "y"]) == [True, False]
    assert time.matches(r"(a|aa)+b|x", ["x", "a" * 60, "x"]) == [True]
    assert time.matches("x", ["x"]) == []


def test_categories_are_those_of_this_python():
    digits = "".join(f"{chr(low)}-{chr(high)}" for low, high in _of_name("Nd"))
    assert re.fullmatch(f"[{digits}]+", "12٣४")
    assert translated(r"[\d]", for_re2=False) == f"[{digits}]"
