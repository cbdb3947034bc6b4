import gzip
import shutil

import pandas as pd
import pytest

from see_the_system.data import caaspp
from see_the_system.messages import Refusal
from tests import raw_files as raw

FAULTS = {
    "a web page": (b"<html><body>404</body></html>", r"is a web page"),
    "empty": (b"", r"is empty"),
    "a spreadsheet": (
        b"PK\x03\x04 xl/workbook.xml",
        r"is cut off or is not a zip file",
    ),
    "an old spreadsheet": (b"\xd0\xcf\x11\xe0abc", r"is an Excel workbook"),
    "another program's": (b"\x01\x02\0\0\0abc", r"is a file of another program"),
    "a letter": (b"{\\rtf1 County Code}", r"is a text document with fonts"),
    "a 7-Zip archive": (b"7z\xbc\xaf\x27\x1c\0\x04", r"is a 7-Zip archive, which cannot be read"),
    "a RAR archive": (b"Rar!\x1a\x07\x01\0", r"is a RAR archive, which cannot be read"),
    "Zstandard": (b"\x28\xb5\x2f\xfd\x04", r"is packed with Zstandard, which cannot be read"),
    "a Parquet file": (b"PAR1\x15\x04", r"is a Parquet file"),
    "half of UTF-16": (raw.text("C", [raw.cells("C")]).encode("utf-16")[:-1], r"is cut off"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_is_no_text_file_is_named(refused_with, fault):
    content, expected = FAULTS[fault]
    refused_with(lambda path: path.write_bytes(content), expected)


@pytest.mark.parametrize("letter", "ABCD")
@pytest.mark.parametrize("packing", ["zip", "gz", "text", "folder"])
def test_each_packing_gives_the_same_frame(tmp_path, letter, packing):
    path = raw.write(tmp_path, letter)
    plain = caaspp.read(path)
    if packing == "zip":
        path = raw.zipped(path)
    elif packing == "gz":
        packed = tmp_path / (path.name + ".gz")
        packed.write_bytes(gzip.compress(path.read_bytes()))
        path = packed
    elif packing == "folder":
        path = tmp_path
    pd.testing.assert_frame_equal(caaspp.read(path), plain)


def test_names_in_the_data_are_cp1252_or_utf8(tmp_path):
    path = raw.write(tmp_path, "D", [raw.cells("D", district_name="Peña – Ñuñoa")])
    assert caaspp.read(path)["district_name"].tolist() == ["Peña – Ñuñoa"]
    path.write_bytes(path.read_bytes().decode("cp1252").encode("utf-8"))
    assert caaspp.read(path)["district_name"].tolist() == ["Peña – Ñuñoa"]


def test_a_zip_or_gz_that_is_cut_off(tmp_path):
    path = raw.write(tmp_path, "C", [raw.cells("C", grade=g) for g in (3, 4, 5, 6, 7, 8)])
    zipped = raw.zipped(path)
    zipped.write_bytes(zipped.read_bytes()[:-40])
    with pytest.raises(Refusal, match=r"zip is cut off or is not a zip file"):
        caaspp.read(zipped)
    packed = tmp_path / "cut.txt.gz"
    packed.write_bytes(gzip.compress(path.read_bytes())[:-30])
    with pytest.raises(Refusal, match=r"cut\.txt\.gz is cut off or damaged"):
        caaspp.read(packed)


def test_no_file_and_no_file_of_the_state(tmp_path):
    with pytest.raises(Refusal, match="is not there"):
        caaspp.read(tmp_path / "no.zip")
    shutil.rmtree(tmp_path)
    tmp_path.mkdir()
    with pytest.raises(Refusal, match=r"No \.zip, \.txt, \.csv or \.gz file"):
        caaspp.read(tmp_path)
