"""``see-the-system``: the command line. Problems are one sentence on the error stream, and exit status 2."""

import sys

import click

from helpers.messages import Problem


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="see-the-system")
def cli():
    """See the system behind a school district's results: reports for every district from the state's own files."""


@cli.group()
def data():
    """Read the state's files once, so that every report and lesson finds them in milliseconds."""


@data.command("add")
@click.argument("files", nargs=-1, required=True)
@click.option("--replace", is_flag=True, help="Let these files take the place of files of the same year that they disagree with.")
def add(files, replace):
    """Read FILES (zip, gz or text, or a folder of them) into the local store.

    Give the entities files of 2015 to 2019 together with their data files where they came apart.
    """
    from helpers.data.store import Store

    Store().add(files, replace=replace, told=click.echo)


@data.command("list")
def list_():
    """What is in the local store."""
    from helpers.data.store import Store

    store = Store()
    if not store.catalogue:
        click.echo(f"The store in {store.folder} is empty. Add the state's files with 'see-the-system data add FILE...'.")
        return
    for part in sorted(store.catalogue, key=lambda p: (p["year"], p["scope"])):
        click.echo(f"{part['year']}  {part['scope']}  {part['rows']:,} rows  from {part['name']}, added {part['added'][:10]}")
    click.echo(f"{len(store.districts()):,} districts, in {store.folder}")


def _mount():
    from helpers.reports.command import reports

    cli.add_command(reports)


def main():
    """Runs the command line; a ``Problem`` becomes its sentence and exit status 2."""
    _mount()
    try:
        cli.main(standalone_mode=False)
    except Problem as problem:
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
