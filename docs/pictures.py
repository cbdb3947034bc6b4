"""Draws the README's pictures from the worked example of the practice network: ``python docs/pictures.py``. All of it is synthetic."""

from datetime import UTC, datetime
from pathlib import Path

from helpers.analysis.questions import answer
from helpers.data.store import open_store
from helpers.paths import SAMPLE
from helpers.pictures.drivers import plot_drivers
from helpers.pictures.fishbone import plot_fishbone
from helpers.pictures.five_whys import plot_five_whys
from helpers.pictures.process_map import plot_process_map
from helpers.pictures.then_and_now import plot_then_and_now
from helpers.theory import evidence, exchange
from helpers.theory.model import Theory

FOLDER, OCTOBER = Path(__file__).parent, datetime(2025, 10, 31, tzinfo=UTC)


def pictures():
    """Each picture by the name of its file (dict of Diagram)."""
    theory, store = exchange.read(SAMPLE / "theory.yaml"), open_store(SAMPLE)
    news, _ = evidence.ask(theory, lambda question: answer(question, store))
    shares, _ = evidence.shares(theory, lambda question: answer(question, store))
    theory = Theory.of(({item.id: item for item in theory.items()} | {item.id: item for item in news}).values())
    causes = [item for item in theory.items() if type(item).kind() in ("category", "cause")]
    then = Theory.of(item.model_copy(update={"dropped": None}) for item in causes if item.at is None or item.at <= OCTOBER)
    now = Theory.of(causes)
    return {
        "fishbone": plot_fishbone(theory, shares=shares),
        "drivers": plot_drivers(theory),
        "process_map": plot_process_map(theory),
        "five_whys": plot_five_whys(theory, "cause-late"),
        "then_and_now": plot_then_and_now(then, now, then_label="October", now_label="Now"),
    }


if __name__ == "__main__":
    for name, picture in pictures().items():
        (FOLDER / f"{name}.svg").write_text(picture.svg() + "\n", encoding="utf-8")
