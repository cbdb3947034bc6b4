import json
import sys
from dataclasses import replace
from io import StringIO

import nbformat
import pytest

from see_the_system.reports.batch import _progress, describe_batch, run_batch
from see_the_system.reports.template import Template
from tests.browser import chromium
from tests.reports.conftest import code, rows, task, write_template


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


def test_a_district_without_results_is_a_row_of_its_own_and_no_failure(tmp_path):
    template = Template(write_template(tmp_path / "template.ipynb"))
    tasks = [task(1, "nothing"), task(2)]
    outcome = run_batch(template, tasks, tmp_path / "out")
    assert describe_batch(outcome) == "2 reports: 1 made, 1 without results."
    assert outcome.exit_status == 0
    row = rows(tmp_path / "out")["99-00001"]
    assert (row["status"], row["page"], row["notebook"]) == ("no results", "", "")
    assert row["reason"] == "99-00001 has no mathematics results in grade 8."
    index = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    assert "1 report and 1 district without results in what was asked for" in index
    assert row["reason"] in index
    again = run_batch(template, tasks, tmp_path / "out")
    assert describe_batch(again) == "2 reports: 2 up to date."


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
    pages = sorted(path.name for path in out.glob("99-00000*.html"))
    assert len(pages) == 2 and pages[0].startswith("99-00000-district-0-with-")
    index = (out / "index.html").read_text(encoding="utf-8")
    assert "In 2023 the gap narrowed." in index and "With year: 2023" in index

    template.path.touch()
    assert (
        describe_batch(run_batch(Template(template.path), chosen[:1], out))
        == "1 report: 1 up to date."
    )
    newer = Template(write_template(template.path, code("print('one more thing')")))
    assert made(run_batch(newer, changed[:1], out)) == ["99-00000"]
    assert "one more thing" in (out / pages[1]).read_text(encoding="utf-8")
    assert "one more thing" not in (out / pages[0]).read_text(encoding="utf-8")


def test_a_new_name_leaves_nothing_behind_and_a_failed_run_leaves_the_good_page(tmp_path, template):
    out = tmp_path / "out"
    run_batch(template, [task(1)], out)
    renamed = replace(task(1), name="Peña/Valley {K-8}")
    run_batch(template, [renamed], out)
    name = "99-00001-pena-valley-k-8"
    assert [path.name for path in out.glob("99*")] == [f"{name}.html"]
    assert [path.name for path in (out / "notebooks").iterdir()] == [f"{name}.ipynb"]

    failing = replace(task(1, "raise", fingerprint="data-2"), name=renamed.name)
    run_batch(template, [failing], out)
    assert {path.name for path in (out / "failed").iterdir()} == {f"{name}.ipynb"}
    assert (out / f"{name}.html").exists() and (out / "notebooks" / f"{name}.ipynb").exists()
    assert "This page is of" in (out / "index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("terminal", [True, False])
def test_a_terminal_is_told_how_many_are_left_and_a_log_nothing(monkeypatch, terminal):
    written = StringIO()
    written.isatty = lambda: terminal
    monkeypatch.setattr(sys, "stderr", written)
    with _progress(range(1_000), "Reports") as bar:
        bar.update(3)
    assert ("Reports: 0 of 1000 " in written.getvalue()) == terminal
    assert (" left" in written.getvalue()) == terminal == bool(written.getvalue())


def test_a_page_that_could_not_be_made_anew_keeps_its_reason_when_it_is_printed(tmp_path, template):
    out = tmp_path / "out"
    run_batch(template, [task(1)], out)
    failing = task(1, "problem", fingerprint="data-2")
    for browser in (chromium(), "/nowhere/chromium"):
        outcome = run_batch(template, [failing], out, print_with=browser)
        assert len(outcome.printed) + len(outcome.not_printed) == 1
        assert "no grade 8" in rows(out)["99-00001"]["reason"]
        next(out.glob("*.pdf"), out / "none").unlink(missing_ok=True)
    assert "cannot be started" in outcome.not_printed[0].reason


def test_a_district_that_lost_its_results_keeps_its_page_and_is_not_asked_again(tmp_path, template):
    out = tmp_path / "out"
    run_batch(template, [task(1)], out)
    lost = task(1, "nothing", fingerprint="data-2")
    first, again = (run_batch(template, [lost], out) for _ in range(2))
    assert (len(first.without_results), again.up_to_date) == (1, 1)
    assert list(out.glob("99-00001*.html"))
    assert made(run_batch(template, [task(1, fingerprint="data-3")], out)) == ["99-00001"]


def test_a_file_that_cannot_be_removed_ends_no_batch(tmp_path, template):
    out = tmp_path / "out"
    run_batch(template, [task(1)], out)
    [page] = out.glob("99-00001*.html")
    page.unlink()
    page.mkdir()
    (page / "kept").touch()
    renamed = replace(task(1), name="Peña")
    assert set(made(run_batch(template, [renamed, task(2)], out))) == {"99-00001", "99-00002"}
