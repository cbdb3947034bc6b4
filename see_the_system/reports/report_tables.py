"""Numbers of a report as tables and words that read well."""

import pandas as pd


def students(name):
    """A group's students in words (text)."""
    return (
        name.replace("All students", "students") if name == "All students" else f"{name} students"
    )


def listed(values):
    """Values in words, a run of numbers as "4 to 8" (text)."""
    values = [str(value) for value in values]
    numbers = [int(value) for value in values if value.isdigit()]
    if (
        len(numbers) > 2
        and len(numbers) == len(values)
        and numbers == list(range(numbers[0], numbers[-1] + 1))
    ):
        return f"{numbers[0]} to {numbers[-1]}"
    return values[0] if len(values) == 1 else ", ".join(values[:-1]) + f" and {values[-1]}"


def fixed(values, digits=1):
    """Numbers with so many digits, nothing where there is none (list of text)."""
    return [("" if pd.isna(value) else f"{value:.{digits}f}".replace("-", "−")) for value in values]


def between(table, end="", digits=1, names=("low", "high")):
    """Intervals as "low to high" (list of text)."""
    return [
        ("" if pd.isna(low) else f"{low:.{digits}f} to {high:.{digits}f}".replace("-", "−"))
        for low, high in zip(table[names[0] + end], table[names[1] + end])
    ]


def gap_words(row):
    """One gap in points with its interval (text)."""
    return f"{row['gap']:.1f} points (95% interval {row['low']:.1f} to {row['high']:.1f})".replace(
        "-", "−"
    )


def overlap_words(least, widest):
    """Whether the intervals of two gaps overlap, in a sentence (text)."""
    if least["high"] >= widest["low"]:
        return "These intervals overlap, so the grades may not really differ."
    return (
        "These intervals do not overlap: the gap differs between these grades by more than chance."
    )


def marked(values):
    """Years or grades as text, 2021 with the reason why it stands in no trend (list of text)."""
    return ["2021 (few tested)" if value == 2021 else str(value) for value in values]


def gap_table(table, first, by):
    """Both groups' results and their gap, a row for each ``by``, ready to read (DataFrame)."""
    focus, comparison = (table[side].iloc[0] for side in ("focus", "comparison"))
    return pd.DataFrame(
        {
            first: marked(table[by]),
            f"{focus}, students": table["n_focus"],
            "% met": fixed(table["percent_focus"]),
            f"{comparison}, students": table["n_comparison"],
            "% met ": fixed(table["percent_comparison"]),
            "Gap, points": fixed(table["gap"]),
            "95% interval": between(table),
        }
    )


def levels_table(levels):
    """Students at each level, a row a group, ready to read (DataFrame)."""
    return pd.DataFrame(
        {
            "Group": levels["group"],
            "Students with scores": levels["n"],
            "Not met": levels["n_not_met"],
            "Nearly met": levels["n_nearly_met"],
            "Met": levels["n_met"],
            "Exceeded": levels["n_exceeded"],
        }
    )


def percent_table(shown):
    """One group's percent by year, ready to read (DataFrame)."""
    return pd.DataFrame(
        {
            "Year": marked(shown["year"]),
            "Students with scores": shown["n"],
            "% met or exceeded": fixed(shown["percent"]),
            "95% interval": between(shown),
        }
    )
