"""Where things stand on this computer, computed once."""

import os
from pathlib import Path

import platformdirs

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
