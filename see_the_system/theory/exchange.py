"""A theory out of the house and in again: one YAML file without loss; an outline and CSV in;
Mermaid, Graphviz, an outline and CSV out.

Every file that cannot be taken is one sentence: which file, which line, what is wrong, what to do.
"""

from pathlib import Path

from see_the_system.messages import Refusal
from see_the_system.theory.graphs import DIAGRAMS, to_dot, to_mermaid
from see_the_system.theory.items import FIELDS, KINDS, ONES
from see_the_system.theory.outline import from_outline, to_outline
from see_the_system.theory.spreadsheets import causes_from_csv, causes_to_csv, to_csv
from see_the_system.theory.yaml_file import to_yaml
from see_the_system.theory.yaml_lines import MOST
from see_the_system.theory.yaml_reader import from_yaml
from see_the_system.whole_files import write_whole

READERS = {
    ".yaml": from_yaml,
    ".yml": from_yaml,
    ".csv": causes_from_csv,
    ".txt": from_outline,
    ".md": from_outline,
    ".mmd": from_outline,
}


def read(path):
    """The theory that a file holds (Theory): YAML, a table of causes (.csv), or an outline (.txt,
    .md, .mmd), by the file's ending.

    Raises a Refusal for a file that is not there, is larger than 5 MB, is not UTF-8, or does not
    hold a theory.
    """
    path = Path(path)
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise Refusal(
            f"{path.name}: a theory is read from a file that ends in {', '.join(READERS)}; "
            "rename it if it is one of these."
        )
    try:
        if path.stat().st_size > MOST:
            raise Refusal(
                f"{path.name} is larger than {MOST // 1_000_000} MB, which no theory is; "
                "check that it is the file you mean."
            )
        raw = path.read_bytes()
    except OSError as error:
        raise _not_opened(path, error) from None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise Refusal(
            f"{path.name}, line {line}: this is not UTF-8 text; save the file again with the "
            "encoding UTF-8."
        ) from None
    return reader(text, name=path.name)


def write(theory, path):
    """Writes the theory to a YAML file, whole or not at all (Path): beside the file first, then in
    its place.

    Replaces an earlier file of a theory; raises a Refusal rather than replace a file that holds
    something else.
    """
    path, text = Path(path), to_yaml(theory)
    if path.suffix.lower() not in (".yaml", ".yml"):
        raise Refusal(
            f"{path.name}: a theory is written to a file that ends in .yaml; choose a name "
            f'such as "{path.stem}.yaml".'
        )
    if len(text.encode()) > MOST:
        raise Refusal(
            f"This theory makes a file larger than {MOST // 1_000_000} MB, which could not "
            "be read again; shorten its longest texts."
        )
    try:
        if path.exists() and not _replaceable(path):
            raise Refusal(
                f"{path.name} holds something other than a theory and was left as it is; "
                "choose another name."
            )
        write_whole(path.resolve(), text)
    except OSError as error:
        raise _not_opened(path, error) from None
    return path


def write_tables(theory, folder):
    """Writes a table for each kind that the theory has, and ``fishbone.csv`` with the causes in
    words, for a spreadsheet (list of Path).
    """
    folder, written = Path(folder), []
    tables = {"fishbone": causes_to_csv(theory)}
    tables |= {
        FIELDS[kind]: to_csv(theory, kind)
        for kind in KINDS
        if kind in ONES or getattr(theory, FIELDS[kind])
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, table in tables.items():
            written.append(folder / f"{name}.csv")
            write_whole(written[-1], table)
    except OSError as error:
        raise _not_opened(folder, error) from None
    return written


def _replaceable(path):
    with path.open("rb") as file:
        start = file.read(4096)
    return not start.strip() or b"see_the_system:" in start


def _not_opened(path, error):
    if isinstance(error, FileNotFoundError) and not path.parent.is_dir():
        return Refusal(f"There is no folder {path.parent}; make it first, or choose another.")
    if isinstance(error, FileNotFoundError):
        return Refusal(f"There is no file {path.name} in {path.parent}; check its name and folder.")
    if isinstance(error, IsADirectoryError):
        return Refusal(f"{path.name} is a folder; give the file in it.")
    return Refusal(
        f"{path.name} cannot be used here ({error.strerror or error}); check that it is not "
        "open elsewhere and that you may write in its folder."
    )


__all__ = [
    "DIAGRAMS",
    "causes_from_csv",
    "causes_to_csv",
    "from_outline",
    "from_yaml",
    "read",
    "to_csv",
    "to_dot",
    "to_mermaid",
    "to_outline",
    "to_yaml",
    "write",
    "write_tables",
]
