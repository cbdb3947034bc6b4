import pytest

from see_the_system.data import caaspp
from see_the_system.data.store import Store
from see_the_system.messages import Refusal
from tests import raw_files as raw


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "store")


@pytest.fixture
def refused_with(tmp_path):
    """A function that spoils a good file and holds what is said of it: one sentence, its name."""

    def check(spoil, expected):
        path = raw.write(tmp_path, "C")
        spoil(path)
        with pytest.raises(Refusal, match=expected) as caught:
            caaspp.read(path)
        sentence = str(caught.value)
        assert path.name in sentence and "\n" not in sentence and len(sentence) < 400

    return check
