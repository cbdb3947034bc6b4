"""Random districts with a public measure, and the attacker who knows what adds up in it."""

from collections import Counter

import numpy as np
import pandas as pd

from see_the_system.data.indicator_files import COLUMNS
from see_the_system.privacy.indicator_gate import protect_indicators
from tests.privacy.attack import MOST, Attacker

TRAITS = {
    "Socioeconomically disadvantaged": (31, 0.55),
    "English learner": (160, 0.25),
    "Grades 7 to 8": (None, 0.3),
}
ETHNICITIES = {"Hispanic or Latino": 78, "White": 80, "Asian": 76, "Filipino": 77}
NOT_REPORTED = 0.02
WHOLE = "0000000"
_WEIGHTS = ((1, 0), (0, 1), (1, 1))  # those not counted, those counted, both


def drawn(seed):
    """A district, WHOLE, and its few schools: {(school, group): (not counted, counted)}."""
    draw = np.random.default_rng(seed)
    schools = [f"000000{number + 1}" for number in range(draw.integers(2, 5))]
    counts = Counter()
    for school in schools:
        for _ in range(draw.integers(8, draw.choice([30, 90]))):
            groups = ["All students"]
            # Of some students no race or ethnicity is reported, and no row of theirs is read.
            if draw.random() > NOT_REPORTED:
                groups.append(draw.choice(list(ETHNICITIES), p=(0.5, 0.3, 0.12, 0.08)))
            groups += [name for name, (_, share) in TRAITS.items() if draw.random() < share]
            counted = int(draw.random() < 0.2)
            for group in groups:
                counts[school, group, counted] += 1
                counts[WHOLE, group, counted] += 1
    keys = dict.fromkeys((school, group) for school, group, _ in counts)
    return {key: (counts[*key, 0], counts[*key, 1]) for key in keys}


def frame_of(rows):
    """Rows (school, group, its code, n, count) as a frame of indicators of one district in 2024.

    n and count are None where the state hides them.
    """
    frame = pd.DataFrame(
        [
            {
                "year": 2024,
                "county_code": "99",
                "district_code": "10017",
                "school_code": school,
                "indicator": "chronic_absence",
                "group": group,
                "group_id": code,
                "level": "district" if school == WHOLE else "school",
                "charter": False,
                "n": n,
                "count": count,
                "value": 100 * count / n if n else None,
                "missing": "suppressed" if n is None else "",
            }
            for school, group, code, n, count in rows
        ]
    ).reindex(columns=COLUMNS)
    for name in ("county_name", "district_name", "school_name"):
        frame[name] = ""
    whole = dict.fromkeys(("n", "count", "prior_n"), "Int32")
    parts = dict.fromkeys(("value", "prior_value", "change"), "Float64")
    return frame.astype({"group_id": "Int16"} | whole | parts)


def hidden_as_the_state_does(table):
    """The rows of ``drawn``, those of fewer than 11 students without their numbers (list)."""
    code_of = {"All students": 1} | ETHNICITIES | {name: code for name, (code, _) in TRAITS.items()}
    return [
        (school, group, code_of[group], *((n, counted) if n > 10 else (None, None)))
        for (school, group), (others, counted) in table.items()
        for n in [others + counted]
    ]


def attacked(seed):
    """What was tried (Counter), and the hidden rows of which a number is told (list)."""
    table = drawn(seed)
    shown = protect_indicators(frame_of(hidden_as_the_state_does(table)))
    cells = {(row.school_code, row.group): place for place, row in enumerate(shown.itertuples())}
    hidden = shown["missing"].ne("").tolist()
    numbers = shown[["count", "n"]].astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    counts = np.column_stack([numbers[:, 1] - numbers[:, 0], numbers[:, 0]])
    assert (np.nansum(counts, axis=1)[~np.isnan(counts[:, 0])] >= 11).all()
    small = shown["missing"].eq("suppressed").tolist()
    schools = [cell for (school, _), cell in cells.items() if school != WHOLE]
    # Where no school is shown, nobody is told which are small.
    untold = set(schools) if not any(small[cell] or not hidden[cell] for cell in schools) else ()
    limits = []
    for cell in filter(hidden.__getitem__, cells.values()):
        bounds = (1, 10) if small[cell] else (1 if cell in untold else 11, MOST)
        limits.append((cell, (1, 1), *bounds))
    sums = []
    for school in {school for school, _ in cells}:
        own = [cells[school, group] for group in ETHNICITIES if (school, group) in cells]
        sums.append((cells[school, "All students"], own, False))
        traits = [cells[school, trait] for trait in TRAITS if (school, trait) in cells]
        sums += [(cells[school, "All students"], [trait], False) for trait in traits]
    for group in {group for _, group in cells}:
        parts = [
            cell for (school, name), cell in cells.items() if name == group and school != WHOLE
        ]
        sums.append((cells[WHOLE, group], parts, True))
    attacker = Attacker(counts, sums, limits, [table[key] for key in cells])
    told = attacker.told([{cell: 1} for cell in attacker.hidden.tolist()], _WEIGHTS)
    names = {cell: key for key, cell in cells.items()}
    found = [attacker.hidden[target] for target in told]
    # Of schools of which none is shown, the large ones are hidden for no secret of their own.
    found = [names[cell] for cell in found if cell not in untold or sum(table[names[cell]]) < 11]
    return Counter(districts=1, rows=len(cells), hidden=sum(hidden)), found
