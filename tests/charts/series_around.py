"""Points of one chart or of many, around a centre with limits of three sigma."""

import numpy as np

from see_the_system.charts.control_limits import Series


def around(value, centre=0.0, sigma=np.nan):
    """Values around one centre or one each (``Series``); without limits where sigma is NaN."""
    value = np.asarray(value, float)
    centre = np.broadcast_to(centre, value.shape)
    sigma = np.broadcast_to(sigma, value.shape)
    return Series(value, centre, sigma, centre - 3 * sigma, centre + 3 * sigma)
