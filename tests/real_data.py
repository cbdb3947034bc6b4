"""Where the state's own files are: a folder named by ``SEE_THE_SYSTEM_REAL_DATA``."""

import os
from pathlib import Path

import pytest

FOLDER = Path(os.environ.get("SEE_THE_SYSTEM_REAL_DATA") or "not named")
needed = pytest.mark.skipif(
    not FOLDER.is_dir(),
    reason="needs the state's own files: name their folder in SEE_THE_SYSTEM_REAL_DATA",
)
