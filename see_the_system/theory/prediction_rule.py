"""Whether what came lies inside what was predicted: the one rule for checks, studies and scores."""

from decimal import Decimal

# Of the value, and of 1 below it: 0.1 + 0.2 passes 0.3 by what a computer adds, which is no miss.
ROUNDING = 1e-9


def range_of(low, high):
    """The range that a prediction holds for: (low, high), None where an end is open.

    A single number stands for all that rounds to it as it was written: half a unit of its last
    digit either way, and half of 1 at least.

    >>> range_of(5.0, 10.0), range_of(12.0, 12.0), range_of(2.3, 2.3), range_of(5.0, None)
    ((5.0, 10.0), (11.5, 12.5), (2.25, 2.35), (5.0, None))
    """
    if low is None or low != high:
        return low, high
    written = Decimal(repr(low)).normalize()
    # 120 is written to the last of its digits, though ``normalize`` makes it 12 tens.
    last_digit = min(written.as_tuple().exponent, 0)
    half = Decimal(5).scaleb(last_digit - 1)
    return float(written - half), float(written + half)


def how_far_outside(low, high, value):
    """How far a value lies beyond the nearer end of a prediction's range (float).

    0 inside and on the ends, negative below.

    >>> how_far_outside(5.0, 10.0, 14.0), how_far_outside(2.3, 2.3, 2.35)
    (4.0, 0.0)
    """
    low, high = range_of(low, high)
    distance = 0.0
    if low is not None and value < low:
        distance = value - low
    elif high is not None and value > high:
        distance = value - high
    return 0.0 if abs(distance) <= ROUNDING * max(1.0, abs(value)) else distance


def lies_inside(low, high, value):
    """Whether a value lies inside a prediction's range, ends included (bool).

    >>> lies_inside(2.3, 2.3, 2.35), lies_inside(2.3, 2.3, 2.36), lies_inside(None, 10.0, -4.0)
    (True, False, True)
    """
    return how_far_outside(low, high, value) == 0
