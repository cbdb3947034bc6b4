"""What the project promises about itself: its walls, its dependencies, its commands."""

import ast
import re
import tomllib
from collections import Counter
from graphlib import TopologicalSorter
from pathlib import Path

import yaml

ROOT = Path(__file__).parent.parent
# Who may import whom; ``cli`` alone may import the simulator, inside a command's body.
MAY_IMPORT = {
    "pictures": set(),
    "data": set(),
    "privacy": {"data"},
    "gaps": {"data", "privacy"},
    "charts": {"data", "privacy", "gaps", "pictures", "theory"},
    "theory": set(),
    "diagrams": {"theory", "pictures"},
    "reports": {"data", "privacy", "gaps", "charts", "pictures"},
    "workshop": {"theory"},
    "own_tables": {"data", "privacy", "gaps", "charts", "reports"},
}
FRAMES = {"data", "privacy", "gaps", "charts", "reports", "own_tables"}
OUTSIDE = {
    "papermill": {"reports"},
    "nbclient": {"reports"},
    "ipywidgets": set(),
    "anywidget": set(),
    "jupyter_server": {"workshop"},
    "voila": set(),
    "matplotlib": {"pictures", "charts"},
    "seaborn": {"charts"},
    "sqlalchemy": {"theory"},
    "vl_convert": {"diagrams"},
    "python_calamine": {"own_tables"},
    "numpy": FRAMES,
    "pandas": FRAMES,
}


def imports(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def modules(package):
    return sorted((ROOT / package).rglob("*.py"))


def rooms():
    """The engine's modules that stand in a room, each with the name of its room."""
    found = [
        (path, path.relative_to(ROOT / "see_the_system").parts)
        for path in modules("see_the_system")
    ]
    return [(path, parts[0]) for path, parts in found if len(parts) > 1]


def test_the_walls_between_the_rooms_hold():
    through = []
    for path, room in rooms():
        for name in imports(path):
            words = name.split(".")
            inside = words[1] if words[0] == "see_the_system" and len(words) > 1 else ""
            if inside in MAY_IMPORT and inside not in {room, *MAY_IMPORT[room]}:
                through.append(f"{path.name} of {room} imports {name}")
            if words[0] in OUTSIDE and room not in OUTSIDE[words[0]]:
                through.append(f"{path.name} of {room} imports {name}")
    assert through == []
    assert len(rooms()) > 20 and {room for _, room in rooms()} == set(MAY_IMPORT)


def test_the_engine_imports_neither_the_face_nor_the_simulator():
    """``cli`` may, inside a command's body, and ``display`` names no module of either."""
    found = [
        f"{path.name} imports {name}"
        for path in modules("see_the_system")
        for name in imports(path)
        if name.split(".")[0] in {"helpers", "practice_network"} and path.name != "cli.py"
    ]
    found += [
        f"{path.name} imports {name}"
        for path in modules("practice_network")
        for name in imports(path)
        if name.split(".")[0] == "helpers"
    ]
    tree = ast.parse((ROOT / "see_the_system" / "cli.py").read_text(encoding="utf-8"))
    at_the_top = [node.module for node in tree.body if isinstance(node, ast.ImportFrom)]
    assert found == [] and not any("practice_network" in name for name in at_the_top)


def test_one_list_of_dependencies_stands_behind_all():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    conda = yaml.safe_load((ROOT / "environment.yml").read_text())["dependencies"]
    assert conda[0] == f"python{project['requires-python']}"
    assert conda[1:] == ["pip", {"pip": ["-r requirements.lock", "-e ."]}]
    locked = {
        re.match(r"[\w.-]+", line)[0].lower().replace("_", "-")
        for line in (ROOT / "requirements.lock").read_text().splitlines()
    }
    asked = [
        *project["dependencies"],
        *(line for extra in project["optional-dependencies"].values() for line in extra),
    ]
    assert {re.match(r"[\w.-]+", line)[0].lower() for line in asked} <= locked


def test_the_lock_pins_everything_and_names_no_address():
    lines = (ROOT / "requirements.lock").read_text().splitlines()
    assert len(lines) > 100
    assert [line for line in lines if not re.fullmatch(r"[\w.-]+==[\w.!+]+( ; .+)?", line)] == []


def test_what_is_synthetic_says_so_first():
    assert (
        "synthetic"
        in (ROOT / "data" / "sample" / "README.md")
        .read_text(encoding="utf-8")
        .splitlines()[0]
        .lower()
    )


def test_the_sample_is_small():
    assert sum(path.stat().st_size for path in (ROOT / "data" / "sample").iterdir()) < 5_000_000


def test_the_readme_shows_the_commands_first():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    commands = re.findall(
        r"^(make \w+|conda [\w -.]+|see-the-system \w+|pytest)", readme, flags=re.MULTILINE
    )
    assert commands[:3] == ["make workshop", "make reports", "make test"]
    for picture in re.findall(r"!\[([^\]]+)\]\(([^)]+)\)", readme):
        assert (ROOT / picture[1]).exists() and len(picture[0]) > 20


def sources():
    """Every module of the three packages (list of Path)."""
    return [
        path
        for package in ("helpers", "see_the_system", "practice_network")
        for path in modules(package)
    ]


def twice(names):
    """The names that stand more than once (list)."""
    return sorted(name for name, count in Counter(names).items() if count > 1)


def test_no_module_and_no_class_has_the_name_of_another():
    special = {"__init__", "__main__"}
    assert twice(path.stem for path in sources() if path.stem not in special) == []
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in sources()]
    classes = [
        node.name for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ClassDef)
    ]
    assert twice(classes) == [] and len(classes) > 50


def test_no_import_runs_in_a_circle():
    """Imports inside a function's body count too: a circle hides there."""
    known = {path: ".".join(path.relative_to(ROOT).with_suffix("").parts) for path in sources()}
    graph = {
        module: {name for name in imports(path) if name in known.values() and name != module}
        for path, module in known.items()
    }
    graph.pop("see_the_system.cli")  # it may load anything, inside a command's body
    assert list(TopologicalSorter(graph).static_order())


def test_no_line_is_too_long_for_two_files_side_by_side():
    """The linter leaves out a line without a blank in it, and a pattern of words is such a line."""
    files = [*sources(), *modules("tests"), *modules("benchmarks"), *modules("proofs")]
    long = [
        f"{path.name} {number}"
        for path in files
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if len(line) > 100
    ]
    assert long == []


def test_the_engine_stays_small_enough_to_find_ones_way():
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in sources()}
    engine = [path for path in lengths if "see_the_system" in path.parts and lengths[path]]
    assert len(engine) <= 158
    assert sum(lengths[path] < 250 for path in engine) > 0.5 * len(engine)
    assert max(lengths.values()) <= 366
