"""Disks that are full and files that may not grow: a report that does not fit is one row."""

import json
import subprocess
import sys
from contextlib import contextmanager

import pytest

from see_the_system.messages import Refusal
from see_the_system.reports.batch import run_batch
from see_the_system.reports.template import Template
from tests.reports.conftest import code, rows, task, write_template
from tests.theory.disks import small_disk

LARGE = "if doing == 'large': print('x' * 3_000_000)"

# A batch whose files, and those of its kernels, may not be larger than a megabyte.
RUN = """
import json, resource, sys
from see_the_system.reports.batch import run_batch
from see_the_system.reports.template import Template
from tests.reports.conftest import task
resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))
tasks = [task(1), task(2, "large"), task(3)]
outcome = run_batch(Template(sys.argv[1]), tasks, sys.argv[2])
print(json.dumps([len(outcome.made), [row.reason for row in outcome.failed]]))
"""


@pytest.fixture
def template(tmp_path):
    return Template(write_template(tmp_path / "template.ipynb", code(LARGE)))


@contextmanager
def disk(folder, kilobytes):
    if not small_disk(folder, kilobytes):
        pytest.skip("this user may not mount a small disk")
    try:
        yield folder / "out"
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def one_is_missing(out, failed):
    """Two reports are whole, the second is a row with its reason, and nothing is half written."""
    (reason,) = failed
    assert reason.startswith(f"{out}/notebooks/99-00002-district-2.ipynb cannot be written: ")
    assert reason.endswith("Make room or choose another folder with --out.")
    by_district = rows(out)
    states = {district: row["status"] for district, row in by_district.items()}
    assert states == {"99-00001": "done", "99-00002": "failed", "99-00003": "done"}
    assert by_district["99-00002"]["page"] == by_district["99-00002"]["notebook"] == ""
    assert len(list(out.glob("99-*.html"))) == 2
    assert not list(out.rglob("*.part")) and not list(out.rglob("*00002*"))
    assert "cannot be written" in (out / "index.html").read_text(encoding="utf-8")


@pytest.mark.skipif(sys.platform != "linux", reason="limits of a process as Linux has them")
def test_what_is_too_large_for_a_file_is_one_row(template, tmp_path):
    out = tmp_path / "out"
    command = [sys.executable, "-c", RUN, template.path, out]
    told = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    made, failed = json.loads(told)
    assert made == 2
    one_is_missing(out, failed)


def test_what_does_not_fit_on_the_disk_is_one_row(template, tmp_path):
    with disk(tmp_path / "disk", 2_000) as out:
        outcome = run_batch(template, [task(1), task(2, "large"), task(3)], out)
        one_is_missing(out, [row.reason for row in outcome.failed])


def test_a_run_without_any_room_says_so_and_the_next_makes_all(template, tmp_path):
    with disk(tmp_path / "disk", 2_000) as out:
        out.mkdir()
        filler = out.parent / "filler"
        filler.write_bytes(bytes(2_000 * 1024 - 16_384))
        with pytest.raises(Refusal, match=r"cannot be written: .* Make room"):
            run_batch(template, [task(number) for number in range(3)], out)
        assert not list(out.rglob("*.part")) and not list(out.glob("99-*.html"))
        filler.unlink()
        outcome = run_batch(template, [task(number) for number in range(3)], out)
        assert (len(outcome.made), outcome.failed) == (3, ())
