"""Copies of a record: taken while it is used, rotated, never a bad one for a good one."""

import os
import sqlite3
from datetime import UTC, datetime, timedelta

import pytest

from see_the_system.theory import record_files
from see_the_system.theory.kinds import Cause
from see_the_system.theory.opening import open_record
from tests.theory.conftest import whole


def test_backups_are_taken_while_working_and_rotated(quick_disk, file):
    with open_record(file) as record:
        for n in range(450):
            record.add(Cause(parent="category-1", text=str(n)), author="Ana")
    assert [backup.number for backup in record_files.backups(file)] == [461, 261, 61, 1]
    now = datetime(2026, 3, 2, tzinfo=UTC)
    for backup in record_files.backups(file):
        backup.path.unlink()
    times = [now + timedelta(hours=hour) for hour in range(0, 24 * 14, 3)]
    for number, at in enumerate(times):
        record_files.back_up(file, number=number, identity="0a1b2c3d", at=at)
    kept = [backup.at for backup in record_files.backups(file)]
    assert kept[:5] == times[:-6:-1]
    assert len({at.date() for at in kept}) == 10 and len(kept) == 14
    assert all(whole(backup.path) for backup in record_files.backups(file))


def test_a_damaged_record_pushes_no_good_backup_out(file):
    good = [backup.path for backup in record_files.backups(file)]
    content = bytearray(file.read_bytes())
    content[8192:40_000] = os.urandom(40_000 - 8192)
    file.write_bytes(content)
    with pytest.raises(sqlite3.DatabaseError):
        record_files.back_up(file, number=999, identity="0a1b2c3d")
    assert [backup.path for backup in record_files.backups(file)] == good
    assert list(record_files.folder(file).glob("*.part")) == []
