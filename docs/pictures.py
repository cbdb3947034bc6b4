"""Draws the README's pictures from the practice network; all of it is synthetic.

``python docs/pictures.py``
"""

from datetime import UTC, datetime
from pathlib import Path

from helpers import (
    SAMPLE,
    driver_diagram,
    fishbone,
    five_whys,
    open_store,
    process_map,
    read_theory,
    run_chart,
    simulate,
    then_and_now,
    words,
)
from see_the_system.charts.panels import svg
from see_the_system.charts.plot_run_charts import plot_run_chart
from see_the_system.gaps.questions import answer
from see_the_system.theory import evidence
from see_the_system.theory.model import Theory

FOLDER = Path(__file__).parent
OCTOBER = datetime(2025, 10, 31, tzinfo=UTC)


def worked_example(store):
    """The theory of the synthetic team, its questions asked of the data (Theory)."""
    theory = read_theory(SAMPLE / "theory.yaml")
    asked, _ = evidence.ask(theory, lambda question: answer(question, store))
    newest = {item.id: item for item in [*theory.items(), *asked]}
    return Theory.of(newest.values())


def in_october(causes):
    """The causes that stood in October, before any was dropped (Theory)."""
    there = [item for item in causes if item.at is None or item.at <= OCTOBER]
    return Theory.of(item.model_copy(update={"dropped": None}) for item in there)


def pictures():
    """Each picture by the name of its file (dict of Diagram)."""
    store = open_store(SAMPLE)
    theory = worked_example(store)
    causes = [item for item in theory.items() if type(item).kind() in ("category", "cause")]
    labels = {"then_label": "October", "now_label": "Now"}
    return {
        "fishbone": fishbone(theory, store=store),
        "drivers": driver_diagram(theory),
        "process_map": process_map(theory),
        "five_whys": five_whys(theory, "cause-late"),
        "then_and_now": then_and_now(in_october(causes), Theory.of(causes), **labels),
    }


def run_chart_picture():
    """A year of one practice school with support moved out of core mathematics (SVG text)."""
    year = simulate(
        "Marigold Bend Unified",
        "support_beside_core",
        where="6992072",
        fidelity=0.9,
        starts=21,
        seed=1,
    )
    group = year.idea.reaches
    chart = run_chart(
        year.points("check", group),
        baseline=20,
        better="higher",
        measure="Right on the week's check, Esperanza Peña Middle (synthetic)",
        group=group,
        annotations=year.annotations,
    )
    return svg(plot_run_chart(chart), name="Run chart of the week's check", words=words(chart))


if __name__ == "__main__":
    for name, diagram in pictures().items():
        (FOLDER / f"{name}.svg").write_text(diagram.svg() + "\n", encoding="utf-8")
    (FOLDER / "run_chart.svg").write_text(run_chart_picture() + "\n", encoding="utf-8")
