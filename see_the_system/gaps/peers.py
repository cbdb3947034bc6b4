"""Districts that serve students in like numbers and of like background, as places to compare notes
with. Outcomes play no part.
"""

import numpy as np
import pandas as pd

from see_the_system.data.caaspp import district_code
from see_the_system.data.codes import ETHNICITIES
from see_the_system.gaps.schools import student_mix
from see_the_system.messages import Refusal, nearest

DISTRICT_KEY = ["county_code", "district_code"]
LEAST_STUDENTS = 30
SHARES = {31: "disadvantaged", 160: "english_learners"}
WORDS = {
    "size": "the number of students tested",
    "disadvantaged": "the share who are socioeconomically disadvantaged",
    "english_learners": "the share of English learners",
    "ethnicity": "the mix of ethnic groups",
}
FAR = 1.0
# percent of students in no ethnic group that is shown, above which two mixes cannot be compared
MOST_OTHER = 25
ETHNIC = [*(f"ethnicity_{code}" for code in ETHNICITIES), "ethnicity_other"]
COLUMNS = [
    "district",
    "district_name",
    "tested",
    "disadvantaged",
    "english_learners",
    *ETHNIC,
    "ethnicity_apart",
    "distance",
    "why",
]


def comparison_districts(
    frame, district, *, most=5, year=None, test="Mathematics", least=LEAST_STUDENTS
):
    """The districts most like this one in whom they serve, nearest first (frame of at most ``most``
    rows, ``COLUMNS``).

    ``district`` is "CC-DDDDD". Four characteristics count alike: number tested (log), percent
    socioeconomically disadvantaged, percent English learners, and the mix of ethnic groups
    (``ethnicity_apart``: how many of 100 students would have to belong to another group, half the
    sum of absolute differences of shares; groups that are hidden are together ``ethnicity_other``).
    Each difference is divided by the standard deviation over all districts in the frame;
    ``distance`` is the root mean square. From the district rows of one year (the latest if None),
    all grades in the frame but 13. A characteristic that the files do not have, or hide for this
    district, is left out for all; districts that hide one the others show, or have fewer than
    ``least`` students tested, are not compared. ``why`` names the two characteristics that are
    nearest. ``attrs`` has the district's own values, the year, the characteristics used and, where
    the frame is empty, why. Raises ``Refusal`` for an unknown district.
    """
    district = district_code(district)
    everyone = _profiles(frame, year, test)
    notes = {
        "district": district,
        "year": everyone.attrs["year"],
        "used": [],
        "own": {},
        "note": "",
    }
    if everyone.empty:
        return _nothing(
            notes
            | {
                "note": "The data hold no district rows with tested students, so there is nothing to "
                "compare."
            }
        )
    own = _own(everyone, district)
    notes |= {"own": own.to_dict(), "name": own["district_name"] or district}
    gaps = _differences(everyone, own)
    used = [name for name in WORDS if gaps[name].get(district, np.nan) == 0]
    notes["used"] = used
    fit = everyone[
        (everyone["tested"] >= least)
        & gaps[used].notna().all(axis=1)
        & (everyone.index != district)
    ]
    if fit.empty:
        return _nothing(
            notes
            | {
                "note": (
                    f"No other district in the data has {least} or more students tested and "
                    f"shows what {notes['name']} would be compared on."
                )
            }
        )
    fit = fit.assign(
        distance=np.sqrt((gaps.loc[fit.index, used] ** 2).mean(axis=1)),
        ethnicity_apart=_apart(fit, own),
    )
    near = fit.sort_values(["distance", "district"]).head(most)
    near = near.assign(why=[_why(near.loc[code], own, gaps.loc[code, used]) for code in near.index])
    result = near.reset_index(drop=True).reindex(columns=COLUMNS)
    result.attrs = notes
    return result


def describe_comparison_districts(result):
    """Which districts resemble this one and in what, in sentences; says nothing of their results."""
    notes = result.attrs
    if result.empty:
        return notes.get("note") or "No comparison districts were found."
    used = [WORDS[name] for name in notes["used"]]
    basis = ", ".join(used[:-1]) + (" and " if used[:-1] else "") + used[-1]
    each = "; ".join(
        f"{row['district_name'] or row['district']} ({row['why']})"
        for row in result.to_dict("records")
    )
    many = len(result)
    caution = (
        ""
        if (result["distance"] <= FAR).all()
        else (
            " Not all of these are close: some differ by more than districts typically do, "
            "so compare with care."
        )
    )
    return (
        f"Going by {basis} in {notes['year']}, the "
        f"{'district' if many == 1 else f'{many} districts'} in the data most like "
        f"{notes['name']} {'is' if many == 1 else 'are'}: {each}.{caution} They were chosen "
        "for whom they serve, not for their results: "
        "ask what they do differently for students like yours."
    )


def _profiles(frame, year, test):
    rows = frame[(frame["level"] == "district").astype(bool)] if len(frame) else frame
    if len(rows) and year is None:
        year = rows["year"].max()
    rows = rows[rows["year"] == int(year)] if len(rows) else rows
    mix = student_mix(rows, DISTRICT_KEY, list(SHARES), test=test).rename(columns=SHARES)
    ethnic = (
        student_mix(rows, DISTRICT_KEY, ETHNICITIES, shown_only=True, test=test)
        .drop(columns="tested")
        .add_prefix("ethnicity_")
    )
    other = (100 - ethnic.sum(axis=1, min_count=1)).clip(lower=0)
    ethnic = ethnic.fillna(0).assign(ethnicity_other=other).where(other <= MOST_OTHER)
    mix = mix.join(ethnic).reset_index()
    mix["district"] = mix["county_code"].astype("str") + "-" + mix["district_code"].astype("str")
    if len(rows):
        names = rows.drop_duplicates(DISTRICT_KEY)[[*DISTRICT_KEY, "district_name"]]
        mix = mix.merge(names, on=DISTRICT_KEY, how="left")
    mix = mix.set_index("district", drop=False).rename_axis(None)
    mix.attrs = {"year": "" if year is None else str(year)}
    return mix


def _own(everyone, district):
    if district not in everyone.index:
        close = nearest(district, everyone["district"]) or list(everyone["district"][:3])
        raise Refusal(
            f"District {district!r} has no tested students in these rows. Did you mean "
            f"{' or '.join(map(repr, close))}?"
        )
    return everyone.loc[district]


def _apart(profiles, own):
    """Of 100 students, how many would have to belong to another ethnic group for the mixes to be
    alike (Series).
    """
    return (profiles[ETHNIC] - own[ETHNIC].astype("float64")).abs().sum(axis=1, skipna=False) / 2


def _differences(everyone, own):
    """Differences from the district in standard deviations over all districts (frame: one column a
    characteristic, NaN unknown).
    """
    size = np.log(everyone["tested"])
    gaps = pd.DataFrame(
        {"size": (size - np.log(own["tested"])) / _scale(size)}, index=everyone.index
    )
    for name in SHARES.values():
        gaps[name] = (everyone[name] - own[name]) / _scale(everyone[name])
    typical = _apart(everyone, everyone[ETHNIC].mean())
    return gaps.assign(ethnicity=_apart(everyone, own) / (np.sqrt((typical**2).mean()) or 1.0))


def _scale(values):
    spread = values.std(ddof=0)
    return spread if spread > 0 else 1.0


def _why(row, own, gaps):
    nearest_two = gaps.abs().sort_values(kind="stable").index[:2]
    return "most alike in " + " and in ".join(_compared(name, row, own) for name in nearest_two)


def _compared(name, row, own):
    if name == "size":
        return f"{WORDS[name]} ({row['tested']:,.0f}, here {own['tested']:,.0f})"
    if name == "ethnicity":
        return f"{WORDS[name]} ({row['ethnicity_apart']:.0f} in 100 students differ)"
    return f"{WORDS[name]} ({row[name]:.0f}%, here {own[name]:.0f}%)"


def _nothing(notes):
    empty = pd.DataFrame(columns=COLUMNS).astype(
        {
            name: "str" if name in ("district", "district_name", "why") else "float64"
            for name in COLUMNS
        }
    )
    empty.attrs = notes
    return empty
