"""A team's theory of improvement as a whole: everything in it, by kind and in order."""

from collections.abc import Iterable
from functools import cached_property

from pydantic import BaseModel, ConfigDict

from see_the_system.display import Shown
from see_the_system.messages import Refusal
from see_the_system.theory import kinds
from see_the_system.theory.fields import Item
from see_the_system.theory.items import (
    FIELDS,
    ONES,
    POINTERS,
    drop_of,
    faults,
    ids_in,
    in_order,
    owner_of,
)


class Theory(Shown, BaseModel):
    """The theory at one moment; read-only, made by :meth:`of`, which checks.

    Tuples are in the team's order; ``dropped`` keeps what was taken out and all that stood under
    it. No field of what is not dropped names something dropped.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, ignored_types=(cached_property,))

    charter: kinds.Charter = kinds.Charter()
    members: tuple[kinds.Member, ...] = ()
    norms: tuple[kinds.Norm, ...] = ()
    problem: kinds.Problem = kinds.Problem()
    categories: tuple[kinds.Category, ...] = ()
    causes: tuple[kinds.Cause, ...] = ()
    whys: tuple[kinds.Why, ...] = ()
    evidence: tuple[kinds.Evidence, ...] = ()
    interviews: tuple[kinds.Interview, ...] = ()
    quotes: tuple[kinds.Quote, ...] = ()
    codes: tuple[kinds.Code, ...] = ()
    themes: tuple[kinds.Theme, ...] = ()
    maps: tuple[kinds.ProcessMap, ...] = ()
    lanes: tuple[kinds.Lane, ...] = ()
    steps: tuple[kinds.Step, ...] = ()
    connections: tuple[kinds.Connection, ...] = ()
    aim: kinds.Aim = kinds.Aim()
    drivers: tuple[kinds.Driver, ...] = ()
    ideas: tuple[kinds.ChangeIdea, ...] = ()
    measures: tuple[kinds.Measure, ...] = ()
    cycles: tuple[kinds.Cycle, ...] = ()
    questions: tuple[kinds.LearningQuestion, ...] = ()
    votes: tuple[kinds.Vote, ...] = ()
    notes: tuple[kinds.Note, ...] = ()
    dropped: tuple[Item, ...] = ()

    @classmethod
    def of(cls, items: Iterable[Item]):
        """The theory that these items make, in any order (Theory).

        Raises a Refusal naming the first thing that cannot stand.
        """
        items = list(items)
        for _, _, sentence in faults(items):
            raise Refusal(sentence)
        return cls.trusted({item.id: item for item in items})

    @classmethod
    def trusted(cls, by_id):
        """As :meth:`of`, from a dictionary of items by id that has been checked before."""
        ordered = in_order(by_id.values())
        gone = {item.id for item in ordered if drop_of(item, by_id)}
        standing = {}
        for item in ordered:
            if item.id not in gone:
                held = standing.setdefault(FIELDS[item.kind()], [])
                held.append(_without(item, gone))
        fields = dict(_EMPTY)
        for name, held in standing.items():
            fields[name] = held[0] if name in ONES else tuple(held)
        fields["dropped"] = tuple(item for item in ordered if item.id in gone)
        return cls.model_construct(**fields)

    def items(self):
        """Everything, what was dropped too, in the order of the work (list of Item)."""
        return [*self.living(), *self.dropped]

    def living(self):
        """Everything that stands (list of Item)."""
        found = []
        for name in ORDER:
            held = getattr(self, name)
            found += [held] if name in ONES else held
        return found

    @cached_property
    def by_id(self):
        """Everything that stands, by id (dict)."""
        return {item.id: item for item in self.living()}

    @cached_property
    def _under(self):
        under = {}
        for item in self.living():
            under.setdefault((owner_of(item), item.kind()), []).append(item)
        return under

    def under(self, owner, kind):
        """The things of a kind that stand directly under another, in the team's order.

        A list of Item, as ``under("problem", "why")``; ``owner`` is the other's id.
        """
        return self._under.get((owner, kind), [])


def theory_of(theory):
    """The theory that a record holds now, or the theory itself (Theory).

    All that asks something of a theory takes a record in its place. Refusal for anything else.
    """
    if callable(getattr(theory, "theory", None)):
        theory = theory.theory()
    if not isinstance(theory, Theory):
        raise Refusal(
            f"{type(theory).__name__} is no theory; give a team's record, or a theory read from a "
            "file."
        )
    return theory


ORDER = [name for name in Theory.model_fields if name != "dropped"]
# Made once: a default that pydantic copies for every theory takes longer than the rest.
_EMPTY = {name: field.default for name, field in Theory.model_fields.items()}


def _without(item, gone):
    """The item without the ids that are gone from the fields that name others."""
    changed = {}
    for field, mark in POINTERS[item.kind()].items():
        ids = ids_in(item, field)
        if not mark.owner and not gone.isdisjoint(ids):
            left = tuple(item_id for item_id in ids if item_id not in gone)
            changed[field] = left if isinstance(getattr(item, field), tuple) else None
    return item.model_copy(update=changed) if changed else item
