"""How anything that the engine finds or draws is shown: its words, its picture, and both together.

``VIEWS`` says for every kind of result who puts it into words and who draws it. Nothing of it is
loaded before it is asked for, so that a fishbone does not load what a funnel needs.
"""

from dataclasses import dataclass
from html import escape
from importlib import import_module

from see_the_system.messages import Refusal, with_minus


@dataclass(frozen=True)
class View:
    """Who says a kind of result in words and who draws it, each as "room.module:function".

    ``plot`` gives axes or a diagram, ``picture`` what stands on a page; ``title`` names either.
    """

    words: str
    plot: str = ""
    title: str = ""
    picture: str = ""


VIEWS = {
    # tables, by the function that finds them
    "percent_meeting": View("gaps.measures:describe_percent"),
    "distance_from_standard": View("gaps.measures:describe_distance"),
    "gap_in_points": View(
        "gaps.two_groups:describe_gap",
        title="The gap in points",
        picture="reports.report_charts:gap",
    ),
    "gap_in_sd": View("gaps.two_groups:describe_gap_in_sd"),
    "gap_at_every_cut": View("gaps.two_groups:describe_gap_at_every_cut"),
    "many_gaps": View("gaps.variation:describe_many_gaps"),
    "trend": View("gaps.trends:describe_trend"),
    "quasi_cohorts": View("gaps.cohorts:describe_quasi_cohorts"),
    "bright_spots": View("gaps.bright_spots:describe_bright_spots"),
    "readiness": View("gaps.readiness:describe_readiness"),
    "comparison_districts": View("gaps.peers:describe_comparison_districts"),
    "protect": View("privacy.protect:describe_protected"),
    "gap_run_chart": View(
        "charts.gaps_over_time:describe_gap_run_chart",
        "charts.plot_run_charts:plot_gap_run_chart",
        "The gap over time",
    ),
    "pareto": View(
        "charts.pareto:describe_pareto", "charts.pareto:plot_pareto", "What is named most often"
    ),
    "calibration": View(
        "charts.many_predictions:describe_calibration",
        "charts.many_predictions:plot_calibration",
        "How sure we were, and how often right",
    ),
    # several charts or findings together, by the function that finds them
    "by_group": View(
        "charts.gaps_over_time:describe_by_group",
        "charts.plot_run_charts:plot_by_group",
        "The whole and each group over time",
    ),
    "compare_rules": View(
        "charts.chart_words:describe_comparison",
        "charts.plot_run_charts:plot_rules_side_by_side",
        "One series under every rule set",
    ),
    "check": View("theory.checks:describe_checks"),
    "progress": View("theory.progress:describe_progress"),
    "evidence_to_gather": View("theory.outline:describe_evidence_to_gather"),
    "changes": View("theory.state:describe_changes"),
    # results with a class of their own
    "BetweenWithin": View(
        "gaps.decomposition:describe_between_within",
        title="The gap between and within schools",
        picture="reports.group_charts:between_within",
    ),
    "Funnel": View(
        "gaps.variation:describe_funnel",
        title="Funnel of schools",
        picture="reports.group_charts:funnel",
    ),
    "Growth": View(
        "gaps.growth:describe_growth",
        title="Growth and status of schools",
        picture="reports.group_charts:growth",
    ),
    "MultipleMeasures": View(
        "gaps.multiple_measures:describe_multiple_measures",
        title="Public measures side by side",
        picture="reports.group_charts:multiple_measures",
    ),
    "Outlook": View("gaps.aims:describe_outlook"),
    "Record": View("theory.record:describe_record"),
    "RunChart": View(
        "charts.chart_words:describe_run_chart",
        "charts.plot_run_charts:plot_run_chart",
        "Run chart",
    ),
    "Shares": View("gaps.exposures:describe_shares"),
    "Slopes": View("gaps.exposures:describe_slopes"),
    "Theory": View("diagrams.fishbone:describe_fishbone", "diagrams.fishbone:plot_fishbone"),
}


class Shown:
    """What shows itself in a notebook cell: its picture, and its words under it."""

    @property
    def view_name(self):
        """The name of its view in ``VIEWS`` (text)."""
        return type(self).__name__

    def _repr_mimebundle_(self, **_):
        return {"text/html": html(self), "text/plain": words(self)}


def words(thing):
    """What a result, a picture or a part of a report says, in sentences (text).

    Raises ``Refusal`` for what was not found or drawn here.
    """
    if isinstance(thing, str):
        return thing
    view = _view(thing)
    if view:
        return _load(view.words)(thing)
    if hasattr(thing, "verify"):  # a team's record
        return words(thing.theory())
    for name in ("words", "text", "sentences", "sentence", "story"):
        told = getattr(thing, name, None)
        if told is not None:
            told = told() if callable(told) else told
            return told if isinstance(told, str) else "\n".join(told)
    raise Refusal(
        f"There are no words for a {type(thing).__name__}. Give a result, a diagram, a theory or "
        "a record."
    )


def picture(thing):
    """The picture of a result as SVG (text), "" for what has none.

    What a report draws stands in it twice: for the desk and for a phone.
    """
    view = _view(thing)
    if view and view.picture:
        return _load(view.picture)(thing, name=view.title, words=words(thing))
    if view and view.plot:
        drawn = _load(view.plot)(thing)
        return drawn.svg() if hasattr(drawn, "svg") else _figure(drawn, view.title, words(thing))
    if hasattr(thing, "verify"):
        return picture(thing.theory())
    return thing.svg() if hasattr(thing, "svg") else ""


def html(thing):
    """A result as it stands on a page: the picture, its words in print under it, its rows folded
    (HTML text, every text escaped).
    """
    if hasattr(thing, "html"):
        return thing.html()
    drawn = picture(thing)
    sentences = [f"<p>{escape(line)}</p>" for line in words(thing).splitlines() if line.strip()]
    rows = _rows(thing)
    return "\n".join([f"<figure>{drawn}</figure>" if drawn else "", *sentences, rows]).strip()


def _view(thing):
    return VIEWS.get(getattr(thing, "view_name", type(thing).__name__))


def _load(place):
    module, function = place.split(":")
    return getattr(import_module(f"see_the_system.{module}"), function)


def _figure(axes, title, text):
    from see_the_system.charts.panels import svg

    axes = axes[0] if hasattr(axes, "__len__") else axes
    return svg(axes, name=title, words=text)


def _one_digit(number):
    return with_minus(f"{round(number, 1) + 0.0:.1f}")


def _rows(thing):
    """The rows behind a table of findings, folded; findings in a list, each with what to do."""
    if hasattr(thing, "to_html"):
        table = thing.to_html(index=False, border=0, na_rep="", float_format=_one_digit)
        return f"<details><summary>The numbers</summary>{table}</details>"
    if isinstance(thing, list) and thing and hasattr(thing[0], "do"):
        points = "".join(f"<li>{escape(f'{each.what} {each.do}')}</li>" for each in thing)
        return f"<ul>{points}</ul>"
    return ""
