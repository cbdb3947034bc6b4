"""What explorers say where there is much to show, and where there is nothing."""

import pytest

from helpers import GapExplorer, SchoolExplorer, practice_record
from see_the_system.messages import Refusal
from tests.browser import apart

LOOKS = [(kind, look) for kind in (GapExplorer, SchoolExplorer) for look in kind.looks]


@pytest.fixture(scope="module")
def practice():
    return practice_record()


@pytest.mark.parametrize(("kind", "look"), LOOKS, ids=lambda given: str(given))
def test_a_look_always_says_something(practice, kind, look):
    """A district too small to show its gap said nothing at all."""
    small = apart(lambda: kind(practice, look, district="99-10082"))
    assert "Little Comet Elementary" in repr(small) and len(repr(small).split()) > 20
    large = apart(lambda: kind(practice, look))
    assert len(repr(large).split()) > 20 and "Little Comet" not in repr(large)


def test_another_look_is_refused_with_those_there_are(practice):
    with pytest.raises(Refusal, match='no look "by class"; choose the gap now or by grade'):
        GapExplorer(practice, "by class")
