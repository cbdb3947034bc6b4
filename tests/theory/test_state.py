"""What a team kept, revised, moved, added and dropped between two dates."""

import random

from see_the_system.theory.state import State, compare, describe_changes
from tests.theory.examples import empty, school


def test_then_and_now_of_the_example():
    revisions = compare(empty(), school())
    assert {revision.what for revision in revisions} == {"added"} and len(revisions) == len(
        school().living()
    )
    assert describe_changes(compare(school(), school())) == "Nothing changed between the two dates."
    gone = compare(school(), empty())
    assert describe_changes(gone).endswith(
        "Of those dropped, "
        f"{sum(item.id not in ('charter', 'problem', 'aim') for item in school().living()) + 3} "
        "without a word on why."
    )


def test_the_last_order_among_neighbours_follows_every_change():
    chance = random.Random(7)
    state = State()
    for turn in range(400):
        causes = [item for item in state.raw if item.startswith("cause")]
        one = chance.choice(causes) if causes else None
        what = chance.choice(("add", "add", "order", "parent", "take out")) if one else "add"
        new = {"kind": "cause", "id": f"cause-{turn}", "parent": chance.choice("ab")}
        new["order"] = float(chance.randrange(-4, 9))
        if what == "add":
            change = {"id": new["id"], "was": None, "now": new}
        elif what == "take out":
            change = {"id": one, "was": state.raw[one], "now": None}
        else:
            was = {what: state.value(one, what)}
            change = {"id": one, "was": was, "now": {what: new[what]}}
        state = state.with_changes([change])
        for owner in chance.sample("abc", 2):
            orders = [raw.get("order", 0.0) for raw in state.raw.values() if raw["parent"] == owner]
            assert state.last_order("cause", owner) == max(orders, default=0.0)
