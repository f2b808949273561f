"""`docs/benchmarks.md`, from the results of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from benchmarks.targets import Target

_HEAD = """# Benchmarks

Made by `python -m benchmarks.run`; measured again, never edited.

Every tool judges the same mining block model of 18 columns (`benchmarks/model.py`): types,
required cells, bounds, lists of members, a pattern, a unique key, a foreign key, and the rule
cu_tonnes = tonnage_t x cu_pct / 100. Errors of ten kinds are seeded by a fixed rule, so that
what is true is known: *found* and *missed* are seeded errors that a tool names, or does not,
by record, field and kind; *false* are findings where nothing is wrong. Time and memory are
those of the whole process, as the operating system counts them; runs of all tools alternate,
and medians are given. *Times ours* is the median of the ratios of paired runs, by the clock.
Read ratios, not seconds: the machine is shared. Where other work fills it, *cpu s* tells more
than the clock.

Who does how much differs. Only rekodiq-data and Frictionless read the rules from the Table
Schema; for the others they were written by hand, in the tool's own terms (`benchmarks/peers/`).
Tools that stop counting by default had that limit raised. The command line of Frictionless has
no word for a rule across columns, and misses what breaks it.

"""


_VERDICTS = {True: "held", False: "not held", None: ""}


def document(
    targets: Sequence[Target],
    results: Mapping[str, Mapping[str, Mapping[str, Any]]],
    machine: str,
    libraries: str,
) -> str:
    """The whole page."""
    parts = [_HEAD, f"Measured on {machine}; {libraries}.\n"]
    if targets:
        parts.append("\n## What it has to reach\n\n")
        parts.append("| what | measured | asked | |\n|---|---|---|---|\n")
        parts.extend(
            f"| {each.what} | {each.measured} | {each.asked} | {_VERDICTS[each.held]} |\n"
            for each in targets
        )
    for title, tools in results.items():
        parts.append(f"\n## {title}\n\n")
        parts.append(
            "| tool | wall s | cpu s | peak MiB | times ours | found | missed | false |\n"
        )
        parts.append("|---|---:|---:|---:|---:|---:|---:|---:|\n")
        parts.extend(
            f"| {name} | {each['wall']:.2f} | {each['cpu']:.2f} | {each['peak']:.0f} |"
            f" {each['times']:.2f} | {each['found']:,} of {each['seeded']:,} |"
            f" {each['missed']:,} | {each['false']:,} |\n"
            for name, each in tools.items()
        )
        runs = max(each["runs"] for each in tools.values())
        parts.append(f"\n{runs} counted {'run' if runs == 1 else 'runs'} of each tool.\n")
    return "".join(parts)
