import re
from pathlib import Path

import pytest

from practice_network import district_students, network, planted
from practice_network.processes import PROCESSES, processes
from see_the_system.diagrams.process_map import describe_process_map, plot_process_map
from see_the_system.messages import Refusal
from see_the_system.theory import exchange
from see_the_system.theory.kinds import Connection, Step
from see_the_system.theory.model import Theory
from see_the_system.theory.wording import deficit

DISTRICTS = [district.code for district in network.DISTRICTS]


def steps_of(code, process):
    """The steps of a process by the last part of their ids (dict of Step)."""
    head = f"step-seen-{process}-"
    return {
        item.id.removeprefix(head): item
        for item in processes(code)
        if isinstance(item, Step) and item.id.startswith(head)
    }


@pytest.mark.parametrize("code", DISTRICTS)
def test_the_maps_of_a_district_make_a_theory_that_comes_back_from_its_file(code):
    theory = Theory.of(processes(code))
    names = [seen.id.removeprefix("process-map-seen-") for seen in theory.maps]
    assert names == [
        name
        for name in PROCESSES
        if name != "placement" or planted.POLICIES[code].passed_over is not None
    ]
    assert exchange.from_yaml(exchange.to_yaml(theory)) == theory
    assert all(
        "synthetic" in seen.text and "{" not in seen.text + seen.starts + seen.ends
        for seen in theory.maps
    )


def test_a_district_that_is_not_there():
    with pytest.raises(Refusal, match="not a district of the practice network"):
        processes("10099")


@pytest.mark.parametrize("code", DISTRICTS)
def test_every_map_runs_from_a_start_to_its_ends(code):
    items = processes(code)
    ways = [item for item in items if isinstance(item, Connection)]
    for process in PROCESSES:
        steps = {step.id: step for step in steps_of(code, process).values()}
        own = [way for way in ways if way.source in steps]
        assert not steps or {"start", "end", "decision"} <= {step.type for step in steps.values()}
        for step in steps.values():
            out, into = (
                [way for way in own if way.source == step.id],
                [way for way in own if way.target == step.id],
            )
            assert bool(out) == (step.type != "end") and (
                into
                or step.type == "start"
                or step.text.startswith(("Takes the roll", "Leaves the list"))
            )
            assert step.type != "decision" or (len(out) >= 2 and all(way.text for way in out))


@pytest.mark.parametrize("code", DISTRICTS)
def test_counts_fit_in_what_they_are_counted_of_and_texts_are_filled_in(code):
    for item in processes(code):
        said = " ".join(
            str(value)
            for value in (
                getattr(item, "text", ""),
                getattr(item, "wait", ""),
                getattr(item, "lost", ""),
            )
        )
        assert not re.search(r"[{}]", said) and deficit(said) is None
        if isinstance(item, Step):
            assert (item.lost_count is None) == (item.lost_of is None) == (not item.lost)
            assert item.lost_count is None or item.lost_count <= item.lost_of
    assert all(step.text for process in PROCESSES for step in steps_of(code, process).values())


@pytest.mark.parametrize("code", DISTRICTS)
def test_results_wait_as_many_weeks_as_the_district_is_late(code):
    waits = [step.wait for step in steps_of(code, "results").values() if step.type == "wait"]
    assert sum(int(wait.split()[0]) for wait in waits) == planted.POLICIES[code].weeks_late
    assert all(re.match(r"\d weeks?\b", wait) for wait in waits)


@pytest.mark.parametrize("code", DISTRICTS)
def test_students_leave_core_where_support_is_in_core(code):
    share = planted.POLICIES[code].in_core
    leave = steps_of(code, "support").get("leave")
    assert (leave is not None) == (share > 0)
    assert leave is None or (share == 1) == (leave.lost_count == leave.lost_of)


def test_written_criteria_stand_on_one_map_alone():
    criteria = [
        code
        for code in DISTRICTS
        if any("points" in step.text for step in steps_of(code, "placement").values())
    ]
    assert (
        criteria
        == ["10058"]
        == [code for code in DISTRICTS if planted.POLICIES[code].passed_over == 0]
    )


def test_the_roll_is_closed_before_the_late_bus_and_only_sueno_creek_puts_all_of_it_right():
    left = {code: steps_of(code, "roll")["absent"].lost_count for code in DISTRICTS}
    assert [code for code, count in left.items() if count == 0] == ["10058"] and left[
        "10017"
    ] == 351


@pytest.mark.parametrize("code", ("10058", "10066", "10074"))
def test_counts_are_near_those_of_the_district_s_records(code):
    students = district_students.students(code, 2025)
    middle, able = (
        students[students.grade >= 6],
        students[(students.grade == 7) & (students.benchmark >= 60)],
    )
    place, support, results = (steps_of(code, name) for name in ("placement", "support", "results"))
    near = [
        (step, int((~able.recommended).sum()), len(able))
        for name, step in place.items()
        if name in ("line", "reach")
    ]
    if "leave" in support:
        near.append(
            (
                support["leave"],
                int((middle.support == "in core").sum()),
                int((middle.support != "none").sum()),
            )
        )
    if results["later"].lost:
        near.append((results["later"], int(middle.below.sum()), len(middle)))
    assert near
    for step, count, of in near:
        assert step.lost_count == pytest.approx(
            count, rel=0.25, abs=3
        ) and step.lost_of == pytest.approx(of, rel=0.1, abs=3)


def test_lanternfield_s_placement_is_rich_and_can_be_drawn():
    theory = Theory.of(processes("10017"))
    words = describe_process_map(theory, "process-map-seen-placement")
    assert "has 18 steps in 5 lanes, with 5 decisions, 1 wait and 1 loop back" in words
    assert (
        'At "Writes a yes, or nothing, on one line a student of the sheet": 337 of 1,077 lost here'
        in words
    )
    assert "waits 7 weeks" in plot_process_map(theory, "process-map-seen-placement").svg()


def test_they_stand_beside_a_team_s_own_maps():
    own = exchange.read(Path(__file__).parents[2] / "data" / "sample" / "theory.yaml")
    both = Theory.of([*own.items(), *processes("10017")])
    assert len(both.maps) == len(own.maps) + 4
