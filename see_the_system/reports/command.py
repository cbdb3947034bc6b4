"""``see-the-system reports``: what is asked for is checked before anything runs."""

import ast
import sys
from contextlib import nullcontext
from pathlib import Path

import click

from see_the_system.data import codes
from see_the_system.messages import Refusal
from see_the_system.paths import REPORT_TEMPLATE, SAMPLE

_PAIR = ("focus_group", "comparison_group")
FILLED_IN = ("district", "store")  # the template's parameters that the command fills in
MOST_REASONS = 5
FILE = click.Path(path_type=Path)


class _Folder(click.Path):
    """A folder, or the URL of one."""

    def convert(self, value, param, ctx):
        from see_the_system.reports.files import folder_of

        if "://" in str(value):
            return folder_of(value)
        return super().convert(value, param, ctx)


FOLDER = _Folder(file_okay=False, path_type=Path)


class _WithParameters(click.Command):
    """A command whose help also lists the parameters of the template."""

    def format_epilog(self, ctx, formatter):
        from see_the_system.reports.template import Template

        known = Template(ctx.params.get("template") or REPORT_TEMPLATE).parameters
        rows = [
            (name, f"{parameter['help'].rstrip('.')}. Default: {parameter['default']}")
            for name, parameter in known.items()
            if name not in FILLED_IN
        ]
        with formatter.section("Parameters, given with -p"):
            formatter.write_dl(rows)


@click.command(cls=_WithParameters)
@click.argument("districts", nargs=-1, metavar="[DISTRICT]...")
@click.option("--all", "every", is_flag=True, help="A report for every district in the data.")
@click.option(
    "--data",
    multiple=True,
    type=FILE,
    help="The state's files, or a folder of them; again for more. Default: what 'data add' has "
    "read, else the practice network.",
)
@click.option(
    "--out",
    default="reports",
    show_default=True,
    type=FOLDER,
    help="The folder the reports go to, or a URL that fsspec writes to.",
)
@click.option(
    "--jobs",
    type=click.IntRange(1),
    help="How many reports at a time. Default: the machine's cores and one more.",
)
@click.option(
    "--pdf",
    "as_pdf",
    is_flag=True,
    help="Print each page to PDF too, with a Chromium, Chrome or Edge on this machine.",
)
@click.option(
    "-p",
    "--parameter",
    "given",
    nargs=2,
    multiple=True,
    metavar="NAME VALUE",
    help="A parameter of the template; again for more.",
)
@click.option(
    "--timeout",
    default=300.0,
    show_default=True,
    type=click.FloatRange(min=1),
    help="Seconds that one report may take.",
)
@click.option(
    "--dask",
    metavar="ADDRESS",
    help="Let the workers of a Dask cluster make them; the address is its scheduler's.",
)
@click.option(
    "--dask-data",
    default="",
    metavar="PLACE",
    help="Where the workers find the store: a path of theirs, or a URL. Default: the same path.",
)
@click.option("--template", default=REPORT_TEMPLATE, type=FILE, help="Another template notebook.")
def reports(districts, every, data, out, jobs, as_pdf, given, timeout, template, dask, dask_data):
    """Write a report for each DISTRICT, given by its code ("99-10017") or its name; of the practice
    network for all.

    Run again, it makes what is missing, failed or changed. The reports, a page that lists them and
    a manifest are in the folder given with --out.
    """
    from see_the_system.data.store import open_store
    from see_the_system.reports.batch import describe_batch, run_batch
    from see_the_system.reports.files import HOW_TO_GET_ONE, find_browser
    from see_the_system.reports.template import Template

    template = Template(template)
    parameters = template.values(dict(given), taken=FILLED_IN)
    store = open_store(data)
    parameters = _checked(template.parameters, parameters, store)
    practice = store.folder == open_store([SAMPLE]).folder
    every = every or (practice and not districts)
    chosen = choose(store.districts(), districts, every, practice=practice and not data)
    tasks = [_task(district, template, parameters, store) for district in chosen.itertuples()]
    browser = find_browser() if as_pdf else None
    how = {"jobs": jobs, "timeout": timeout, "print_with": browser}
    with _cluster(dask, dask_data, jobs) as cluster:
        outcome = run_batch(template, tasks, out, **how, cluster=cluster)
    for row in outcome.failed[:MOST_REASONS] + outcome.not_printed[:MOST_REASONS]:
        click.echo(f"{row.name} ({row.district}): {row.reason}", err=True)
    click.echo(f"{describe_batch(outcome)} See {out / 'index.html'}.")
    if outcome.warning:
        click.echo(outcome.warning, err=True)
    unprintable = as_pdf and not browser
    if unprintable:
        click.echo(HOW_TO_GET_ONE, err=True)
    sys.exit(outcome.exit_status or int(unprintable))


def _cluster(address, data, jobs):
    """The cluster asked for, as a context manager; of None where none is."""
    if not address:
        if data:
            raise Refusal("--dask-data is for the workers of a cluster. Name it with --dask too.")
        return nullcontext()
    if jobs:
        raise Refusal(
            "How many reports a worker makes at a time is its own affair: leave out --jobs, and "
            "start the worker with --nthreads."
        )
    try:
        from see_the_system.reports.cluster import Cluster
    except ModuleNotFoundError as error:
        raise Refusal(
            f"--dask needs Dask, and {error.name} is not installed: "
            "pip install 'see-the-system[dask]'"
        ) from error
    cluster = Cluster(address, data)
    if not cluster.workers():
        click.echo("The cluster has no worker yet; reports begin when one comes.", err=True)
    return cluster


def _task(district, template, parameters, store):
    from see_the_system.reports.batch import Task

    inputs = {"district": district.district, "store": str(Path(store.folder).resolve())}
    return Task(
        district.district,
        district.name,
        fingerprint=store.fingerprint(district.district),
        parameters=parameters,
        inputs={name: inputs[name] for name in FILLED_IN if name in template.parameters},
        county=district.county_name,
    )


def _checked(known, given, store):
    """What was given besides the template's defaults, groups by their names (dict).

    So that one report is one, however it was asked for. ``Refusal`` for a group, a grade, a year or
    a limit that no report could be made with.
    """
    from see_the_system.privacy.protect import MIN_N
    from see_the_system.privacy.student_groups import must_share_nobody

    defaults = {name: _default(parameter) for name, parameter in known.items()}
    values = defaults | given
    groups = []
    for name in _PAIR:
        if name in values:
            groups.append(codes.group_code(values[name]))
            values[name] = codes.GROUPS[groups[-1]]
    if len(groups) == len(_PAIR):
        must_share_nobody(*groups)
    if "grades" in values:
        values["grades"] = codes.math_grades(values["grades"])
    missing = sorted(set(values.get("years", ())) - set(store.years()))
    if missing:
        there = ", ".join(map(str, store.years()))
        raise Refusal(f"School year {missing[0]} is not in the data. They have {there}.")
    if values.get("min_students", MIN_N) < MIN_N:
        raise Refusal(
            f"min_students may be raised above {MIN_N}, the state's rule, but not lowered."
        )
    if "years" in values:
        values["years"] = sorted(set(values["years"]))
    return {name: values[name] for name in given if values[name] != defaults[name]}


def _default(parameter):
    try:
        return ast.literal_eval(parameter["default"])
    except (ValueError, SyntaxError):
        raise Refusal(
            f"The template's parameter {parameter['name']!r} has the default "
            f"{parameter['default']}; a plain value was expected. Write the value itself there."
        ) from None


def choose(known, asked, every=False, *, practice=False):
    """The districts asked for by code, name or first words (rows of ``known``, in its order).

    ``known`` is a frame with the columns district, name and county_name; all of it with ``every``;
    ``practice``: it is the practice network, because no other data were read.
    ``Refusal`` for a district that is not there, with the nearest names, for a name that several
    districts have, and when nothing was asked for.
    """
    if every == bool(asked):
        raise Refusal(
            "Name the districts that need a report, by code or by name, or give --all for every "
            "district, but not both."
        )
    if every:
        return known
    wanted = {codes.district_named(known, text, practice=practice) for text in asked}
    return known[known["district"].isin(wanted)]
