"""What is stored beside the practice network's modules, and a folder to write in."""

from contextlib import contextmanager
from functools import cache
from importlib import resources
from pathlib import Path

import yaml

from see_the_system.messages import Refusal


@cache
def stored(name):
    """What a YAML file of this package holds (lists and dicts), read once; not to be changed."""
    file = resources.files("practice_network").joinpath(name)
    return yaml.safe_load(file.read_text(encoding="utf-8"))


@contextmanager
def writable(folder):
    """A folder to write in (Path), made if need be; ``Refusal`` where it cannot be."""
    try:
        Path(folder).mkdir(parents=True, exist_ok=True)
        yield Path(folder)
    except OSError as error:
        raise Refusal(
            f"The folder {folder} cannot be written to ({error.strerror}). Name a folder you "
            "may write in."
        ) from error
