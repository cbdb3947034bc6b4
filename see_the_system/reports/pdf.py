"""Pages on paper: printed by the Chromium, Chrome or Edge that is already on the machine."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from see_the_system.messages import Refusal
from see_the_system.reports.kernels import kill
from see_the_system.whole_files import PART, replace

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
    page, pdf = Path(page).resolve(), Path(pdf).resolve()
    part = pdf.with_name(pdf.name + PART)
    with tempfile.TemporaryDirectory(prefix="sts-print-", ignore_cleanup_errors=True) as profile:
        folders = (f"--user-data-dir={profile}", f"--print-to-pdf={part}")
        try:
            _run([browser, *FLAGS, *_sandbox(), *folders, page.as_uri()], page.name)
        except OSError as error:
            raise Refusal(
                f"{browser} cannot be started: {error.strerror or error}. Open {page.name} in a "
                "browser and print it to PDF there."
            ) from error
    if not part.is_file() or not part.read_bytes().startswith(b"%PDF"):
        part.unlink(missing_ok=True)
        raise Refusal(
            f"{Path(browser).name} did not print {page.name}. Open the page in a browser and print "
            "it to PDF there."
        )
    replace(part, pdf)


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
