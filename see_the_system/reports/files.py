"""Names, whole files and fingerprints: what a folder of reports stands on."""

import hashlib
import re
import unicodedata
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, version

import filelock

from see_the_system.messages import Refusal
from see_the_system.paths import PACKAGE
from see_the_system.whole_files import PART, write_whole

LONGEST_NAME = 60
PACKAGES = ("see_the_system", "helpers")  # what a template's code runs through, side by side
SOURCES = {".py", ".j2", ".css", ".js"}


def slug(district, name):
    """The file name, without ending, of a district's report (text of a-z, 0-9 and -).

    One code, one slug: the code is always part of it, so that two districts of the same name keep
    two files; a code that is not the state's "CC-DDDDD" is marked and hashed, so that no code can
    take another's slug or a name that Windows reserves.

    >>> slug("99-10017", "Cañada/Alder Unified {K-8}")
    '99-10017-canada-alder-unified-k-8'
    """
    if not re.fullmatch(r"[0-9]{2}-[0-9]{5}", district):
        digest = hashlib.sha256(district.encode("utf-8", "surrogatepass")).hexdigest()
        district = f"x-{digest[:12]}"
    ascii_name = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    words = re.sub(r"[^a-z0-9]+", "-", ascii_name.lower()).strip("-")
    return f"{district}-{words[:LONGEST_NAME]}".strip("-")


def write_in_folder(path, content):
    """Write text or bytes to a whole file of the folder of reports, which is made if need be."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, content)
    except OSError as error:
        raise Refusal(
            f"{path} cannot be written: {error.strerror or error}. Make room or choose another "
            "folder with --out."
        ) from error


@contextmanager
def only_one_run(folder):
    """Hold a folder of reports for one run at a time.

    The system lets go of it when the run ends, however it ends.
    """
    lock = filelock.FileLock(folder / ".lock", timeout=0)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except filelock.Timeout as error:
        raise Refusal(
            f"Another run is writing reports to {folder}. Wait for it, or choose another folder "
            "with --out."
        ) from error
    except OSError as error:
        raise Refusal(
            f"Reports cannot be written to {folder}: {error.strerror or error}. Choose another "
            "folder with --out."
        ) from error
    try:
        # What a killed run left half written.
        for left in [*folder.glob(f"*{PART}"), *folder.glob(f"*/*{PART}")]:
            left.unlink(missing_ok=True)
        yield
    finally:
        lock.release()


def fingerprint(*parts):
    """A short text that changes when any of the parts changes (texts or bytes).

    "h" and 16 hexadecimal digits. It starts with a letter, because a spreadsheet program would take
    "12345e67" for a number and round it.
    """
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        digest.update(len(data).to_bytes(8, "big") + data)  # its length tells where a part ends
    return f"h{digest.hexdigest()[:16]}"


def code_version():
    """The version of the code and a fingerprint of its sources (text).

    A report made by other code is not up to date.
    """
    parts = []
    for package in PACKAGES:
        folder = PACKAGE.parent / package
        for path in sorted(folder.rglob("*")):
            if path.suffix in SOURCES:
                parts += [path.relative_to(folder.parent).as_posix(), path.read_bytes()]
    try:
        number = version("see-the-system")
    except PackageNotFoundError:
        number = "0"
    return f"{number}+{fingerprint(*parts)}"
