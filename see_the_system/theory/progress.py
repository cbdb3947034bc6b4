"""How far the work has come, counted from the record itself.

What is there, what each part of the work needs, and what comes next.
"""

from dataclasses import dataclass

from see_the_system.theory.stages import STAGES


@dataclass(frozen=True)
class Stage:
    """One stage of the work, ``done`` of the ``of`` things it needs.

    ``next``: one sentence on what comes next ("" when all is there).
    """

    name: str
    title: str
    parts: tuple

    @property
    def done(self):
        return sum(part.done >= part.of for part in self.parts)

    @property
    def of(self):
        return len(self.parts)

    @property
    def begun(self):
        return any(part.done for part in self.parts)

    @property
    def next(self):
        return next((part.next for part in self.parts if part.done < part.of), "")


def progress(theory):
    """The stages of the work in their order, each counted from the theory (tuple of ``Stage``).

    A count says what is written in the record, never how good it is: ``checks`` asks about that.
    """
    return tuple(
        Stage(name, title, tuple(parts(theory))) for name, (title, parts) in STAGES.items()
    )


def describe_progress(stages):
    """Which stages are complete, which have begun, and what comes next, in sentences (text)."""
    complete = ", ".join(stage.title for stage in stages if stage.done == stage.of)
    begun = ", ".join(_how_far(stage) for stage in stages if stage.begun and stage.done < stage.of)
    sentences = []
    if complete:
        sentences.append(f"Complete: {complete}.")
    if begun:
        sentences.append(f"Begun: {begun}.")
    if not sentences:
        sentences.append("Nothing is written down yet.")
    steps = [stage.next for stage in stages if stage.next]
    sentences.append(f"Next: {steps[0]}" if steps else "Every stage is in the record.")
    return " ".join(sentences)


def _how_far(stage):
    """A stage and how far it is (text): the count that is open, or else how many of its parts."""
    part = next(part for part in stage.parts if part.done < part.of)
    if part.of > 1:
        return f"{stage.title} ({part.done} of {part.of} {part.words})"
    return f"{stage.title} ({stage.done} of {stage.of})"
