"""The practice network runs: choose a change, where and how fully it is carried out, and get the next weeks of data. Synthetic throughout.

``simulate`` gives a school year of weekly counts, for all students in view and by group, that go straight into a run chart. What the change
truly does is kept beside them, for a facilitator alone.
"""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from helpers.data import codes
from helpers.messages import Problem, nearest
from helpers.practice import changes, network, planted, school_year, weekly
from helpers.practice.places import find_place

WHOLE = changes.EVERYBODY
ALWAYS = ("check", "seated", "core_whole", "results_in_time", "records_there", "new_in_support", "recorded_present", "belonging", "planning", "full_lessons")
LATE = 8  # the last weeks, by which a change has come to its full effect


@dataclass(frozen=True)
class Truth:
    """What a change truly does; for a facilitator. ``effects``: measure, type, group, since_start, at_end (percentage points against the same year
    without the change, from its first week and in the last eight) and spring (SDs of the state's spring score, for the check).

    cause: the id of the planted cause or decoy that the idea acts on, "" for none. before, after: the mean exposure of those it is meant for, as it
    was and in the last week. fidelity: how fully it was carried out, one number a week (mean over schools). side: the harm, in words, "" where none.
    """

    cause: str
    exposure: str
    before: float
    after: float
    fidelity: tuple
    effects: pd.DataFrame = field(repr=False)
    side: str = ""


@dataclass(frozen=True)
class Year:
    """A school year of weekly data. ``frame``: at (Monday), week (from 1), measure, type, group, count, n, one row each; weeks in which nobody was
    counted are left out. ``story``: what happened, in sentences. ``annotations``: (date, text) for a chart. ``truth``: for a facilitator.
    """

    district: str
    idea: changes.Idea | None
    place: str
    scale: str
    starts: int | None
    frame: pd.DataFrame = field(repr=False)
    measures: tuple = field(repr=False)
    annotations: tuple = ()
    story: tuple = field(repr=False, default=())
    truth: Truth | None = field(repr=False, default=None)

    @property
    def groups(self):
        """The groups that have rows, all students first (tuple of text)."""
        return tuple(self.frame.group.drop_duplicates())

    def points(self, measure, group=WHOLE):
        """One measure of one group, ready for a run chart (frame: at, week, count, n); ``Problem`` where there is none."""
        ids = {one.id: one.id for one in self.measures} | {one.title: one.id for one in self.measures}
        if measure not in ids:
            raise Problem(f"This year has no measure {measure!r}. Choose {' or '.join(nearest(measure, ids)) or 'one of ' + ', '.join(one.id for one in self.measures)}.")
        rows = self.frame[(self.frame.measure == ids[measure]) & (self.frame.group == group)]
        if rows.empty:
            has = self.frame[self.frame.measure == ids[measure]].group.unique()
            raise Problem(f"Nobody of the group {group!r} is counted in {ids[measure]!r} here. Choose {' or '.join(nearest(group, has)) or 'one of ' + ', '.join(has)}.")
        return rows[["at", "week", "count", "n"]].reset_index(drop=True)


def simulate(district, idea, *, where=None, scale=None, fidelity=0.8, starts=12, weeks=36, seed=1, autumn=2025):
    """A school year of a district with a change in it (``Year``); ``idea=None``: without one. Synthetic; the same arguments give the same bytes.

    idea: an id, a title or an ``Idea``. where: a class ("6990308-701"), a grade of a school ("6990308-7"), a school (code or name), several of
    one kind, or None. scale: "class", "grade", "school" or "district"; left out, it is what ``where`` names, or a class. A scale smaller than
    ``where`` takes the part of it with the most to gain. fidelity: how fully it is carried out, 0 to 1, or by school code. starts: the week
    in which it begins, from 1. The same seed has the same weeks with and without a change, so the difference of two years is the effect; for
    the same students in both, compare with the same idea at the fidelity 0. Raises ``Problem`` for what cannot be.
    """
    code = planted.code_of(district)
    idea = None if idea is None else changes.idea_named(idea)
    _numbers(starts if idea else 1, weeks, seed, autumn)
    roster = weekly.roster(code)
    place = find_place(roster, _name(code), idea, where, scale)
    setting = _setting(roster, place, idea, fidelity, starts, weeks, (seed, autumn, int(code)))
    wanted = idea.measures if idea else tuple(changes.BY_ID[id] for id in ALWAYS)
    tables = {measure: weekly.counted(setting, measure.id) for measure in wanted}
    measures = tuple(measure for measure, table in tables.items() if table.n.any())
    frame = pd.concat([_tidy(setting, measure, tables[measure]) for measure in measures], ignore_index=True)
    truth = _truth(setting, {measure: tables[measure] for measure in measures}) if idea else None
    return Year(
        _name(code), idea, place.words, place.scale, starts if idea else None, frame, measures, _annotations(setting), _story(setting, place), truth
    )  # fmt: skip


def describe_truth(year):
    """What a simulated change truly did, in words, for a facilitator (text with line ends)."""
    if year.truth is None:
        return f"For the facilitator. {year.place} (synthetic): a year without a change."
    truth, effects = year.truth, year.truth.effects
    check = effects[(effects.measure == "check")].set_index("group")
    lines = [f"For the facilitator. {year.idea.title}, {year.place} (synthetic).", _acts(truth)]
    for group in dict.fromkeys((WHOLE, year.idea.reaches)):
        if group in check.index:
            row = check.loc[group]
            lines.append(f"Week's check, {group[0].lower()}{group[1:]}: {row.at_end:+.1f} percentage points in the last {LATE} weeks; spring score {row.spring:+.3f} SD.")
    for measure in (*year.idea.of_type("process"), *year.idea.of_type("balancing")):
        row = effects[(effects.measure == measure.id) & (effects.group == WHOLE)]
        lines += [f"{measure.title}: {row.at_end.iloc[0]:+.1f} percentage points in the last {LATE} weeks."] if len(row) else []
    return "\n".join([*lines, *([f"Harm: {truth.side}"] if truth.side else [])])


def _acts(truth):
    if not truth.exposure:
        return "It acts on no planted cause: it moves what people do and nothing follows for learning."
    return f"It acts on {truth.cause}: {truth.exposure} of those it is meant for was {truth.before:.2f} on average and is {truth.after:.2f} in the last week."


def _numbers(starts, weeks, seed, autumn):
    """Refuses what is not a whole number in its range."""
    for value, name, low, high in (
        (weeks, "The number of weeks", 2, school_year.MOST_WEEKS), (starts, "The week in which the change starts", 1, None),
        (seed, "The seed", 0, None), (autumn, "The autumn in which the school year begins", 2000, 2100)):  # fmt: skip
        if isinstance(value, bool) or not isinstance(value, (int, np.integer)):
            raise Problem(f"{name} is {value!r}; a whole number was expected.")
        if value < low or (high and value > high):
            raise Problem(f"{name} is {value}; a whole number {f'from {low} to {high}' if high else f'of {low} or more'} was expected.")
    if starts > weeks:
        raise Problem(f"The change starts in week {starts}, after the last of {weeks} weeks. Choose a week from 1 to {weeks}.")


def _setting(roster, place, idea, fidelity, starts, weeks, key):
    students = roster[place.rows & (roster.grade.isin(idea.grades) if idea else True)]
    schools = sorted(students.school.unique())
    happened = school_year.happenings(key, sorted(roster.school.unique()))
    aimed = _aimed(fidelity, schools) if idea else np.zeros(len(schools))
    first = starts - 1 if idea else 0
    carried = school_year.carried_out(happened, schools, aimed, first, weeks)
    # "Sections shared out evenly" changes classes for all; other ideas act on those they are meant for, through their exposure.
    by_student = carried[np.searchsorted(schools, students.school)]
    near = roster[(roster.school + "-" + roster.grade.astype(str)).isin(students.school + "-" + students.grade.astype(str))]
    at = school_year.mondays(key[1], weeks)
    return weekly.Setting(students, near, idea, place.scale, by_student, first, at, key[1], key, happened)


def _aimed(fidelity, schools):
    """The fidelity aimed at in each school (list), from one number or from one for each school."""
    if isinstance(fidelity, dict):
        named = {str(school): value for school, value in fidelity.items()}
        for school in sorted(set(named) ^ set(schools)):
            raise Problem(f"The fidelity by school {'names school ' + school + ', where nobody is reached' if school in named else 'leaves out school ' + school}. Give one number for each of {', '.join(schools)}.")
        return [_share(named[school]) for school in schools]
    return [_share(fidelity)] * len(schools)


def _share(fidelity):
    if isinstance(fidelity, bool) or not isinstance(fidelity, (int, float, np.number)) or not 0 <= fidelity <= 1:
        raise Problem(f"The fidelity is {fidelity!r}; a number from 0 (nothing is carried out) to 1 (all of it, everywhere) was expected.")
    return float(fidelity)


def _members(setting, units, measure):
    """The groups of a measure and who is in them (dict of name to bool array); classes and teachers have one, the whole."""
    masks = {WHOLE: np.ones(len(units), bool)}
    if measure in weekly.UNITS:
        return masks
    if setting.idea and setting.idea.reaches != WHOLE:
        masks[setting.idea.reaches] = weekly.meant(units, setting.idea)
    for code in network.ETHNICITY_CODES[:-1]:
        masks[codes.GROUPS[code]] = (units.ethnicity == code).to_numpy()
    masks |= {codes.GROUPS[31]: units.disadvantaged.to_numpy(), codes.GROUPS[111]: ~units.disadvantaged.to_numpy()}
    masks |= {codes.GROUPS[160]: (units.language == "EL").to_numpy(), codes.GROUPS[128]: units.disability.to_numpy()}
    return {name: mask for name, mask in masks.items() if mask.any()}


def _tidy(setting, measure, table):
    masks = _members(setting, table.units, measure.id)
    member = np.array(list(masks.values()), float)
    count, n = (np.rint(member @ part.astype(float)).astype(int) for part in (table.count, table.n))
    frame = pd.DataFrame({
        "at": np.tile(setting.at, len(masks)), "week": np.tile(np.arange(1, len(setting.at) + 1), len(masks)), "measure": measure.id,
        "type": measure.type, "group": np.repeat(list(masks), len(setting.at)), "count": count.ravel(), "n": n.ravel()})  # fmt: skip
    return frame[frame.n > 0]


def _truth(setting, tables):
    idea, students = setting.idea, setting.students
    change = weekly.changed(setting, students, setting.fidelity)
    name, now, _ = weekly.exposures(students, idea)
    reached = weekly.meant(students, idea)
    spring = planted.EFFECTS.get(idea.acts_on, 0.0) * change.mean(axis=1)
    rows = []
    for measure, table in tables.items():
        for group, mask in _members(setting, table.units, measure.id).items():
            gain = [_points(table, mask, first) for first in (setting.first, max(setting.first, len(setting.at) - LATE))]
            sds = round(float(spring[mask].mean()), 4) if measure.id == "check" else np.nan
            rows.append((measure.id, measure.type, group, *gain, sds))
    effects = pd.DataFrame(rows, columns=["measure", "type", "group", "since_start", "at_end", "spring"])
    before = float(now[reached].mean()) if name else 0.0
    after = before + float(change[reached, -1].mean()) if name else 0.0
    fidelity = tuple(np.round(setting.fidelity.mean(axis=0), 3).tolist())
    return Truth(idea.acts_on or "", name, round(before, 4), round(after, 4), fidelity, effects, idea.side.words if idea.side else "")


def _points(table, mask, first):
    n = table.n[mask, first:]
    gain = (n * (table.chance - table.without)[mask, first:]).sum()
    return round(100 * float(gain) / n.sum(), 2) if n.sum() else 0.0


def _annotations(setting):
    notes = [(setting.at[setting.first], f"{setting.idea.title} starts")] if setting.idea else []
    tests = pd.Timestamp(school_year.testing(setting.autumn))
    notes += [(tests, "State tests")] if tests <= setting.at[-1] else []
    notes += [(setting.at[setting.happened.flu], "Many away with the flu")] if setting.happened.flu < len(setting.at) else []
    return tuple(sorted((day.strftime("%Y-%m-%d"), text) for day, text in notes))


def _story(setting, place):
    """What happened in the weeks, in plain sentences, in the order of time (tuple of text)."""
    happened, weeks = setting.happened, len(setting.at)
    events = [(happened.flu, "many students were away with the flu")]
    for school, name in setting.students.groupby("school").school_name.first().items():
        events.append((happened.substitutes[school], f"substitutes taught many classes of {name}"))
    if setting.idea:
        events.append((setting.first, f"{setting.idea.title} starts in {place.words}"))
        if happened.drift >= 0 and setting.fidelity.any():
            events.append((setting.first + happened.drift, "from here on less and less of the change was carried out as planned"))
    told = [f"Week {week + 1} ({setting.at[week]:%B} {setting.at[week].day}): {text}." for week, text in sorted(events) if 0 <= week < weeks]
    return ("This year is synthetic: no student, class or teacher in it is real.", school_year.holidays_in_words(setting.autumn), *told)


def _name(code):
    return next(district.name for district in network.DISTRICTS if district.code == code)
