from hypothesis import given
from hypothesis import strategies as st

from see_the_system.diagrams.cutting import _crossing, letter

NUMBERS = st.integers(0, 40)
SPANS = st.lists(st.tuples(NUMBERS, NUMBERS).map(sorted).map(tuple), max_size=12)


@given(SPANS, NUMBERS)
def test_what_a_cut_crosses_is_found_as_if_each_thing_were_looked_at(spans, cut):
    crossed = [(low, high) for low, high in spans if low < cut < high]
    expected = None
    if crossed:
        expected = min(low for low, _ in crossed), max(high for _, high in crossed)
    assert _crossing(spans)(cut) == expected


def testletters_go_on_after_z():
    assert [letter(number) for number in (0, 25, 26, 51, 52)] == ["A", "Z", "AA", "AZ", "BA"]
