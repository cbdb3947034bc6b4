"""The door: files of every kind read and written, whole or not at all."""

import stat

import pytest
from hypothesis import HealthCheck, given, settings

from see_the_system.messages import Refusal
from see_the_system.paths import SAMPLE
from see_the_system.theory import exchange
from see_the_system.theory.checks import check
from see_the_system.theory.evidence import TYPES
from see_the_system.theory.items import FIELDS, KINDS, name_of
from see_the_system.theory.outline import to_outline
from tests.theory.examples import empty, school
from tests.theory.strategies import theories
from tests.theory.texts_of_files import reads_or_refuses, rows

TOO_LARGE = "see_the_system: 1\n#" + "x" * 5_000_000


def refusal(work, *given, **named):
    with pytest.raises(Refusal) as caught:
        work(*given, **named)
    return str(caught.value)


# One random theory goes out and in again in every form: to make one takes longer than all of it.
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(theories(most=2))
def test_whatever_a_team_types_goes_out_and_comes_in_again(theory):
    text = exchange.to_yaml(theory)
    again = exchange.from_yaml(text)
    assert again == theory and exchange.to_yaml(again) == text
    assert [item.id for item in again.items()] == [item.id for item in theory.items()]
    for kind in KINDS:
        items = [item for item in theory.living() if item.kind() == kind]
        assert len(rows(exchange.to_csv(theory, kind))) == len(items)
    again = exchange.causes_from_csv(exchange.causes_to_csv(theory))
    assert {cause.id for cause in again.causes} == {cause.id for cause in theory.causes}
    again = reads_or_refuses(exchange.from_outline, to_outline(theory))
    assert again is None or len(again.categories) <= len(theory.categories)


def test_what_is_written_is_read_again(tmp_path):
    path = exchange.write(school(), tmp_path / "team.yaml")
    assert exchange.read(path) == school()
    assert exchange.read(exchange.write(empty(), path)) == empty()
    assert [each.name for each in tmp_path.iterdir()] == ["team.yaml"]


@pytest.mark.parametrize(
    "mark", ["<<<<<<< HEAD", "=======", ">>>>>>> of-a-colleague", "||||||| 1a"]
)
@pytest.mark.parametrize(
    ("ending", "before", "line"),
    [
        ("yaml", "see_the_system: 1\nnorms:\n- text: a\n", "line 4"),
        ("txt", "The gap\n- Time\n  - Late results\n", "line 4"),
        ("csv", "category,cause\r\nTime,Late results\r\nTime,One open period\r\n", "line 4"),
    ],
)
def test_the_marks_of_git_are_called_by_their_name(tmp_path, ending, before, line, mark):
    path = tmp_path / f"team.{ending}"
    path.write_text(before + mark + "\n", encoding="utf-8", newline="")
    sentence = refusal(exchange.read, path)
    assert sentence.startswith(f'team.{ending}, {line}: "{mark[:7]}" is a mark of git')
    assert sentence.endswith(
        "Keep the lines that hold, take out the others and every line of such marks."
    )


def test_a_problem_that_looks_like_a_mark_of_git_goes_out_as_an_outline_and_in_again():
    theory = exchange.from_outline("- =======\n- Time\n")
    assert exchange.from_outline(to_outline(theory)) == theory


@pytest.mark.parametrize(
    "change",
    [
        lambda text: "\ufeff" + text,
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.rstrip("\n"),
    ],
)
def test_a_file_that_an_editor_saved_is_the_same_theory(tmp_path, change):
    path = tmp_path / "team.yml"
    path.write_bytes(change(exchange.to_yaml(school())).encode())
    assert exchange.read(path) == school()


def test_outlines_and_tables_are_read_by_their_ending(tmp_path):
    for name, text in {
        "a.md": to_outline(school()),
        "a.csv": exchange.causes_to_csv(school()),
    }.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
        assert [
            cause.text for cause in exchange.read(tmp_path / name).causes if "scanner" in cause.text
        ] == ["One scanner serves eleven schools"]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        (
            "latin.yaml",
            "see_the_system: 1\ncategories:\n- text: Año".encode("latin-1"),
            "latin.yaml, line 3: this is not UTF-8 text",
        ),
        (
            "wide.yaml",
            "see_the_system: 1".encode("utf-16"),
            "wide.yaml, line 1: this is not UTF-8 text",
        ),
        ("large.yaml", TOO_LARGE.encode(), "large.yaml is larger than 5 MB"),
        ("empty.yaml", b"", "empty.yaml is empty"),
        ("picture.png", b"x", "picture.png: a theory is read from a file that ends in .yaml"),
        (
            "named.yaml",
            b"see_the_system: 1\ncategoris: []",
            'named.yaml, line 2: a theory has no field "categoris"; did you mean "categories"?',
        ),
    ],
)
def test_a_file_that_is_no_theory_is_one_sentence(tmp_path, name, content, said):
    (tmp_path / name).write_bytes(content)
    sentence = refusal(exchange.read, tmp_path / name)
    assert sentence.startswith(said) and "\n" not in sentence and sentence[-1] in ".?"


def test_a_folder_and_a_missing_file_are_one_sentence_each(tmp_path):
    (tmp_path / "folder.yaml").mkdir()
    assert (
        refusal(exchange.read, tmp_path / "folder.yaml")
        == "folder.yaml is a folder; give the file in it."
    )
    assert refusal(exchange.read, tmp_path / "none.yaml").startswith(
        "There is no file none.yaml in "
    )
    assert refusal(exchange.write, school(), tmp_path / "none" / "team.yaml").startswith(
        "There is no folder "
    )


def test_writing_never_replaces_what_is_not_a_theory(tmp_path):
    letter = tmp_path / "letter.yaml"
    letter.write_text("dear: all\n")
    assert "was left as it is" in refusal(exchange.write, school(), letter)
    assert letter.read_text() == "dear: all\n"
    assert "ends in .yaml" in refusal(exchange.write, school(), tmp_path / "team.docx")
    assert [each.name for each in tmp_path.iterdir()] == ["letter.yaml"]


def test_a_disk_that_takes_no_more_leaves_the_file_and_nothing_beside_it(tmp_path):
    resource = pytest.importorskip("resource")
    path = exchange.write(empty(), tmp_path / "team.yaml")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2_000, before[1]))
    try:
        sentence = refusal(exchange.write, school(), path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert sentence.startswith("team.yaml cannot be used here (File too large)")
    assert exchange.read(path) == empty() and len(list(tmp_path.iterdir())) == 1


def test_a_file_keeps_its_permissions_and_its_link(tmp_path):
    path = exchange.write(school(), tmp_path / "team.yaml")
    path.chmod(0o640)
    link = tmp_path / "link.yaml"
    link.symlink_to(path)
    exchange.write(empty(), link)
    assert (
        link.is_symlink()
        and exchange.read(path) == empty()
        and stat.S_IMODE(path.stat().st_mode) == 0o640
    )


def test_a_table_for_each_kind_that_the_theory_has(tmp_path):
    written = {path.stem for path in exchange.write_tables(school(), tmp_path / "tables")}
    assert written == {"fishbone", *FIELDS.values()}
    assert (
        (tmp_path / "tables" / "fishbone.csv")
        .read_bytes()
        .startswith(b"\xef\xbb\xbfcategory,cause,")
    )
    assert {path.stem for path in exchange.write_tables(empty(), tmp_path / "none")} == {
        "fishbone",
        "charter",
        "problem",
        "aim",
    }


def test_the_worked_example_is_rich_synthetic_and_as_it_would_be_written():
    path = SAMPLE / "theory.yaml"
    first, rest = path.read_text(encoding="utf-8").split("\n", 1)
    theory = exchange.read(path)
    assert "synthetic" in first.lower() and exchange.to_yaml(theory) == rest
    assert {type(item).kind() for item in theory.living()} == set(KINDS)
    assert (
        len(theory.categories) == 7
        and 20 <= len(theory.causes) <= 25
        and len(theory.dropped) >= 3
        and all(item.dropped.why for item in theory.dropped if item.dropped)
    )
    assert (
        {each.type for each in theory.evidence} == set(TYPES)
        and len(theory.evidence) >= 8
        and all(not each.answers for each in theory.evidence)
    )
    assert (
        len(theory.steps) >= 12
        and len(theory.interviews) == 4
        and {each.type for each in theory.measures} == {"outcome", "process", "balancing"}
    )
    assert [
        sum(driver.level == level for driver in theory.drivers)
        for level in ("primary", "secondary")
    ] == [4, 8] and len(theory.ideas) == 10
    assert [cycle.previous for cycle in theory.cycles] == [None, "cycle-1", "cycle-2"]


def test_the_worked_example_blames_nobody_and_leaves_nothing_that_must_be_settled():
    theory = exchange.read(SAMPLE / "theory.yaml")
    assert [
        f"{finding.rule}: {name_of(theory.by_id[finding.where])}"
        for finding in check(theory)
        if finding.level == "must"
    ] == []
