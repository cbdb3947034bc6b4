import nbformat
import pytest
from nbclient import NotebookClient

from see_the_system.messages import nearest

GROUPS = ["All students", "White", "Black or African American", "English learner", "English only"]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("Whte", ["White"]),
        ("  WHITE ", ["White"]),
        ("blak", ["Black or African American"]),
        ("african", ["Black or African American"]),
        ("english", ["English learner", "English only"]),
        ("english only", ["English only", "English learner"]),
        ("zzz", []),
        (2031, []),
    ],
)
def test_the_nearest_names_best_first(asked, found):
    assert nearest(asked, GROUPS) == found


def test_what_is_as_near_keeps_its_order_and_there_are_few():
    names = [f"Union {number}" for number in range(5)]
    assert nearest("Union", names) == names[:3]
    assert nearest("Union", names, most=1) == names[:1]


def test_a_short_word_is_no_likeness():
    assert nearest("or", ["Black if African"]) == []


def test_a_notebook_shows_the_sentence_and_no_traceback():
    cell = 'from helpers import DistrictReport\nDistrictReport("Nowhere", "Black", "White")'
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell)])
    NotebookClient(notebook, allow_errors=True, kernel_name="python3").execute()
    [output] = notebook.cells[0].outputs
    assert output.traceback == [output.evalue]
    assert output.evalue.endswith(".") and "\n" not in output.evalue
