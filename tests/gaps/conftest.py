"""The stores that questions are asked of."""

import pytest

from see_the_system.data.store import Store, open_store
from see_the_system.paths import SAMPLE
from tests import raw_files as raw


@pytest.fixture(scope="session")
def network():
    return open_store(SAMPLE)


@pytest.fixture
def made(tmp_path):
    """Gives a store of these rows; called again, adds them as the next version of the same file."""
    versions = iter("1234")

    def add(rows, county=19):
        path = raw.write(
            tmp_path, "D", rows, name=f"sb_ca2024_all_{county}_csv_v{next(versions)}.txt"
        )
        store = Store(tmp_path / "store")
        store.add([path])
        return store

    return add
