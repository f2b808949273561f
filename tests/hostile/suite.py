"""All hostile packages, and what is asked of every outcome."""

from __future__ import annotations

import json
import unicodedata

from tests.hostile.cases import SECRET
from tests.hostile.families import (
    databases,
    descriptors,
    json_rows,
    packed,
    parquet,
    paths,
    spreadsheets,
    structure,
    texts,
    values,
)

CASES = [
    *paths.CASES,
    *descriptors.CASES,
    *texts.CASES,
    *values.CASES,
    *structure.CASES,
    *spreadsheets.CASES,
    *parquet.CASES,
    *databases.CASES,
    *packed.CASES,
    *json_rows.CASES,
]
BY_NAME = {case.name: case for case in CASES}

SECONDS = 5.0
BYTES = 400 * 1024**2
CODES = (0, 1, 3)
_RAW = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def require_acceptable(case, code, out, err):
    """Hold what the command printed in JSON, and its exit code, against the case."""
    assert code in CODES, (code, err)
    assert "Traceback" not in out + err
    assert "internal error" not in err
    assert SECRET not in out + err
    require_harmless(out + err)
    if code == 3:
        assert "stopped" in case.outcomes, err
        assert err.strip()
        return None
    report = json.loads(out)
    assert report["valid"] is (code == 0)
    issues = [*_issues(report, "errors"), *_issues(report, "warnings")]
    for issue in issues:
        assert issue["message"].strip()
    outcome = _outcome(report)
    lines = {issue.get("line") for issue in _issues(report, "errors")}
    acceptable = [each.split() for each in case.outcomes.split(" | ")]
    words = [(issue["type"], issue["message"][:300], issue.get("line")) for issue in issues[:5]]
    if code == 0:
        wanted = ["accepted"] if not outcome else ["warned", *outcome]
        assert wanted in acceptable, (wanted, words)
        return report
    assert outcome <= {each[0] for each in acceptable}, (case.outcomes, words)
    stated = {
        int(line)
        for type_, *rest in acceptable
        if type_ in outcome
        for line in rest
        if line != "0"
    }
    assert not stated or stated & lines, (stated, words)
    return report


def require_harmless(text):
    """Nothing in `text` moves, hides or turns what a terminal shows."""
    odd = {ch for ch in text if unicodedata.category(ch) in _RAW and ch != "\n"}
    assert not odd, odd


def _issues(report, kind):
    return report[kind] + [issue for task in report["tasks"] for issue in task[kind]]


def _outcome(report):
    if report["valid"]:
        return {issue["code"] for issue in _issues(report, "warnings")}
    return {issue["type"] for issue in _issues(report, "errors")}
