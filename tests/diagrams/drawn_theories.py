"""Theories to be drawn: any, by hypothesis, and those that are hardest to draw."""

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from see_the_system.theory import kinds as k
from see_the_system.theory.model import Theory
from tests.diagrams.graphs import HARD, texts

SETTINGS = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
TYPES = ("start", "step", "decision", "wait", "end")


# --- driver diagrams


@st.composite
def driver_theories(draw):
    """Drivers and ideas with any links between them, without circles, and any measures."""
    count = draw(st.integers(0, 9))
    levels = draw(
        st.lists(st.sampled_from(("primary", "secondary")), min_size=count, max_size=count)
    )
    found = []
    for place, level in enumerate(levels):
        acts_on = draw(st.sets(st.integers(0, place - 1), max_size=4)) if place else ()
        found.append(
            k.Driver(
                id=f"driver-{place}",
                level=level,
                text=draw(texts()),
                acts_on=tuple(f"driver-{n}" for n in acts_on),
                order=draw(st.integers(0, 3)),
            )
        )
    for place in range(draw(st.integers(0, 9))):
        serves = draw(st.sets(st.integers(0, count - 1), max_size=5)) if count else ()
        found.append(
            k.ChangeIdea(
                id=f"change-idea-{place}",
                text=draw(texts()),
                drivers=tuple(f"driver-{n}" for n in serves),
            )
        )
    ids = [item.id for item in found]
    for place in range(draw(st.integers(0, 3))):
        of = tuple(draw(st.sets(st.sampled_from(["aim", *ids]), max_size=2)))
        found.append(
            k.Measure(
                id=f"measure-{place}",
                type=draw(st.sampled_from(("outcome", "process", "balancing"))),
                text=draw(texts(200)),
                of=of,
            )
        )
    if draw(st.booleans()):
        found.append(k.Aim(text=draw(texts())))
    return Theory.of(found)


def hard_drivers():
    """One column of each with every hard text, each linked to two."""
    found = [k.Aim(text=HARD[4])]
    found += [
        k.Driver(id=f"driver-p{n}", level="primary", text=text) for n, text in enumerate(HARD)
    ]
    found += [
        k.Driver(
            id=f"driver-s{n}",
            level="secondary",
            text=text,
            acts_on=(f"driver-p{n}", f"driver-p{n * 4 % 15}"),
        )
        for n, text in enumerate(HARD)
    ]
    found += [
        k.ChangeIdea(
            id=f"change-idea-{n}", text=text, drivers=(f"driver-s{n}", f"driver-p{n * 7 % 15}")
        )
        for n, text in enumerate(HARD)
    ]
    return Theory.of(found)


# --- process maps


@st.composite
def process_theories(draw):
    """One map with any lanes, steps of every type and any connections, loops to itself too."""
    lanes, steps = draw(st.integers(1, 4)), draw(st.integers(0, 9))
    found = [k.ProcessMap(id="process-map-1", text=draw(texts(200)), starts=draw(texts()))]
    found += [
        k.Lane(id=f"lane-{n}", map="process-map-1", text=draw(texts(200)), order=n)
        for n in range(lanes)
    ]
    for n in range(steps):
        step = k.Step(
            id=f"step-{n}",
            lane=f"lane-{draw(st.integers(0, lanes - 1))}",
            type=draw(st.sampled_from(TYPES)),
            text=draw(texts()),
            known=draw(st.booleans()),
            wait=draw(texts(30)),
            lost_count=draw(st.none() | st.integers(0, 10**7)),
            lost=draw(texts(60)),
            order=n,
        )
        found.append(step)
    for n in range(draw(st.integers(0, 16)) if steps else 0):
        ends = {name: f"step-{draw(st.integers(0, steps - 1))}" for name in ("source", "target")}
        found.append(
            k.Connection(
                id=f"connection-{n}",
                text=draw(texts(200) | st.sampled_from(("", "yes", "no"))),
                **ends,
            )
        )
    return Theory.of(found)


def busy_process(steps=30, lanes=6):
    """A long process, one lane of it empty.

    Each step leads on, each fifth is a decision with five exits, two of them back.
    """
    found = [
        k.ProcessMap(id="process-map-1", text="Placement"),
        *(
            k.Lane(id=f"lane-{n}", map="process-map-1", text=HARD[n + 3][:200], order=n)
            for n in range(lanes)
        ),
    ]
    for n in range(steps):
        lane = (n * 7 % 11 % (lanes - 1) + 3) % lanes
        found.append(
            k.Step(
                id=f"step-{n}",
                lane=f"lane-{lane}",
                type=TYPES[n * 2 % 5],
                text=HARD[n % len(HARD)],
                known=n % 3 > 0,
                lost="left" * (n % 4 == 0),
                order=n,
            )
        )
        found += [
            k.Connection(id=f"connection-{n}", source=f"step-{n - 1}", target=f"step-{n}")
        ] * (n > 0)
    for n in range(0, steps, 5):
        for place, far in enumerate((-9, -2, 0, 3, 8)):
            target = f"step-{min(max(n + far, 0), steps - 1)}"
            found.append(
                k.Connection(
                    id=f"connection-{n}-{place}",
                    source=f"step-{n}",
                    target=target,
                    text=HARD[place + 1][:200],
                )
            )
    return Theory.of(found)


def chain(steps, lanes=1):
    """One step after the other, from lane to lane."""
    found = [k.ProcessMap(id="process-map-1", text="From the spring test to a seat in class")]
    found += [
        k.Lane(id=f"lane-{n}", map="process-map-1", text=f"Office {n}", order=n)
        for n in range(lanes)
    ]
    found += [
        k.Step(id=f"step-{n}", lane=f"lane-{n * n % lanes}", text="Scans and scores", order=n)
        for n in range(steps)
    ]
    found += [
        k.Connection(id=f"connection-{n}", source=f"step-{n}", target=f"step-{n + 1}")
        for n in range(steps - 1)
    ]
    return Theory.of(found)


def process_of(*links):
    """A map of one lane whose steps are named by letters, from links as "ab"."""
    letters = sorted(set("".join(links)))
    return Theory.of(
        [
            k.ProcessMap(id="process-map-1", text="Chain"),
            k.Lane(id="lane-1", map="process-map-1", text="Office"),
            *(
                k.Step(id=letter, lane="lane-1", text=letter, order=n)
                for n, letter in enumerate(letters)
            ),
            *(
                k.Connection(id=f"connection-{n}", source=a, target=b)
                for n, (a, b) in enumerate(links)
            ),
        ]
    )


# --- five whys


@st.composite
def why_theories(draw):
    """Up to forty answers under the problem or under each other, at most four under one."""
    found, under = [k.Problem(text=draw(texts(2000)))], {"problem": 0}
    for n in range(draw(st.integers(0, 40))):
        parent = draw(st.sampled_from([above for above, many in under.items() if many < 4][-8:]))
        found.append(
            k.Why(
                id=f"why-{n}",
                parent=parent,
                text=draw(texts(2000)),
                actionable=draw(st.booleans()),
                order=n,
            )
        )
        under[parent] += 1
        under[f"why-{n}"] = 0
    return Theory.of(found)


def deep_whys(answers=12, texts=HARD):
    """A chain of answers, each under the one before."""
    found = [k.Problem()] + [
        k.Why(id=f"why-{n}", parent=f"why-{n - 1}" if n else "problem", text=texts[n % len(texts)])
        for n in range(answers)
    ]
    return Theory.of(found)


def bushy_whys():
    """Four answers to the problem, four to each of them, four to each of those."""
    found, above = [k.Problem()], ["problem"]
    for depth in range(3):
        ids = [f"why-{depth}-{n}" for n in range(4 * len(above))]
        found += [
            k.Why(id=name, parent=above[n // 4], text=HARD[n % len(HARD)], actionable=n % 5 == 0)
            for n, name in enumerate(ids)
        ]
        above = ids
    return Theory.of(found)
