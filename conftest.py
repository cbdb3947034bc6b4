"""Tests read the practice network through a store of their own, never through the one of whoever
runs them.
"""

import os
from pathlib import Path

os.environ["SEE_THE_SYSTEM_HOME"] = str(Path(__file__).parent / ".pytest_cache" / "home")
