"""Draws the README's pictures from the worked example of the practice network: ``python
docs/pictures.py``. All of it is synthetic.
"""

from datetime import UTC, datetime
from pathlib import Path

from practice_network.simulate import simulate
from see_the_system.charts.chart_words import describe_run_chart
from see_the_system.charts.plot_run_charts import plot_run_chart
from see_the_system.charts.run_charts import run_chart
from see_the_system.data.store import open_store
from see_the_system.diagrams.drivers import plot_drivers
from see_the_system.diagrams.fishbone import plot_fishbone
from see_the_system.diagrams.five_whys import plot_five_whys
from see_the_system.diagrams.process_map import plot_process_map
from see_the_system.diagrams.then_and_now import plot_then_and_now
from see_the_system.gaps.questions import answer
from see_the_system.paths import SAMPLE
from see_the_system.pictures.figures import svg
from see_the_system.theory import evidence, exchange
from see_the_system.theory.model import Theory

FOLDER, OCTOBER = Path(__file__).parent, datetime(2025, 10, 31, tzinfo=UTC)


def pictures():
    """Each picture by the name of its file (dict of Diagram)."""
    theory, store = exchange.read(SAMPLE / "theory.yaml"), open_store(SAMPLE)
    news, _ = evidence.ask(theory, lambda question: answer(question, store))
    shares, _ = evidence.shares(theory, lambda question: answer(question, store))
    theory = Theory.of(
        ({item.id: item for item in theory.items()} | {item.id: item for item in news}).values()
    )
    causes = [item for item in theory.items() if type(item).kind() in ("category", "cause")]
    then = Theory.of(
        item.model_copy(update={"dropped": None})
        for item in causes
        if item.at is None or item.at <= OCTOBER
    )
    now = Theory.of(causes)
    return {
        "fishbone": plot_fishbone(theory, shares=shares),
        "drivers": plot_drivers(theory),
        "process_map": plot_process_map(theory),
        "five_whys": plot_five_whys(theory, "cause-late"),
        "then_and_now": plot_then_and_now(then, now, then_label="October", now_label="Now"),
    }


def run_chart_picture():
    """A year of one practice school with support moved out of core mathematics, as a run chart (SVG
    text).
    """
    year = simulate(
        "Marigold Bend Unified",
        "support_beside_core",
        where="6992072",
        fidelity=0.9,
        starts=13,
        seed=1,
    )
    group = year.idea.reaches
    chart = run_chart(
        year.points("check", group),
        kind="p_prime",
        baseline=12,
        better="higher",
        measure="Right on the week's check, Esperanza Peña Middle (synthetic)",
        group=group,
        annotations=year.annotations,
    )
    return svg(
        plot_run_chart(chart), name="Run chart of the week's check", words=describe_run_chart(chart)
    )


if __name__ == "__main__":
    for name, picture in pictures().items():
        (FOLDER / f"{name}.svg").write_text(picture.svg() + "\n", encoding="utf-8")
    (FOLDER / "run_chart.svg").write_text(run_chart_picture() + "\n", encoding="utf-8")
