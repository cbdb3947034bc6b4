"""Where things stand on this computer, computed once."""

import os
from pathlib import Path

import platformdirs

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ROOT / "data" / "sample"
NOTEBOOKS = ROOT / "notebooks"
REPORT_TEMPLATE = NOTEBOOKS / "district_report.ipynb"


def home():
    """The folder for the local store and its caches (Path); ``SEE_THE_SYSTEM_HOME`` names another
    one.
    """
    return Path(
        os.environ.get("SEE_THE_SYSTEM_HOME")
        or platformdirs.user_data_dir("see-the-system", appauthor=False)
    )
