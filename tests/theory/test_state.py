"""What a team kept, revised, moved, added and dropped between two dates."""

from see_the_system.theory.state import compare, describe_changes
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
