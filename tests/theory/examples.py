"""Theories to try things on: an empty one, a school team's, and the largest that the pictures
promise to draw. All are synthetic.
"""

from datetime import UTC, date, datetime

from see_the_system.theory import kinds as k
from see_the_system.theory.model import Theory

WHEN = datetime(2026, 9, 15, 16, 0, tzinfo=UTC)
_BONES = {
    "Instruction & curriculum": [
        ("cause-tasks", "Tasks in grade 6 ask for steps more often than for reasons", "ours", []),
        (
            "cause-pacing",
            "Pacing guide leaves four days for ratio, the unit that grade 7 builds on",
            "ours",
            [("cause-guide", "Guide was last revised before the new adoption", "ours", [])],
        ),
    ],
    "Assessment & feedback": [
        (
            "cause-late",
            "Benchmark results reach teachers five weeks after the test",
            "ours",
            [
                ("cause-scan", "One scanner serves eleven schools", "ours", []),
                (
                    "cause-calendar",
                    "Results meeting is set by the calendar, not by the test",
                    "ours",
                    [],
                ),
            ],
        )
    ],
    "Staffing & adult learning": [
        (
            "cause-new",
            "Teachers in their first two years are assigned to support sections",
            "partly",
            [],
        )
    ],
    "Time, schedule & policy": [
        (
            "cause-pullout",
            "Intervention takes students out of core mathematics",
            "ours",
            [
                (
                    "cause-bell",
                    "Bell schedule has one open period, and it is period 2",
                    "ours",
                    [("cause-bus", "Buses set the first and last period", "outside", [])],
                )
            ],
        ),
        (
            "cause-placement",
            "Placement in grade 7 rests on a recommendation with no written criteria",
            "ours",
            [],
        ),
    ],
    "Climate & belonging": [
        ("cause-belong", "Students who are placed down say that nobody told them why", "ours", [])
    ],
    "Family & community partnership": [
        ("cause-letters", "Placement letters go out in English, in July", "ours", [])
    ],
}


def _causes(parent, causes):
    for place, (cause_id, text, control, below) in enumerate(causes):
        yield k.Cause(
            id=cause_id,
            parent=parent,
            order=place,
            text=text,
            control=control,
            author="Ana",
            at=WHEN,
        )
        yield from _causes(cause_id, below)


def school_items():
    """A team's theory in its first spring, with something in every kind (list of Item)."""
    items = [
        k.Charter(
            team="Alder Creek math team",
            district="99-10017",
            purpose="See why the gap widens in grades 6 to 8, and change it",
            sponsor="Deputy superintendent",
            authority="May change placement and schedules at two schools this year",
            time="Two hours every second Tuesday",
            scope="Grades 5 to 8, mathematics",
        ),
        k.Member(
            id="member-1",
            name="Ana",
            role="Coordinator of mathematics",
            level="district",
            decides=False,
            order=1,
        ),
        k.Member(
            id="member-2",
            name="Ben",
            role="Principal, Alder Middle",
            level="school",
            decides=True,
            order=2,
        ),
        k.Member(id="member-3", name="Caro", role="Teacher, grade 7", level="classroom", order=3),
        k.Member(
            id="member-4",
            name="Two students of grade 8",
            role="Student advisers",
            level="student",
            order=4,
        ),
        k.Norm(id="norm-1", text="We ask what the system did before we ask who"),
        k.Problem(
            text="In spring 2025, 31 percent of Hispanic or Latino students in grades 6 to 8 in "
            "Alder Creek met the standard in mathematics; of White students, 55 percent did.",
            measure="Percent who met or exceeded the standard",
            value="24 points",
            group="Hispanic or Latino",
            comparison="White",
            grades="6 to 8",
            place="Alder Creek",
            period="spring 2025",
        ),
    ]
    for place, (text, causes) in enumerate(_BONES.items()):
        category = k.Category(id=f"category-{place + 1}", text=text, order=place)
        items += [category, *_causes(category.id, causes)]
    items += [
        k.Why(
            id="why-1", parent="cause-late", text="The scanner is booked by eleven schools in turn"
        ),
        k.Why(
            id="why-2", parent="why-1", text="The district bought one when there were four schools"
        ),
        k.Why(
            id="why-3",
            parent="why-2",
            text="Nobody owns the time from test to teacher; each office owns its part",
            actionable=True,
        ),
        k.Why(
            id="why-4",
            parent="why-1",
            text="Answer sheets are checked by hand before they are scanned",
            order=1,
        ),
        k.Interview(
            id="interview-1",
            role="student",
            grade="8",
            place="Alder Middle",
            on=date(2026, 2, 3),
            consent=True,
            questions=(
                "Tell me about a time in math when you understood something new.",
                "Walk me through how you were placed in your math class.",
            ),
        ),
        k.Interview(
            id="interview-2",
            role="counselor",
            place="Alder Middle",
            on=date(2026, 2, 5),
            consent=True,
            questions=("Tell me about the last placement you changed.",),
        ),
        k.Theme(id="theme-1", text="Decisions arrive, reasons do not"),
        k.Code(id="code-1", text="not told why", theme="theme-1"),
        k.Quote(
            id="quote-1",
            interview="interview-1",
            text="I got a new schedule in August. I do not know who decided.",
            codes=("code-1",),
        ),
        k.Quote(
            id="quote-2",
            interview="interview-2",
            text="I go by what the sixth-grade teacher says. There is no form.",
            codes=("code-1",),
        ),
        k.ProcessMap(
            id="process-map-1",
            text="Placement in grade 7 mathematics",
            starts="Spring of grade 6",
            ends="First day of grade 7",
        ),
        *(
            k.Lane(id=f"lane-{place}", map="process-map-1", text=text, order=place)
            for place, text in enumerate(
                ("Student & family", "Teacher, grade 6", "Counselor", "Grade 7"), 1
            )
        ),
        k.Step(
            id="step-1",
            lane="lane-2",
            type="start",
            text="Fills in the recommendation sheet",
            known=True,
            order=1,
        ),
        k.Step(
            id="step-2",
            lane="lane-3",
            type="decision",
            text="Recommended for the accelerated course?",
            known=True,
            order=2,
        ),
        k.Step(
            id="step-3",
            lane="lane-3",
            type="wait",
            text="Sheets wait until summer",
            wait="6 weeks",
            order=3,
        ),
        k.Step(
            id="step-4",
            lane="lane-1",
            text="Letter arrives, in English, in July",
            known=True,
            order=4,
            lost="Families who do not read English cannot ask for a change",
            lost_count=38,
            lost_of=140,
        ),
        k.Step(
            id="step-5",
            lane="lane-3",
            type="decision",
            text="Family asks for another course?",
            order=5,
        ),
        k.Step(
            id="step-6",
            lane="lane-4",
            type="end",
            text="Accelerated mathematics 7",
            known=True,
            order=6,
        ),
        k.Step(id="step-7", lane="lane-4", type="end", text="Mathematics 7", known=True, order=7),
        k.Connection(id="connection-1", source="step-1", target="step-2"),
        k.Connection(id="connection-2", source="step-2", target="step-6", text="yes"),
        k.Connection(id="connection-3", source="step-2", target="step-3", text="no"),
        k.Connection(id="connection-4", source="step-3", target="step-4"),
        k.Connection(id="connection-5", source="step-4", target="step-5"),
        k.Connection(id="connection-6", source="step-5", target="step-2", text="yes"),
        k.Connection(id="connection-7", source="step-5", target="step-7", text="no"),
        k.Evidence(
            id="evidence-1",
            type="interview",
            about=("cause-placement", "cause-belong"),
            text="Six of nine students could not say who placed them",
            interviews=("interview-1",),
            quotes=("quote-1",),
        ),
        k.Evidence(
            id="evidence-2",
            type="process",
            about=("cause-placement",),
            text="The sheet has one line and no criteria",
            steps=("step-1", "step-2"),
        ),
        k.Evidence(
            id="evidence-3",
            type="data",
            about=("cause-placement",),
            text="The gap of Alder Creek",
            question=k.Question(
                measure="gap in percent met",
                district="99-10017",
                group="Hispanic or Latino",
                comparison="White",
                grades=(7,),
                years=(2025,),
            ),
            answers=(
                k.Answer(
                    sentence="In grade 7 the difference is 24 points (18 to 30).",
                    value=-24,
                    low=-30,
                    high=-18,
                    unit="points",
                    fingerprint="0123456789abcdef",
                    at=WHEN,
                ),
            ),
        ),
        k.Evidence(
            id="evidence-4",
            type="data",
            about=("cause-letters",),
            supports=False,
            text="Families answered letters at the same rate in both languages",
            question=k.Question(
                measure="gap in percent met",
                district="99-10017",
                group="Hispanic or Latino",
                comparison="White",
            ),
            answers=(
                k.Answer(
                    sentence="No difference was seen.", fingerprint="0123456789abcdef", at=WHEN
                ),
            ),
        ),
        k.Aim(
            text="By June 2028, 45 percent of Hispanic or Latino students in grades 6 to 8 meet "
            "the standard, up from 31 percent in spring 2025.",
            measure="measure-1",
            population="Hispanic or Latino students in grades 6 to 8",
            population_size=640,
            baseline=31,
            baseline_period="spring 2025",
            target=45,
            unit="percent",
            by=date(2028, 6, 15),
        ),
        k.Driver(
            id="driver-1",
            level="primary",
            text="Every student is placed by what they can do",
            order=1,
        ),
        k.Driver(
            id="driver-2",
            level="primary",
            text="Core mathematics is whole for every student",
            order=2,
        ),
        k.Driver(
            id="driver-3",
            level="primary",
            text="Teachers see results while they can still act on them",
            order=3,
        ),
        k.Driver(
            id="driver-4",
            level="secondary",
            text="Written criteria for placement",
            acts_on=("driver-1",),
            causes=("cause-placement",),
            order=1,
        ),
        k.Driver(
            id="driver-5",
            level="secondary",
            text="Families take part in placement",
            acts_on=("driver-1",),
            causes=("cause-belong",),
            order=2,
        ),
        k.Driver(
            id="driver-6",
            level="secondary",
            text="Support is beside core mathematics, not in its place",
            acts_on=("driver-1", "driver-2"),
            causes=("cause-pullout",),
            order=3,
        ),
        k.Driver(
            id="driver-7",
            level="secondary",
            text="Results within five school days",
            acts_on=("driver-3",),
            causes=("cause-late",),
            order=4,
        ),
        k.ChangeIdea(
            id="change-idea-1",
            text="Place by two measures and a conversation",
            drivers=("driver-4", "driver-5"),
            order=1,
        ),
        k.ChangeIdea(
            id="change-idea-2",
            text="Move support to an advisory period",
            drivers=("driver-6",),
            order=2,
        ),
        k.ChangeIdea(
            id="change-idea-3",
            text="Score the exit question on the same day",
            drivers=("driver-7",),
            order=3,
        ),
        k.Measure(
            id="measure-1",
            type="outcome",
            text="Percent who met the standard",
            definition="Met or exceeded, mathematics, grades 6 to 8",
            numerator="Students who met or exceeded",
            denominator="Students with a score",
            frequency="each spring",
            source="State research file",
            better="higher",
            of=("aim",),
        ),
        k.Measure(
            id="measure-2",
            type="process",
            text="Days from test to teacher",
            frequency="each benchmark",
            of=("driver-7", "change-idea-3"),
            better="lower",
            order=1,
        ),
        k.Measure(
            id="measure-3",
            type="balancing",
            text="Minutes that teachers spend on scoring",
            frequency="weekly",
            of=("change-idea-3",),
            better="lower",
            order=2,
        ),
        k.Cycle(
            id="cycle-1",
            idea="change-idea-3",
            text="One class, one exit question",
            who="Caro",
            where="Room 12",
            starts=date(2026, 3, 2),
            ends=date(2026, 3, 4),
            teachers=1,
            students=28,
            measures=("measure-2",),
            plan="Caro gives one exit question and sorts the answers at lunch.",
            did="Done on three days.",
            studied="Sorting took 12 minutes.",
            decision="adapt",
            reason="Longer than predicted",
            next="Two piles in place of four",
        ),
        k.LearningQuestion(
            id="learning-question-1",
            cycle="cycle-1",
            text="How long does sorting take?",
            prediction="Under ten minutes",
            low=5,
            high=10,
            unit="minutes",
            confidence=80,
            result="12 minutes",
            value=12,
        ),
        k.Vote(id="vote-1", on="cause-placement", voter="Ana", dots=3),
        k.Vote(id="vote-2", on="cause-pullout", voter="Ben", dots=2),
        k.Vote(id="vote-3", on="cause-placement", voter="Caro", dots=2),
        k.Note(
            id="note-1", on="cause-placement", text="Ask the other middle school for its sheet."
        ),
    ]
    return items


def school():
    """The same as a theory (Theory)."""
    return Theory.of(school_items())


def empty():
    """What a team has on its first day (Theory)."""
    return Theory()


_LONG = (
    "Teachers of grades six, seven and eight meet once in a quarter, and the meeting is about "
    "the calendar more often than about students' work"
)


def largest():
    """Ten categories of eight causes, each with two under it, one of those with one more; drivers 1
    x 5 x 15 x 30 (Theory).
    """
    items = [
        k.Problem(text=_LONG + " in spring 2025"),
        k.Aim(text="By June 2028 " + _LONG, by=date(2028, 6, 1)),
    ]
    for bone in range(10):
        items.append(
            k.Category(
                id=f"category-{bone}",
                text=f"Category {bone}: time, schedule and policy",
                order=bone,
            )
        )
        for cause in range(8):
            top = f"cause-{bone}-{cause}"
            items += [
                k.Cause(
                    id=top, parent=f"category-{bone}", text=_LONG[: 30 + 13 * cause], order=cause
                )
            ]
            items += [
                k.Cause(
                    id=f"{top}-{under}", parent=top, text=_LONG[5 : 40 + 9 * cause], order=under
                )
                for under in range(2)
            ]
            items += [k.Cause(id=f"{top}-0-0", parent=f"{top}-0", text=_LONG[20:75])]
    items += [
        k.Driver(id=f"driver-p{n}", level="primary", text=_LONG[: 40 + 8 * n], order=n)
        for n in range(5)
    ]
    items += [
        k.Driver(
            id=f"driver-s{n}",
            level="secondary",
            text=_LONG[: 30 + 6 * n],
            order=n,
            acts_on=tuple({f"driver-p{n // 3}", f"driver-p{n % 5}"}),
        )
        for n in range(15)
    ]
    items += [
        k.ChangeIdea(
            id=f"change-idea-{n}",
            text=_LONG[: 25 + 3 * n],
            order=n,
            drivers=tuple({f"driver-s{n // 2}", f"driver-s{n * 7 % 15}"}),
        )
        for n in range(30)
    ]
    return Theory.of(items)
