"""See the System: everything a lesson needs, each name loaded when it is first used.

``show`` and ``words`` take anything found or drawn here; a result at the end of a cell shows
itself, picture and words. ``dir(helpers)`` lists the names, ``help(helpers.run_chart)`` explains
one.
"""

from importlib import import_module

_ENGINE = "see_the_system"
_FROM = {
    # two verbs for everything
    "helpers.verbs": ("show", "words"),
    # the data, protected
    f"{_ENGINE}.paths": ("SAMPLE",),
    f"{_ENGINE}.data.store": ("open_store",),
    f"{_ENGINE}.privacy.protect": ("protect",),
    # gaps
    f"{_ENGINE}.gaps.two_groups": ("gap_in_points", "gap_in_sd", "gap_at_every_cut"),
    f"{_ENGINE}.gaps.trends": ("trend",),
    f"{_ENGINE}.gaps.cohorts": ("quasi_cohorts",),
    f"{_ENGINE}.gaps.decomposition": ("between_within_schools",),
    f"{_ENGINE}.gaps.variation": ("funnel", "many_gaps"),
    f"{_ENGINE}.gaps.bright_spots": ("bright_spots",),
    f"{_ENGINE}.gaps.exposures": ("shares_of_gap",),
    f"{_ENGINE}.gaps.aims": ("outlook",),
    # tests of change
    f"{_ENGINE}.charts.run_charts": ("run_chart", "compare_rules"),
    f"{_ENGINE}.charts.gaps_over_time": ("gap_run_chart", "by_group"),
    f"{_ENGINE}.charts.pareto": ("pareto",),
    f"{_ENGINE}.charts.study": ("study",),
    # a team's theory
    f"{_ENGINE}.theory": ("kinds",),
    f"{_ENGINE}.theory.opening": ("new_record", "open_record"),
    f"{_ENGINE}.theory.checks": ("check",),
    f"{_ENGINE}.theory.progress": ("progress",),
    f"{_ENGINE}.theory.first_explanations": ("first_theory",),
    f"{_ENGINE}.theory.outline": ("evidence_to_gather",),
    f"{_ENGINE}.theory.evidence": ("evidence_board",),
    "helpers.work": ("team_record", "practice_record"),
    "helpers.editor": ("edit",),
    "helpers.forms": ("form", "private_explanations"),
    "helpers.explorers": ("GapExplorer", "SchoolExplorer"),
    "helpers.own_files": ("own_data",),
    "helpers.own_spreadsheets": ("own_spreadsheet",),
    "helpers.year_player": ("play_year",),
    "helpers.following": ("follow",),
    "helpers.theories": (
        "read_theory",
        "write_theory",
        "fishbone",
        "driver_diagram",
        "process_map",
        "five_whys",
        "then_and_now",
        "ask_data",
    ),
    # the report and the practice network
    f"{_ENGINE}.reports.district_report": ("DistrictReport",),
    "practice_network.simulate": ("simulate",),
    "practice_network.processes": ("processes",),
}
_WHERE = {name: module for module, names in _FROM.items() for name in names}

__all__ = list(_WHERE)


def __getattr__(name):
    """Loads a name when it is first used (PEP 562)."""
    if name not in _WHERE:
        raise AttributeError(f"helpers has no {name!r}. It has {', '.join(sorted(_WHERE))}.")
    module = import_module(_WHERE[name])
    value = getattr(module, name, None) or import_module(f"{_WHERE[name]}.{name}")
    if _WHERE[name].startswith(_ENGINE) and callable(value):
        from helpers.verbs import showing_itself

        value = showing_itself(name, value)
    globals()[name] = value
    return value


def __dir__():
    return sorted(_WHERE)
