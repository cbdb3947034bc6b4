"""A theory out of the house and in again: YAML without loss, an outline, tables for a spreadsheet.

Every file that cannot be taken is one sentence: which file, which line, what is wrong, what to do.
"""

from pathlib import Path

from see_the_system.messages import Refusal
from see_the_system.theory.items import FIELDS, KINDS, ONES
from see_the_system.theory.model import theory_of
from see_the_system.theory.outline import from_outline
from see_the_system.theory.refusals import MOST, line_refusal, too_large
from see_the_system.theory.spreadsheets import causes_from_csv, causes_to_csv, to_csv
from see_the_system.theory.yaml_file import to_yaml
from see_the_system.theory.yaml_reader import from_yaml
from see_the_system.whole_files import write_whole

READERS = {
    ".yaml": from_yaml,
    ".yml": from_yaml,
    ".csv": causes_from_csv,
    ".txt": from_outline,
    ".md": from_outline,
}


def read(path):
    """The theory that a file holds (Theory), by the file's ending.

    YAML, a table of causes (.csv), or an outline (.txt, .md). Raises a Refusal for a file that is
    not there, is larger than 5 MB, is not UTF-8, or does not hold a theory.
    """
    path = Path(path)
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        endings = ", ".join(READERS)
        raise Refusal(
            f"{path.name}: a theory is read from a file that ends in {endings}; rename it if it "
            "is one of these."
        )
    try:
        if path.stat().st_size > MOST:
            raise too_large(path.name, "theory")
        raw = path.read_bytes()
    except OSError as error:
        raise _not_opened(path, error) from None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise line_refusal(
            path.name, line, "this is not UTF-8 text; save the file again with the encoding UTF-8."
        ) from None
    return reader(text, name=path.name)


def write(theory, path):
    """Writes a theory, or a record's as it stands, to a YAML file, whole or not at all (Path).

    Replaces an earlier file of a theory; raises a Refusal rather than replace a file that holds
    something else.
    """
    path = Path(path)
    if path.suffix.lower() not in (".yaml", ".yml"):
        raise Refusal(
            f"{path.name}: a theory is written to a file that ends in .yaml; choose a name such as "
            f'"{path.stem}.yaml".'
        )
    text = to_yaml(theory_of(theory))
    if len(text.encode()) > MOST:
        raise Refusal(
            f"This theory makes a file larger than {MOST // 1_000_000} MB, which could not be read "
            "again; shorten its longest texts."
        )
    try:
        if path.exists() and not _may_be_replaced(path):
            raise Refusal(
                f"{path.name} holds something other than a theory and was left as it is; choose "
                "another name."
            )
        write_whole(path.resolve(), text)  # where a link leads, so that the link stays one
    except OSError as error:
        raise _not_opened(path, error) from None
    return path


def write_tables(theory, folder):
    """Writes a table for each kind that the theory has, for a spreadsheet (list of Path).

    ``fishbone.csv`` holds the causes in words.
    """
    folder = Path(folder)
    theory = theory_of(theory)
    tables = {"fishbone": causes_to_csv(theory)}
    for kind in KINDS:
        if kind in ONES or getattr(theory, FIELDS[kind]):
            tables[FIELDS[kind]] = to_csv(theory, kind)
    written = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, table in tables.items():
            path = folder / f"{name}.csv"
            write_whole(path, table)
            written.append(path)
    except OSError as error:
        raise _not_opened(folder, error) from None
    return written


def _may_be_replaced(path):
    with path.open("rb") as file:
        start = file.read(4096)
    return not start.strip() or b"see_the_system:" in start


def _not_opened(path, error):
    """The refusal of a file that the system does not give or take (Refusal)."""
    if isinstance(error, FileNotFoundError):
        if not path.parent.is_dir():
            return Refusal(f"There is no folder {path.parent}; make it first, or choose another.")
        return Refusal(f"There is no file {path.name} in {path.parent}; check its name and folder.")
    if isinstance(error, IsADirectoryError):
        return Refusal(f"{path.name} is a folder; give the file in it.")
    reason = error.strerror or error
    return Refusal(
        f"{path.name} cannot be used here ({reason}); check that it is not open elsewhere and that "
        "you may write in its folder."
    )
