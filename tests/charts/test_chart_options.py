import pytest

from see_the_system.charts.run_charts import run_chart
from see_the_system.messages import Refusal
from tests.charts.weeks import risen


@pytest.mark.parametrize(
    "options, says",
    [
        ({"rules": "juran"}, "There is no rule set 'juran'"),
        ({"better": "up"}, "The direction of improvement is 'up'"),
        ({"target": "high"}, "The target is 'high'; a number"),
        ({"target": True}, "The target is True; a number"),
        (
            {"baseline": 30},
            "The baseline is 30 points, and the chart has 24; a whole number from 2 to 24 "
            "was expected.",
        ),
        ({"baseline": 1}, "The baseline is 1 points"),
        (
            {"phases": ["2027-01-01"]},
            "A phase starts on 2027-01-01, outside the points (2025-08-25 to 2026-02-02)",
        ),
        ({"phases": ["2026-02-02"]}, "The phase from 2026-02-02 has 1 point; 2 are needed"),
        ({"phases": ["soon"]}, "A phase starts on 'soon'; a date"),
        (
            {"annotations": [("2026-03-01", "Spread")]},
            "The annotation 'Spread' is on 2026-03-01, after the last point, row 24 (2026-02-02).",
        ),
        ({"exclude": ["2025-09-23"]}, "No point of the baseline is on 2025-09-23."),
        (
            {"baseline": 2, "exclude": ["2025-08-25"]},
            "The baseline of phase 1 keeps fewer than 2 points.",
        ),
        ({"tails": "both"}, "tails is 'both'"),
    ],
)
def test_an_option_that_cannot_be_is_one_sentence(options, says):
    with pytest.raises(Refusal) as refused:
        run_chart(risen(), kind="p", **options)
    assert says in str(refused.value)
