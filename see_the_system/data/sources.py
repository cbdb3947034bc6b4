"""The files a person has, opened as they are: packed or plain, in blocks of whole lines.

What a file is shows in its first bytes, for its name may have been changed. What systems and
programs leave beside files (hidden files, resource forks, locks) is passed over.
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
_DEPTH = 3  # folders in folders: archives are unpacked into one
_CUT_OFF = (zipfile.BadZipFile, zlib.error, EOFError, lzma.LZMAError)
_AGAIN = "Download it again from the state's research-file page and add the new copy."
_UNPACK = "Unpack it on your computer and add the text file that is in it."
_SAVE_AS_TEXT = "Add the text file (csv) that the state's page gives, as it was downloaded."
_PACKED = {
    b"PK\x03\x04": zipfile,
    b"PK\x05\x06": zipfile,
    b"\x1f\x8b": gzip,
    b"BZh": bz2,
    b"\xfd7zXZ\0": lzma,
}
_PACKED_ENDINGS = (".zip", ".gz", ".bz2", ".xz")
ENDINGS = (".txt", ".csv", ".tsv", *_PACKED_ENDINGS)
_KINDS = {
    b"PK": ("an archive in an archive", _UNPACK),
    b"\xd0\xcf\x11\xe0": ("an Excel workbook", _SAVE_AS_TEXT),
    b"%PDF": ("a PDF", _SAVE_AS_TEXT),
    b"<": ("a web page", _AGAIN),
    b"{\\rtf": ("a text document with fonts (RTF)", _SAVE_AS_TEXT),
    b"7z\xbc\xaf\x27\x1c": ("a 7-Zip archive, which cannot be read here", _UNPACK),
    b"Rar!": ("a RAR archive, which cannot be read here", _UNPACK),
    b"\x28\xb5\x2f\xfd": ("packed with Zstandard, which cannot be read here", _UNPACK),
    b"PAR1": ("a Parquet file", _SAVE_AS_TEXT),
    b"SQLite format 3": ("a database", _SAVE_AS_TEXT),
}
_OFFICE = {
    "[Content_Types].xml": "an Excel workbook or another Office file",
    "mimetype": "a spreadsheet of LibreOffice, or another document",
    "Index/Document.iwa": "a spreadsheet of Numbers, or another document of an Apple program",
}
_METHODS = {9: "Deflate64", 93: "Zstandard", 95: "xz", 98: "PPMd", 99: "AES encryption"}
_READABLE = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA}
_NOT_ASCII = re.compile(rb"[^\n]*[\x80-\xff][^\n]*")  # a line that has any
_WIDE = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
# Where a name says that it is a research file, what cannot be read is told and not left out.
_THE_STATES = re.compile(r"sb_ca\d{4}|caaspp", re.IGNORECASE)
_NOT_READ = (".xlsx", ".xls", ".ods", ".numbers", ".7z", ".rar", ".tar", ".zst")


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
        return bool(_THE_STATES.search(Path(self.member or self.path).name))

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
        """How many bytes the text has, unpacked (int); of a gz, bz2 or xz, packed."""
        if not self.member:
            return self.path.stat().st_size
        with zipfile.ZipFile(self.path) as archive:
            return archive.getinfo(self.member).file_size

    def open(self):
        """The bytes of the text (a binary stream)."""
        if self.member:
            return zipfile.ZipFile(self.path).open(self.member)
        packing = _packing(_first_bytes(self.path))
        return packing.open(self.path) if packing else self.path.open("rb")

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
                f"expected. {_AGAIN}"
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
            raise Refusal(f"{self.name} is empty: a header line and rows were expected. {_AGAIN}")
        kind, what_to_do = _other_kind(start)
        if kind:
            raise Refusal(f"{self.name} is {kind}, not the state's text file. {what_to_do}")
        return as_text(start.splitlines()[0]).lstrip("\ufeff")

    def _start(self):
        try:
            return next(self._pieces(65536), b"")
        except (*_CUT_OFF, UnicodeDecodeError, OSError) as fault:
            raise Refusal(
                f"{self.name} is cut off or damaged at its beginning. {_AGAIN}"
            ) from fault


def _with_line_feeds(piece):
    """Bytes in which a carriage return alone ends no line."""
    returns = piece.count(b"\r")
    if returns and returns != piece.count(b"\r\n"):
        piece = piece.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return piece


def _first_bytes(path, count=512):
    with path.open("rb") as stream:
        return stream.read(count)


def _packing(start):
    """The module that opens what begins so (zipfile, gzip, bz2 or lzma), None for plain bytes."""
    return next((module for mark, module in _PACKED.items() if start.startswith(mark)), None)


def _other_kind(start):
    """What a file is that begins so and is no text, and what to do (two texts, "" for a text)."""
    for mark, kind in _KINDS.items():
        if start.lstrip().startswith(mark):
            return kind
    if start[257:262] == b"ustar":
        return "a tar archive", _UNPACK
    if b"\0" in start:
        return "a file of another program", _SAVE_AS_TEXT
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


def as_paths(paths):
    """One path or several as a list (of Path)."""
    return [Path(path) for path in ([paths] if isinstance(paths, (str, Path)) else paths)]


def find(paths):
    """Every text in the files and folders named (list of Source, in name order).

    Of a folder, and of the folders in it, all that may be research files; what cannot be opened is
    there with its ``problem``. ``Refusal`` where there is none.
    """
    found = []
    paths = as_paths(paths)
    for path in paths:
        if not _is_there(path):
            raise Refusal(
                f"{path} is not there: a file or a folder of the state's files was expected. "
                "Check the name."
            )
        if path.is_dir():
            for file in _inside(path, _DEPTH):
                ending = file.suffix.lower()
                of_the_state = _THE_STATES.search(file.name) and ending in ("", *_NOT_READ)
                if ending in ENDINGS or of_the_state:
                    found += _texts(file, named=False)
        else:
            found += _texts(path, named=True)
    if not found:
        places = ", ".join(str(path) for path in paths)
        raise Refusal(
            f"No .zip, .txt, .csv or .gz file in {places}. Name the "
            "folder that holds the state's files."
        )
    return found


def _is_there(path):
    try:
        return path.exists()
    except OSError:  # a name that is too long for the system
        return False


def _inside(folder, depth):
    """The files of a folder, and of those in it, in name order; not what is left beside files."""
    try:
        paths = sorted(folder.iterdir())
    except OSError as fault:
        raise Refusal(
            f"The folder {folder} cannot be read: {fault.strerror or fault}. Name the files "
            "themselves, or another folder."
        ) from fault
    for path in paths:
        if is_left_beside(path.name):
            continue
        is_broken_link = path.is_symlink() and not _is_there(path)
        if path.is_file() or is_broken_link:
            yield path
        elif depth > 1 and path.is_dir():
            yield from _inside(path, depth - 1)


def is_left_beside(name):
    """Whether systems and programs leave what is so named beside files (bool).

    Hidden files and resource forks, the folder of these in an archive, locks, half downloads.
    """
    parts = [part for part in name.replace("\\", "/").split("/") if part not in (".", "..")]
    beside = any(part.startswith((".", "~$", "__MACOSX")) for part in parts)
    return beside or name.endswith((".part", ".crdownload", ".download", ".tmp"))


def _texts(path, named):
    """The texts of one file (list of Source)."""
    try:
        start = _first_bytes(path)
    except OSError as fault:
        problem = (
            f"{path.name} cannot be opened: {fault.strerror or fault}. Close it in other programs, "
            "or copy it to a folder of your own, and add the copy."
        )
        return [Source(path, named=named, problem=problem)]
    if _packing(start) is zipfile:
        return _members(path, named)
    if path.suffix.lower() == ".zip" and not any(map(start.startswith, _KINDS)):
        return [Source(path, named=named, problem=_damaged(path))]
    return [Source(path, named=named)]


def _members(path, named):
    """The texts in a zip (list of Source); the archive itself with its problem where it has one."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = [each for each in archive.infolist() if not each.is_dir()]
    except zipfile.BadZipFile:
        return [Source(path, named=named, problem=_damaged(path))]
    names = {member.filename for member in members}
    kinds = [kind for mark, kind in _OFFICE.items() if mark in names]
    if kinds:
        problem = f"{path.name} is {kinds[0]}, not the state's text file. {_SAVE_AS_TEXT}"
        return [Source(path, named=named, problem=problem)]
    members = [member for member in members if not is_left_beside(member.filename)]
    found = []
    for member in sorted(members, key=lambda member: member.filename):
        name = member.filename
        ending = Path(name).suffix.lower()
        problem = _locked(path, member)
        if ending in (*_PACKED_ENDINGS, *_NOT_READ) or (not ending and _THE_STATES.search(name)):
            problem = problem or (
                f"{path.name} holds {name}, which cannot be read inside it. Unpack it on your "
                "computer, and add what is in it."
            )
        elif ending not in ENDINGS:
            continue
        found.append(Source(path, name, problem=problem))
    if not found:
        problem = (
            f"{path.name} holds no .txt or .csv file: the state's data text was expected. {_AGAIN}"
        )
        return [Source(path, named=named, problem=problem)]
    texts = [source for source in found if not source.problem]
    # The one text of an archive is what was meant by naming it; where there is none, all is told.
    meant = texts if len(texts) == 1 else [] if texts else found
    return [dataclasses.replace(each, named=named and each in meant) for each in found]


def _damaged(path):
    return (
        f"{path.name} is cut off or is not a zip file: the state's zip, whole, was expected. "
        f"{_AGAIN}"
    )


def _locked(path, member):
    """Why a text in a zip cannot be read (a sentence, "" where it can be)."""
    if member.flag_bits & 1:
        return (
            f"{path.name} is protected by a password. Open it on your computer with the password, "
            "and add the text file that is in it."
        )
    if member.compress_type not in _READABLE:
        method = _METHODS.get(member.compress_type, f"method {member.compress_type}")
        return (
            f"{path.name} is packed with {method}, which cannot be read here. Unpack it on your "
            "computer and add the text file that is in it."
        )
    return ""
