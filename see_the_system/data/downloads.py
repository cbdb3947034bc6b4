"""Finds the texts of what a person names: files, archives, folders with whatever is in them.

What systems and programs leave beside files (hidden files, resource forks, locks) is passed over;
what cannot be opened is there, with a sentence that says why.
"""

import dataclasses
import zipfile
from pathlib import Path

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
                of_the_state = THE_STATES.search(file.name) and ending in ("", *NOT_READ)
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


def left_out(others):
    """What is said of sources that are none of the state's files (text)."""
    names = [source.name for source in others]
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    are = "it is no research file" if len(names) == 1 else "they are no research files"
    return f"Left out, for {are} of the state's tests: {', '.join(names[:3])}{more}."
