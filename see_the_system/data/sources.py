"""The files a person downloads, opened as they are: zip, gz or text, one or many, in blocks of
whole lines.
"""

import gzip
import re
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

from see_the_system.messages import Refusal

BLOCK = 16 * 2**20
_AGAIN = "Download it again from the state's research-file page and add the new copy."
_SIGNATURES = {
    b"\xd0\xcf\x11\xe0": "an Excel workbook",
    b"%PDF": "a PDF",
    b"<!DO": "a web page",
    b"<!do": "a web page",
    b"<htm": "a web page",
    b"<HTM": "a web page",
}


@dataclass(frozen=True)
class Source:
    """One text inside one downloaded file: the path, and the member where the file is a zip."""

    path: Path
    member: str = ""

    @property
    def name(self):
        return f"{self.path.name} ({self.member})" if self.member else self.path.name

    @property
    def version(self):
        """The release number in the state's file name, ``..._v3.zip``; None where the name has
        none.
        """
        found = re.search(r"_v(\d+)\b", self.member or self.path.name) or re.search(
            r"_v(\d+)\b", self.path.name
        )
        return int(found.group(1)) if found else None

    def open(self):
        if self.member:
            return zipfile.ZipFile(self.path).open(self.member)
        return gzip.open(self.path) if self.path.suffix == ".gz" else self.path.open("rb")

    def blocks(self, size=BLOCK):
        """Pairs (number of the first line, bytes of whole lines), in order; ``Refusal`` where the
        file is cut off.
        """
        line, rest = 1, b""
        try:
            with self.open() as stream:
                while piece := stream.read(size):
                    piece = rest + piece
                    end = piece.rfind(b"\n") + 1
                    rest = piece[end:]
                    if end:
                        yield line, piece[:end]
                        line += piece.count(b"\n", 0, end)
        except (zipfile.BadZipFile, zlib.error, EOFError) as fault:
            raise Refusal(
                f"{self.name} is cut off or damaged near line {line}: the whole file was "
                f"expected. {_AGAIN}"
            ) from fault
        if rest:
            yield line, rest

    def header(self):
        """The first line as text, without its line end; ``Refusal`` for what is no text table at
        all.
        """
        with self.open() as stream:
            try:
                start = stream.read(65536)
            except (zipfile.BadZipFile, zlib.error, EOFError) as fault:
                raise Refusal(
                    f"{self.name} is cut off or damaged at its beginning. {_AGAIN}"
                ) from fault
            except gzip.BadGzipFile as fault:
                raise Refusal(
                    f"{self.name} ends in .gz but is not gzip-compressed. Rename it to what "
                    "it is, or download it again."
                ) from fault
        if not start.strip():
            raise Refusal(f"{self.name} is empty: a header line and rows were expected. {_AGAIN}")
        self._refuse_other_kinds(start)
        return as_text(start.splitlines()[0]).lstrip("\ufeff")

    def _refuse_other_kinds(self, start):
        kind = next((kind for mark, kind in _SIGNATURES.items() if start.startswith(mark)), None)
        if start.startswith(b"PK"):
            kind = "an Excel workbook or another zip renamed as text"
        elif b"\0" in start and kind is None:
            kind = "a binary or UTF-16 file"
        if kind:
            raise Refusal(
                f"{self.name} is {kind}, not the state's text file. Download the research "
                "file as delimited text (csv) and add that."
            )


def as_text(raw):
    """Bytes of one of the state's files as text: UTF-8 where someone saved it so, else cp1252, the
    state's own encoding.
    """
    for encoding in ("utf-8", "cp1252"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("latin-1")


def find(paths):
    """Every text in the files and folders named (list of Source, in name order); ``Refusal`` where
    there is none.
    """
    sources = []
    paths = [Path(p) for p in ([paths] if isinstance(paths, (str, Path)) else paths)]
    for path in paths:
        if not path.exists():
            raise Refusal(
                f"{path} is not there: a file or a folder of the state's files was expected. "
                "Check the name."
            )
        inside = (
            sorted(p for p in path.iterdir() if p.suffix.lower() in {".zip", ".txt", ".csv", ".gz"})
            if path.is_dir()
            else [path]
        )
        for file in inside:
            sources += _members(file)
    if not sources:
        raise Refusal(
            f"No .zip, .txt, .csv or .gz file in {', '.join(map(str, paths))}. Name the "
            "folder that holds the state's files."
        )
    return sources


def _members(path):
    if path.suffix.lower() != ".zip":
        return [Source(path)]
    try:
        with zipfile.ZipFile(path) as archive:
            names = sorted(
                name for name in archive.namelist() if name.lower().endswith((".txt", ".csv"))
            )
    except zipfile.BadZipFile as fault:
        raise Refusal(
            f"{path.name} is cut off or is not a zip file: the state's zip, whole, was "
            f"expected. {_AGAIN}"
        ) from fault
    if not names:
        raise Refusal(
            f"{path.name} holds no .txt or .csv file: the state's data text was expected. {_AGAIN}"
        )
    return [Source(path, name) for name in names]
