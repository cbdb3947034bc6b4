"""The files a person has, opened as they are: packed or plain, in blocks of whole lines.

What a file is shows in its first bytes, for its name may have been changed.
"""

import bz2
import codecs
import dataclasses
import gzip
import lzma
import re
import zipfile
import zlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from see_the_system.messages import Refusal

BLOCK = 16 * 2**20
_CUT_OFF = (zipfile.BadZipFile, zlib.error, EOFError, lzma.LZMAError)
AGAIN = "Download it again from the state's research-file page and add the new copy."
UNPACK = "Unpack it on your computer and add the text file that is in it."
SAVE_AS_TEXT = "Add the text file (csv) that the state's page gives, as it was downloaded."
_PACKED = {
    b"PK\x03\x04": zipfile,
    b"PK\x05\x06": zipfile,
    b"\x1f\x8b": gzip,
    b"BZh": bz2,
    b"\xfd7zXZ\0": lzma,
}
KINDS = {
    b"PK": ("an archive in an archive", UNPACK),
    b"\xd0\xcf\x11\xe0": ("an Excel workbook", SAVE_AS_TEXT),
    b"%PDF": ("a PDF", SAVE_AS_TEXT),
    b"<": ("a web page", AGAIN),
    b"{\\rtf": ("a text document with fonts (RTF)", SAVE_AS_TEXT),
    b"7z\xbc\xaf\x27\x1c": ("a 7-Zip archive, which cannot be read here", UNPACK),
    b"Rar!": ("a RAR archive, which cannot be read here", UNPACK),
    b"\x28\xb5\x2f\xfd": ("packed with Zstandard, which cannot be read here", UNPACK),
    b"PAR1": ("a Parquet file", SAVE_AS_TEXT),
    b"SQLite format 3": ("a database", SAVE_AS_TEXT),
}
_NOT_ASCII = re.compile(rb"[^\n]*[\x80-\xff][^\n]*")  # a line that has any
_WIDE = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
# Where a name says that it is a research file, what cannot be read is told and not left out.
THE_STATES = re.compile(r"sb_ca\d{4}|caaspp", re.IGNORECASE)


@dataclasses.dataclass(frozen=True)
class Source:
    """One text inside one file: the path, and the member where the file is a zip.

    ``watch`` is told how many bytes have been read, block by block. ``named``: a person named the
    file itself, not a folder or an archive in which it stands among others. ``problem``: why it
    cannot be opened, a sentence.
    """

    path: Path
    member: str = ""
    watch: Callable | None = dataclasses.field(default=None, compare=False, repr=False)
    named: bool = dataclasses.field(default=True, compare=False)
    problem: str = dataclasses.field(default="", compare=False)

    @property
    def name(self):
        return f"{self.path.name} ({self.member})" if self.member else self.path.name

    @property
    def looks_like_the_states(self):
        """Whether its name says that it is a research file (bool)."""
        return bool(THE_STATES.search(Path(self.member or self.path).name))

    @property
    def version(self):
        """The release number in the state's file name, ``..._v3.zip``; None where it has none."""
        for name in (self.member, self.path.name):
            found = re.search(r"[_-]v(\d+)(?![a-z0-9])", name)
            if found:
                return int(found.group(1))
        return None

    @property
    def size(self):
        """How many bytes the text has, unpacked (int); of a gz, bz2 or xz, packed."""
        if not self.member:
            return self.path.stat().st_size
        with zipfile.ZipFile(self.path) as archive:
            return archive.getinfo(self.member).file_size

    def open(self):
        """The bytes of the text (a binary stream)."""
        if self.member:
            return zipfile.ZipFile(self.path).open(self.member)
        packed = packing(first_bytes(self.path))
        return packed.open(self.path) if packed else self.path.open("rb")

    def blocks(self, size=BLOCK):
        """Pairs (number of the first line, bytes of whole lines), in order.

        Every line ends in a line feed, UTF-16 is UTF-8. ``Refusal`` where the file is cut off.
        """
        line = 1
        rest = b""
        try:
            for piece in self._pieces(size):
                piece = rest + piece
                end = piece.rfind(b"\n") + 1
                rest = piece[end:]
                if end:
                    yield line, piece[:end]
                    line += piece.count(b"\n", 0, end)
        except (*_CUT_OFF, UnicodeDecodeError, OSError) as fault:
            raise Refusal(
                f"{self.name} is cut off or damaged near line {line}: the whole file was "
                f"expected. {AGAIN}"
            ) from fault
        if rest:
            yield line, rest

    def _pieces(self, size):
        """The text piece by piece, with line feeds, in an encoding of which ASCII is a part."""
        decode = None
        held = b""
        with self.open() as stream:
            piece = stream.read(max(size, 2))
            if piece[:2] in _WIDE:
                decode = codecs.getincrementaldecoder(_WIDE[piece[:2]])().decode
            while piece:
                count = len(piece)
                more = stream.read(size)
                if decode:
                    piece = decode(piece, not more).encode()
                piece = held + piece
                # A line feed may follow in the next piece.
                held = b"\r" if piece.endswith(b"\r") and more else b""
                yield _with_line_feeds(piece[: len(piece) - len(held)])
                if self.watch:
                    self.watch(count)
                piece = more

    def header(self):
        """The first line as text, without its line end; ``Refusal`` for what is no text table."""
        if self.problem:
            raise Refusal(self.problem)
        start = self._start()
        if not start.strip():
            raise Refusal(f"{self.name} is empty: a header line and rows were expected. {AGAIN}")
        kind, what_to_do = _other_kind(start)
        if kind:
            raise Refusal(f"{self.name} is {kind}, not the state's text file. {what_to_do}")
        return as_text(start.splitlines()[0]).lstrip("\ufeff")

    def _start(self):
        try:
            return next(self._pieces(65536), b"")
        except (*_CUT_OFF, UnicodeDecodeError, OSError) as fault:
            raise Refusal(f"{self.name} is cut off or damaged at its beginning. {AGAIN}") from fault


def _with_line_feeds(piece):
    """Bytes in which a carriage return alone ends no line."""
    returns = piece.count(b"\r")
    if returns and returns != piece.count(b"\r\n"):
        piece = piece.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return piece


def first_bytes(path, count=512):
    with path.open("rb") as stream:
        return stream.read(count)


def packing(start):
    """The module that opens what begins so (zipfile, gzip, bz2 or lzma), None for plain bytes."""
    return next((module for mark, module in _PACKED.items() if start.startswith(mark)), None)


def _other_kind(start):
    """What a file is that begins so and is no text, and what to do (two texts, "" for a text)."""
    for mark, kind in KINDS.items():
        if start.lstrip().startswith(mark):
            return kind
    if start[257:262] == b"ustar":
        return "a tar archive", UNPACK
    if b"\0" in start:
        return "a file of another program", SAVE_AS_TEXT
    return "", ""


def as_text(raw):
    """Bytes of one of the state's files as text.

    UTF-8 where someone saved it so, else cp1252, the state's own encoding; line by line, for files
    are put together.
    """
    with suppress(UnicodeDecodeError):
        return raw.decode("utf-8")
    return _NOT_ASCII.sub(_in_utf_8, raw).decode("utf-8")


def _in_utf_8(line):
    for encoding in ("utf-8", "cp1252"):
        with suppress(UnicodeDecodeError):
            return line[0].decode(encoding).encode("utf-8")
    return line[0].decode("latin-1").encode("utf-8")


def watched(source, progress):
    """A source that tells, as it is read, its name and which share of it has been (Source)."""
    if not progress:
        return source
    size, read = source.size, 0

    def watch(count):
        nonlocal read
        read += count
        progress(source.name, min(1.0, read / size))

    return dataclasses.replace(source, watch=watch)
