import json
import sys

from see_the_system.reports.batch import run_batch
from see_the_system.reports.kernels import Kernels
from see_the_system.reports.template import Template
from tests.reports.conftest import code, task, write_template


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
