"""The examples of the docs run as they are written, and import from ``helpers`` alone."""

import ast
import re
import shutil
from pathlib import Path

import pytest

from see_the_system.paths import CHECKOUT, SAMPLE

PAGES = [CHECKOUT / "README.md", *sorted((CHECKOUT / "docs").glob("*.md"))]
_PYTHON = re.compile(r"```python\n(.*?)```", flags=re.DOTALL)
EXAMPLES = [
    (page.name, block)
    for page in PAGES
    for block in _PYTHON.findall(page.read_text(encoding="utf-8"))
]


@pytest.mark.parametrize(("page", "code"), EXAMPLES, ids=[page for page, _ in EXAMPLES])
def test_an_example_runs_as_it_is_written(page, code, tmp_path, monkeypatch):
    shutil.copy(SAMPLE / "theory.yaml", tmp_path / "team.yaml")
    monkeypatch.chdir(tmp_path)
    exec(compile(code, page, "exec"), {})


def test_examples_and_lessons_import_from_helpers_alone():
    assert len(EXAMPLES) >= 3
    for page, code in EXAMPLES:
        imported = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.ImportFrom)]
        ours = {node.module.split(".")[0] for node in imported}
        assert not ours & {"see_the_system", "practice_network"}, page


def test_links_between_the_pages_lead_somewhere():
    for page in [*PAGES, CHECKOUT / "CONTRIBUTING.md"]:
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_what_the_map_names_is_there():
    """Every file that CONTRIBUTING says to open, and every module that the walks go through."""
    table = (CHECKOUT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    for row in re.findall(r"^\|[^|]+\|([^|]*`[^|]*)\|$", table, flags=re.MULTILINE):
        first = Path(re.search(r"`([^`]+)`", row)[1])
        for name in re.findall(r"`([^`]+)`", row):
            places = [
                CHECKOUT / name,
                CHECKOUT / first.parent / name,
                CHECKOUT / "see_the_system" / name,
            ]
            assert any(list(place.parent.glob(place.name)) for place in places), name
    walks = (CHECKOUT / "docs" / "architecture.md").read_text(encoding="utf-8")
    rooms = "data|privacy|gaps|charts|theory|diagrams|reports|pictures|workshop"
    named = set(re.findall(rf"`((?:{rooms})\.[a-z_]+)", walks))
    for name in named:
        assert (CHECKOUT / "see_the_system" / (name.replace(".", "/") + ".py")).exists(), name
    assert len(named) > 20
