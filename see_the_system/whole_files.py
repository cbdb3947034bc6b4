"""The one way a file is written: it is there whole or not at all, whenever the writing stops."""

import os
import re
import secrets
import shutil
import time
from pathlib import Path

from see_the_system.english import plain_letters
from see_the_system.messages import Refusal

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
