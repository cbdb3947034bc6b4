"""The README's picture of a fishbone being edited: ``python docs/editing_picture.py`` takes it.

The real editor, in the real Voila and Chromium that the tests use.
"""

import sys
import tempfile
from pathlib import Path

from PIL import Image

FOLDER = Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER.parent))

from see_the_system.paths import SAMPLE  # noqa: E402
from see_the_system.theory.exchange import read  # noqa: E402
from tests.editor.conftest import open_room  # noqa: E402
from tests.editor.steps import plus, row, saved  # noqa: E402

WORDS = "Support sections are taught in the room beside, and nobody sees both"


def take(page, path):
    """A cause is being written on the worked example's fishbone, while another is chosen."""
    page.wait_for_timeout(1_000)
    saved(page)
    row(page, "Support takes students out").click()
    plus(page, "Add a cause to Time").click()
    page.locator(".sts-text").fill(WORDS)
    page.locator(".sts").screenshot(path=path, animations="disabled")
    with Image.open(path) as taken:
        taken.quantize(160).save(path, optimize=True)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder, open_room(folder) as room:
        room.lesson("picture", read(SAMPLE / "theory.yaml"))
        with room.page("picture", who="Noor", width=1360, height=900) as page:
            take(page, FOLDER / "editing.png")
