"""The notebook behind every report: its parameters, and the same question put to it for one
district.
"""

import ast
import json
from pathlib import Path

import nbformat

from see_the_system.messages import Refusal, nearest
from see_the_system.reports.files import fingerprint

YES_NO = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
WORDS = {
    "int": "a whole number",
    "float": "a number",
    "bool": "yes or no",
    "list": "a list such as [1, 2]",
    "dict": "such as {'a': 1}",
}


class Template:
    """A template notebook, read once: ``notebook`` (a NotebookNode without outputs), ``parameters``
    and ``fingerprint``.

    ``parameters`` is what ``papermill.inspect_notebook`` says: {name: {name, inferred_type_name,
    default, help}}.
    """

    def __init__(self, path):
        import papermill

        self.path = Path(path)
        try:
            self.notebook = nbformat.read(self.path, as_version=4)
        except FileNotFoundError:
            raise Refusal(
                f"There is no template notebook {self.path}. Give the path of one that is there."
            ) from None
        except Exception as error:
            raise Refusal(
                f"{self.path} is not a notebook that can be read: {error}. Take the copy "
                "that came with the project."
            ) from None
        self.notebook.metadata["kernelspec"] = {
            "name": "python3",
            "display_name": "Python 3",
            "language": "python",
        }
        self.notebook.metadata.setdefault("language_info", {"name": "python"})
        self.parameters = papermill.inspect_notebook(self.notebook)
        asked = [
            [cell.cell_type, cell.source, sorted(cell.metadata.get("tags", []))]
            for cell in self.notebook.cells
        ]
        self.fingerprint = fingerprint(json.dumps(asked))

    def values(self, given, *, taken=()):
        """The parameters a person gave as text, each in the type that the template declares (dict).

        ``given`` is {name: text}; ``taken`` are the names the batch fills in itself. ``Refusal``
        for a name the template does not have and for a value of the wrong type.
        """
        return {name: self._value(name, text, taken) for name, text in given.items()}

    def _value(self, name, text, taken):
        allowed = [each for each in self.parameters if each not in taken]
        if name in taken and name in self.parameters:
            raise Refusal(
                f"The parameter {name!r} is filled in for each report. Leave it out; "
                "districts are named before the options."
            )
        if name not in allowed:
            close = nearest(name, allowed) or allowed
            hint = (
                f"Did you mean {' or '.join(map(repr, close))}?"
                if close
                else "It has none that can be given."
            )
            raise Refusal(f"The template {self.path.name} has no parameter {name!r}. {hint}")
        return typed(name, text, self.parameters[name])


def typed(name, text, parameter):
    """One text in the type of one of papermill's inferred parameters; ``Refusal`` when it is not of
    that type.

    >>> typed("year", "2024", {"inferred_type_name": "int", "default": "2023", "help": ""})
    2024
    """
    kinds = _kinds(parameter)
    if text.strip().casefold() in ("none", "") and "None" in kinds:
        return None
    for kind in kinds:
        try:
            return _read(kind, text)
        except (ValueError, SyntaxError, KeyError):
            continue
    wanted = " or ".join(WORDS.get(kind, kind) for kind in kinds if kind != "None")
    about = f" ({parameter['help'].rstrip('.')})" if parameter.get("help") else ""
    raise Refusal(
        f"The parameter {name!r}{about} takes {wanted}, and {text!r} is not. The template "
        f"has {parameter['default']}."
    )


def _kinds(parameter):
    declared = parameter["inferred_type_name"]
    if declared in ("None", "", None):
        declared = _kind_of_default(parameter["default"])
    inner = (
        declared.removeprefix("Optional[").removesuffix("]") + " | None"
        if declared.startswith("Optional[")
        else declared
    )
    kinds = [part.strip().split("[")[0] for part in inner.split("|")]
    order = ["None", "bool", "int", "float", "list", "tuple", "dict"]
    return sorted(kinds, key=lambda kind: order.index(kind) if kind in order else len(order))


def _kind_of_default(default):
    try:
        return type(ast.literal_eval(default)).__name__.replace("NoneType", "str | None")
    except (ValueError, SyntaxError):
        return "str"


def _read(kind, text):
    if kind == "None":
        raise ValueError
    if kind == "bool":
        return YES_NO[text.strip().casefold()]
    if kind in ("int", "float"):
        return {"int": int, "float": float}[kind](text.strip())
    if kind in ("list", "tuple", "dict"):
        value = ast.literal_eval(text)
        if type(value).__name__ != kind:
            raise ValueError
        return value
    return text
