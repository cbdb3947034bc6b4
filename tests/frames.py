"""Small frames in the tidy layout, for the tests of the rooms that read them."""

import pandas as pd

from see_the_system.data.codes import GROUPS

_INTS = ["enrolled", "tested", "with_scores", "n_exceeded", "n_met", "n_nearly_met", "n_not_met"]


def row(
    year=2024,
    *,
    grade=8,
    group=1,
    levels=(10, 20, 30, 40),
    school="0000000",
    district="10017",
    level=None,
    test=2,
    mean=None,
    missing="",
):
    """One tidy row; ``levels`` are the four counts from low to high.

    They are None where nothing is shown (then say why with ``missing``).
    """
    n = sum(levels) if levels else None
    not_met, nearly, met, exceeded = levels or (None,) * 4
    level = level or ("district" if school == "0000000" else "school")
    counts = {
        "exceeded": exceeded,
        "met": met,
        "met_and_above": met + exceeded if levels else None,
        "nearly_met": nearly,
        "not_met": not_met,
    }
    percents = {f"pct_{name}": 100 * count / n if n else None for name, count in counts.items()}
    return {
        "year": year,
        "county_code": "99",
        "district_code": district,
        "school_code": school,
        "type_id": 6 if level == "district" else 7,
        "level": level,
        "county_name": "Practice",
        "district_name": f"District {district}",
        "school_name": "" if level == "district" else f"School {school}",
        "test_id": test,
        "grade": grade,
        "group_id": group,
        "group": GROUPS[group],
        "enrolled": n,
        "tested": n,
        "with_scores": n,
        "mean_scale_score": mean,
        **percents,
        "n_exceeded": exceeded,
        "n_met": met,
        "n_nearly_met": nearly,
        "n_not_met": not_met,
        "missing_tested": "",
        "missing_scores": missing,
        "missing_areas": "",
        "for_trend": year != 2021,
    }


def tidy(*rows):
    """A tidy frame with the contract's types from dicts of ``row``; none: no rows, every column."""
    frame = pd.DataFrame(list(rows) or [row()])
    types = dict.fromkeys(_INTS, "Int32") | {
        "mean_scale_score": "Float64",
        "year": "int16",
        "type_id": "Int8",
        "test_id": "int8",
        "grade": "int8",
        "group_id": "int16",
    }
    for name in frame:
        if name.startswith("pct_"):
            types[name] = "Float64"
        elif name.startswith("missing_"):
            types[name] = "category"
    frame = frame.astype(types)
    return frame if rows else frame.iloc[:0]
