"""The practice network runs: choose a change, where and how fully it is carried out, and get the
next weeks of data. Synthetic throughout.

``simulate`` gives a school year of weekly counts, for all students in view and by group, that go
straight into a run chart. What the change truly does stands beside them, for a facilitator alone.
"""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from practice_network import changes, network, planted, school_year, weekly, who_is_reached
from practice_network.effects import WHOLE, Truth, describe_truth, members, truth
from practice_network.places import find_place
from see_the_system.messages import Refusal, nearest

__all__ = ["WHOLE", "Truth", "Year", "describe_truth", "simulate"]

# What a year without a change has: all that goes on in any year.
ALWAYS = (
    "check",
    "seated",
    "core_whole",
    "results_in_time",
    "records_there",
    "new_in_support",
    "recorded_present",
    "belonging",
    "planning",
    "full_lessons",
)
NAMED_SCHOOLS = 4


@dataclass(frozen=True, eq=False)
class Year:
    """A school year of weekly data on the students of a place, of the grades that the idea is meant
    for. Synthetic.

    ``frame``: at (a Monday), week (from 1), measure, type, group, count, n; a week in which nobody
    of a group was counted has no row. ``measures``: tuple of ``changes.Measure``. ``annotations``:
    (date, text) for a chart. ``story``: what happened, in sentences. ``truth``: what the change
    truly does, for a facilitator; None without a change.
    """

    district: str
    idea: changes.Idea | None
    place: str
    scale: str
    starts: int | None
    frame: pd.DataFrame = field(repr=False)
    measures: tuple = field(repr=False)
    annotations: tuple = field(repr=False)
    story: tuple = field(repr=False)
    truth: Truth | None = field(repr=False)

    @property
    def groups(self):
        """The groups that have rows, all students first (tuple of text)."""
        return tuple(self.frame.group.drop_duplicates())

    def points(self, measure, group=WHOLE):
        """One measure of one group, ready for a run chart (frame: at, week, count, n); ``Refusal``
        where there is none.
        """
        ids = {name: one.id for one in self.measures for name in (one.id, one.title)}
        if measure not in ids:
            raise Refusal(
                f"This year has no measure {measure!r}. Choose "
                f"{_choice(measure, ids, [one.id for one in self.measures])}."
            )
        rows = self.frame[self.frame.measure == ids[measure]]
        if (rows.group != group).all():
            has = list(rows.group.drop_duplicates())
            raise Refusal(
                f"Nobody of the group {group!r} is counted in {ids[measure]!r} here. Choose "
                f"{_choice(group, has, has)}."
            )
        return rows.loc[rows.group == group, ["at", "week", "count", "n"]].reset_index(drop=True)


def simulate(
    district,
    idea,
    *,
    where=None,
    scale=None,
    fidelity=0.8,
    starts=12,
    weeks=36,
    seed=1,
    autumn=2025,
):
    """A school year of a district with a change in it, or without one where ``idea`` is None
    (``Year``). Synthetic; seeded.

    idea: an id, a title or an ``Idea``. where: a class ("6990308-701"), a grade of a school
    ("6990308-7"), a school (code or name), or several of one kind. scale: "class", "grade",
    "school" or "district"; left out, it is what ``where`` names, and a class where that is left out
    too. A scale smaller than ``where`` takes the part of it with the most to gain. fidelity: how
    fully it is carried out, 0 to 1 for all, or by school code. starts: the week of the change, from
    1. weeks: up to 38, from the last Monday of August.

    The same seed has the same weeks everywhere in a district, with a change and without, so that
    the difference of two years is the effect; for the very same students and measures compare with
    the same idea at a fidelity of 0. Raises ``Refusal`` for what cannot be.
    """
    code = planted.code_of(district)
    idea = None if idea is None else changes.idea_named(idea)
    _check_numbers(starts if idea else 1, weeks, seed, autumn)
    name = next(one.name for one in network.DISTRICTS if one.code == code)
    roster = who_is_reached.roster(code)
    place = find_place(roster, name, idea, where, scale)
    setting = _setting(
        roster,
        place,
        idea,
        fidelity,
        starts - 1 if idea else 0,
        weeks,
        (int(seed), int(autumn), int(code)),
    )
    wanted = idea.measures if idea else [changes.BY_ID[id] for id in ALWAYS]
    tables = {measure: weekly.counted(setting, measure.id) for measure in wanted}
    tables = {measure: table for measure, table in tables.items() if table.n.any()}
    frame = pd.concat([_tidy(setting, *item) for item in tables.items()], ignore_index=True)
    notes, story = _annotations(setting), _story(setting, place)
    told = truth(setting, tables) if idea else None
    return Year(
        name,
        idea,
        place.words,
        place.scale,
        starts if idea else None,
        frame,
        tuple(tables),
        notes,
        story,
        told,
    )


def _check_numbers(starts, weeks, seed, autumn):
    """Refuses what is not a whole number in its range."""
    ranges = {
        "The number of weeks": (weeks, 2, school_year.MOST_WEEKS),
        "The week in which the change starts": (starts, 1, None),
        "The seed": (seed, 0, None),
        "The autumn in which the school year begins": (autumn, 2000, 2100),
    }
    for name, (value, low, high) in ranges.items():
        if isinstance(value, bool) or not isinstance(value, (int, np.integer)):
            raise Refusal(f"{name} is {value!r}; a whole number was expected.")
        if value < low or (high and value > high):
            raise Refusal(
                f"{name} is {value}; a whole number "
                f"{f'from {low} to {high}' if high else f'of {low} or more'} was expected."
            )
    if starts > weeks:
        raise Refusal(
            f"The change starts in week {starts}, after the last of {weeks} weeks. Choose a "
            f"week from 1 to {weeks}."
        )


def _setting(roster, place, idea, fidelity, first, weeks, key):
    students = roster[place.rows & roster.grade.isin(idea.grades if idea else range(4, 9))]
    schools = sorted(students.school.unique())
    happened = school_year.happenings(key, sorted(roster.school.unique()))
    aimed = _aimed(fidelity, schools) if idea else [0.0] * len(schools)
    carried = school_year.carried_out(happened, schools, aimed, first, weeks)[
        np.searchsorted(schools, students.school)
    ]
    grade_of = [frame.school + "-" + frame.grade.astype(str) for frame in (roster, students)]
    near = roster[grade_of[0].isin(grade_of[1])]
    return weekly.Setting(
        students,
        near,
        idea,
        place.scale,
        carried,
        first,
        school_year.mondays(key[1], weeks),
        key,
        happened,
    )


def _aimed(fidelity, schools):
    """The fidelity aimed at in each school (list), from one number or from one for each school."""
    if not isinstance(fidelity, dict):
        return [_share(fidelity)] * len(schools)
    named = {str(school): value for school, value in fidelity.items()}
    for school in sorted(set(named) ^ set(schools)):
        what = (
            f"names school {school}, where nobody is reached"
            if school in named
            else f"leaves out school {school}"
        )
        raise Refusal(
            f"The fidelity by school {what}. Give one number for each of {', '.join(schools)}."
        )
    return [_share(named[school]) for school in schools]


def _share(fidelity):
    if (
        isinstance(fidelity, bool)
        or not isinstance(fidelity, (int, float, np.number))
        or not 0 <= fidelity <= 1
    ):
        raise Refusal(
            f"The fidelity is {fidelity!r}; a number from 0 (nothing is carried out) to 1 "
            "(all of it, everywhere) was expected."
        )
    return float(fidelity)


def _tidy(setting, measure, table):
    masks, weeks = members(setting, table.units, measure.id), len(setting.at)
    member = np.array(list(masks.values()), float)
    count, n = (
        np.rint(member @ part.astype(float)).astype(int).ravel() for part in (table.count, table.n)
    )
    at, week, group = (
        np.tile(setting.at, len(masks)),
        np.tile(np.arange(1, weeks + 1), len(masks)),
        np.repeat(list(masks), weeks),
    )
    frame = pd.DataFrame(
        {
            "at": at,
            "week": week,
            "measure": measure.id,
            "type": measure.type,
            "group": group,
            "count": count,
            "n": n,
        }
    )
    return frame[frame.n > 0]


def _annotations(setting):
    flu, tests = setting.happened.flu, pd.Timestamp(school_year.state_tests_begin(setting.key[1]))
    notes = [(setting.at[setting.first], _begins(setting))] if setting.idea else []
    notes += [(tests, "State tests")] if tests <= setting.at[-1] else []
    notes += [(setting.at[flu], "Many away with the flu")] if flu < len(setting.at) else []
    return tuple(sorted((day.strftime("%Y-%m-%d"), text) for day, text in notes))


def _begins(setting):
    return (
        f"{setting.idea.title}: "
        f"{'the change starts' if setting.fidelity.any() else 'announced, and not carried out'}"
    )


def _story(setting, place):
    """What happened in the weeks, in plain sentences, in the order of time (tuple of text)."""
    happened, weeks = setting.happened, len(setting.at)
    events = [(happened.flu, "Many students were away with the flu.")]
    names = setting.students.drop_duplicates("school").set_index("school").school_name
    away = [
        (happened.substitutes[school], name)
        for school, name in names.items()
        if 0 <= happened.substitutes[school] < weeks
    ]
    if len(names) <= NAMED_SCHOOLS:
        events += [(week, f"Substitutes taught many classes of {name}.") for week, name in away]
    if setting.idea:
        events.append((setting.first, f"{_begins(setting)} ({place.words})."))
    if setting.fidelity.any() and happened.drift >= 0:
        events.append(
            (
                setting.first + happened.drift,
                "From here on, less and less of the change was carried out as planned.",
            )
        )
    told = [
        f"Week {week + 1} ({setting.at[week].date()}): {text}"
        for week, text in sorted(events)
        if week < weeks
    ]
    many = [
        f"In {len(away)} of {len(names)} schools substitutes taught many classes for a week "
        "of the year."
    ] * (len(names) > NAMED_SCHOOLS)
    first = "This year is synthetic: no student, class or teacher in it is real."
    return (first, school_year.holidays_in_words(setting.key[1]), *told, *many)


def _choice(asked, known, otherwise):
    return " or ".join(nearest(asked, known)) or f"one of {', '.join(otherwise)}"
