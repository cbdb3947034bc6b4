import csv
import json
import sys

import nbformat
import papermill
import pytest

from see_the_system.reports.batch import describe_batch, run_batch
from see_the_system.reports.kernels import Kernels
from see_the_system.reports.template import Template
from tests.reports.conftest import code, task, write_template


def rows(out):
    with open(out / "manifest.csv", encoding="utf-8-sig", newline="") as file:
        return {row["district"]: row for row in csv.DictReader(file)}


def made(outcome):
    return [row.district for row in outcome.made]


@pytest.fixture(scope="module")
def mixed(tmp_path_factory):
    """One batch in which one report each fails, says a problem and dies, after one that hung."""
    folder = tmp_path_factory.mktemp("mixed {braces}")
    template = Template(write_template(folder / "template.ipynb"))
    doings = ["well", "raise", "problem", "die", "well"]
    run_batch(template, [task(5, "hang")], folder / "out", timeout=8)
    return run_batch(
        template, [task(number, doing) for number, doing in enumerate(doings)], folder / "out"
    ), folder / "out"


def test_one_failure_is_one_row_and_the_others_are_done(mixed):
    outcome, out = mixed
    assert sorted(made(outcome)) == ["99-00000", "99-00004"]
    assert {code: row["status"] for code, row in rows(out).items()} == {
        "99-00000": "done",
        "99-00001": "failed",
        "99-00002": "failed",
        "99-00003": "failed",
        "99-00004": "done",
        "99-00005": "failed",
    }
    assert outcome.exit_status == 1
    assert describe_batch(outcome) == "5 reports: 2 made, 3 failed."


@pytest.mark.parametrize(
    ("district", "reason"),
    [
        ("99-00001", "KeyError: 'no such school'"),
        ("99-00002", "This district has no grade 8. Leave it out."),
        ("99-00003", "The notebook's kernel died"),
        ("99-00005", "Stopped after 8 seconds, the limit for one report."),
    ],
)
def test_the_reason_is_a_sentence_and_the_notebook_is_kept(mixed, district, reason):
    _, out = mixed
    row = rows(out)[district]
    assert row["reason"].startswith(reason) and "\n" not in row["reason"]
    assert row["page"] == "" and not list(out.glob(f"{district}*.html"))
    notebook = nbformat.read(out / row["notebook"], as_version=4)
    statuses = [
        cell.metadata.papermill.status
        for cell in notebook.cells
        if "papermill" in cell.metadata and cell.cell_type == "code"
    ]
    assert row["notebook"].startswith("failed/") and statuses == [
        "completed",
        "completed",
        "failed",
        "pending",
        "pending",
    ]


def test_the_row_says_what_the_report_was_made_from(mixed):
    _, out = mixed
    row = rows(out)["99-00004"]
    assert (
        row["name"] == "District 4"
        and row["county"] == "Practice"
        and row["headline"] == "In 2024 the gap narrowed."
    )
    assert (
        row["data"] == "data-1"
        and row["template"].startswith("h")
        and "+h" in row["code"]
        and json.loads(row["parameters"]) == {}
    )
    assert float(row["seconds"]) > 0 and row["finished"][:2] == "20"
    page = (out / row["page"]).read_text(encoding="utf-8")
    assert "District 4" in page and "Year 2024" in page and "99-00004" in page
    assert (
        "a warning nobody should read" not in page and "stderr" not in page and "import" not in page
    )


def test_the_executed_notebook_names_no_folder_of_this_machine(mixed):
    _, out = mixed
    kept = nbformat.read(out / rows(out)["99-00004"]["notebook"], as_version=4)
    assert kept.metadata.papermill.input_path == "template.ipynb"
    assert kept.metadata.papermill.output_path == "99-00004-district-4.ipynb"
    assert str(out) not in nbformat.writes(kept)


def test_the_index_links_what_was_made_and_says_what_was_not(mixed):
    _, out = mixed
    page = (out / "index.html").read_text(encoding="utf-8")
    assert 'href="99-00004-district-4.html"' in page and 'href="99-00005' not in page
    assert "In 2024 the gap narrowed." in page and "KeyError" in page


def test_no_part_of_a_file_is_left(mixed):
    _, out = mixed
    assert not list(out.rglob("*.part"))


def test_a_second_run_does_what_is_missing_or_changed(tmp_path, template, same_code):
    out = tmp_path / "out"
    tasks = [task(number) for number in range(3)]
    assert len(run_batch(template, tasks, out).made) == 3
    again = run_batch(template, tasks, out)
    assert (again.made, again.up_to_date, describe_batch(again)) == (
        (),
        3,
        "3 reports: 3 up to date.",
    )

    (out / "99-00001-district-1.html").unlink()
    changed = [task(0), task(1), task(2, fingerprint="data-2")]
    assert sorted(made(run_batch(template, changed, out))) == ["99-00001", "99-00002"]

    chosen = [task(0, parameters={"year": 2023}), *changed[1:]]
    assert made(run_batch(template, chosen, out)) == ["99-00000"]
    assert rows(out)["99-00000"]["headline"] == "In 2023 the gap narrowed."

    template.path.touch()
    assert (
        describe_batch(run_batch(Template(template.path), chosen[:1], out))
        == "1 report: 1 up to date."
    )
    newer = Template(write_template(template.path, code("print('one more thing')")))
    assert made(run_batch(newer, chosen[:1], out)) == ["99-00000"]
    assert "one more thing" in (out / "99-00000-district-0.html").read_text()
    assert len(rows(out)) == 3


def test_a_report_that_fails_later_leaves_no_page_that_no_longer_holds(tmp_path, template):
    out = tmp_path / "out"
    run_batch(template, [task(1)], out)
    run_batch(template, [task(1, "raise", fingerprint="data-2")], out)
    assert sorted(path.name for path in (out / "failed").iterdir()) == [
        "99-00001-district-1-earlier.html",
        "99-00001-district-1.ipynb",
    ]
    assert not (out / "99-00001-district-1.html").exists() and not list(
        (out / "notebooks").iterdir()
    )
    run_batch(template, [task(1, fingerprint="data-2")], out)
    assert (out / "99-00001-district-1.html").exists() and not list((out / "failed").iterdir())


def test_a_district_that_is_renamed_leaves_no_page_under_its_old_name(tmp_path, template):
    out = tmp_path / "out"
    before = task(1)
    run_batch(template, [before], out)
    run_batch(
        template,
        [
            type(before)(
                before.district, "Peña/Valley {K-8}", before.fingerprint, inputs=before.inputs
            )
        ],
        out,
    )
    assert sorted(path.name for path in out.glob("99*")) == ["99-00001-pena-valley-k-8.html"]
    assert [path.name for path in (out / "notebooks").iterdir()] == [
        "99-00001-pena-valley-k-8.ipynb"
    ]


def test_the_notebook_says_what_papermill_alone_would_make_it_say(tmp_path, template):
    outcome = run_batch(template, [task(1)], tmp_path / "out")
    ours = nbformat.read(tmp_path / "out" / outcome.made[0].notebook, as_version=4)
    plain = papermill.execute_notebook(template.notebook, None, task(1).inputs, progress_bar=False)
    shown = [
        [
            [output for output in cell.get("outputs", []) if output.get("name") != "stderr"]
            for cell in made.cells
        ]
        for made in (ours, plain)
    ]
    assert shown[0] == shown[1] and sum(map(len, shown[0])) == 5
    assert [cell.source for cell in ours.cells] == [cell.source for cell in plain.cells]


def test_reports_side_by_side_where_no_socket_file_can_be_had(tmp_path, template, monkeypatch):
    deep = tmp_path / ("x" * 100)
    deep.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(deep))
    with Kernels() as kernels:
        assert kernels.transport() == "tcp"
    assert (
        len(
            run_batch(
                template, [task(number) for number in range(4)], tmp_path / "out", jobs=4
            ).made
        )
        == 4
    )
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
