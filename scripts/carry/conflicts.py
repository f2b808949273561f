"""Disagreements between sources, from the curated lists to the two tables that hold them.

`curated/<group>_disagreements.csv` has one line a disagreement: its id, the question, the
records as `table:record_id` with blanks between (the preferred one, if any, again under
`preferred`), status, since, and the reason that is published.
"""

from __future__ import annotations

from scripts.carry.common import Row, read_curated


def disagreement_tables(group: str) -> dict[str, list[Row]]:
    """`disagreements` and `disagreement_rows` of one group.

    Raises ValueError where a preferred record is none of the records named.
    """
    heads: list[Row] = []
    rows: list[Row] = []
    for each in read_curated(f"{group}_disagreements"):
        records = each["records"].split()
        preferred = each["preferred"]
        if len(set(records)) != len(records) or (preferred and preferred not in records):
            raise ValueError(f"{each['disagreement_id']}: records are {records}, {preferred}")
        table, _, record = preferred.partition(":")
        heads.append(
            {
                "disagreement_id": each["disagreement_id"],
                "question": each["question"],
                "preferred_table": table,
                "preferred_record_id": record,
                "status": each["status"],
                "reason": each["reason"],
                "since": each["since"],
            }
        )
        for name in records:
            table, _, record = name.partition(":")
            rows.append(
                {
                    "disagreement_id": each["disagreement_id"],
                    "table_name": table,
                    "record_id": record,
                }
            )
    return {"disagreements": heads, "disagreement_rows": rows}
