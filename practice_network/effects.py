"""What a simulated change truly did: the year with it against the very same year without it.

For a facilitator; synthetic.
"""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from practice_network import changes, planted, weekly
from practice_network.places import exposures, meant, of_group
from practice_network.school_year import changed
from practice_network.year_files import group_members
from see_the_system.data import codes
from see_the_system.gaps.result_words import spoken

WHOLE = changes.EVERYBODY
LATE = 8  # the last weeks, by which a change has come to nearly all it does
# The state's groups that are counted apart.
_GROUPS = (*codes.ETHNICITIES, 31, 111, 160, 128)


@dataclass(frozen=True)
class Truth:
    """What a change truly does. For a facilitator.

    cause: the id of the planted cause or decoy that the idea acts on, "" for none. before, after:
    the mean of its ``exposure`` over those the idea is meant for, as it was and in the last week.
    fidelity: how fully it was carried out, a number a week (mean over students in view). effects:
    measure, type, group, since_start and at_end (percentage points against the same year without
    the change, from its first week and in the last eight), spring (SDs of the state's spring score,
    taking the weeks simulated for the year; the check alone). harm: in words, "" for none.
    """

    cause: str
    exposure: str
    before: float
    after: float
    fidelity: tuple = field(repr=False)
    effects: pd.DataFrame = field(repr=False)
    harm: str = ""


def members(setting, units, measure):
    """The groups of a measure and who is in them (dict of name to bool array).

    Classes and teachers have one group, the whole. A year without a change has every group that
    an idea may be meant for, so that its series are there to be compared with.
    """
    masks = {WHOLE: np.ones(len(units), bool)}
    if measure in weekly.UNITS:
        return masks
    if setting.idea:
        masks[setting.idea.reaches] = meant(units, setting.idea)
    else:
        masks |= {group: of_group(units, group) for group in changes.SOME}
    for code in _GROUPS:
        masks[codes.GROUPS[code]] = group_members(units, code)
    return {name: mask for name, mask in masks.items() if mask.any()}


def truth(setting, tables):
    """What the change of a setting does to the measures (``Truth``).

    tables: dict of ``WeeklyMeasure`` to ``weekly.Counted``.
    """
    idea = setting.idea
    students = setting.students
    change = changed(setting, students, setting.fidelity)
    reached = meant(students, idea)
    before = 0.0
    if idea.exposure:
        before = float(exposures(students, idea)[0][reached].mean())
    after = before + float(change[reached, -1].mean())
    return Truth(
        cause=idea.acts_on or "",
        exposure=idea.exposure,
        before=round(before, 4),
        after=round(after, 4),
        fidelity=tuple(np.round(setting.fidelity.mean(axis=0), 3).tolist()),
        effects=_effects(setting, tables, spring=idea.effect * change.mean(axis=1)),
        harm=idea.harm.words if idea.harm else "",
    )


def describe_truth(year):
    """What the change of a ``simulate.Year`` truly did, in words (text with line ends).

    For a facilitator.
    """
    if year.truth is None:
        return f"For the facilitator. {year.place} (synthetic): a year without a change."
    lines = [
        f"For the facilitator. {year.idea.title}, {year.place} (synthetic).",
        _acts(year.truth),
    ]
    effects = year.truth.effects
    groups = (WHOLE, year.idea.reaches)
    check_of_reached = (effects.measure == "check") & effects.group.isin(groups)
    shown = effects[check_of_reached | (effects.group == WHOLE)]
    cause = planted.BY_ID.get(year.truth.cause)
    lines += [_effect_line(row, cause) for row in shown.itertuples()]
    if year.truth.harm:
        lines.append(f"Harm: {year.truth.harm}")
    return "\n".join(lines)


def _effects(setting, tables, spring):
    """The rows of ``Truth.effects`` (frame); ``spring``: SDs, one value a student in view."""
    late = max(setting.starts, len(setting.weeks) - LATE)
    rows = [
        {
            "measure": measure.id,
            "type": measure.type,
            "group": group,
            "since_start": _points(table, mask, setting.starts),
            "at_end": _points(table, mask, late),
            "spring": round(float(spring[mask].mean()), 4) if measure.id == "check" else np.nan,
        }
        for measure, table in tables.items()
        for group, mask in members(setting, table.units, measure.id).items()
    ]
    return pd.DataFrame(rows)


def _points(table, mask, starts):
    """The percentage points that the change adds from a week on to those of a mask."""
    n = table.n[mask, starts:]
    if not n.any():
        return 0.0
    gain = (n * (table.chance - table.without)[mask, starts:]).sum()
    return round(100 * float(gain) / int(n.sum()), 2)


def _acts(truth):
    if truth.exposure:
        cause = planted.BY_ID[truth.cause]
        was, now = (_amount(cause, value) for value in (truth.before, truth.after))
        return (
            f"It acts on a planted cause: {planted.lower_first(cause.name)}. Of those it is meant "
            f"for, {cause.counted} was {was} on average and is {now} in the last week."
        )
    nothing = (
        "It acts on no planted cause: it moves what people do, and nothing follows for learning."
    )
    if truth.cause:
        wrong = planted.lower_first(planted.BY_ID[truth.cause].name)
        return f"{nothing} It belongs to the tempting wrong theory, that {wrong}."
    return nothing


def _amount(cause, value):
    """An exposure as it is said (text): weeks are a number, all else is a share."""
    return f"{value:.1f}" if cause.exposure == "weeks_without_results" else f"{value:.0%}"


def _effect_line(row, cause):
    title = changes.measures()[row.measure].title
    effect = f"{spoken(row.at_end, 1, '+')} percentage points in the last {LATE} weeks"
    if row.measure != "check":
        return f"{title}: {effect}."
    points = spoken(cause.points(row.spring) if cause else 0.0, 0, "+")
    return (
        f"{title}, {planted.lower_first(row.group)}: {effect}; spring score {points} points of "
        "the state's scale."
    )
