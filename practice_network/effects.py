"""What a simulated change truly did: the year with it against the very same year without it. For a
facilitator; synthetic.
"""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from practice_network import changes, network, planted, weekly, who_is_reached
from see_the_system.data import codes

WHOLE = changes.EVERYBODY
LATE = 8  # the last weeks, by which a change has come to nearly all it does
_GROUPS = {
    31: ("disadvantaged", True),
    111: ("disadvantaged", False),
    160: ("language", "EL"),
    128: ("disability", True),
}


@dataclass(frozen=True)
class Truth:
    """What a change truly does. For a facilitator.

    cause: the id of the planted cause or decoy that the idea acts on, "" for none. before, after:
    the mean of its ``exposure`` over those the idea is meant for, as it was and in the last week.
    fidelity: how fully it was carried out, a number a week (mean over students in view). effects:
    measure, type, group, since_start and at_end (percentage points against the same year without
    the change, from its first week and in the last eight), spring (SDs of the state's spring score,
    taking the weeks simulated for the year; the check alone). side: the harm in words, "" where
    there is none.
    """

    cause: str
    exposure: str
    before: float
    after: float
    fidelity: tuple = field(repr=False)
    effects: pd.DataFrame = field(repr=False)
    side: str = ""


def members(setting, units, measure):
    """The groups of a measure and who is in them (dict of name to bool array); classes and teachers
    have one, the whole.
    """
    masks = {WHOLE: np.ones(len(units), bool)}
    if measure in weekly.UNITS:
        return masks
    if setting.idea:
        masks[setting.idea.reaches] = who_is_reached.meant(units, setting.idea)
    masks |= {
        codes.GROUPS[code]: (units.ethnicity == code).to_numpy()
        for code in network.ETHNICITY_CODES[:-1]
    }
    masks |= {
        codes.GROUPS[code]: (units[name] == value).to_numpy()
        for code, (name, value) in _GROUPS.items()
    }
    return {name: mask for name, mask in masks.items() if mask.any()}


def truth(setting, tables):
    """What the change of a setting does to the measures in ``tables`` (dict of ``Measure`` to
    ``weekly.Counted``): ``Truth``.
    """
    idea, students = setting.idea, setting.students
    change = weekly.changed(setting, students, setting.fidelity)
    spring = planted.EFFECTS.get(idea.acts_on, 0.0) * change.mean(axis=1)
    starts = (setting.first, max(setting.first, len(setting.at) - LATE))
    rows = []
    for measure, table in tables.items():
        for group, mask in members(setting, table.units, measure.id).items():
            sds = round(float(spring[mask].mean()), 4) if measure.id == "check" else np.nan
            rows.append(
                (
                    measure.id,
                    measure.type,
                    group,
                    *(_points(table, mask, first) for first in starts),
                    sds,
                )
            )
    effects = pd.DataFrame(
        rows, columns=["measure", "type", "group", "since_start", "at_end", "spring"]
    )
    name, now, _ = who_is_reached.exposures(students, idea)
    meant = who_is_reached.meant(students, idea)
    before = float(now[meant].mean()) if name else 0.0
    after = before + float(change[meant, -1].mean())
    fidelity = tuple(np.round(setting.fidelity.mean(axis=0), 3).tolist())
    return Truth(
        idea.acts_on or "",
        name,
        round(before, 4),
        round(after, 4),
        fidelity,
        effects,
        idea.side.words if idea.side else "",
    )


def describe_truth(year):
    """What the change of a ``simulate.Year`` truly did, in words, for a facilitator (text with line
    ends).
    """
    if year.truth is None:
        return f"For the facilitator. {year.place} (synthetic): a year without a change."
    effects = year.truth.effects
    lines = [
        f"For the facilitator. {year.idea.title}, {year.place} (synthetic).",
        _acts(year.truth),
    ]
    for _, row in effects[effects.group.isin((WHOLE, year.idea.reaches))].iterrows():
        if row.measure == "check" or row.group == WHOLE:
            spring = f"; spring score {row.spring:+.3f} SD" if row.measure == "check" else ""
            title = changes.BY_ID[row.measure].title
            who = f", {row.group[0].lower()}{row.group[1:]}" if row.measure == "check" else ""
            lines.append(
                f"{title}{who}: {row.at_end:+.1f} percentage points in the last {LATE} "
                f"weeks{spring}."
            )
    return "\n".join([*lines, *([f"Harm: {year.truth.side}"] if year.truth.side else [])])


def _points(table, mask, first):
    n = table.n[mask, first:]
    gain = (n * (table.chance - table.without)[mask, first:]).sum()
    return round(100 * float(gain) / int(n.sum()), 2) if n.any() else 0.0


def _acts(truth):
    if not truth.exposure:
        theory = f" It belongs to the tempting wrong theory, {truth.cause}." if truth.cause else ""
        return (
            "It acts on no planted cause: it moves what people do, and nothing follows for "
            f"learning.{theory}"
        )
    change = f"was {truth.before:.2f} on average and is {truth.after:.2f} in the last week"
    return f"It acts on {truth.cause}: {truth.exposure} of those it is meant for {change}."
