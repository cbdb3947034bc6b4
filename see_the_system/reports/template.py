"""What every report is made from: the template notebook with its parameters, and the code, each
with a fingerprint.

``python -m see_the_system.reports.template FILE...`` runs notebooks of the project and stores them,
so that running one again with no change gives the same bytes.
"""

import ast
import hashlib
import json
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import nbformat
import papermill
from nbclient import NotebookClient

from see_the_system.data.codes import numbers
from see_the_system.messages import Refusal, nearest
from see_the_system.paths import PACKAGE

PYTHON = {"name": "python3", "display_name": "Python 3", "language": "python"}
PACKAGES = ("see_the_system", "helpers")  # what a template's code runs through, side by side
_WIDGET = "application/vnd.jupyter.widget-view+json"
_OWN = "see_the_system"  # the project's own part of a notebook's metadata
SOURCES = {".py", ".j2", ".css", ".js"}
YES_NO = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
# What a value may be read as, the narrower before the wider, and how that is said.
KINDS = {
    "None": "nothing",
    "bool": "yes or no",
    "int": "a whole number",
    "float": "a number",
    "list": "a list such as [1, 2]",
    "tuple": "tuple",
    "dict": "such as {'a': 1}",
}


class Template:
    """A template notebook, read once.

    ``notebook`` is a NotebookNode without outputs; ``parameters`` is what
    ``papermill.inspect_notebook`` says: {name: {name, inferred_type_name, default, help}};
    ``fingerprint`` changes with what is asked.
    """

    def __init__(self, path):
        self.path = Path(path)
        self.notebook = self._read()
        self.parameters = papermill.inspect_notebook(self.notebook)
        self.for_many = self.notebook.metadata.get(_OWN, {}).get("for_many", "")
        asked = [
            [cell.cell_type, cell.source, sorted(cell.metadata.get("tags", []))]
            for cell in self.notebook.cells
        ]
        self.fingerprint = fingerprint(json.dumps(asked))

    def _read(self):
        try:
            notebook = nbformat.read(self.path, as_version=4)
        except FileNotFoundError:
            raise Refusal(
                f"There is no template notebook {self.path}. Give the path of one that is there."
            ) from None
        except Exception as error:
            raise Refusal(
                f"{self.path} is not a notebook that can be read: {error}. Take the copy that came "
                "with the project."
            ) from None
        notebook.metadata["kernelspec"] = PYTHON
        notebook.metadata.setdefault("language_info", {"name": "python"})
        return notebook

    def code(self):
        """Its code cells (list of [source, whether it declares the parameters])."""
        return [
            [cell.source, "parameters" in cell.metadata.get("tags", [])]
            for cell in self.notebook.cells
            if cell.cell_type == "code"
        ]

    def defaults(self, names):
        """The values of these parameters where nothing is asked for, of those it has (dict)."""
        known = {
            name: self.parameters[name]["default"] for name in names if name in self.parameters
        }
        return {name: ast.literal_eval(text) for name, text in known.items()}

    def values(self, given, *, taken=()):
        """The parameters a person gave as text, each in the type that the template declares (dict).

        ``given`` is {name: text}; ``taken`` are the names the batch fills in itself. ``Refusal``
        for a name the template does not have and for a value of the wrong type.
        """
        return {name: self._value(name, text, taken) for name, text in given.items()}

    def _value(self, name, text, taken):
        if name not in self.parameters:
            allowed = [each for each in self.parameters if each not in taken]
            close = " or ".join(map(repr, nearest(name, allowed) or allowed))
            hint = f"Did you mean {close}?" if close else "It has none that can be given."
            raise Refusal(f"The template {self.path.name} has no parameter {name!r}. {hint}")
        if name in taken:
            raise Refusal(
                f"The parameter {name!r} is filled in for each report. Leave it out; districts are "
                "named before the options."
            )
        return typed(name, text, self.parameters[name])


def typed(name, text, parameter):
    """One text in the type of one of papermill's inferred parameters.

    ``Refusal`` when it is not of that type.

    >>> typed("year", "2024", {"inferred_type_name": "int", "default": "2023", "help": ""})
    2024
    """
    kinds = _kinds(parameter)
    for kind in kinds:
        try:
            return _read(kind, text)
        except (ValueError, SyntaxError, KeyError):
            continue
    wanted = " or ".join(KINDS.get(kind, kind) for kind in kinds if kind != "None")
    about = parameter.get("help", "").rstrip(".")
    named = f"{name!r} ({about})" if about else repr(name)
    raise Refusal(
        f"The parameter {named} takes {wanted}, and {text!r} is not. The template has "
        f"{parameter['default']}."
    )


def _kinds(parameter):
    """What a parameter may be, by its annotation or by its default (list of text)."""
    declared = parameter["inferred_type_name"]
    if declared in ("None", "", None):
        declared = _kind_of_default(parameter["default"])
    if declared.startswith("Optional["):
        inner = declared.removeprefix("Optional[").removesuffix("]")
        declared = f"{inner} | None"
    kinds = [part.strip().split("[")[0] for part in declared.split("|")]
    order = list(KINDS)
    return sorted(kinds, key=lambda kind: order.index(kind) if kind in order else len(order))


def _kind_of_default(default):
    try:
        kind = type(ast.literal_eval(default)).__name__
    except (ValueError, SyntaxError):
        return "str"
    return "str | None" if kind == "NoneType" else kind


def _read(kind, text):
    word = text.strip().casefold()
    if kind == "None":
        return {"none": None, "": None}[word]
    if kind == "bool":
        return YES_NO[word]
    if kind == "int":
        return int(word)
    if kind == "float":
        return float(word)
    if kind in ("list", "tuple", "dict"):
        value = numbers(text) if kind == "list" else None
        value = value or ast.literal_eval(text)
        if type(value).__name__ != kind:
            raise ValueError
        return value
    return text


def fingerprint(*parts):
    """A short text that changes when any of the parts changes (texts or bytes).

    "h" and 16 hexadecimal digits. It starts with a letter, because a spreadsheet program would take
    "12345e67" for a number and round it.
    """
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        digest.update(len(data).to_bytes(8, "big") + data)  # its length tells where a part ends
    return f"h{digest.hexdigest()[:16]}"


def code_version():
    """The version of the code and a fingerprint of its sources (text).

    A report made by other code is not up to date.
    """
    parts = []
    for package in PACKAGES:
        folder = PACKAGE.parent / package
        for path in sorted(folder.rglob("*")):
            if path.suffix in SOURCES:
                parts += [path.relative_to(folder.parent).as_posix(), path.read_bytes()]
    try:
        number = version("see-the-system")
    except PackageNotFoundError:
        number = "0"
    return f"{number}+{fingerprint(*parts)}"


def store(path):
    """Runs a notebook in its own folder, with the kernel of this Python, and writes it back."""
    path = Path(path)
    notebook = nbformat.read(path, as_version=4)
    folder = {"metadata": {"path": str(path.parent)}}
    NotebookClient(notebook, timeout=600, kernel_name="python3", resources=folder).execute()
    nbformat.write(normalised(notebook), path)


def normalised(notebook):
    """The notebook without what differs from run to run (NotebookNode, changed in place).

    That is timings, widgets and their state, and the versions of a kernel. What a widget shows
    besides stays: its picture, its words.
    """
    own = {_OWN: notebook.metadata[_OWN]} if _OWN in notebook.metadata else {}
    kernel = {"kernelspec": PYTHON, "language_info": {"name": "python"}}
    notebook.metadata = nbformat.from_dict(kernel | own)
    for cell in notebook.cells:
        for passing in ("execution", "papermill", "collapsed"):
            cell.metadata.pop(passing, None)
        for output in cell.get("outputs", []):
            output.get("data", {}).pop(_WIDGET, None)
    return notebook


if __name__ == "__main__":
    for name in sys.argv[1:]:
        store(name)
