"""``see-the-system``: the command line.

Problems are one sentence on the error stream, and exit status 2. A docstring here is the command's
help page; what a command needs is loaded in its body, so that help comes at once.
"""

import sys

import click

from see_the_system.messages import Refusal
from see_the_system.reports.command import reports


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="see-the-system")
def cli():
    """See the system behind a school district's results: reports for every district from the
    state's own files.
    """


cli.add_command(reports)


@cli.command()
@click.argument("folder", type=click.Path(), required=False)
@click.option("--team", help='The team\'s name, for a new folder; "Our team" unless you say.')
@click.option("--practice", is_flag=True, help="Open the worked example, which is synthetic.")
@click.option(
    "--port",
    type=click.IntRange(1024, 65535),
    help="A new address for this folder, which it keeps; it has its own unless you say.",
)
@click.option(
    "--lessons",
    type=click.Path(file_okay=False, exists=True),
    help="A folder of lessons of your own (01_name.ipynb and so on) instead of this project's.",
)
def workshop(folder, team, practice, port, lessons):
    """Open a team's workshop: its lessons in the browser, its work kept in FOLDER.

    FOLDER is "workshop" unless you say, or "workshop-practice" with --practice. Started again, it
    finds the team's work.
    """
    from see_the_system.workshop.server import open_workshop

    folder = folder or ("workshop-practice" if practice else "workshop")
    open_workshop(folder, team=team, practice=practice, port=port, lessons=lessons)


@cli.command()
@click.argument("form")
@click.option("--start", default="8:30", show_default=True, help="When it begins: 8:30, 1:00 pm.")
@click.option(
    "--lesson",
    "numbers",
    multiple=True,
    help="Only this lesson, by its number; may be given again: --lesson 03 --lesson 08.",
)
@click.option(
    "--lessons",
    type=click.Path(file_okay=False, exists=True),
    help="A folder of lessons of your own instead of this project's.",
)
@click.option(
    "--out", default="agenda", show_default=True, help="The folder that the page goes into."
)
def agenda(form, start, numbers, lessons, out):
    """For a facilitator: an agenda of the lessons with clock times, and a run sheet to print.

    FORM is half-day, one-day, four-meetings or each-lesson.
    """
    from pathlib import Path

    from see_the_system.paths import NOTEBOOKS
    from see_the_system.workshop.run_sheet import (
        describe_agenda,
        make_agenda,
        parse_clock,
        read_path,
        write_run_sheet,
    )

    steps = read_path(lessons or NOTEBOOKS, numbers)
    made = make_agenda(steps, form, parse_clock(start))
    path = Path(out, f"{form}.html")
    write_run_sheet(path, made)
    click.echo("\n".join(describe_agenda(made)))
    click.echo(f"The run sheet, to print: {path}")


@cli.group()
def data():
    """Read the state's files once, so that every report and lesson finds them in milliseconds."""


@data.command("add")
@click.argument("files", nargs=-1, required=True)
@click.option(
    "--replace",
    is_flag=True,
    help="Let these files take the place of what they disagree with in others of the same year.",
)
def add_files(files, replace):
    """Read FILES (zip, gz or text, or a folder of them) into the local store.

    Give the entities files of 2015 to 2019 together with their data files where they came apart.
    """
    from see_the_system.data.store import Store

    Store().add(files, replace=replace, report=click.echo)


@data.command("list")
def list_files():
    """What is in the local store."""
    from see_the_system.data import indicator_store
    from see_the_system.data.store import Store

    store = Store()
    measures = indicator_store.listed_parts(store.folder)
    if not store.catalogue and not measures:
        click.echo(
            f"The store in {store.folder} is empty. Add the state's files with "
            "'see-the-system data add FILE...'."
        )
        return
    for part in sorted(store.catalogue, key=lambda part: (part["year"], part["scope"])):
        day = part["added"][:10]
        click.echo(
            f"{part['year']}  {part['scope']}  {part['rows']:,} rows  from {part['name']}, "
            f"added {day}"
        )
    for line in measures:
        click.echo(line)
    click.echo(f"{len(store.districts()):,} districts, in {store.folder}")


@cli.group()
def practice():
    """The practice network: its districts' synthetic records for a team, its answer key for a
    facilitator.
    """


@practice.command("records")
@click.argument("district")
@click.argument("folder", type=click.Path())
@click.option(
    "--year",
    type=int,
    multiple=True,
    help="A spring from 2022 to 2025; all of them unless you say otherwise.",
)
def records(district, folder, year):
    """Write the synthetic records of a practice DISTRICT's offices into FOLDER, as CSV files that a
    team may have.
    """
    from practice_network.history import YEARS
    from practice_network.records import write_records

    paths = write_records(folder, district, year or YEARS)
    click.echo(
        f"{len(paths)} synthetic files are in {folder}. What their columns mean: docs/practice.md"
    )


@practice.command("interviews")
@click.argument("district")
@click.argument("folder", type=click.Path())
def interviews(district, folder):
    """Write the synthetic interviews of a practice DISTRICT into FOLDER, one page of text each, as
    a team may have them.
    """
    from practice_network.interviews import write_interviews

    paths = write_interviews(folder, district)
    click.echo(f"{len(paths)} synthetic interviews are in {folder}.")


@practice.command("ideas")
@click.argument("district", required=False)
@click.argument("idea", required=False)
def change_ideas(district, idea):
    """The change ideas that a team may try in a practice DISTRICT, one a line; of one IDEA, what it
    asks of people, how it is measured, and where it may be tried.
    """
    from practice_network.changes import describe_idea, ideas, meant_in_words
    from practice_network.places import describe_places

    if idea:
        click.echo(f"{describe_idea(idea)}\n{describe_places(district)}")
        return
    for each in ideas(district):
        click.echo(f"{each.id:24} {each.title}; for {meant_in_words(each)}")
    click.echo("\nMore of one: see-the-system practice ideas DISTRICT IDEA")


@practice.command("year")
@click.argument("district")
@click.argument("idea")
@click.argument("folder", type=click.Path())
@click.option(
    "--where",
    help="A school by its name or code, a grade of it as 6990308-7, a class as 6990308-701; left "
    "out: one class. 'practice ideas DISTRICT IDEA' lists the schools.",
)
@click.option("--scale", help="class, grade, school or district.")
@click.option(
    "--fidelity",
    type=float,
    default=0.8,
    show_default=True,
    help="How fully it is carried out, 0 to 1.",
)
@click.option(
    "--starts",
    type=int,
    default=21,
    show_default=True,
    help="The school week in which it begins; the weeks before it are the charts' baseline.",
)
@click.option(
    "--seed", type=int, default=1, show_default=True, help="The same number gives the same year."
)
@click.option(
    "--truth", is_flag=True, help="For a facilitator: also say what the change truly did."
)
def practice_year(district, idea, folder, where, scale, fidelity, starts, seed, truth):
    """Try a change IDEA ("none" for a year without one) in a practice DISTRICT: the year's weekly
    data into FOLDER, synthetic, and what their run charts show.
    """
    from practice_network.effects import describe_truth
    from practice_network.records import write_weeks
    from practice_network.simulate import simulate
    from practice_network.year_charts import describe_baseline, describe_charts

    year = simulate(
        district,
        None if idea == "none" else idea,
        where=where,
        scale=scale,
        fidelity=fidelity,
        starts=starts,
        seed=seed,
    )
    path = write_weeks(folder, year)
    click.echo(f"{path} has the weeks of {year.place}. What happened in them:")
    click.echo("\n".join(f"  {sentence}" for sentence in year.story))
    click.echo(f"\n{describe_baseline(year)}\n\n{describe_charts(year)}")
    if truth:
        click.echo(f"\n{describe_truth(year)}")


@practice.command("key")
@click.argument("district")
def answer_key(district):
    """For a facilitator: what is planted in a practice DISTRICT, how large it is, and which data
    tell.
    """
    from practice_network.answer_key import describe_key

    click.echo(describe_key(district))


@practice.command("score")
@click.argument("theory", type=click.Path())
@click.option(
    "--before", type=click.Path(), help="The same team's theory at an earlier time, as a file."
)
@click.option(
    "--match",
    "corrections",
    multiple=True,
    metavar="CAUSE=PLANTED",
    help="Put right what a cause was taken for: cause-id=placement, or cause-id= for none.",
)
def score_theory(theory, before, corrections):
    """For a facilitator: a team's THEORY (its YAML file) beside what is planted in its district."""
    from practice_network.answer_key import describe_score, matches, score
    from practice_network.planted import BY_ID, lower_first
    from see_the_system.theory.exchange import read

    now = read(theory)
    earlier = read(before) if before else None
    corrected = dict(_correction(text) for text in corrections)
    click.echo(describe_score(score(now, before=earlier, matched=corrected)))
    click.echo("\nWhat was taken for what (put it right with --match):")
    taken = matches(now)
    for cause in now.causes:
        click.echo(f"  {taken.get(cause.id, '-'):13} {cause.id}: {cause.text}")
    names = [f"{planted}: {lower_first(cause.name)}" for planted, cause in BY_ID.items()]
    click.echo(f"\nIn the key, {'; '.join(names)}.")


def _correction(text):
    cause, sign, planted = text.partition("=")
    if not sign:
        raise Refusal(
            f"--match {text!r} was not understood: CAUSE=PLANTED was expected, such as "
            "cause-late=late_results."
        )
    return cause, planted


def main(arguments=None):
    """Runs the command line; a ``Refusal`` becomes its sentence and exit status 2."""
    try:
        cli.main(arguments, standalone_mode=False)
    except Refusal as problem:
        click.echo(str(problem), err=True)
        sys.exit(2)
    except click.ClickException as fault:
        fault.show()
        sys.exit(2)
    except click.exceptions.Exit as end:
        sys.exit(end.exit_code)
    except click.Abort:
        click.echo("Stopped.", err=True)
        sys.exit(130)
