import pandas as pd
import pytest
from click.testing import CliRunner

from see_the_system.messages import Refusal
from see_the_system.reports.command import choose, reports
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
    """A folder to work in, with a template and a home of its own for what is read of the practice
    network.
    """
    folder = tmp_path_factory.mktemp("command")
    write_template(folder / "template.ipynb")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SEE_THE_SYSTEM_HOME", str(folder / "home"))
        patch.chdir(folder)
        yield folder


def run(*arguments):
    return CliRunner().invoke(reports, [*arguments, "--template", "template.ipynb"])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["99-10018"], "There is no district '99-10018' in the data. Did you mean"),
        (["99-10017", "-p", "yaer", "2024"], "Did you mean 'year'"),
        (["99-10017", "-p", "year", "soon"], "takes a whole number"),
        (["99-10017", "-p", "district", "99-10025"], "filled in for each report"),
    ],
)
def test_a_wrong_request_is_refused_before_anything_is_written(folder, arguments, words):
    done = run(*arguments, "--out", "refused")
    assert done.exit_code == 2 and words in done.stderr and done.stderr.count("\n") == 1
    assert not (folder / "refused").exists()


def test_reports_of_the_practice_network(folder):
    done = run("99-10017", "-p", "year", "2023")
    assert (done.exit_code, done.stdout, done.stderr) == (
        0,
        "1 report: 1 made. See reports/index.html.\n",
        "",
    )
    (page,) = (folder / "reports").glob("99-10017-*.html")
    assert "Year 2023" in page.read_text(encoding="utf-8")


def test_a_report_that_fails_is_told_and_the_exit_status_says_so(folder):
    done = run("99-10017", "-p", "doing", "problem", "--out", "failing")
    assert done.exit_code == 1 and done.stdout == "1 report: 1 failed. See failing/index.html.\n"
    assert done.stderr.endswith("(99-10017): This district has no grade 8. Leave it out.\n")


def test_without_a_browser_the_page_is_made_and_the_way_to_a_pdf_is_told(folder, monkeypatch):
    monkeypatch.setenv("PATH", str(folder))
    done = run("99-10017", "--out", "unprinted", "--pdf")
    if not done.stdout.startswith("1 report: 1 made. See"):
        assert ", 1 printed." in done.stdout  # a browser in one of the system's usual places
        return
    assert (
        done.exit_code == 1 and "install one of them and run the same command again" in done.stderr
    )
