import pandas as pd
import pytest

from see_the_system.cli import main
from see_the_system.messages import Refusal
from see_the_system.reports.command import choose
from tests.reports.conftest import write_template

KNOWN = pd.DataFrame(
    [
        ("01-10017", "Alder Unified", "Alpha"),
        ("02-10017", "Union Elementary", "Beta"),
        ("03-10025", "Union Elementary", "Gamma"),
        ("04-10033", "Peña Valley", "Beta"),
    ],
    columns=["district", "name", "county_name"],
)


@pytest.mark.parametrize(
    ("asked", "codes"),
    [
        (["01-10017"], ["01-10017"]),
        (["0110017"], ["01-10017"]),
        (["alder unified"], ["01-10017"]),
        (["peña valley", "Alder Unified", "04-10033"], ["01-10017", "04-10033"]),
        (["Pena  Valley"], ["04-10033"]),
        (["alder"], ["01-10017"]),
    ],
)
def test_districts_by_code_or_name(asked, codes):
    assert list(choose(KNOWN, asked)["district"]) == codes


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (["Aldr Unified"], "Did you mean 'Alder Unified'"),
        (
            ["Union Elementary"],
            "2 districts are called 'Union Elementary'. Give the code of the one you mean: "
            "02-10017 (Beta)",
        ),
        (["Union"], "Give the code of the one you mean: 02-10017 (Beta), 03-10025 (Gamma)"),
        (["Ald"], "There is no district 'Ald' in the data"),
        ([], "or give --all"),
        (["01-10018"], "'01-10017'"),
    ],
)
def test_what_cannot_be_chosen_is_said(asked, words):
    with pytest.raises(Refusal) as problem:
        choose(KNOWN, asked)
    assert words in str(problem.value)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder to work in, with a template and a home of its own for what is read."""
    folder = tmp_path_factory.mktemp("command")
    write_template(folder / "template.ipynb")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SEE_THE_SYSTEM_HOME", str(folder / "home"))
        patch.chdir(folder)
        yield folder


@pytest.fixture
def reports(folder, capsys):
    """``see-the-system reports``: its exit status, what it prints, and its error stream."""

    def run(*arguments):
        with pytest.raises(SystemExit) as end:
            main(["reports", *arguments])
        return end.value.code, *capsys.readouterr()

    return run


SMALL = ("--template", "template.ipynb")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["99-10018", *SMALL], "There is no district '99-10018' in the data. Did you mean"),
        (["99-10017", *SMALL, "-p", "yaer", "2024"], "Did you mean 'year'"),
        (["99-10017", *SMALL, "-p", "year", "soon"], "takes a whole number"),
        (["99-10017", *SMALL, "-p", "district", "99-10025"], "filled in for each report"),
        (
            ["Lanternfeld"],
            "There is no district 'Lanternfeld' in the data. Did you mean 'Lanternfield Unified'?",
        ),
        (
            ["99-10017", "-p", "focus_grup", "74"],
            "has no parameter 'focus_grup'. Did you mean 'focus_group'",
        ),
        (
            ["--all", "-p", "focus_group", "Blak"],
            "There is no student group 'Blak'. Did you mean 'Black or African American'",
        ),
        (
            ["--all", "-p", "focus_group", "White"],
            "The focus group and the comparison group are both 'White'.",
        ),
        (["--all", "-p", "years", "[2020]"], "School year 2020 is not in the data."),
        (["--all", "-p", "grades", "[2]"], "Grade 2 has no mathematics test."),
        (["--all", "-p", "min_students", "5"], "min_students may be raised above 11"),
        (["--all", "--data", "no-such-folder"], "no-such-folder is not there"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_written(folder, reports, arguments, words):
    status, printed, error = reports(*arguments, "--out", "refused")
    assert (status, printed) == (2, "")
    assert words in error and error.count("\n") == 1
    assert not (folder / "refused").exists()


def test_reports_of_the_practice_network(folder, reports):
    done = reports("99-10017", *SMALL, "-p", "year", "2023")
    assert done == (0, "1 report: 1 made. See reports/index.html.\n", "")
    (page,) = (folder / "reports").glob("99-10017-*.html")
    assert "Year 2023" in page.read_text(encoding="utf-8")


def test_a_report_that_fails_is_told_and_the_exit_status_says_so(reports):
    status, printed, error = reports(
        "99-10017", *SMALL, "-p", "doing", "problem", "--out", "failing"
    )
    assert (status, printed) == (1, "1 report: 1 failed. See failing/index.html.\n")
    assert error.endswith("(99-10017): This district has no grade 8. Leave it out.\n")


def test_without_a_browser_the_page_is_made_and_the_way_to_a_pdf_is_told(reports, monkeypatch):
    monkeypatch.setattr("see_the_system.reports.files.find_browser", lambda: None)
    status, printed, error = reports("99-10017", *SMALL, "--out", "unprinted", "--pdf")
    assert (status, printed) == (1, "1 report: 1 made. See unprinted/index.html.\n")
    assert "install one of them and run the same command again" in error
