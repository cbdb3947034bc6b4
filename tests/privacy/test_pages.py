"""A page says the same whatever the hidden numbers are."""

from collections import Counter

from see_the_system.gaps.questions import MEASURES
from tests.privacy import pages


def test_pages_and_answers_do_not_change_with_what_is_hidden(tmp_path):
    compared = Counter()
    for seed in range(10):
        folder = tmp_path / str(seed)
        folder.mkdir()
        compared += pages.attacked(folder, seed)
    assert compared["pages"] >= 4 and compared["answers"] > 0
    assert compared["answers"] < compared["pages"] * len(MEASURES)  # and pages of all grades
