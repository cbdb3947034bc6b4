"""Finds the texts of what a person names: files, archives, folders with whatever is in them.

What systems and programs leave beside files (hidden files, resource forks, locks) is passed over;
what cannot be opened is there, with a sentence that says why.
"""

import dataclasses
import re
import zipfile
import zlib
from contextlib import suppress
from pathlib import Path

from see_the_system.data.indicators import is_named_as_indicators
from see_the_system.data.sources import (
    AGAIN,
    KINDS,
    SAVE_AS_TEXT,
    THE_STATES,
    Source,
    first_bytes,
    packing,
)
from see_the_system.messages import Refusal

_DEPTH = 3  # folders in folders: archives are unpacked into one
_PACKED_ENDINGS = (".zip", ".gz", ".bz2", ".xz")
ENDINGS = (".txt", ".csv", ".tsv", *_PACKED_ENDINGS)
_OFFICE = {
    "[Content_Types].xml": "an Excel workbook or another Office file",
    "mimetype": "a spreadsheet of LibreOffice, or another document",
    "Index/Document.iwa": "a spreadsheet of Numbers, or another document of an Apple program",
}
_METHODS = {9: "Deflate64", 93: "Zstandard", 95: "xz", 98: "PPMd", 99: "AES encryption"}
_READABLE = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA}
NOT_READ = (".xlsx", ".xls", ".ods", ".numbers", ".7z", ".rar", ".tar", ".zst")
_WORKBOOKS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".numbers")
# Where the texts of a workbook stand in its archive, and columns by which it is of indicators.
_TEXTS_OF_WORKBOOK = {"xl/sharedStrings.xml", "xl/worksheets/sheet1.xml", "content.xml"}
_MOST_OF_WORKBOOK = 2**22  # bytes of each of them that are looked at
_OF_INDICATORS = (
    (rb"\bstudentgroup\b", rb"\brtype\b"),
    (rb"\breporting ?category\b", rb"\baggregate ?level\b"),
)


def as_paths(paths):
    """One path or several as a list (of Path)."""
    return [Path(path) for path in ([paths] if isinstance(paths, (str, Path)) else paths)]


def find(paths):
    """Every text in the files and folders named (list of Source, in name order).

    Of a folder, and of the folders in it, all that may be research files or files of indicators;
    what cannot be opened is there with its ``problem``. ``Refusal`` where there is none.
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
                of_the_state = THE_STATES.search(file.name) and ending in ("", *NOT_READ)
                if ending in ENDINGS or of_the_state:
                    found += _texts(file, named=False)
                elif ending in _WORKBOOKS and _is_of_indicators(file):
                    found.append(Source(file, named=False, problem=_as_workbook(file)))
        else:
            found += _texts(path, named=True)
    if not found:
        places = ", ".join(str(path) for path in paths)
        raise Refusal(
            f"No .zip, .txt, .csv or .gz file in {places}. Name the "
            "folder that holds the state's files."
        )
    return found


def is_workbook_in_folder(source):
    """Whether a source is a workbook of indicators that stands among others in a folder (bool)."""
    return (
        bool(source.problem)
        and not source.named
        and not source.looks_like_the_states
        and source.path.suffix.lower() in _WORKBOOKS
    )


def _is_of_indicators(path):
    """Whether the name of a workbook, or columns in it, are those of indicators (bool)."""
    if is_named_as_indicators(path.stem):
        return True
    texts = b""
    # What is no archive, or is locked, shows no column: then its name alone can tell.
    with (
        suppress(OSError, zipfile.BadZipFile, zlib.error, RuntimeError),
        zipfile.ZipFile(path) as archive,
    ):
        for name in _TEXTS_OF_WORKBOOK.intersection(archive.namelist()):
            with archive.open(name) as stream:
                texts += stream.read(_MOST_OF_WORKBOOK)
    return any(
        all(re.search(column, texts, re.IGNORECASE) for column in columns)
        for columns in _OF_INDICATORS
    )


def _as_workbook(path):
    return (
        f"{path.name} is a workbook of a spreadsheet program, and a text file was expected. Save "
        "its sheet with the data as text (tab delimited) or CSV, or download the state's .txt, "
        "and add that."
    )


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


def on_offer(folder, endings=(*ENDINGS, *NOT_READ)):
    """The folders in a folder, and its files with these endings, by name (two lists of Path).

    By default those that may be the state's, and what cannot be read: who chooses it is told why.
    OSError where the folder cannot be read.
    """
    found = sorted(folder.iterdir(), key=lambda path: path.name.casefold())
    seen = [path for path in found if not is_left_beside(path.name)]
    folders = [path for path in seen if path.is_dir()]
    files = [path for path in seen if path.suffix.lower() in endings and path.is_file()]
    return folders, files


def size_in_words(path):
    """How large a file is (text)."""
    size = path.stat().st_size / 1_000_000
    return f"{size:,.0f} MB" if size >= 1 else "under 1 MB"


def downloads_folder():
    """Where browsers put what is downloaded (Path); the home folder where that is not there."""
    downloads = Path.home() / "Downloads"
    return downloads if downloads.is_dir() else Path.home()


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
        start = first_bytes(path)
    except OSError as fault:
        problem = (
            f"{path.name} cannot be opened: {fault.strerror or fault}. Close it in other programs, "
            "or copy it to a folder of your own, and add the copy."
        )
        return [Source(path, named=named, problem=problem)]
    if packing(start) is zipfile:
        return _members(path, named)
    if path.suffix.lower() == ".zip" and not any(map(start.startswith, KINDS)):
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
        problem = f"{path.name} is {kinds[0]}, not the state's text file. {SAVE_AS_TEXT}"
        return [Source(path, named=named, problem=problem)]
    members = [member for member in members if not is_left_beside(member.filename)]
    found = []
    for member in sorted(members, key=lambda member: member.filename):
        name = member.filename
        ending = Path(name).suffix.lower()
        problem = _locked(path, member)
        if ending in (*_PACKED_ENDINGS, *NOT_READ) or (not ending and THE_STATES.search(name)):
            problem = problem or (
                f"{path.name} holds {name}, which cannot be read inside it. Unpack it on your "
                "computer, and add what is in it."
            )
        elif ending not in ENDINGS:
            continue
        found.append(Source(path, name, problem=problem))
    if not found:
        problem = (
            f"{path.name} holds no .txt or .csv file: the state's data text was expected. {AGAIN}"
        )
        return [Source(path, named=named, problem=problem)]
    texts = [source for source in found if not source.problem]
    # The one text of an archive is what was meant by naming it; where there is none, all is told.
    meant = texts if len(texts) == 1 else [] if texts else found
    return [dataclasses.replace(each, named=named and each in meant) for each in found]


def _damaged(path):
    return (
        f"{path.name} is cut off or is not a zip file: the state's zip, whole, was expected. "
        f"{AGAIN}"
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


def left_by_refusal(paths, added):
    """What became of the other files where one was refused (a sentence, "" where there was one).

    paths: the files that were to be added; added: what is said of those that were.
    """
    if len(paths) == 1:
        return ""
    which = "What was added stays" if added else "None of the other files was added"
    return f"{which}. Choose the files again without that one, or with a new copy of it."


def left_out(others):
    """What is said of sources that are none of the state's files (text)."""
    names = [source.name for source in others]
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    are = "it is no research file" if len(names) == 1 else "they are no research files"
    return f"Left out, for {are} of the state's tests: {', '.join(names[:3])}{more}."
