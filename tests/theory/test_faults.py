"""What cannot stand in a theory, each in one sentence."""

import pytest

from see_the_system.messages import Refusal
from see_the_system.theory import kinds
from see_the_system.theory.faults import faults
from see_the_system.theory.kinds import Category, Cause, Cycle, Driver, Step, Why
from see_the_system.theory.model import Theory


@pytest.mark.parametrize(
    ("items", "sentence"),
    [
        (
            [Category(id="x-1"), Category(id="x-1", text="two")],
            'The id "x-1" stands for two things',
        ),
        ([Cause(id="c-1", parent="x-9")], 'names "x-9", which is not in this theory'),
        (
            [Cause(id="c-1", parent="problem")],
            'must name a category or a cause; "problem" is problem',
        ),
        ([Cause(id="c-1", parent="c-2"), Cause(id="c-2", parent="c-1")], "leads back to itself"),
        ([Why(id="w-1", parent="w-1")], "leads back to itself"),
        (
            [
                Driver(id="d-1", level="secondary", acts_on=("d-2",)),
                Driver(id="d-2", level="primary", acts_on=("d-1",)),
            ],
            "leads back to itself",
        ),
        (
            [Cycle(id="y-1", previous="y-2"), Cycle(id="y-2", previous="y-1")],
            "leads back to itself",
        ),
        (
            [
                Category(id="x-1"),
                *(Cause(id=f"c-{n}", parent=f"c-{n - 1}" if n else "x-1") for n in range(1_001)),
            ],
            "cause c-1000 places it more than 1,000 levels deep",
        ),
        (
            [*(Cause(id=f"c-{n}", parent=f"c-{(n + 1) % 20_000}") for n in range(20_000))],
            "leads back to itself",
        ),
        ([kinds.Aim(id="aim-2")], 'There is one aim, and its id is "aim"'),
        ([Step(id="s-1", lane="aim")], 'must name a lane; "aim" is aim'),
    ],
)
def test_what_cannot_stand_is_one_sentence(items, sentence):
    with pytest.raises(Refusal, match=sentence):
        Theory.of(items)
    assert len(list(faults(items))) >= 1
