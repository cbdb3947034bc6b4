import asyncio
import gc
import json
import sys
import warnings

import nbformat
import papermill
import pytest
from jupyter_core.utils import ensure_event_loop
from nbclient.exceptions import CellTimeoutError, DeadKernelError

from see_the_system.messages import Refusal
from see_the_system.reports.batch import run_batch
from see_the_system.reports.execute import LONGEST_REASON, reason
from see_the_system.reports.kernels import Kernels
from see_the_system.reports.template import Template
from tests.browser import apart
from tests.reports.conftest import code, task, write_template


def test_the_notebook_says_what_papermill_alone_would_make_it_say(tmp_path, template):
    outcome = run_batch(template, [task(1)], tmp_path / "out")
    ours = nbformat.read(tmp_path / "out" / outcome.made[0].notebook, as_version=4)
    plain = apart(lambda: _by_papermill_alone(template, task(1).inputs))
    shown = [
        [
            [output for output in cell.get("outputs", []) if output.get("name") != "stderr"]
            for cell in made.cells
        ]
        for made in (ours, plain)
    ]
    assert shown[0] == shown[1] and sum(map(len, shown[0])) == 5
    assert [cell.source for cell in ours.cells] == [cell.source for cell in plain.cells]


def _by_papermill_alone(template, inputs):
    with asyncio.Runner(loop_factory=ensure_event_loop):
        return papermill.execute_notebook(template.notebook, None, inputs, progress_bar=False)


@pytest.mark.parametrize("doing", ["well", "die"])
def test_no_event_loop_is_left_open(tmp_path, template, doing):
    gc.collect()
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always", ResourceWarning)
        run_batch(template, [task(1, doing)], tmp_path / "out")
        gc.collect()
    assert [str(warning.message) for warning in seen] == []


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (CellTimeoutError("slow"), "Stopped after 8 seconds, the limit for one report."),
        (DeadKernelError("dead"), "The notebook's kernel died"),
        (Refusal("Leave it out."), "Leave it out."),
        (Refusal(), "Refusal"),
        (KeyError("year"), "KeyError: 'year'"),
        (ValueError("in\n  two lines"), "ValueError: in two lines"),
        (ValueError(), "ValueError"),
    ],
)
def test_a_reason_is_one_line(error, words):
    line = reason(error, 8)
    assert line.startswith(words) and "\n" not in line


def test_a_long_reason_is_cut():
    line = reason(ValueError("x" * 500), 8)
    assert len(line) == LONGEST_REASON and line.endswith("x…")


def test_reports_side_by_side_where_no_socket_file_can_be_had(tmp_path, template, monkeypatch):
    deep = tmp_path / ("x" * 100)
    deep.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(deep))
    with Kernels() as kernels:
        assert kernels.transport() == "tcp"
    outcome = run_batch(template, [task(1), task(2)], tmp_path / "out", jobs=2)
    assert len(outcome.made) == 2
    assert not list(deep.iterdir())


def test_the_kernel_is_this_python_whatever_kernel_the_machine_has(tmp_path, monkeypatch):
    broken = tmp_path / "jupyter" / "kernels" / "python3"
    broken.mkdir(parents=True)
    (broken / "kernel.json").write_text(
        json.dumps({"argv": ["/nowhere/python"], "display_name": "Broken", "language": "python"})
    )
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "jupyter"))
    template = Template(
        write_template(tmp_path / "template.ipynb", code("import sys; print(sys.executable)"))
    )
    outcome = run_batch(template, [task(1)], tmp_path / "out")
    assert sys.executable in (tmp_path / "out" / outcome.made[0].page).read_text()
