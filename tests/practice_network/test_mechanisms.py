"""What the mechanisms do forward, and what schools do."""

import numpy as np
import pytest

from practice_network import mechanisms
from practice_network import score_model as model
from practice_network.year_to_year import linked


def test_mechanisms_forward_have_the_effect_they_state():
    students, _ = linked("10041", 2022)
    draw = model.generator(1)
    exposed = mechanisms.expose(students, np.zeros((len(students), 40)), draw)
    effect = mechanisms.effect(exposed)
    ahead = (exposed["accelerated"] == 1) & (
        exposed["weeks_without_results"] + exposed["core_lost"] + exposed["new_teacher"] == 0
    )
    assert effect[ahead] == pytest.approx(0.30)
    lost = (exposed["core_lost"] > 0) & (
        exposed["weeks_without_results"] + exposed["new_teacher"] + exposed["unbridged_move"] == 0
    )
    assert effect[lost & (exposed["accelerated"] == 0)] == pytest.approx(-0.28)


def test_policies_reach_schools_as_they_say():
    practices = mechanisms.practices(2025)
    own = practices[practices.district == "10017"]
    middle = own[own.kind.isin(("M", "K8"))]
    assert (
        middle.in_core.mean() == pytest.approx(0.75, abs=0.05)
        and not own[own.kind == "K5"].in_core.any()
    )
    assert own.weeks_late.mean() == pytest.approx(5, abs=0.5) and own.weeks_late.between(3, 7).all()
    assert (
        practices[practices.district == "10058"].in_core.sum() == 1
        and practices.loc["6997014", "weeks_late"] == 2
    )
    assert practices.bridge.isna().equals(practices.kind != "M")
