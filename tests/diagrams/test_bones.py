from see_the_system.diagrams.fishbone import describe_fishbone
from see_the_system.diagrams.fishbone_layout import read_bones
from see_the_system.theory import kinds as k
from see_the_system.theory.model import Theory


def theory():
    """Two causes of which one has another under it, votes on that one and on an idea."""
    return Theory.of(
        [
            k.Category(id="category-1", text="Time"),
            k.Cause(id="cause-1", parent="category-1", text="Periods", order=1),
            k.Cause(id="cause-2", parent="cause-1", text="Buses"),
            k.Cause(id="cause-3", parent="category-1", text="Meetings", order=2),
            k.ChangeIdea(id="change-idea-1", text="Advisory"),
            k.Vote(id="vote-1", on="cause-2", voter="Ana", dots=1),
            k.Vote(id="vote-2", on="change-idea-1", voter="Ben", dots=9),
        ]
    )


def test_each_cause_that_meets_the_rib_begins_a_block():
    (bone,) = read_bones(theory(), {"cause-1": "a", "cause-2": "b"})
    assert [[twig.item for twig in block] for block in bone.blocks] == [
        ["cause-1", "cause-2"],
        ["cause-3"],
    ]
    assert [twig.depth for twig in bone.twigs] == [0, 1, 0]
    assert [twig.note for twig in bone.twigs] == ["", "1 dot", ""]
    assert [twig.part for twig in bone.twigs] == ["a", "b", ""]


def test_most_dots_are_those_of_causes():
    assert describe_fishbone(theory()).endswith("Most dots (1): “Buses”.")
