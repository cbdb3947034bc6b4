"""Reports in a folder that a URL names: as in a folder of this machine."""

import fsspec
import pytest
from upath import UPath

from see_the_system.messages import Refusal
from see_the_system.reports.batch import run_batch
from see_the_system.reports.files import folder_of, write_in_folder
from see_the_system.reports.manifest import Manifest
from tests.browser import chromium
from tests.reports.conftest import task

OUT = "memory://reports/spring of 2025"


@pytest.fixture
def out():
    """The URL of a folder in which nothing is."""
    yield OUT
    fsspec.filesystem("memory").rm("/reports", recursive=True)


def contents(folder):
    """The bytes of each file by its path in the folder (dict)."""
    files = [path for path in folder.rglob("*") if path.is_file() and path.name != ".lock"]
    start = len(str(folder)) + 1
    return {str(path)[start:].replace("\\", "/"): path.read_bytes() for path in files}


def test_a_url_holds_what_a_folder_holds(out, template, tmp_path, same_code):
    tasks = [task(number, doing) for number, doing in enumerate(("well", "raise", "well"))]
    run_batch(template, tasks, tmp_path / "here")
    there = run_batch(template, tasks, out)
    assert (len(there.made), len(there.failed)) == (2, 1)
    here, found = contents(tmp_path / "here"), contents(UPath(out))
    assert found.keys() == here.keys()
    pages = [name for name in here if name.endswith(".html")]
    assert len(pages) == 3
    assert all(found[name] == here[name] for name in pages)
    again = run_batch(template, [*tasks, task(7)], out)
    assert (again.up_to_date, len(again.made), len(again.failed)) == (2, 1, 1)
    assert len(Manifest(out).rows) == 4


def test_a_page_behind_a_url_is_printed_there(out, template, same_code):
    outcome = run_batch(template, [task(1)], out, print_with=chromium())
    [row] = outcome.printed
    assert (UPath(out) / row.pdf).read_bytes().startswith(b"%PDF")
    assert Manifest(out).present() == [row]


def test_a_district_with_a_new_name_leaves_nothing_behind(out, template, same_code):
    run_batch(template, [task(1)], out)
    renamed = task(1, fingerprint="data-2")
    object.__setattr__(renamed, "name", "Alder Unified")
    run_batch(template, [renamed], out)
    assert [name for name in contents(UPath(out)) if name.endswith(".html")] == [
        "99-00001-alder-unified.html",
        "index.html",
    ]


def test_a_url_of_this_machine_is_a_folder(tmp_path):
    assert folder_of(tmp_path.as_uri()) == tmp_path


@pytest.mark.parametrize("url", ["nowhere://x", "ipfs://x/y"])
def test_what_nothing_writes_to_is_refused(url):
    with pytest.raises(Refusal, match=f"cannot be written to {url}"):
        folder_of(url)


def test_what_a_url_does_not_take_is_a_sentence(out, monkeypatch):
    def refuse(*_, **__):
        raise RuntimeError("403 Forbidden")

    folder = folder_of(out)
    write_in_folder(folder / "a.html", "a")
    monkeypatch.setattr(type(folder.fs), "open", refuse)
    with pytest.raises(Refusal, match=r"a\.html cannot be written: 403 Forbidden\. Make room"):
        write_in_folder(folder / "a.html", "b")
