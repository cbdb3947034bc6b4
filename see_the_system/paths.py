"""Where things stand on this computer, and the one way a file is written: whole or not at all."""

import os
import re
import secrets
import shutil
import time
from pathlib import Path

import platformdirs

from see_the_system.messages import Refusal, plain_letters

PART = ".part"  # the ending of what is still being written; whoever finds one may delete it
_WAITS = (0, 0.1, 0.3, 1)  # seconds: a virus scanner or an indexer lets go of a file soon


def write_whole(path, content):
    """Write text (as UTF-8) or bytes to a file, on the disk before it takes the old file's place.

    A file that is there keeps its permissions. ``Refusal`` where another program holds it open,
    ``OSError`` where it cannot be written; in both cases the old file stands and no part is left.
    """
    path = Path(path)
    data = content.encode("utf-8", "replace") if isinstance(content, str) else content
    part = path.with_name(f"{path.name}.{secrets.token_hex(4)}{PART}")
    try:
        with part.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            shutil.copymode(path, part)
        replace(part, path)
    finally:
        part.unlink(missing_ok=True)


def replace(source, target):
    """Put a finished file in its place; ``Refusal`` when another program holds the old one."""
    for wait in _WAITS:
        time.sleep(wait)
        try:
            os.replace(source, target)
            return
        except PermissionError:
            continue
    raise Refusal(
        f"{target} is open in another program. Close it there and run the same command again."
    )


def name_part(words):
    """Words as a part of a file's name (text of a-z, 0-9 and -).

    >>> name_part("Cañada/Alder Unified {K-8}")
    'canada-alder-unified-k-8'
    """
    return re.sub(r"[^a-z0-9]+", "-", plain_letters(words)).strip("-")


PACKAGE = Path(__file__).resolve().parent
CHECKOUT = PACKAGE.parent
# A wheel carries the sample and the notebooks inside the package; a checkout keeps them at its top.
_IN_CHECKOUT = (CHECKOUT / "data" / "sample").is_dir()
SAMPLE = CHECKOUT / "data" / "sample" if _IN_CHECKOUT else PACKAGE / "shipped" / "sample"
NOTEBOOKS = CHECKOUT / "notebooks" if _IN_CHECKOUT else PACKAGE / "shipped" / "notebooks"
REPORT_TEMPLATE = NOTEBOOKS / "district_report.ipynb"


def home():
    """The folder for the local store and its caches (Path); ``SEE_THE_SYSTEM_HOME`` names another
    one.
    """
    named = os.environ.get("SEE_THE_SYSTEM_HOME")
    return Path(named or platformdirs.user_data_dir("see-the-system", appauthor=False))
