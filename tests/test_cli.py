"""The command line: what it says, its exit status, and that it comes at once."""

import subprocess
import sys

import click
import pytest

from see_the_system.cli import cli, main


@pytest.fixture
def run(capsys, tmp_path, monkeypatch):
    """``see-the-system``: its exit status, what it prints, and its error stream."""
    monkeypatch.setenv("SEE_THE_SYSTEM_HOME", str(tmp_path / "home"))

    def run(*arguments):
        try:
            main(arguments)
            status = 0
        except SystemExit as end:
            status = end.code
        return status, *capsys.readouterr()

    return run


def test_help_comes_at_once():
    """Nothing is loaded of what a command needs."""
    code = """import sys
import see_the_system.cli
heavy = {"numpy", "pandas", "matplotlib", "papermill", "jinja2", "sqlalchemy", "practice_network"}
print(sorted(heavy & set(sys.modules)))"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_help_names_the_commands(run):
    status, printed, _ = run("--help")
    assert status == 0
    assert all(
        f"\n  {name} " in printed for name in ("agenda", "data", "practice", "reports", "workshop")
    )


def test_an_unknown_command_is_told(run):
    status, printed, error = run("report")
    assert (status, printed) == (2, "") and "No such command 'report'" in error


def test_a_refusal_is_one_sentence_and_status_2(run):
    status, printed, error = run("practice", "score", "nowhere.yaml", "--match", "cause-late")
    assert (status, printed) == (2, "")
    assert error.startswith("There is no file nowhere.yaml") and error.count("\n") == 1


def test_stopped_by_hand(run, monkeypatch):
    def stop(*arguments, **options):
        raise click.Abort

    monkeypatch.setattr(cli, "main", stop)
    assert run("data", "list") == (130, "", "Stopped.\n")


def test_an_empty_store_says_how_to_fill_it(run):
    status, printed, error = run("data", "list")
    assert (status, error) == (0, "")
    assert "is empty. Add the state's files with 'see-the-system data add FILE...'." in printed


def test_the_store_lists_what_it_has(run, tmp_path):
    from see_the_system.paths import SAMPLE

    newest = max(SAMPLE.glob("sb_ca*.zip"))
    status, printed, _ = run("data", "add", str(newest))
    assert status == 0 and newest.name in printed
    status, printed, _ = run("data", "list")
    assert status == 0 and f"rows  from {newest.name}, added 20" in printed
    assert printed.endswith(f"8 districts, in {tmp_path / 'home' / 'store'}\n")


def test_interviews_of_a_practice_district(run, tmp_path):
    folder = tmp_path / "interviews"
    status, printed, _ = run("practice", "interviews", "Lanternfield", str(folder))
    assert (status, printed) == (0, f"21 synthetic interviews are in {folder}.\n")


def test_a_correction_that_cannot_be_read_is_told(run):
    from see_the_system.paths import SAMPLE

    theory = str(SAMPLE / "theory.yaml")
    status, _, error = run("practice", "score", theory, "--match", "cause-late")
    assert status == 2 and error.startswith(
        "--match 'cause-late' was not understood: CAUSE=PLANTED"
    )
    status, printed, _ = run("practice", "score", theory, "--match", "cause-late=late_results")
    assert status == 0 and "What was taken for what" in printed
