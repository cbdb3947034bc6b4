"""A lesson of the tests' own, in a folder as the stored lessons lie in theirs."""

import nbformat
import pytest

FACILITATOR_SENTENCE = "The trap of this step is a cause that blames a child."
WIDGET = '''import anywidget
import traitlets

class Count(anywidget.AnyWidget):
    _esm = """export default { render({ model, el }) {
        const button = document.createElement("button");
        const draw = () => { button.textContent = `Count ${model.get("number")}`; };
        button.onclick = () => {
            model.set("number", model.get("number") + 1);
            model.save_changes();
        };
        model.on("change:number", draw);
        draw();
        el.appendChild(button);
    } };"""
    number = traitlets.Int(0).tag(sync=True)

    def _repr_mimebundle_(self, **options):
        data, metadata = super()._repr_mimebundle_(**options)
        return {**data, "text/html": "<p>The count, as it was stored.</p>"}, metadata

Count()'''


def text(source, name, **metadata):
    """A cell of text."""
    return nbformat.v4.new_markdown_cell(source, id=name, metadata=metadata)


def code(source, name):
    """A cell of code."""
    return nbformat.v4.new_code_cell(source, id=name)


def write_lesson(path, *cells):
    """A stored lesson with these cells; gives its path."""
    python = {"name": "python3", "display_name": "Python 3", "language": "python"}
    metadata = {"kernelspec": python, "language_info": {"name": "python"}}
    nbformat.write(nbformat.v4.new_notebook(metadata=metadata, cells=list(cells)), path)
    return path


def write_sample(folder):
    """The sample lesson, stored as ``01_why.ipynb`` in a folder; gives its path."""
    return write_lesson(
        folder / "01_why.ipynb",
        text(
            "# Why does it happen here?\n\n**What you will do.** Build a *first* fishbone, with\n"
            "a hunch on every bone. Then rest.\n\nTime: 60 minutes",
            "aims",
        ),
        text(FACILITATOR_SENTENCE + "\n\nAsk who decides.", "notes-1", tags=["facilitator"]),
        text("## Step 1. Look at a fishbone (10 minutes)\n\nOf $x^2$, see [more](#top).", "step-1"),
        code(
            "from helpers import fishbone, practice_record, show, team_record\n\n"
            "show(fishbone(practice_record()))",
            "practice",
        ),
        text("## Step 2. Count", "step-2"),
        code(WIDGET, "count"),
        code(
            "record = team_record()\n"
            'print(f"{record.team} has {len(record.theory().categories)} bones.")',
            "bones",
        ),
    )


@pytest.fixture(scope="session")
def lessons(tmp_path_factory):
    """A folder with the sample lesson."""
    folder = tmp_path_factory.mktemp("lessons")
    write_sample(folder)
    return folder
