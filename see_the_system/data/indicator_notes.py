"""What is said of a file of indicators beside its rows: what was left out, what does not agree."""

import pyarrow as pa

from see_the_system.data.indicators import INDICATORS, PERCENT, POINTS
from see_the_system.messages import Refusal, counted, listed

# An early release of chronic absence had two rows of each district.
_LEVELS = {
    "D1": "D1 (districts with all their schools)",
    "D2": "D2 (districts without their charter schools)",
}
# What values can be. The lowest score of any of the state's tests lies 348 points below its
# standard, the highest 234 above.
_VALUES = {
    PERCENT: ((0, 100), "a percentage from 0 to 100"),
    POINTS: ((-400, 400), "a distance from the standard of -400 to 400 points"),
}
_CHANGES = {
    PERCENT: ((-100, 100), "a change of -100 to 100 points"),
    POINTS: ((-800, 800), "a change of -800 to 800 points"),
}


class Notes:
    """What was left out of a file, and what in it does not agree."""

    def __init__(self):
        self.strays = []
        self.categories = set()
        self.levels = set()
        self.offices = 0
        self.entities = set()
        self.kept = set()

    def without_strays(self, raw, first_line, layout):
        """Lines of bytes without those whose cells are not those of the header (bytes).

        Some releases of the Dashboard have a few; an empty line stands in their place. Lines that
        lack cells at their end which are not read are filled up.
        """
        if layout.quoted or layout.delimiter != "\t":
            return raw
        width = len(layout.header)
        read = max(layout.columns.values()) + 1
        lines = raw.split(b"\n")
        is_changed = False
        for place, line in enumerate(lines):
            cells = line.removesuffix(b"\r").split(b"\t")
            if len(cells) == width and line.strip():
                continue
            is_changed = True
            fits = read <= len(cells) <= width or not b"".join(cells[width:]).strip()
            if line.strip() and fits and len(cells) >= read:
                cells = [*cells, *[b""] * (width - len(cells))][:width]
                lines[place] = b"\t".join(cells)
            else:
                lines[place] = b""
                if line.strip():
                    self.strays.append(first_line + place)
        return b"\n".join(lines) if is_changed else raw

    def no_rows(self, name, form):
        """Why nothing of a file is left (a sentence)."""
        if self.entities and form.one_of:
            last = ", TA in 'Completer Type'" if "completer" in form.one_of else ""
            return (
                f"{name} has no row of all kinds of schools together ('All' in the column "
                f"'Charter School'{last}). Add the file as it was downloaded."
            )
        left_out = []
        if self.categories:
            left_out.append(f"student groups {listed(sorted(self.categories))}")
        if self.levels:
            left_out.append(f"levels {listed(sorted(self.levels))}")
        if left_out:
            return (
                f"{name} has only rows that are not read here ({'; '.join(left_out)}). Add the "
                "file as it was downloaded."
            )
        return (
            f"{name} has a header and no rows of schools, districts or the state: such rows were "
            "expected. Download it again."
        )

    def sentences(self, frame, form):
        found = []
        if self.strays:
            which = "line" if len(self.strays) == 1 else "lines"
            numbers = listed([*self.strays[:3], *(["more"] if len(self.strays) > 3 else [])])
            found.append(
                f"{counted(len(self.strays), 'line')} had more or fewer columns than the header "
                f"and {'was' if len(self.strays) == 1 else 'were'} left out ({which} {numbers})."
            )
        if self.categories:
            names = listed(sorted(self.categories))
            found.append(f"Student groups that are not read here were left out: {names}.")
        if self.levels:
            named = [_LEVELS.get(level.upper(), level) for level in sorted(self.levels)]
            which = "level" if len(named) == 1 else "levels"
            found.append(f"Rows of the {which} {listed(named)} were left out.")
        if self.offices:
            found.append(
                f"{counted(self.offices, 'row')} of a district's office (school 0000000) "
                f"{'was' if self.offices == 1 else 'were'} left out."
            )
        alone = len(self.entities - self.kept)
        if alone:
            found.append(
                f"{counted(alone, 'school or district', 'schools and districts')} "
                f"{'stands' if alone == 1 else 'stand'} in it by kinds of schools alone, without a "
                f"row of all together, and {'was' if alone == 1 else 'were'} left out."
            )
        differ = _disagree(frame)
        if differ:
            found.append(
                f"In {counted(differ, 'row')} the published rate is not that of the published "
                "counts; the rate is kept as published."
            )
        return found


def refuse_outside(lines, ours, values, indicator, *, is_change=False):
    """``Refusal`` at the first value of a column that an indicator, or its change, cannot have."""
    limits, expected = (_CHANGES if is_change else _VALUES)[INDICATORS[indicator].unit]
    outside = (~values.between(*limits)).fillna(False)
    lines.refuse(ours, pa.array(outside.to_numpy(bool)), expected)


def refuse_fractions(name, frame):
    """``Refusal`` where rates stand as shares of one: the largest is 1 or less, by counts more."""
    rates = frame[frame["count"].notna() & frame["value"].notna() & (frame["n"] > 0)]
    by_counts = 100 * rates["count"] / rates["n"]
    if len(rates) and rates["value"].max() <= 1 < by_counts.max():
        raise Refusal(
            f"{name} has rates from 0 to 1, and its counts say percents up to "
            f"{by_counts.max():.0f}: percents from 0 to 100 were expected. Add the file as it was "
            "downloaded."
        )


def _disagree(frame):
    """In how many rows value is not the percent of count in n, as it is rounded (int)."""
    of = frame["indicator"].map(lambda name: INDICATORS[name].unit) == PERCENT
    rate = 100 * frame["count"] / frame["n"].where(frame["n"] > 0)
    differs = (rate - frame["value"]).abs() > 0.1
    return int((differs.fillna(False) & of).sum())
