"""The state's files after a spreadsheet, an archive program or a mail had them in its hands."""

import bz2
import csv
import gzip
import io
import lzma
import tarfile
import unicodedata
import zipfile

import pandas as pd
import pytest

from see_the_system.data import caaspp
from see_the_system.data.store import Store
from see_the_system.messages import Refusal
from tests import raw_files as raw

NAMES = {"district_name": "Peñasco Unified", "school_name": 'Ñuñoa "El Roble", Main'}


def written(folder, letter="D"):
    """A file of the state's with names, hidden results and large numbers (its path)."""
    names = NAMES if letter == "D" else {}
    rows = raw.district_rows(letter, **names)
    rows += [
        raw.cells(letter, grade=5, levels="*", tested=7, enrolled=8, **names),
        raw.cells(letter, grade=4, levels="", n=0, **names),
        raw.cells(letter, grade=3, levels=(1210, 808, 707, 505), **names),
    ]
    return raw.write(folder, letter, rows)


def table(path):
    """The cells of such a file (list of lists)."""
    text = path.read_bytes().decode("cp1252")
    if "^" in text:
        return [line.split("^") for line in text.splitlines()]
    return list(csv.reader(io.StringIO(text)))


def saved(rows, delimiter, *, encoding="utf-8", end="\r\n"):
    """Rows as a spreadsheet program saves them (bytes)."""
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=end).writerows(rows)
    return out.getvalue().encode(encoding)


def without_zeros(cell):
    """A number as a spreadsheet shows it: no zeros before it, none behind the decimal point."""
    if not cell.replace(".", "", 1).isdigit():
        return cell
    return f"{float(cell):.10g}"


def as_numbers(rows):
    return [rows[0], *([without_zeros(cell) for cell in row] for row in rows[1:])]


def with_thousands(cell):
    return f"{int(cell):,}" if cell.isdigit() and len(cell) == 4 and cell[0] != "2" else cell


def with_commas(rows):
    return [rows[0], *([with_thousands(cell) for cell in row] for row in rows[1:])]


def decimal_commas(rows):
    names = ("District Name", "School Name")
    text = {place for place, name in enumerate(rows[0]) if name in names}
    return [
        rows[0],
        *(
            [cell if n in text else cell.replace(".", ",") for n, cell in enumerate(row)]
            for row in as_numbers(rows)[1:]
        ),
    ]


def with_empty_rows(rows):
    nothing = [""] * len(rows[0])
    return [*rows[:3], nothing, *rows[3:], nothing, nothing]


def without_last_cells(rows):
    """The empty cells at the end of a line are not saved."""
    short = []
    for number, row in enumerate([[*row, "", ""] for row in rows]):
        end = len(row)
        while number and end and not row[end - 1]:
            end -= 1
        short.append(row[:end])
    return short


RESAVED = {
    "with commas": lambda rows: saved(as_numbers(rows), ","),
    "with a mark before it": lambda rows: saved(as_numbers(rows), ",", encoding="utf-8-sig"),
    "with commas, as Windows saves": lambda rows: saved(as_numbers(rows), ",", encoding="cp1252"),
    "with tabs": lambda rows: saved(as_numbers(rows), "\t"),
    "as Unicode text": lambda rows: saved(as_numbers(rows), "\t", encoding="utf-16"),
    "as Unicode text, big end first": lambda rows: (
        b"\xfe\xff" + saved(rows, "\t", encoding="utf-16-be")
    ),
    "with semicolons and decimal commas": lambda rows: saved(decimal_commas(rows), ";"),
    "with commas for thousands": lambda rows: saved(with_commas(rows), ","),
    "with empty rows": lambda rows: saved(with_empty_rows(rows), ","),
    "without empty cells at the end": lambda rows: saved(without_last_cells(rows), ","),
    "as an old Mac saves": lambda rows: saved(rows, ",", end="\r"),
    "with line feeds": lambda rows: saved(rows, ",", end="\n"),
    "with names in two parts": lambda rows: unicodedata.normalize(
        "NFD", saved(rows, ",").decode()
    ).encode(),
    "with spaces in the header": lambda rows: saved(
        [[f" {name} " for name in rows[0]], *rows[1:]], ","
    ),
    "with a lower-case header": lambda rows: saved(
        [[name.lower() for name in rows[0]], *rows[1:]], ","
    ),
}


@pytest.mark.parametrize("letter", "ABCD")
@pytest.mark.parametrize("how", RESAVED)
def test_what_a_spreadsheet_program_saved_says_the_same(tmp_path, letter, how):
    path = written(tmp_path, letter)
    plain = caaspp.read(path)
    path.write_bytes(RESAVED[how](table(path)))
    pd.testing.assert_frame_equal(caaspp.read(path), plain)


@pytest.mark.parametrize("end", [b"\r", b"\n"])
def test_line_ends_of_other_systems_and_mixed_ones(tmp_path, end):
    path = written(tmp_path)
    plain = caaspp.read(path)
    content = path.read_bytes()
    path.write_bytes(content.replace(b"\r\n", end))
    pd.testing.assert_frame_equal(caaspp.read(path), plain)
    half = len(content) // 2
    path.write_bytes(content[:half] + content[half:].replace(b"\r\n", end))
    pd.testing.assert_frame_equal(caaspp.read(path), plain)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_what_stands_in_quotation_marks_counts_as_one_column(tmp_path, delimiter):
    """With any delimiter, where a line has a column too many."""
    path = raw.write(tmp_path, "B")
    rows = [*csv.reader(io.StringIO(path.read_text(encoding="cp1252")))]
    rows[1][3] = f"a{delimiter}b"
    rows[1].append("more")
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows(rows)
    path.write_text(text.getvalue(), encoding="cp1252", newline="")
    with pytest.raises(Refusal, match="line 2: 33 columns stand there and 32 were expected"):
        caaspp.read(path)


@pytest.mark.parametrize("size", [3, 100, 1000])
@pytest.mark.parametrize("encoding", ["cp1252", "utf-16"])
def test_wherever_a_block_ends_the_lines_are_whole(tmp_path, monkeypatch, size, encoding):
    path = written(tmp_path)
    plain = caaspp.read(path)
    path.write_bytes(path.read_bytes().decode("cp1252").replace("\r\n", "\r").encode(encoding))
    monkeypatch.setattr("see_the_system.data.sources.Source.blocks.__defaults__", (size,))
    pd.testing.assert_frame_equal(caaspp.read(path), plain)


def test_a_line_that_is_cut_off_is_not_filled_up(tmp_path):
    path = raw.write(tmp_path, "B")
    content = path.read_bytes().rstrip()
    path.write_bytes(content[: content.rindex(b",")])
    with pytest.raises(Refusal, match="line 2: 31 columns stand there and 32 were expected"):
        caaspp.read(path)


def test_the_line_of_a_fault_is_told_below_empty_rows(tmp_path):
    path = raw.write(tmp_path, "B", [raw.cells("B"), raw.cells("B", grade="8th")])
    rows = table(path)
    path.write_bytes(saved([*rows[:2], [""] * len(rows[0]), rows[2]], ","))
    with pytest.raises(Refusal, match="line 4, column 'Grade': '8th'"):
        caaspp.read(path, districts=["19-64733"])


def test_a_name_typed_in_two_parts_finds_its_district(tmp_path, store):
    path = written(tmp_path)
    store.add(path)
    found = store.districts()
    from see_the_system.data import codes

    assert set(found["name"]) == {"Peñasco Unified"}
    with pytest.raises(Refusal, match="2 districts are called"):
        codes.district_named(found, unicodedata.normalize("NFD", "Peñasco Unified"))


def test_packed_by_other_programs_and_under_other_names(tmp_path):
    path = written(tmp_path)
    plain = caaspp.read(path)
    content = path.read_bytes()
    packed = {
        "a.txt.bz2": bz2.compress(content),
        "b.txt.xz": lzma.compress(content),
        "c.txt": gzip.compress(content),
        "d.GZ": gzip.compress(content),
        "e.TXT": content,
        "no ending": content,
    }
    for name, data in packed.items():
        (tmp_path / name).write_bytes(data)
        pd.testing.assert_frame_equal(caaspp.read(tmp_path / name), plain)
    for method in (zipfile.ZIP_STORED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        for name in ("f.zip", "g.ZIP", "h.txt"):
            with zipfile.ZipFile(tmp_path / name, "w", method) as archive:
                archive.writestr(f"folder/{path.name}", content)
            pd.testing.assert_frame_equal(caaspp.read(tmp_path / name), plain)


def test_what_systems_leave_in_an_archive_is_passed_over(tmp_path):
    path = written(tmp_path)
    plain = caaspp.read(path)
    archive = tmp_path / "as a Mac packs.zip"
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr(f"state/{path.name}", path.read_bytes())
        made.writestr(f"__MACOSX/state/._{path.name}", b"\0\x05\x16\x07\0\x02\0\0Mac OS X")
        made.writestr("state/.DS_Store", b"\0\0\0\x01Bud1")
        made.writestr("state/read me.txt", b"Thank you for downloading.")
    pd.testing.assert_frame_equal(caaspp.read(archive), plain)


def test_a_folder_of_downloads(tmp_path, store):
    kept = tmp_path / "downloads"
    inner = kept / "sb_ca2024_all_19_csv_v1"
    inner.mkdir(parents=True)
    path = written(inner)
    raw.zipped(path).rename(kept / "sb_ca2024_all_19_csv_v1 (1).zip")
    for name, content in {
        "statement.csv": b"date,amount\n1/2/2025,7\n",
        "notes.txt": b"call the county office\n",
        "StudentGroups.txt": b"Demographic ID,Demographic Name,Student Group\n1,All,All\n",
        "photos.zip": b"PK\x03\x04 and then nothing",
        ".hidden.txt": b"\0\0",
        "~$budget.csv": b"\0\0",
        "sb_ca2023_all_csv_v1.zip.crdownload": b"PK\x03\x04",
        "budget.xlsx": b"PK\x03\x04",
    }.items():
        (kept / name).write_bytes(content)
    first, second, last = store.add(kept)
    assert "57 rows of 2024" in first + second and "already in the store" in second
    assert last == (
        "Left out, for they are no research files of the state's tests: StudentGroups.txt, "
        "notes.txt, photos.zip and 1 more."
    )
    assert len(caaspp.read(kept)) == 57


def locked(path, flag=0, method=None):
    """A zip in which a text is marked as encrypted, or as packed in another way."""
    content = bytearray(raw.zipped(path).read_bytes())
    for mark, flags, methods in ((b"PK\x03\x04", 6, 8), (b"PK\x01\x02", 8, 10)):
        at = content.index(mark)
        content[at + flags] |= flag
        if method:
            content[at + methods : at + methods + 2] = method.to_bytes(2, "little")
    path.with_suffix(".zip").write_bytes(content)
    return path.with_suffix(".zip")


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ({"flag": 1}, "is protected by a password. Open it on your computer with the password"),
        ({"method": 9}, "is packed with Deflate64, which cannot be read here. Unpack it"),
        ({"method": 93}, "is packed with Zstandard, which cannot be read here"),
        ({"method": 97}, "is packed with method 97, which cannot be read here"),
    ],
)
def test_an_archive_that_cannot_be_read_is_a_sentence(tmp_path, store, how, words):
    archive = locked(written(tmp_path), **how)
    for ask in (caaspp.read, store.add):
        with pytest.raises(Refusal, match=f"{archive.name} {words}"):
            ask(archive)
    assert not store.catalogue


def test_what_is_in_an_archive_and_is_no_text_is_a_sentence(tmp_path):
    path = written(tmp_path)
    inner = raw.zipped(path)
    outer = tmp_path / "mail.zip"
    for name, words in {
        inner.name: f"mail.zip holds {inner.name}, which cannot be read inside it. Unpack",
        "[Content_Types].xml": "mail.zip is an Excel workbook or another Office file",
        "Index/Document.iwa": "mail.zip is a spreadsheet of Numbers",
        "photo.jpg": "mail.zip holds no .txt or .csv file",
    }.items():
        with zipfile.ZipFile(outer, "w") as archive:
            archive.writestr(name, inner.read_bytes())
        with pytest.raises(Refusal) as caught:
            caaspp.read(outer)
        assert str(caught.value).startswith(words)
    with tarfile.open(tmp_path / "state.tar.gz", "w:gz") as archive:
        archive.add(path, path.name)
    with pytest.raises(Refusal, match=r"state\.tar\.gz is a tar archive.*Unpack it"):
        caaspp.read(tmp_path / "state.tar.gz")


def test_a_research_file_that_cannot_be_read_is_never_left_out_in_silence(tmp_path, store):
    kept = tmp_path / "both"
    kept.mkdir()
    raw.write(kept, "D")
    (kept / "sb_ca2023_all_csv_v1.zip").write_bytes(b"PK\x03\x04 cut off")
    with pytest.raises(Refusal, match=r"sb_ca2023_all_csv_v1\.zip is cut off"):
        store.add(kept)
    assert not store.catalogue


def test_a_folder_of_other_files_is_a_sentence(tmp_path):
    for name in ("a.csv", "b.txt"):
        (tmp_path / name).write_text("hello\n", encoding="utf-8")
    with pytest.raises(Refusal, match="None of the 2 files is a research file of the state's"):
        caaspp.read(tmp_path)


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (
            {"test": 17, "grade": 8, "test_type": "X"},
            r"no mathematics test \(CAST alone\), so that",
        ),
        ({"test": 1}, r"no mathematics test \(ELA alone\)"),
        (
            {"group": 1},
            "no student groups, so that no gap can be shown from it: add the file of all",
        ),
    ],
)
def test_it_is_said_what_a_file_is_not(tmp_path, store, rows, words):
    [sentence] = store.add(raw.write(tmp_path, "D", [raw.cells("D", **rows)]))
    assert words.split("\\")[0] in sentence


def test_names_of_another_year_are_told(tmp_path, store):
    path = raw.write(tmp_path, "C", raw.district_rows())
    names = [("19", "64733", "0000000", 6, "C", "Orchard", "")]
    other = raw.write_entities(tmp_path, 2022, names)
    [sentence] = store.add([path, other])
    assert "add the entities file of 2023 with it" in sentence
    [sentence] = store.add([path, raw.write_entities(tmp_path, 2023, names)])
    assert "entities" not in sentence


def test_numbers_with_commas_are_read_only_where_they_are_thousands(tmp_path):
    path = raw.write(tmp_path, "D", [raw.cells("D", enrolled="12,34")])
    rows = table(path)
    path.write_bytes(saved(rows, ","))
    with pytest.raises(Refusal, match="'12,34' stands there and a number"):
        caaspp.read(path)


def with_column(rows, before, name):
    """The rows with a column of a team's own before another."""
    place = rows[0].index(before)
    return [[*row[:place], name if n == 0 else "7", *row[place:]] for n, row in enumerate(rows)]


@pytest.mark.parametrize("letter", "ABCD")
@pytest.mark.parametrize(
    "before", ["Percentage Standard Exceeded", "Area 1 Percentage Above Standard"]
)
def test_a_column_of_ones_own_with_a_comma_in_its_name_moves_nothing(tmp_path, letter, before):
    path = written(tmp_path, letter)
    plain = caaspp.read(path)
    path.write_bytes(saved(with_column(table(path), before, "Change, in points"), ","))
    pd.testing.assert_frame_equal(caaspp.read(path), plain)


def test_a_caret_file_whose_names_were_quoted(tmp_path):
    path = written(tmp_path)
    plain = caaspp.read(path)
    rows = table(path)
    path.write_bytes(saved(rows, "^"))
    pd.testing.assert_frame_equal(caaspp.read(path), plain)
    out = io.StringIO()
    csv.writer(out, delimiter="^", quoting=csv.QUOTE_ALL).writerows(rows)
    path.write_text(out.getvalue(), encoding="utf-8")
    pd.testing.assert_frame_equal(caaspp.read(path), plain)


def test_lines_in_two_encodings(tmp_path):
    path = raw.write(tmp_path, "D", [raw.cells("D", grade=grade, **NAMES) for grade in (6, 7)])
    first, second, third = path.read_bytes().decode("cp1252").splitlines(keepends=True)
    path.write_bytes((first + second).encode("utf-8") + third.encode("cp1252"))
    assert set(caaspp.read(path)["district_name"]) == {"Peñasco Unified"}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"tested": "1.210"}, r"'1\.210' stands there and a whole number"),
        ({"tested": "12.5"}, r"'12\.5' stands there and a whole number"),
        ({"tested": "-3"}, "'-3' stands there and a whole number"),
        ({"tested": "nan"}, "'nan' stands there and a whole number"),
        ({"tested": "99999999999"}, "'99999999999' stands there and a whole number"),
        ({"mean": "inf"}, "'inf' stands there and a scale score from 0 to 4,000"),
        ({"type": 77}, "'77' stands there and one of the state's kinds of entities"),
        ({"type": 300}, "'300' stands there and one of the state's kinds of entities"),
        ({"year": "24"}, "'24' stands there and the spring of a school year, such as 2024,"),
        ({"year": "2024.5"}, r"'2024\.5' stands there and the spring of a school year"),
        ({"year": ""}, "'' stands there and the spring of a school year"),
        ({"year": "40000"}, "'40000' stands there and the spring of a school year"),
    ],
)
def test_a_number_that_cannot_be_is_named(tmp_path, store, change, words):
    path = raw.write(tmp_path, "D", [raw.cells("D"), raw.cells("D", grade=7, **change)])
    for ask in (caaspp.read, store.add):
        with pytest.raises(Refusal, match=rf"line 3, column .*{words}"):
            ask(path)


@pytest.mark.parametrize("percent", ["3333", "-5", "100.01", "nan"])
@pytest.mark.parametrize("column", ["Percentage Standard Met", "Area 2 Percentage Near Standard"])
def test_a_percentage_that_cannot_be_is_named(tmp_path, column, percent):
    path = raw.write(tmp_path, "C")
    rows = table(path)
    rows[1][rows[0].index(column)] = percent
    path.write_text("\r\n".join("^".join(row) for row in rows), encoding="cp1252")
    with pytest.raises(Refusal, match=f"'{percent}' stands there and a percentage from 0 to 100"):
        caaspp.read(path)


@pytest.mark.parametrize("written_as", ["1.000", "1,000"])
def test_what_a_point_means_between_semicolons_is_not_guessed(tmp_path, written_as):
    path = raw.write(tmp_path, "D", [raw.cells("D", tested=written_as)])
    path.write_bytes(saved(table(path), ";"))
    with pytest.raises(Refusal, match="a whole number without marks between its digits"):
        caaspp.read(path)


def test_a_file_without_kinds_of_entities_is_not_taken_for_an_older_one(tmp_path):
    for letter in "CD":
        path = raw.write(tmp_path, letter)
        rows = table(path)
        place = rows[0].index("Type ID")
        path.write_bytes(saved([row[:place] + row[place + 1 :] for row in rows], ","))
        with pytest.raises(Refusal, match="the column 'Type ID' is missing"):
            caaspp.read(path)


def test_as_many_lines_as_a_spreadsheet_holds_are_too_few(tmp_path, monkeypatch):
    path = raw.write(tmp_path, "C", raw.district_rows())
    monkeypatch.setattr(caaspp, "_OF_A_SPREADSHEET", 55)
    with pytest.raises(Refusal, match="has 55 lines, the most that a spreadsheet program holds"):
        caaspp.read(path)


def test_a_part_of_a_file_does_not_take_its_place(tmp_path, store):
    every = ("64725", "64733")
    store.add(raw.write(tmp_path, "D", raw.district_rows("D", every)))
    part = raw.write(tmp_path, "D", raw.district_rows("D", every[:1]), name="mine_v2.csv")
    store.add(part)
    assert len(store.read()) == 54
    changed = raw.district_rows("D", every[:1], levels=(9, 9, 7, 5))
    part = raw.write(tmp_path, "D", changed, name="mine_v3.csv")
    with pytest.raises(Refusal, match="disagree about year 2024"):
        store.add(part)
    assert len(store.read()) == 54


def test_lines_of_an_entities_file_that_are_no_entities(tmp_path):
    path = raw.write(tmp_path, "C", raw.district_rows(districts=("64733",)))
    names = [("19", "64733", "0000000", kind, "C", "Orchard", "") for kind in (6, 300)]
    entities = raw.write_entities(tmp_path, 2023, names[:1])
    content = entities.read_bytes()
    header = content.splitlines(keepends=True)[0]
    total = b'"Total","","","","","","","","",""\r\n'
    entities.write_bytes(header + b",,,,,,,,,\r\n" + content[len(header) :] + header + total)
    assert set(caaspp.read([path, entities])["district_name"]) == {"Orchard"}
    assert set(caaspp.read([path, raw.write_entities(tmp_path, 2023, names[1:])])["level"]) == {
        "district",
        "school",
    }


def test_names_come_later_to_a_file_that_begins_with_an_empty_row(tmp_path, store):
    path = raw.write(tmp_path, "B", raw.district_rows("B", ("64733",)))
    rows = table(path)
    path.write_bytes(saved([rows[0], [""] * len(rows[0]), *rows[1:]], ","))
    store.add(path)
    names = [("19", "64733", "0000000", 6, "C", "Orchard", "")]
    store.add([path, raw.write_entities(tmp_path, 2018, names)])
    assert store.districts()["name"].tolist() == ["Orchard"]


def test_areas_that_are_not_all_there_are_left_out(tmp_path):
    path = raw.write(tmp_path, "D")
    rows = table(path)
    keep = [place for place, name in enumerate(rows[0]) if not name.startswith("Area 2")]
    path.write_bytes(saved([[row[place] for place in keep] for row in rows], ","))
    frame = caaspp.read(path)
    assert frame["area1_above"].isna().all() and set(frame["missing_areas"]) == {
        "not in this layout"
    }


def test_a_header_alone_is_told(tmp_path):
    path = raw.write(tmp_path, "C")
    path.write_bytes(path.read_bytes().split(b"\r\n")[0])
    with pytest.raises(Refusal, match="has a header and no rows"):
        caaspp.read(path)


def test_a_cell_of_many_letters_in_a_line_that_is_short(tmp_path):
    path = raw.write(tmp_path, "D", [raw.cells("D", school_name="x" * 140_000)])
    rows = table(path)
    path.write_bytes(saved([rows[0], rows[1][:-1]], ","))
    with pytest.raises(Refusal, match="line 2: "):
        caaspp.read(path)


def test_an_archive_with_a_text_beside_a_packed_research_file(tmp_path, store):
    path = written(tmp_path)
    outer = tmp_path / "both.zip"
    with zipfile.ZipFile(outer, "w") as archive:
        archive.writestr(f"./{path.name}", path.read_bytes())
        archive.writestr("sb_ca2023_all_csv_v1.zip", b"PK")
    with pytest.raises(
        Refusal, match=r"both\.zip holds sb_ca2023_all_csv_v1\.zip, which cannot be"
    ):
        store.add(outer)
    with zipfile.ZipFile(outer, "w") as archive:
        archive.writestr(f"./{path.name}", path.read_bytes())
        archive.writestr("photos.zip", b"PK")
    added, left = store.add(outer)
    assert "57 rows of 2024" in added and "photos.zip" in left


def test_what_stands_beside_research_files_under_such_a_name(tmp_path, store):
    kept = tmp_path / "kept"
    kept.mkdir()
    written(kept)
    for name in ("CAASPP record layout.pdf", "read_caaspp.py", "caaspp.url"):
        (kept / name).write_bytes(b"%PDF")
    assert len(store.add(kept)) == 1
    (kept / "sb_ca2023_all_csv_v1.zip").symlink_to(kept / "gone.zip")
    with pytest.raises(Refusal, match=r"sb_ca2023_all_csv_v1\.zip cannot be opened: No such file"):
        store.add(kept)


def test_a_store_that_cannot_be_written_is_a_sentence(tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(Refusal, match=r"The store in .* cannot be written: "):
        Store(tmp_path / "file" / "store").add(written(tmp_path))


def test_a_name_that_is_too_long_is_not_there():
    with pytest.raises(Refusal, match="is not there"):
        caaspp.read("x" * 5_000)


def test_a_research_file_under_another_name_is_not_left_out_either(tmp_path, store):
    kept = tmp_path / "kept"
    kept.mkdir()
    written(kept).rename(kept / "ours.txt")
    rows = table(raw.write(kept, "B", name="math 2018.csv"))
    place = rows[0].index("Mean Scale Score")
    (kept / "math 2018.csv").write_bytes(
        saved([row[:place] + row[place + 1 :] for row in rows], ",")
    )
    with pytest.raises(Refusal, match=r"math 2018\.csv, line 1: the column 'Mean Scale Score' is"):
        store.add(kept)
