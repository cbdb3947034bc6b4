"""A team's theory from a lesson: read and written, drawn, and asked of the data again.

Each takes a theory or a team's record of one.
"""

from see_the_system.theory import evidence, exchange

__all__ = [
    "ask_data",
    "driver_diagram",
    "fishbone",
    "five_whys",
    "process_map",
    "read_theory",
    "then_and_now",
    "write_theory",
]


def read_theory(path):
    """The theory in a YAML file, an outline or a table of causes (Theory). ``Refusal`` where the
    file is none of these, with the line.
    """
    return exchange.read(path)


def write_theory(theory, path):
    """Write a theory to one readable YAML file, whole or not at all; gives its Path."""
    return exchange.write(theory, path)


def fishbone(theory, *, store=None, width=None):
    """The fishbone (Diagram); with a ``store``, with the parts of the gap its causes are about.

    width: the room it has, in CSS pixels; letter paper on its side where None.
    """
    from see_the_system.diagrams.fishbone import plot_fishbone

    shares = evidence.shares(theory, _answers(store))[0] if store is not None else None
    return plot_fishbone(theory, shares=shares, width=width)


def driver_diagram(theory, *, width=None):
    """The driver diagram: aim, drivers, change ideas (Diagram); ``width`` in CSS pixels."""
    from see_the_system.diagrams.drivers import plot_drivers

    return plot_drivers(theory, width=width)


def process_map(theory, process=None, *, width=1000):
    """The map of a process, by its id; the first one by default (Diagram).

    width: the room it has, in CSS pixels; a longer process is wrapped into rows.
    """
    from see_the_system.diagrams.process_map import plot_process_map

    return plot_process_map(theory, process, width=width)


def five_whys(theory, start="problem"):
    """Five whys from a cause, by its id, or from the problem (Diagram)."""
    from see_the_system.diagrams.five_whys import plot_five_whys

    return plot_five_whys(theory, start)


def then_and_now(then, now, **labels):
    """Two states of a theory side by side: what was kept, what became of the rest (Diagram).

    labels: then_label and now_label, such as "October"; changes_only leaves out what was kept.
    """
    from see_the_system.diagrams.then_and_now import plot_then_and_now

    return plot_then_and_now(then, now, **labels)


def ask_data(record, store, *, author):
    """Ask the data every question of a record's evidence again and keep what is new, signed by an
    author (list of sentences: what could not be answered).
    """
    found, refused = evidence.ask(record, _answers(store))
    for piece in found:
        record.change(piece.id, answers=piece.answers, author=author)
    return list(refused.values())


def _answers(store):
    from see_the_system.gaps.questions import answer

    return lambda question: answer(question, store)
