"""Random theories for property tests: every kind, every field, texts that files and pictures trip
over. ``theories()`` is the strategy.
"""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Literal, get_args, get_origin

from hypothesis import strategies as st
from pydantic import BaseModel

from see_the_system.theory.items import KINDS, ONES, POINTERS
from see_the_system.theory.model import Theory

HOSTILE = (
    "no",
    "yes",
    "null",
    "~",
    "true",
    "1e3",
    "0x1F",
    "1_000",
    "12:30:00",
    "2026-01-01",
    "2026-01-01T00:00:00Z",
    ".inf",
    ".nan",
    "=",
    "<<",
    "- x",
    "-",
    "# y",
    "a # b",
    ": ",
    "a: b",
    "key:",
    "? x",
    "| x",
    "> x",
    "[x",
    "{x: 1}",
    "&a",
    "*a",
    "!x",
    "!!python/object:os.system",
    "%x",
    "@x",
    "`x`",
    "'",
    '"',
    "it's",
    'say "so"',
    "\\",
    "\\n",
    "...",
    "---",
    "x\n---\ny",
    "x\n...\ny",
    "first\n  second\nthird",
    "first\n\n\nfourth",
    "a\n# b",
    "tab\tin it",
    "a \nb",
    "a\n\tb",
    " lead",
    "trail ",
    "a\x85b",
    "a\u2028b",
    "a\ufeffb",
    "a\u200bb",
    "\u202eabc",
    "ñandú",
    "日本語の原因",
    "نسبة الطلاب",
    "हिन्दी",
    "🧮 math",
    "👩🏽‍🏫",
    "<b>x</b>",
    "&amp;",
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "'=1",
    "a,b;c",
    "%% x",
    "#quot;",
    "ishikawa-beta",
    "1. x",
    "• x",
    "x" * 180,
)


def texts():
    """Words as people type them, words that trip formats up, random letters of all scripts."""
    return st.one_of(
        st.just(""),
        st.sampled_from(HOSTILE),
        st.text(max_size=12),
        st.text(alphabet=" \n\tab:#-'\"é日🧮\x85", max_size=12),
    )


def orders():
    """Places among neighbours: whole, between, equal, negative, very large."""
    return st.one_of(
        st.integers(0, 4).map(float),
        st.sampled_from((0.0, 0.5, 1.25, -1.0, -0.5, 1e16)),
        st.floats(allow_nan=False, allow_infinity=False),
    )


def moments():
    """Times with and without a zone, down to the microsecond."""
    zones = st.sampled_from(
        (None, UTC, timezone(timedelta(hours=-8)), timezone(timedelta(hours=5, minutes=45)))
    )
    return st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=zones)


_FIXED = {
    "district": st.just("99-10017"),
    "fingerprint": st.just("0123456789abcdef"),
    "order": orders(),
    "dots": st.integers(1, 20),
}


def _values(name, annotation):
    """A strategy for a field by what it holds."""
    if name in _FIXED:
        return _FIXED[name]
    if get_origin(annotation) is Literal:
        return st.sampled_from(get_args(annotation))
    if get_origin(annotation) is tuple:
        inside = get_args(annotation)[0]
        return st.lists(
            st.integers(7, 8)
            if name == "grades"
            else st.integers(2015, 2030)
            if name == "years"
            else _values("", inside),
            max_size=2,
        ).map(tuple)
    parts = [part for part in get_args(annotation) if part is not type(None)]
    if hasattr(annotation, "__metadata__") or type(None) in get_args(annotation):
        inside = _values("", parts[0])
        return st.none() | inside if type(None) in get_args(annotation) else inside
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return fields(annotation)
    plain = {
        str: texts(),
        bool: st.booleans(),
        int: st.integers(0, 100),
        float: st.floats(allow_nan=False, allow_infinity=False),
        datetime: moments(),
    }
    return plain.get(annotation, st.dates(date(1990, 1, 1), date(2090, 1, 1)))


def fields(cls, **given):
    """A strategy for instances of a class; fields in ``given`` are as given, others left out or
    filled.
    """
    wanted = {name: info for name, info in cls.model_fields.items() if name not in given}
    need = {
        name: _values(name, info.annotation) for name, info in wanted.items() if info.is_required()
    }
    may = {
        name: _values(name, info.annotation)
        for name, info in wanted.items()
        if not info.is_required() and name != "id"
    }
    return st.fixed_dictionaries(need, optional=may).map(lambda values: cls(**given, **values))


def _pointed(draw, kind, place, ids):
    """Values for the fields of one item that name others, None where a needed one has nothing to
    name; never a circle.
    """
    values = {}
    for name, mark in POINTERS[kind].items():
        allowed = [
            other
            for one in (ids if "*" in mark.kinds else mark.kinds)
            for other in ids[one]
            if one != kind or ids[one].index(other) < place
        ]
        if mark.owner and not allowed:
            return None
        if get_origin(KINDS[kind].model_fields[name].annotation) is tuple:
            values[name] = (
                tuple(draw(st.lists(st.sampled_from(allowed), max_size=3, unique=True)))
                if allowed
                else ()
            )
        else:
            values[name] = (
                draw(st.sampled_from(allowed))
                if mark.owner
                else draw(st.sampled_from([None, *allowed]))
            )
    return values


@st.composite
def theories(draw, most=3):
    """A theory that holds up to ``most`` things of each kind, some of them dropped with all that
    stands under them (Theory).
    """
    ids = {
        kind: [kind]
        if kind in ONES
        else [f"{kind.replace('_', '-')}-{n}" for n in range(draw(st.integers(0, most)))]
        for kind in KINDS
    }
    items = []
    for kind in sorted(ids, key=lambda kind: any(mark.owner for mark in POINTERS[kind].values())):
        for place, item_id in enumerate(list(ids[kind])):
            named = _pointed(draw, kind, place, ids)
            if named is None or (kind in ONES and draw(st.booleans())):
                ids[kind] = ids[kind] if kind in ONES else []
                break
            items.append(draw(fields(KINDS[kind], id=item_id, **named)))
    held = {item.id for item in items} | set(ONES)
    return Theory.of(_standing(items, held))


def _standing(items, held):
    """The items, without names of what was not made."""
    for item in items:
        changed = {}
        for name in POINTERS[type(item).kind()]:
            value = getattr(item, name)
            if isinstance(value, tuple) and set(value) - held:
                changed[name] = tuple(one for one in value if one in held)
            elif isinstance(value, str) and value not in held:
                changed[name] = None
        yield item.model_copy(update=changed) if changed else item
