"""Years of Quiet Orchard that the tests of the simulator share, and what is read off them."""

from practice_network.effects import WHOLE

# Quiet Orchard: results 6 weeks late, placement by recommendation, support in core in some schools
HOME = "10041"
MIDDLE = "6993054"


def rate(points):
    return 100 * points["count"] / points["n"]


def effect(year, measure="check", group=WHOLE, column="at_end"):
    rows = year.truth.effects
    return rows[(rows.measure == measure) & (rows.group == group)][column].item()


def both(year, idea, measure, group=WHOLE, **options):
    """The counts of a measure with and without the change."""
    return [
        year(idea, fidelity=fidelity, **options).points(measure, group)["count"].to_numpy()
        for fidelity in (0.9, 0)
    ]
