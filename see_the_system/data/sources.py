"""The files a person downloads, opened as they are: zip, gz or text, in blocks of whole lines."""

import gzip
import re
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from see_the_system.messages import Refusal

BLOCK = 16 * 2**20
_ENDINGS = {".zip", ".txt", ".csv", ".gz"}
_CUT_OFF = (zipfile.BadZipFile, zlib.error, EOFError)
_AGAIN = "Download it again from the state's research-file page and add the new copy."
_SIGNATURES = {
    b"PK": "an Excel workbook or another zip renamed as text",
    b"\xd0\xcf\x11\xe0": "an Excel workbook",
    b"%PDF": "a PDF",
    b"<!DO": "a web page",
    b"<!do": "a web page",
    b"<htm": "a web page",
    b"<HTM": "a web page",
}


@dataclass(frozen=True)
class Source:
    """One text inside one downloaded file: the path, and the member where the file is a zip.

    ``watch`` is told how many bytes of the text have been worked on, block by block.
    """

    path: Path
    member: str = ""
    watch: Callable | None = field(default=None, compare=False, repr=False)

    @property
    def name(self):
        return f"{self.path.name} ({self.member})" if self.member else self.path.name

    @property
    def version(self):
        """The release number in the state's file name, ``..._v3.zip``; None where it has none."""
        for name in (self.member, self.path.name):
            found = re.search(r"_v(\d+)\b", name)
            if found:
                return int(found.group(1))
        return None

    @property
    def size(self):
        """How many bytes the text has, unpacked (int); of a gz, packed."""
        if not self.member:
            return self.path.stat().st_size
        with zipfile.ZipFile(self.path) as archive:
            return archive.getinfo(self.member).file_size

    def open(self):
        if self.member:
            return zipfile.ZipFile(self.path).open(self.member)
        return gzip.open(self.path) if self.path.suffix == ".gz" else self.path.open("rb")

    def blocks(self, size=BLOCK):
        """Pairs (number of the first line, bytes of whole lines), in order.

        ``Refusal`` where the file is cut off.
        """
        line = 1
        rest = b""
        try:
            with self.open() as stream:
                while piece := stream.read(size):
                    piece = rest + piece
                    end = piece.rfind(b"\n") + 1
                    rest = piece[end:]
                    if end:
                        yield line, piece[:end]
                        line += piece.count(b"\n", 0, end)
                        if self.watch:
                            self.watch(end)
        except _CUT_OFF as fault:
            raise Refusal(
                f"{self.name} is cut off or damaged near line {line}: the whole file was "
                f"expected. {_AGAIN}"
            ) from fault
        if rest:
            yield line, rest

    def header(self):
        """The first line as text, without its line end; ``Refusal`` for what is no text table."""
        start = self._start()
        if not start.strip():
            raise Refusal(f"{self.name} is empty: a header line and rows were expected. {_AGAIN}")
        kind = _other_kind(start)
        if kind:
            raise Refusal(
                f"{self.name} is {kind}, not the state's text file. Download the research "
                "file as delimited text (csv) and add that."
            )
        return as_text(start.splitlines()[0]).lstrip("\ufeff")

    def _start(self):
        try:
            with self.open() as stream:
                return stream.read(65536)
        except _CUT_OFF as fault:
            raise Refusal(
                f"{self.name} is cut off or damaged at its beginning. {_AGAIN}"
            ) from fault
        except gzip.BadGzipFile as fault:
            raise Refusal(
                f"{self.name} ends in .gz but is not gzip-compressed. Rename it to what "
                "it is, or download it again."
            ) from fault


def _other_kind(start):
    """What a file is that begins so and is no text (text, "" where it may be one)."""
    for mark, kind in _SIGNATURES.items():
        if start.startswith(mark):
            return kind
    return "a binary or UTF-16 file" if b"\0" in start else ""


def as_text(raw):
    """Bytes of one of the state's files as text.

    UTF-8 where someone saved it so, else cp1252, the state's own encoding.
    """
    for encoding in ("utf-8", "cp1252"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("latin-1")


def as_paths(paths):
    """One path or several as a list (of Path)."""
    return [Path(path) for path in ([paths] if isinstance(paths, (str, Path)) else paths)]


def find(paths):
    """Every text in the files and folders named (list of Source, in name order).

    ``Refusal`` where there is none.
    """
    found = []
    paths = as_paths(paths)
    for path in paths:
        if not path.exists():
            raise Refusal(
                f"{path} is not there: a file or a folder of the state's files was expected. "
                "Check the name."
            )
        files = [path]
        if path.is_dir():
            files = sorted(file for file in path.iterdir() if file.suffix.lower() in _ENDINGS)
        for file in files:
            found += _texts(file)
    if not found:
        places = ", ".join(str(path) for path in paths)
        raise Refusal(
            f"No .zip, .txt, .csv or .gz file in {places}. Name the "
            "folder that holds the state's files."
        )
    return found


def _texts(path):
    if path.suffix.lower() != ".zip":
        return [Source(path)]
    try:
        with zipfile.ZipFile(path) as archive:
            members = sorted(archive.namelist())
    except zipfile.BadZipFile as fault:
        raise Refusal(
            f"{path.name} is cut off or is not a zip file: the state's zip, whole, was "
            f"expected. {_AGAIN}"
        ) from fault
    texts = [Source(path, name) for name in members if name.lower().endswith((".txt", ".csv"))]
    if not texts:
        raise Refusal(
            f"{path.name} holds no .txt or .csv file: the state's data text was expected. {_AGAIN}"
        )
    return texts
