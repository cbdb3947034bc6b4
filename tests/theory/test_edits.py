"""What an edit may do and what it changes, in SQLite and in PostgreSQL alike."""

import pytest

from see_the_system.messages import Refusal
from see_the_system.theory.kinds import Category, Cause, Driver, Evidence
from tests.theory.conftest import cause_texts

pytestmark = pytest.mark.usefixtures("quick_disk")


def test_links_of_two_people_both_stay(place, record, bone):
    first, second = (record.add(Cause(parent=bone, text=text), author="Ana") for text in "ab")
    driver = record.add(Driver(level="secondary", text="d"), author="Ana")
    with place.open() as other:
        record.link(driver, "causes", first, author="Ana")
        other.link(driver, "causes", second, author="Ben")
        assert other.theory().drivers[0].causes == (first, second)
        record.unlink(driver, "causes", first, author="Ana")
        assert record.theory().drivers[0].causes == (second,)
        assert (
            other.link(driver, "causes", second, author="Ben") == record.number
        )  # nothing new, no edit


def test_an_edit_of_what_was_dropped_is_refused_in_a_sentence(place, record, bone):
    cause = record.add(Cause(parent=bone, text="Late results"), author="Ana")
    with place.open() as other:
        record.drop(cause, why="merged", author="Ana")
        number = record.number
        for edit in (
            lambda: other.change(cause, text="x", author="Ben"),
            lambda: other.add(Cause(parent=cause, text="y"), author="Ben"),
            lambda: other.drop(cause, author="Ben"),
            lambda: other.move(cause, before=None, author="Ben"),
        ):
            with pytest.raises(
                Refusal,
                match=r'The cause "Late results" was dropped by Ana on \w+ \d+, 20\d\d '
                r"at \d\d:\d\d UTC",
            ):
                edit()
        assert record.refresh() == 0 and record.number == number


def test_what_stands_under_what_was_dropped_goes_and_comes_back_with_its_links(record, bone):
    cause = record.add(Cause(parent=bone, text="c"), author="Ana")
    under = record.add(Cause(parent=cause, text="under"), author="Ana")
    proof = record.add(Evidence(type="document", text="e", about=(under, cause)), author="Ana")
    record.drop(cause, why="heard of nobody", author="Ben")
    assert cause_texts(record) == [] and record.theory().evidence[0].about == ()
    record.change(proof, about=(), author="Ana")  # as an editor sends what it shows
    record.bring_back(cause, author="Ben")
    assert sorted(cause_texts(record)) == ["c", "under"] and set(
        record.theory().evidence[0].about
    ) == {
        under,
        cause,
    }
    with pytest.raises(Refusal, match="was not dropped"):
        record.bring_back(cause, author="Ben")


@pytest.mark.parametrize(
    ("edit", "sentence"),
    [
        (
            lambda r, b: r.change(b, txt="x", author="A"),
            'has no field "txt" that can be changed; there is text',
        ),
        (lambda r, b: r.change("cause-none", text="x", author="A"), "nothing with the id"),
        (
            lambda r, b: r.change(b, text=3, author="A"),
            '"text" of this category must be one text, not 3; correct it.',
        ),
        (
            lambda r, b: r.change(b, text="x" * 300, author="A"),
            "may hold 200 letters and holds 300; shorten it.",
        ),
        (
            lambda r, b: r.change("aim", by="soon", author="A"),
            '"by" of this aim must be a day, as 2026-02-03, not "soon"; correct it.',
        ),
        (lambda r, b: r.add(Cause(parent="cause-none"), author="A"), "which is not in this theory"),
        (
            lambda r, b: r.add(Cause(parent="problem"), author="A"),
            'must name a category or a cause; "problem" is problem',
        ),
        (lambda r, b: r.add(Category(id=b, text="again"), author="A"), "already stands for"),
        (lambda r, b: r.drop("aim", author="A"), "always one aim"),
        (lambda r, b: r.add(Category(text="x"), author=" "), "name of who makes it"),
        (lambda r, b: r.link(b, "text", "x", author="A"), "does not hold several"),
        (lambda r, b: r.undo(author="Nobody"), "nothing of Nobody's to undo"),
        (lambda r, b: r.redo(author="Ana"), "nothing of Ana's to redo"),
        (lambda r, b: r.theory(at="soon"), "no moment of a record"),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(record, bone, edit, sentence):
    before = record.theory()
    with pytest.raises(Refusal, match=sentence):
        edit(record, bone)
    assert record.refresh() == 0 and record.number == 1 and record.theory() == before


def test_a_cause_cannot_stand_under_itself(record, bone):
    top = record.add(Cause(parent=bone, text="top"), author="Ana")
    below = record.add(Cause(parent=top, text="below"), author="Ana")
    with pytest.raises(Refusal, match="leads back to itself"):
        record.move(top, under=below, author="Ana")
    assert record.theory().under(bone, "cause")[0].id == top


def test_moving_places_a_thing_before_its_neighbour_however_often(record, bone):
    ids = [record.add(Cause(parent=bone, text=str(n)), author="Ana") for n in range(3)]
    for turn in range(70):  # halves the room each time, and has to number anew
        record.move(
            ids[2 if turn % 2 == 0 else 1], before=ids[1 if turn % 2 == 0 else 2], author="Ana"
        )
    assert cause_texts(record) == ["0", "1", "2"]
    record.move(ids[2], before=ids[0], author="Ana")
    assert cause_texts(record) == ["2", "0", "1"]
    other = record.add(Category(text="Staffing"), author="Ana")
    record.move(ids[0], under=other, author="Ana")
    assert [cause.text for cause in record.theory().under(other, "cause")] == ["0"]


def test_what_others_went_on_from_is_not_taken_back(record, bone):
    cause = record.add(Cause(parent=bone, text="of Ana"), author="Ana")
    record.add(Cause(parent=cause, text="of Ben, under it"), author="Ben")
    with pytest.raises(
        Refusal, match=r'Ben went on from it on .*, with the cause "of Ben, under it"'
    ):
        record.undo(author="Ana")
    record.change(cause, text="Ana again", author="Ana")
    record.change(cause, text="Ben after Ana", author="Ben")
    with pytest.raises(Refusal, match="Ben went on from it"):
        record.undo(author="Ana")
    assert record.theory().by_id[cause].text == "Ben after Ana"


@pytest.mark.parametrize(
    ("item", "fields", "sentence"),
    [
        ("aim", {"by": "soon"}, None),  # its question says "by" itself
        ("charter", {"district": "Alder"}, None),
        ("aim", {"target": "many"}, 'It is the answer to "Where do you want to be?"'),
        ("aim", {"measure": "category-none"}, None),
        ("problem", {"value": "x" * 300}, 'It is the answer to "How large is it, as a number?"'),
    ],
)
def test_a_refused_field_is_named_by_its_question_where_its_name_says_little(
    record, item, fields, sentence
):
    with pytest.raises(Refusal) as refused:
        record.change(item, author="Ana", **fields)
    question = str(refused.value).partition("It is the answer to")
    assert (sentence is None) == (question[1] == "")
    assert sentence is None or str(refused.value).endswith(sentence)


def test_what_a_thing_stands_under_is_asked_for_in_words(record, bone):
    with pytest.raises(Refusal, match=r'It is the answer to "What does it help to bring about\?"'):
        record.add(Cause(parent="cause-none"), author="Ana")
