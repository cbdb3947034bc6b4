"""The practice network runs: choose a change, and get the next weeks of data. Synthetic throughout.

``simulate`` gives a school year of weekly counts, for all students in view and by group, that go
straight into a run chart. Where a change is tried and how fully it is carried out is for whoever
tries it to say; what it truly does stands beside the counts, for a facilitator alone.
"""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from practice_network import (
    changes,
    network,
    places,
    planted,
    school_year,
    weekly,
    year_charts,
)
from practice_network.effects import WHOLE, Truth, members, truth
from practice_network.places import find_place
from practice_network.school_year import Setting
from see_the_system.messages import Refusal, day_in_words
from see_the_system.paths import name_part

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
NAMED_SCHOOLS = 4  # a story names no more schools than these


@dataclass(frozen=True, eq=False)
class Year:
    """A school year of weekly data on the students of a place. Synthetic.

    Of the grades that the idea is meant for. ``frame``: at (a Monday), week (from 1), measure,
    type, group, count, n; a week in which nobody of a group was counted has no row. ``measures``:
    tuple of ``changes.WeeklyMeasure``. ``annotations``: (date, text) for a chart. ``story``: what
    happened, in sentences. ``truth``: what the change truly does, for a facilitator; None without a
    change. ``made_by``: all that makes this year another than the next, as parts of a file's name.
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
    made_by: tuple = field(repr=False)

    @property
    def groups(self):
        """The groups that have rows, all students first (tuple of text)."""
        return tuple(self.frame.group.drop_duplicates())

    def chart(self, measure, group=WHOLE):
        """The run chart of one measure of one group (``year_charts.year_chart``)."""
        return year_charts.year_chart(self, measure, group)

    def points(self, measure, group=WHOLE):
        """One measure of one group, ready for a run chart (frame: at, week, count, n).

        ``measure`` is an id or a title; ``Refusal`` for a measure or group that is not there.
        """
        ids = {known.id: known.id for known in self.measures}
        by_name = {known.title: known.id for known in self.measures} | ids
        if measure not in by_name:
            close = changes.choice(measure, by_name, ids)
            raise Refusal(f"This year has no measure {measure!r}. Choose {close}.")
        rows = self.frame[self.frame.measure == by_name[measure]]
        there = list(rows.group.drop_duplicates())
        if group not in there:
            raise Refusal(
                f"Nobody of the group {group!r} is counted in {by_name[measure]!r} here. "
                f"Choose {changes.choice(group, there, there)}."
            )
        return rows.loc[rows.group == group, ["at", "week", "count", "n"]].reset_index(drop=True)


def simulate(
    district,
    idea,
    *,
    where=None,
    scale=None,
    fidelity=0.8,
    starts=year_charts.STARTS,
    weeks=36,
    seed=1,
    autumn=2025,
):
    """A school year of a district with a change in it, or without (``Year``). Synthetic; seeded.

    idea: an id, a title or an ``Idea``; None for a year without a change. where: a class
    ("6990308-701"), a grade of a school ("6990308-7"), a school (code or name), or several of one
    kind. scale: "class", "grade", "school" or "district"; left out, it is what ``where`` names, and
    a class where that is left out too. A scale smaller than ``where`` takes the part of it with the
    most to gain. fidelity: how fully it is carried out, 0 to 1 for all, or by school code. starts:
    the week of the change, from 1; left out, after a baseline that is long enough for a run chart.
    weeks: up to 37, from the last Monday of August.

    The same seed has the same weeks everywhere in a district, with a change and without, so that
    the difference of two years is the effect; for the very same students and measures compare with
    the same idea at a fidelity of 0. Raises ``Refusal`` for what cannot be.
    """
    code = planted.code_of(district)
    idea = None if idea is None else changes.idea_named(idea)
    if idea is None:
        starts = 1
        fidelity = 0.0
    _check_numbers(starts, weeks, seed, autumn)
    name = network.DISTRICT_NAMES[code]
    roster = places.roster(code)
    place = find_place(roster, name, idea, where, scale)
    seeds = (int(seed), int(autumn), int(code))
    setting = _setting(roster, place, idea, fidelity, starts, weeks, seeds)
    wanted = idea.measures if idea else [changes.measures()[name] for name in ALWAYS]
    tables = {measure: weekly.counted(setting, measure.id) for measure in wanted}
    tables = {measure: table for measure, table in tables.items() if table.n.any()}
    frames = [_tidy(setting, measure, table) for measure, table in tables.items()]
    return Year(
        district=name,
        idea=idea,
        place=place.words,
        scale=place.scale,
        starts=starts if idea else None,
        frame=pd.concat(frames, ignore_index=True),
        measures=tuple(tables),
        annotations=_annotations(setting),
        story=_story(setting, place),
        truth=truth(setting, tables) if idea else None,
        made_by=(
            *_change_made_by(idea, fidelity, starts),
            name_part(place.words),
            f"{weeks}weeks{autumn}",
            f"seed{seed}",
        ),
    )


def _change_made_by(idea, fidelity, starts):
    if idea is None:
        return ("no_change",)
    schools = sorted(fidelity.items()) if isinstance(fidelity, dict) else [("", fidelity)]
    how_fully = "-".join(f"{school}{share:g}" for school, share in schools)
    return idea.id, f"fidelity{how_fully}", f"from{starts}"


def _check_numbers(starts, weeks, seed, autumn):
    """Refuse what is not a whole number in its range."""
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
            span = f"from {low} to {high}" if high else f"of {low} or more"
            raise Refusal(f"{name} is {value}; a whole number {span} was expected.")
    if starts > weeks:
        raise Refusal(
            f"The change starts in week {starts}, after the last of {weeks} weeks. Choose a "
            f"week from 1 to {weeks}."
        )


def _setting(roster, place, idea, fidelity, starts, weeks, seeds):
    grades = idea.grades if idea else planted.ALL_GRADES
    students = roster[place.rows & roster.grade.isin(grades)]
    schools = sorted(students.school.unique())
    happened = school_year.happenings(seeds, sorted(roster.school.unique()))
    first = starts - 1  # position of the week of the change
    aimed = _aimed(fidelity, schools)
    carried = school_year.carried_out(happened, schools, aimed, first, weeks)
    near = roster[roster.school_grade.isin(students.school_grade)]
    return Setting(
        roster=roster,
        students=students,
        near=near,
        idea=idea,
        scale=place.scale,
        fidelity=carried[np.searchsorted(schools, students.school)],
        starts=first,
        days=school_year.mondays(seeds[1], weeks),
        seeds=seeds,
        happened=happened,
    )


def _aimed(fidelity, schools):
    """The fidelity aimed at in each school (list), from one number or from one for each school."""
    if not isinstance(fidelity, dict):
        return [_share(fidelity)] * len(schools)
    named = {str(school): value for school, value in fidelity.items()}
    for school in sorted(set(named) ^ set(schools)):
        what = f"leaves out school {school}"
        if school in named:
            what = f"names school {school}, where nobody is reached"
        raise Refusal(
            f"The fidelity by school {what}. Give one number for each of {', '.join(schools)}."
        )
    return [_share(named[school]) for school in schools]


def _share(fidelity):
    number = isinstance(fidelity, (int, float, np.number)) and not isinstance(fidelity, bool)
    if not number or not 0 <= fidelity <= 1:
        raise Refusal(
            f"The fidelity is {fidelity!r}; a number from 0 (nothing is carried out) to 1 "
            "(all of it, everywhere) was expected."
        )
    return float(fidelity)


def _tidy(setting, measure, table):
    """A measure by week and group, as the rows of ``Year.frame`` (frame)."""
    groups = members(setting, table.units, measure.id)
    member = np.array(list(groups.values()), int)
    weeks = len(setting.weeks)
    frame = pd.DataFrame(
        {
            "at": np.tile(setting.days, len(groups)),
            "week": np.tile(setting.weeks + 1, len(groups)),
            "measure": measure.id,
            "type": measure.type,
            "group": np.repeat(list(groups), weeks),
            "count": (member @ table.count).ravel(),
            "n": (member @ table.n).ravel(),
        }
    )
    return frame[frame.n > 0]


def _annotations(setting):
    notes = []
    if setting.idea:
        notes.append((setting.days[setting.starts], _begins(setting)))
    tests = pd.Timestamp(school_year.state_tests_begin(setting.autumn))
    if tests <= setting.days[-1]:
        notes.append((tests, "State tests"))
    if setting.happened.flu < len(setting.days):
        notes.append((setting.days[setting.happened.flu], "Many away with the flu"))
    return tuple(sorted((day.strftime("%Y-%m-%d"), text) for day, text in notes))


def _begins(setting):
    carried_out = setting.fidelity.any()
    what = "the change starts" if carried_out else "announced, and not carried out"
    return f"{setting.idea.title}: {what}"


def _story(setting, place):
    """What happened in the weeks, in plain sentences, in the order of time (tuple of text)."""
    happened = setting.happened
    events = [(happened.flu, "Many students were away with the flu.")]
    if setting.idea:
        events.append((setting.starts, f"{_begins(setting)} ({place.words})."))
    if setting.fidelity.any() and happened.drift >= 0:
        slackens = "From here on, less and less of the change was carried out as planned."
        events.append((setting.starts + happened.drift, slackens))
    names = setting.students.drop_duplicates("school").set_index("school").school_name
    substitutes = [
        (happened.substitutes[school], f"Substitutes taught many classes of {name}.")
        for school, name in names.items()
        if 0 <= happened.substitutes[school] < len(setting.weeks)
    ]
    ends = []
    if len(names) <= NAMED_SCHOOLS:
        events += substitutes
    else:
        ends = [
            f"In {len(substitutes)} of {len(names)} schools substitutes taught many classes for "
            "a week of the year."
        ]
    return (
        "This year is synthetic: no student, class or teacher in it is real.",
        school_year.holidays_in_words(setting.autumn),
        *(
            f"Week {week + 1} ({day_in_words(setting.days[week])}): {text}"
            for week, text in sorted(events)
            if week < len(setting.weeks)
        ),
        *ends,
    )
