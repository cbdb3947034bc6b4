"""Runs a notebook and stores it so that running it again with no change gives the same bytes:
``python -m see_the_system.reports.stored FILE...``
"""

import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient


def execute(path):
    """Runs the notebook in its own folder, with the kernel of this Python, and writes it back in
    its stored form.
    """
    path = Path(path)
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(
        notebook,
        timeout=600,
        kernel_name="python3",
        resources={"metadata": {"path": str(path.parent)}},
    ).execute()
    nbformat.write(normalised(notebook), path)


def normalised(notebook):
    """The notebook without what differs from run to run: timings, widget state, kernel versions
    (NotebookNode, changed in place).
    """
    notebook.metadata = nbformat.from_dict(
        {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        }
    )
    for cell in notebook.cells:
        for passing in ("execution", "papermill", "collapsed"):
            cell.metadata.pop(passing, None)
    return notebook


if __name__ == "__main__":
    for name in sys.argv[1:]:
        execute(name)
