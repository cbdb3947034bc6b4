"""A theory out of the house and in again: YAML without loss, an outline, tables for a spreadsheet.

Every file that cannot be taken is one sentence: which file, which line, what is wrong, what to do.
"""

import hashlib
import re
from collections import Counter
from datetime import date, datetime
from pathlib import Path
from typing import get_args

from pydantic import ValidationError

from see_the_system.messages import Refusal, nearest
from see_the_system.paths import write_whole
from see_the_system.theory.items import FIELDS, KINDS, ONES, OWNER, faults, name_of
from see_the_system.theory.model import ORDER, Theory, theory_of
from see_the_system.theory.outline import from_outline
from see_the_system.theory.refusals import (
    MOST,
    first_fault,
    line_refusal,
    too_large,
    unknown_field,
    with_article,
)
from see_the_system.theory.spreadsheets import causes_from_csv, causes_to_csv, to_csv
from see_the_system.theory.yaml_file import FORMAT, INSIDE, KIND, implied, parse, to_yaml

# The fields of each kind that hold a day or a time.
_DAYS = {
    kind: {
        field
        for field, info in cls.model_fields.items()
        if {date, datetime} & {*get_args(info.annotation)}
    }
    for kind, cls in KINDS.items()
}
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def from_yaml(text, *, name="theory.yaml"):
    """The theory that a YAML text holds (Theory).

    A thing without an id gets one made from its words and place, the same at every reading. Raises
    a Refusal that names the file, the line and the reason for whatever is not a theory.
    """
    sections = _sections(parse(text, name=name), name)
    reader = _Reader(name)
    for field, node in sections.items():
        if field in ONES:
            reader.item(node, field)
        elif field == "dropped":
            reader.dropped(node)
        else:
            reader.items(node, field)
    for item_id, field, reason in faults(reader.found):
        raise reader.refusal(reader.nodes[item_id], reason[0].lower() + reason[1:], field)
    return Theory.trusted({item.id: item for item in reader.found})


def _sections(document, name):
    """The sections of the file that hold something (dict of ``YamlNode``)."""
    if document.value is None:
        raise Refusal(
            f"{name} is empty; give a file that holds a theory, with see_the_system: {FORMAT} as "
            "its first line."
        )
    if not isinstance(document.value, dict) or "see_the_system" not in document.value:
        raise line_refusal(
            name,
            document.line,
            f"this is not the file of a theory, which starts with see_the_system: {FORMAT}; check "
            "that it is the file you mean.",
        )
    sections = dict(document.value)
    _must_be_known(sections.pop("see_the_system"), name)
    for field, node in sections.items():
        if field not in (*ORDER, "dropped"):
            reason = unknown_field("a theory", field, [*ORDER, "dropped"])
            raise line_refusal(name, node.line, reason)
    return {field: node for field, node in sections.items() if node.value is not None}


def _must_be_known(version, name):
    """Refuses a number of the format other than this one."""
    number = version.value
    if number == str(FORMAT):
        return
    reason = f"see_the_system must be {FORMAT}, the number of the format."
    if isinstance(number, str) and number.isdecimal() and len(number) < 9:
        reason = (
            f"the file has format {number}, and this version of See the System reads {FORMAT}; "
            "bring it up to date."
        )
    raise line_refusal(name, version.line, reason)


class _Reader:
    """Reads a file's items one after another, and keeps where each stands.

    ``found``: the items in the order of the file; ``nodes``: their nodes by id, so that every fault
    has its line; ``times``: how often the same words asked for an id, so that a file with thousands
    of them does not count from 0 for each.
    """

    def __init__(self, name):
        self.name = name
        self.found = []
        self.nodes = {}
        self.times = Counter()

    def refusal(self, node, reason, field=None):
        """The refusal with the line of a field of a node, or of the node (Refusal)."""
        place = node
        if isinstance(node.value, dict):
            place = node.value.get(field, node)
        return line_refusal(self.name, place.line, reason)

    def things(self, node, field):
        """The nodes of a list."""
        if not isinstance(node.value, list):
            raise self.refusal(
                node,
                f'"{field}" must be a list: each thing starts on a line of its own with a hyphen '
                "and a space.",
            )
        return node.value

    def items(self, node, field, above=None):
        """All items of a list, in the order of the file; ``above``: the item that it stands in."""
        last = 0.0
        for thing in self.things(node, field):
            last = self.item(thing, KIND[field], above, last=last).order

    def dropped(self, node):
        """The items of the section of dropped things, each of which says its kind."""
        for thing in self.things(node, "dropped"):
            said = thing
            if isinstance(thing.value, dict):
                said = thing.value.pop("kind", thing)
            kind = said.value if isinstance(said.value, str) else ""
            if kind not in KINDS:
                kinds = " or ".join(nearest(kind, KINDS, most=1) or KINDS)
                raise self.refusal(said, f'a dropped thing needs its "kind": {kinds}.')
            self.item(thing, kind)

    def item(self, node, kind, above=None, *, last=-1.0):
        """One item (Item) and, after it, all that stands in it."""
        if not isinstance(node.value, dict):
            raise self.refusal(
                node,
                f"{with_article(kind)} needs fields, each on a line of its own, as text: Placement "
                "letters go out in July.",
            )
        lists = [FIELDS[inner] for inner in INSIDE[kind]]
        inside = {field: node.value.pop(field) for field in lists if field in node.value}
        allowed = list(KINDS[kind].model_fields)
        for field, value in node.value.items():
            if field not in allowed:
                reason = unknown_field(with_article(kind), field, [*allowed, *lists])
                raise self.refusal(value, reason)
        item = self.made(node, kind, self.fields(node, kind, above, last))
        for field, value in inside.items():
            if value.value is not None:
                self.items(value, field, item)
        return item

    def fields(self, node, kind, above, last):
        """The fields of an item, with those that its place in the file says (dict)."""
        given = {name: value for name, value in node.value.items() if value.value is not None}
        for field in _DAYS[kind] & given.keys():
            value = given[field].value
            # pydantic would take 0 for a day in 1970
            if isinstance(value, str) and not _DAY.match(value):
                reason = (
                    f'the field "{field}" must be a day, as 2026-02-03, not "{value[:40]}"; '
                    "correct it."
                )
                raise self.refusal(node, reason, field)
        fields = {name: value.plain() for name, value in given.items()}
        owner = OWNER[kind]
        if above is not None and fields.setdefault(owner, above.id) != above.id:
            reason = (
                f'this stands in {name_of(above)}, and its "{owner}" names something else; take '
                "the field out."
            )
            raise self.refusal(node, reason, owner)
        if kind in ONES:
            return fields
        words = f"{kind}\n{fields}\n{above and above.id}"
        return {"id": self.new_id(kind, words), "order": implied(last)} | fields

    def new_id(self, kind, words):
        """An id made from what an item says (text).

        The same at every reading, whatever stands around it.
        """
        prefix = kind.replace("_", "-")
        new = None
        while new is None or new in self.nodes:
            text = f"{words}\n{self.times[words]}".encode("utf-8", "replace")
            digest = hashlib.sha256(text).hexdigest()
            new = f"{prefix}-{digest[:10]}"
            self.times[words] += 1
        return new

    def made(self, node, kind, fields):
        """The item that these fields make (Item), kept with its node."""
        try:
            item = KINDS[kind].model_validate(fields)
        except ValidationError as error:
            where, reason = first_fault(error, kind)
            raise self.refusal(_node_at(node, where), reason) from None
        if item.id in self.nodes:
            other = self.nodes[item.id]
            line = other.value.get("id", other).line
            reason = (
                f'the id "{item.id}" stands for something else on line {line} already; give this '
                "one another id, or none."
            )
            raise self.refusal(node, reason, "id")
        self.nodes[item.id] = node
        self.found.append(item)
        return item


def _node_at(node, where):
    """The node that a path of field names and places leads to, as far as it goes."""
    for part in where:
        if isinstance(node.value, dict):
            node = node.value.get(part, node)
        elif isinstance(node.value, list) and isinstance(part, int):
            node = node.value[part]
    return node


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
