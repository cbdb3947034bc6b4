"""What the word lists find and what they leave alone, sentence by sentence."""

import re

import pytest

from helpers.theory import wording
from tests.theory.examples import school

BLAMES = [
    "Parent apathy",
    "Student apathy toward mathematics",
    "Apathetic students",
    "Parents don't care",
    "Parents don’t care about math",
    "Families do not value education",
    "Parents won't help with homework",
    "Many parents never come to conferences",
    "Families don't show up",
    "Parents are not involved",
    "Uninvolved parents",
    "Hard-to-reach families",
    "Lack of parent involvement",
    "Lack of parental support",
    "No support at home",
    "Little support from home",
    "Low expectations at home",
    "Poor home environment",
    "Broken homes",
    "Single-parent households",
    "Culture of poverty",
    "Education is not valued in the home",
    "Bad parenting",
    "Nobody at home cares",
    "Kids are lazy",
    "Laziness",
    "Unmotivated students",
    "Students are not motivated",
    "Decline in motivation",
    "Lack of student motivation",
    "Students' lack of effort",
    "Low student engagement",
    "Students don't care about their grades",
    "They just don't try",
    "Kids don't want to learn",
    "Students do not do their homework",
    "Students give up too easily",
    "Lack of grit",
    "Students lack basic skills",
    "Students don't know their math facts",
    "These students can't do algebra",
    "Our English learners cannot handle grade-level work",
    "Students in the afternoon sections cannot behave",
    "Students come to us unprepared",
    "Low kids",
    "Slow learners",
    "They're just not math people",
    "Students are disrespectful",
    "It is the parents' fault",
    "The elementary schools are to blame",
    "Bad teachers in grade 6",
    "Teachers are resistant to change",
    "Teachers don't care",
    "We believe that parents don't care",
    "Language deficits",
    "Falta de interés de los padres",
    "A los padres no les importa la escuela",
    "Apatía de los estudiantes",
    "Los alumnos no quieren aprender",
    "Alumnos flojos",
    "Hogares disfuncionales",
    "Falta de motivación",
    "Los padres tienen la culpa",
]
FINE = [
    "Families were not told",
    "Students who are placed down say nobody told them why",
    "Attendance of teachers at the meeting",
    "Placement letters go out in English, in July",
    "Few families attended the meeting, which was held at 10 a.m.",
    "Families do not come because meetings are at 10 a.m.",
    "Parents don't respond to letters that are sent in English",
    "Families who do not read English cannot ask for a change",
    "Students cannot see their results for five weeks",
    "Students cannot take the late bus home after tutoring",
    "Teachers will not see results until October",
    "Teachers do not get common planning time",
    "Teachers hold low expectations for students who are placed down",
    "Several teachers said that parents don't care",
    "Staff believe that these students can't do algebra",
    'One teacher wrote "kids are lazy" on the survey',
    "A belief that some children cannot handle algebra shapes placement",
    "Students are told that they are low",
    "Students with lower scores are called lazy",
    "Socioeconomically disadvantaged students are placed in Math 7 more often",
    "Homeless students change schools twice a year",
    "Long-term English learners take two periods of language support",
    "Chronic absence is highest in the first period",
    "Students lack access to the late bus",
    "Students lack a way to ask why they were placed",
    "Students do not have a calculator for the benchmark",
    "Students don't have time to finish the benchmark",
    "No internet at home",
    "Parent meetings take place during work hours",
    "Parent involvement is counted by signatures",
    "Lack of parent support staff in two schools",
    "No student support services after 3 p.m.",
    "Students in the low track see fewer reasoning tasks",
    "Low student numbers in grade 8 algebra",
    "Low participation in the May benchmark",
    "Motivation is asked about once a year, in the survey",
    "Tasks that students find boring come before the ones they find useful",
    "Benchmark results reach teachers five weeks after the test",
    "Students with no fault of their own miss the placement test",
    "The default placement is Mathematics 7",
    "Difficult topics come in May",
    "Weak link between grade 5 and grade 6 pacing",
    "Slow scanner",
    "Bad data from the old system",
    "Ineffective use of the intervention period",
    "Homework is not checked",
    "Parents are not invited to the placement meeting",
    "Families are not asked",
    "Families are hard for the office to call, as numbers are not updated",
    "Community partners are not told of the schedule",
    "Students do not attend tutoring because it starts after the bus leaves",
    "Students arrive in grade 7 without having met ratio",
    "Teachers in their first two years are assigned to support sections",
    "Staff do not agree on what proficient means",
    "Students are not motivated by tasks with one answer",
    "Interest in algebra is not asked about before placement",
    "The support program has a waiting list",
    "Children of migrant workers enroll after August",
    "Students are behind the pacing guide by October because two weeks are testing",
    "Nobody owns the time from test to teacher",
    "Parents work two jobs",
    "Buses set the first and last period",
    "Las cartas salen en inglés, en julio",
    "A las familias nadie les avisó",
    "Los estudiantes no saben quién decidió",
    "Falta de criterios escritos para la colocación",
]
SOLUTIONS = [
    "Lack of a tutoring program",
    "Lack of after-school tutoring",
    "No math coach",
    "Not enough training",
    "Lack of professional development",
    "Insufficient funding",
    "No intervention program",
    "Teachers do not have enough resources",
    "Limited access to technology",
    "Too few counselors",
    "We need a math specialist",
    "The district should adopt a new curriculum",
    "Schools need to hire tutors",
    "There is no summer program",
    "Lack of high-quality instructional software",
    "Teachers lack training",
    "Not enough Chromebooks",
    "Falta de un programa de tutorías",
    "No hay tutores",
]
NO_SOLUTION = [
    "Nobody is told why",
    "No written criteria for placement",
    "No one tells families about the tutoring program",
    "No teacher sees training data",
    "No student is placed by the program",
    "Tutoring starts after the last bus",
    "Training on the adoption came in November",
    "Not enough days for ratio in the pacing guide",
    "Lack of agreement on what proficient means",
    "Teachers have no common planning time",
    "Coaches are assigned by seniority",
    "The tutoring program is full by September",
    "Limited time between test and report card",
    "No tutoring schedule is sent home",
    "Students need to ask twice to get a schedule change",
    "Teachers need to enter scores by hand",
    "Results meeting is set by the calendar, not by the test",
    "One scanner serves eleven schools",
    "Guide was last revised before the new adoption",
    "No program meets on Fridays",
]
CAUSES = [
    "Scores fell because teachers changed",
    "The gap is wide due to placement",
    "Low scores caused by absences",
    "The gap results from tracking",
    "El rendimiento bajó debido a la pandemia",
]
REMEDIES = [
    "Students need a better curriculum",
    "We should hire more coaches",
    "We will close the gap by hiring coaches",
    "Schools lack a tutoring program",
    "There is the need for training",
]
PLAIN_PROBLEMS = [
    "In spring 2025, 31 percent of Hispanic or Latino students in grades 6 to 8 met the standard in mathematics; of White students, 55 percent did.",
    "Since 2019, the share of students with disabilities who met the standard has stayed at 12 percent.",
    "Of 140 students with special needs, 9 met the standard in spring 2025.",
    "Long-term English learners in grades 6 to 8 scored 96 points below the standard in 2024.",
    "Results are due in June; 40 percent of grade 7 students met the standard in spring 2025.",
]
OPEN = [
    "Tell me about a time in math when you understood something new.",
    "Walk me through how you were placed in your math class.",
    "Can you tell me about the last placement you changed?",
    "Could you describe a day in your math class?",
    "How did you find out about your new class?",
    "What happened next?",
    "When you are stuck, what do you do?",
    "Did you ask anyone? Tell me about that.",
    "Do you like math? Why?",
    "Think of a day when math went well. What made it so?",
    "What was it like to change classes in August?",
    "If you could change one thing about math, what would it be?",
    "In math class, how do you show what you know?",
    "Describe the last conference you went to.",
    "Cuéntame de una vez que entendiste algo nuevo.",
    "¿Cómo supo en qué clase estaría su hija?",
    "¿Qué pasó después?",
    "",
]
CLOSED = {
    "Do you like math?": "yes or no",
    "Is your teacher nice?": "yes or no",
    "Were you told why?": "yes or no",
    "Did anyone tell you why?": "yes or no",
    "Do you know what class you are in?": "yes or no",
    "So, are you good at math?": "yes or no",
    "When you are stuck, do you ask for help?": "yes or no",
    "Would you say that math is hard?": "yes or no",
    "Don't you think that math is hard?": "yes or no",
    "The letter came late, right?": "yes or no",
    "Have you ever asked for another class?": "yes or no",
    "I want to hear about math. Do you like it?": "yes or no",
    "Does the homework help": "yes or no",
    "How many hours of homework do you have?": "a number",
    "How often do you ask for help?": "a number",
    "On a scale of 1 to 5, rate your class.": "a number",
    "What grade are you in?": "a number",
    "¿Te gusta la clase de matemáticas?": "yes or no",
    "¿Cuántas horas estudias?": "a number",
}


def test_wording_that_blames_is_found_and_system_wording_is_left_alone():
    assert {"missed": [text for text in BLAMES if not wording.deficit(text)], "false alarms": [text for text in FINE if wording.deficit(text)]} == {"missed": [], "false alarms": []}
    assert len(BLAMES) >= 60 and len(FINE) >= 60


def test_a_solution_written_as_a_cause_is_found_and_an_observation_is_left_alone():
    assert {"missed": [text for text in SOLUTIONS if not wording.solution_as_cause(text)], "false alarms": [text for text in NO_SOLUTION if wording.solution_as_cause(text)]} == {"missed": [], "false alarms": []}


def test_causes_and_solutions_in_a_problem_statement():
    assert [text for text in CAUSES if not wording.cause_in_problem(text)] == []
    assert [text for text in REMEDIES if not wording.solution_in_problem(text)] == []
    assert [text for text in PLAIN_PROBLEMS if wording.cause_in_problem(text) or wording.solution_in_problem(text) or wording.deficit(text)] == []


def test_closed_questions_and_open_ones():
    assert [text for text in OPEN if wording.closed(text)] == []
    assert {text: wording.closed(text) for text in CLOSED} == CLOSED


def test_nothing_of_the_school_example_is_taken_for_blame_or_a_solution():
    texts = [item.text for item in school().living() if getattr(item, "text", "")]
    assert len(texts) > 50
    assert [text for text in texts if wording.deficit(text) or wording.solution_as_cause(text)] == []


def test_the_words_come_back_as_they_were_written_with_a_question_about_the_system():
    found = wording.deficit("In grade 7: Parents   Don’t Care about math.")
    assert found is None or found.words  # spaces inside are the writer's own
    found = wording.deficit("In grade 7, Parents Don’t Care about math.")
    assert found.words == "Parents Don’t Care" and found.ask == "What do we do, or not do, that makes it hard for families to take part?"
    assert wording.deficit("Falta de interés de los padres").words == "Falta de interés de los padres"
    assert wording.solution_as_cause("We see: LACK OF A TUTORING PROGRAM!") == "LACK OF A TUTORING PROGRAM"


def test_every_entry_of_the_word_list_asks_about_the_system_and_has_a_source():
    for _, entry in wording._deficits():
        assert entry["ask"].endswith("?") and re.search(r"\b(we|our|here|school|schedule|students been given|horario|hacemos|clases)\b", entry["ask"]), entry["says"]
        assert entry["source"] in wording._lists()["sources"]


@pytest.mark.parametrize("text", ["", " ", "a" * 20_000, "no " * 5_000, "parents " * 3_000, "students don't " * 1_500, "ﬁ ß İ 𝒜 é \u0130 \u00df" * 200, "“unclosed", '"' * 999])
def test_any_text_can_be_read(text):
    wording.deficit(text), wording.solution_in_problem(text), wording.cause_in_problem(text), wording.closed(text)
