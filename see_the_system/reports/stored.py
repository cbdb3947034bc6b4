"""Runs a notebook and stores it so that running it again with no change gives the same bytes.

``python -m see_the_system.reports.stored FILE...``
"""

import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient

from see_the_system.reports.template import PYTHON


def store(path):
    """Runs a notebook in its own folder, with the kernel of this Python, and writes it back."""
    path = Path(path)
    notebook = nbformat.read(path, as_version=4)
    folder = {"metadata": {"path": str(path.parent)}}
    NotebookClient(notebook, timeout=600, kernel_name="python3", resources=folder).execute()
    nbformat.write(normalised(notebook), path)


def normalised(notebook):
    """The notebook without what differs from run to run (NotebookNode, changed in place).

    That is timings, widget state and the versions of a kernel.
    """
    kernel = {"kernelspec": PYTHON, "language_info": {"name": "python"}}
    notebook.metadata = nbformat.from_dict(kernel)
    for cell in notebook.cells:
        for passing in ("execution", "papermill", "collapsed"):
            cell.metadata.pop(passing, None)
    return notebook


if __name__ == "__main__":
    for name in sys.argv[1:]:
        store(name)
