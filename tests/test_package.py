"""What the project promises about itself: its walls, its lists of dependencies, its two commands."""

import ast
import re
import tomllib
from pathlib import Path

import yaml

ROOT = Path(__file__).parent.parent
MAY_IMPORT = {
    "data": {"data"},
    "analysis": {"data", "analysis"},
    "pictures": {"data", "analysis", "theory", "pictures"},
    "reports": {"data", "reports"},
    "practice": {"data", "practice", "theory"},
    "theory": {"theory"},
}
OUTSIDE = {
    "papermill": {"reports"},
    "nbclient": {"reports"},
    "ipywidgets": set(),
    "anywidget": set(),
    "matplotlib": {"pictures"},
    "seaborn": {"pictures"},
    "sqlalchemy": {"theory"},
    "vl_convert": {"pictures"},
    "numpy": {"data", "analysis", "pictures", "practice"},
    "pandas": {"data", "analysis", "pictures", "reports", "practice"},
}


def imports(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def modules():
    return [path for path in (ROOT / "helpers").rglob("*.py") if path.parent != ROOT / "helpers"]


def test_the_walls_between_the_parts_hold():
    through = []
    for path in modules():
        part = path.relative_to(ROOT / "helpers").parts[0]
        for name in imports(path):
            words = name.split(".")
            if (
                words[0] == "helpers"
                and len(words) > 1
                and words[1] in MAY_IMPORT
                and words[1] not in MAY_IMPORT[part]
            ):
                through.append(f"{path.name} of {part} imports {name}")
            if words[0] in OUTSIDE and part not in OUTSIDE[words[0]]:
                through.append(f"{path.name} of {part} imports {name}")
    assert through == [] and len(modules()) > 20


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


def test_the_readme_shows_the_two_commands_first():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    commands = re.findall(
        r"^(make \w+|conda [\w -.]+|see-the-system \w+|pytest)", readme, flags=re.M
    )
    assert commands[:2] == ["make reports", "make test"]
    for picture in re.findall(r"!\[([^\]]+)\]\(([^)]+)\)", readme):
        assert (ROOT / picture[1]).exists() and len(picture[0]) > 20
