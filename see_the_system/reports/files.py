"""The files of a folder of reports: how they are named, written whole, and printed.

Pages are printed by the Chromium, Chrome or Edge that is already on the machine.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

import filelock

from see_the_system.messages import Refusal
from see_the_system.paths import PART, name_part, replace, write_whole
from see_the_system.reports.kernels import kill

LONGEST_NAME = 60


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
    return f"{district}-{name_part(name)[:LONGEST_NAME]}".strip("-")


def folder_of(place):
    """The folder of reports that a path or a URL names: a Path, or what has the same methods.

    ``Refusal`` for a URL that nothing installed can write to.
    """
    if not isinstance(place, str):
        return place
    if "://" not in place:
        return Path(place)
    try:
        from upath import UPath

        folder = UPath(place)
        is_here = "file" in folder.fs.protocol
    except Exception as error:
        raise Refusal(
            f"Reports cannot be written to {place}: {error}. Give a folder, or a URL that fsspec "
            "writes to, with what it needs installed: pip install 'see-the-system[dask]'"
        ) from error
    return Path(folder.path) if is_here else folder


def write_in_folder(path, content):
    """Write text or bytes to a whole file of the folder of reports, which is made if need be."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(path, Path):
            write_whole(path, content)
        else:  # behind a URL a file is there when all of it has come
            data = content.encode("utf-8", "replace") if isinstance(content, str) else content
            path.write_bytes(data)
    except _faults(path) as error:
        raise Refusal(
            f"{path} cannot be written: {_why(error)}. Make room or choose another folder with "
            "--out."
        ) from error


def remove_from_folder(path):
    """Take a file away if it is there; ``Refusal`` where it stays."""
    try:
        path.unlink(missing_ok=True)
    except _faults(path) as error:
        raise Refusal(
            f"{path} cannot be removed: {_why(error)}. Close it in other programs, and run the "
            "same command again."
        ) from error


def is_in_folder(path):
    """Whether a file is there (bool)."""
    try:
        return path.is_file()
    except _faults(path):
        return False


def _faults(place):
    """What can go wrong there: behind a URL each kind of place has errors of its own."""
    return OSError if isinstance(place, Path) else Exception


def _why(error):
    return getattr(error, "strerror", None) or error


@contextmanager
def only_one_run(folder):
    """Hold a folder of reports for one run at a time; one behind a URL nobody can hold.

    The system lets go of it when the run ends, however it ends.
    """
    if not isinstance(folder, Path):
        write_in_folder(folder / ".lock", "")  # whether anything can be written there
        yield
        return
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
            f"Reports cannot be written to {folder}: {_why(error)}. Choose another "
            "folder with --out."
        ) from error
    try:
        # What a killed run left half written.
        for left in [*folder.glob(f"*{PART}"), *folder.glob(f"*/*{PART}")]:
            left.unlink(missing_ok=True)
        yield
    finally:
        lock.release()


ON_PATH = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
    "microsoft-edge-stable",
    "msedge",
)
MAC = ("Google Chrome", "Chromium", "Microsoft Edge")
WINDOWS = (
    "Google/Chrome/Application/chrome.exe",
    "Chromium/Application/chrome.exe",
    "Microsoft/Edge/Application/msedge.exe",
)
HOW_TO_GET_ONE = (
    "PDF needs Chromium, Google Chrome or Microsoft Edge, and none was found: install one of them "
    "and run the same command again, or open a page in any browser and print it to PDF there."
)
FLAGS = (
    "--headless",
    "--disable-gpu",
    "--no-pdf-header-footer",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-extensions",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--metrics-recording-only",
)
LONGEST_PRINT = 120  # seconds


def find_browser():
    """The path of a browser that prints (text), or None."""
    for path in [*map(shutil.which, ON_PATH), *_usual_places()]:
        if path and Path(path).is_file():
            return str(path)
    return None


def _usual_places():
    if sys.platform == "darwin":
        folders = ("/Applications", Path.home() / "Applications")
        places = [f"{app}.app/Contents/MacOS/{app}" for app in MAC]
    elif os.name == "nt":
        roots = ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")
        folders = filter(None, map(os.environ.get, roots))
        places = WINDOWS
    else:
        return []
    return [Path(folder, place) for folder in folders for place in places]


def print_page(browser, page, pdf):
    """Print one page to a PDF that is there whole or not at all.

    ``Refusal`` when the browser does not do it.
    """
    if not isinstance(page, Path):
        _print_afar(browser, page, pdf)
        return
    page, pdf = page.resolve(), pdf.resolve()
    part = pdf.with_name(pdf.name + PART)
    try:
        _print(browser, page, part)
        if not part.is_file() or not part.read_bytes().startswith(b"%PDF"):
            raise Refusal(
                f"{Path(browser).name} did not print {page.name}. Open the page in a browser and "
                "print it to PDF there."
            )
        replace(part, pdf)
    finally:
        part.unlink(missing_ok=True)


def _print_afar(browser, page, pdf):
    """The same where both are behind a URL."""
    with tempfile.TemporaryDirectory(prefix="sts-print-") as folder:
        here = Path(folder) / page.name
        try:
            here.write_bytes(page.read_bytes())
        except Exception as error:
            raise Refusal(f"{page} cannot be read to print it: {_why(error)}.") from error
        print_page(browser, here, here.with_suffix(".pdf"))
        write_in_folder(pdf, here.with_suffix(".pdf").read_bytes())


def _print(browser, page, part):
    with tempfile.TemporaryDirectory(prefix="sts-print-", ignore_cleanup_errors=True) as profile:
        folders = (f"--user-data-dir={profile}", f"--print-to-pdf={part}")
        try:
            _run([browser, *FLAGS, *_sandbox(), *folders, page.as_uri()], page.name)
        except OSError as error:
            raise Refusal(
                f"{browser} cannot be started: {error.strerror or error}. Open {page.name} in a "
                "browser and print it to PDF there."
            ) from error


def _sandbox():
    """Chromium runs as root, as in a container, without its sandbox or not at all."""
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    return ["--no-sandbox"] if root else []


def _run(command, name):
    nothing = subprocess.DEVNULL
    process = subprocess.Popen(
        command, stdin=nothing, stdout=nothing, stderr=nothing, start_new_session=True
    )
    with process:
        try:
            process.wait(LONGEST_PRINT)
        except subprocess.TimeoutExpired:
            raise Refusal(
                f"Printing {name} took longer than {LONGEST_PRINT} seconds and was stopped."
            ) from None
        finally:
            kill(process)
