"""Reports for many districts: side by side, one failure in one row, and a second run does what is
missing or changed.
"""

import os
import signal
import time
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

import nbformat
from tqdm import tqdm

from see_the_system.messages import Refusal
from see_the_system.reports import manifest as manifests
from see_the_system.reports import page, pdf
from see_the_system.reports.execute import Failed, execute, quiet_papermill
from see_the_system.reports.files import code_version, only_one_run, slug, write_in_folder
from see_the_system.reports.kernels import Kernels, Stopped
from see_the_system.reports.stopping import stoppable, unstoppable

LONGEST_REPORT = 300  # seconds
LARGEST_PAGE = 400_000  # bytes: what every mail server takes


@dataclass(frozen=True)
class Task:
    """One report that is wanted.

    ``parameters`` are what a person chose; ``inputs`` are further parameters of the template that
    say which district it is and where its data are, and ``fingerprint`` changes when those data do.
    A report is made again when the fingerprint or the parameters change, not when the same data lie
    somewhere else.
    """

    district: str
    name: str
    fingerprint: str = ""
    parameters: dict = field(default_factory=dict)
    inputs: dict = field(default_factory=dict)
    county: str = ""


@dataclass(frozen=True)
class Outcome:
    """What a batch did: districts asked for, and of these made, up to date, failed and printed
    (tuples of Row).
    """

    folder: Path
    asked: int
    made: tuple = ()
    failed: tuple = ()
    printed: tuple = ()
    not_printed: tuple = ()
    stopped_by: int = 0  # the signal that stopped it, 0 when it ran to its end
    up_to_date: int = 0

    @property
    def exit_status(self):
        """0 when all that was asked for is there, 1 when something failed, 128 and the signal when
        it was stopped.
        """
        return (
            128 + self.stopped_by if self.stopped_by else int(bool(self.failed or self.not_printed))
        )


def describe_batch(outcome):
    """The sentence a run ends with, for example "8 reports: 7 up to date, 1 made." (text)."""
    parts = [
        (outcome.up_to_date, "up to date"),
        (len(outcome.made), "made"),
        (len(outcome.printed), "printed"),
        (len(outcome.failed), "failed"),
        (len(outcome.not_printed), "not printed"),
    ]
    told = ", ".join(f"{count} {what}" for count, what in parts if count)
    noun = "report" if outcome.asked == 1 else "reports"
    if outcome.stopped_by:
        done = f"{outcome.asked} {noun}: {told or 'none finished'}"
        return (
            f"Stopped. {done}. What is finished is kept; run the same command again for the rest."
        )
    return f"{outcome.asked} {noun}: {told or 'nothing to do'}."


def run_batch(template, tasks, out, *, jobs=None, timeout=LONGEST_REPORT, print_with=None):
    """Make the reports that are missing, failed or changed (Outcome).

    ``template`` is a :class:`see_the_system.reports.template.Template`, ``tasks`` one Task a district,
    ``out`` the folder, ``jobs`` how many reports at a time (default: cores and one more),
    ``timeout`` seconds for one report, ``print_with`` the browser that prints them to PDF (None: no
    PDF). Each finished report is in the folder and in its manifest at once; Ctrl-C or a termination
    signal stops all kernels and keeps them.
    """
    out = Path(out)
    tasks = list({task.district: task for task in tasks}.values())
    with only_one_run(out), quiet_papermill():
        batch = _Batch(template, out, timeout, len(tasks))
        batch.run(tasks, jobs or _cores() + 1, print_with)
        return batch.outcome


def _cores():
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class _Batch:
    def __init__(self, template, out, timeout, asked):
        self.template, self.out, self.timeout = template, out, timeout
        self.manifest = manifests.Manifest(out)
        self.outcome = Outcome(out, asked)
        self.code = code_version()

    def run(self, tasks, jobs, print_with):
        wanted = [(task, self.row(task)) for task in tasks]
        to_make = [(task, row) for task, row in wanted if not self.manifest.up_to_date(row)]
        self.outcome = replace(self.outcome, up_to_date=len(wanted) - len(to_make))
        try:
            with stoppable():
                self.make(to_make, jobs)
                if print_with:
                    self.print([row.district for _, row in wanted], print_with)
        except KeyboardInterrupt as stop:
            self.outcome = replace(
                self.outcome, stopped_by=stop.args[0] if stop.args else signal.SIGINT
            )
        with unstoppable():
            self.manifest.write()
            self.manifest.write_index()

    def row(self, task):
        return manifests.Row(
            task.district,
            task.name,
            task.county,
            parameters=manifests.canonical(task.parameters),
            data=task.fingerprint,
            template=self.template.fingerprint,
            code=self.code,
        )

    def make(self, to_make, jobs):
        pool = ThreadPoolExecutor(max(1, min(jobs, len(to_make))), thread_name_prefix="report")
        with Kernels() as kernels, _progress(to_make, "Reports") as bar:
            waiting = {pool.submit(self.report, task, row, kernels) for task, row in to_make}
            try:
                while waiting:
                    # A wait without end cannot be interrupted on Windows.
                    for future in wait(waiting, timeout=0.5, return_when=FIRST_COMPLETED).done:
                        self.record(future.result())
                        waiting.discard(future)
                        bar.update()
            except BaseException:
                with unstoppable():
                    pool.shutdown(wait=False, cancel_futures=True)
                    kernels.stop()
                    for future in wait(waiting, timeout=1).done:
                        if not future.cancelled() and not future.exception():
                            self.record(future.result())
                raise
            pool.shutdown()

    def record(self, row):
        """In the main thread alone: the manifest has one writer."""
        if row is None:
            return
        before = self.manifest.rows.get(row.district)
        for left in (
            {before.page, before.pdf, before.notebook} - {row.page, row.pdf, row.notebook, ""}
            if before
            else ()
        ):
            if row.status == manifests.DONE:
                (self.out / left).unlink(missing_ok=True)
        self.manifest.record(row)
        kind = "made" if row.status == manifests.DONE else "failed"
        self.outcome = replace(self.outcome, **{kind: (*getattr(self.outcome, kind), row)})

    def report(self, task, row, kernels):
        """Make one report, in a thread (Row; None when the batch was stopped)."""
        name = slug(task.district, task.name)
        start = time.monotonic()
        try:
            notebook = execute(
                self.template,
                {**task.inputs, **task.parameters},
                kernels,
                timeout=self.timeout,
                kept_as=f"{name}.ipynb",
            )
            row = self.keep(notebook, row, name)
        except Stopped:
            return None
        except Refusal:
            raise  # a folder that cannot be written stops the run
        except Failed as failure:
            row = self.set_aside(failure, row, name)
        return replace(
            row,
            seconds=f"{time.monotonic() - start:.1f}",
            finished=_now().isoformat(timespec="seconds"),
        )

    def keep(self, notebook, row, name):
        """Write a report's notebook and page; its earlier PDF goes first, so that no page has
        another page's PDF.
        """
        try:
            facts = page.Facts(
                row.name,
                manifests.place(row),
                f"{_now():%B} {_now().day}, {_now().year}",
                _versions(row),
            )
            html, headline = page.render(notebook, facts), page.headline(notebook)
        except Exception as error:
            raise Failed(
                f"The page could not be written from the notebook: {type(error).__name__}: {error}",
                notebook,
            ) from error
        (self.out / f"{name}.pdf").unlink(missing_ok=True)
        write_in_folder(self.out / "notebooks" / f"{name}.ipynb", nbformat.writes(notebook))
        write_in_folder(self.out / f"{name}.html", html)
        for left in _aside(self.out, name):
            left.unlink(missing_ok=True)
        size = len(html.encode("utf-8", "replace"))
        large = f"The page is large: {size // 1000} kB." if size > LARGEST_PAGE else ""
        return replace(
            row,
            status=manifests.DONE,
            reason=large,
            headline=headline,
            page=f"{name}.html",
            notebook=f"notebooks/{name}.ipynb",
        )

    def set_aside(self, failure, row, name):
        """Keep a failed notebook for the analyst, and no page that no longer holds where people
        would send it.
        """
        notebook, earlier = _aside(self.out, name)
        if failure.notebook is not None:
            write_in_folder(notebook, nbformat.writes(failure.notebook))
        before = self.manifest.rows.get(row.district)
        old = self.out / (before.page if before and before.page else f"{name}.html")
        if old.is_file():
            os.replace(old, earlier)
        for left in (old.with_suffix(".pdf"), self.out / "notebooks" / f"{old.stem}.ipynb"):
            left.unlink(missing_ok=True)
        return replace(
            row,
            status=manifests.FAILED,
            reason=str(failure),
            notebook=f"failed/{name}.ipynb" if failure.notebook else "",
        )

    def print(self, districts, browser):
        """Print the pages that have no PDF yet, one after another: a browser uses all cores by
        itself.
        """
        rows = {row.district: row for row in self.manifest.present()}
        to_print = [
            rows[district]
            for district in districts
            if district in rows and rows[district].page and not rows[district].pdf
        ]
        with _progress(to_print, "PDF") as bar:
            for row in to_print:
                target = Path(row.page).with_suffix(".pdf").name
                try:
                    pdf.print_page(browser, self.out / row.page, self.out / target)
                    done, row = (
                        "printed",
                        replace(self.manifest.rows[row.district], pdf=target, reason=""),
                    )
                except Refusal as problem:
                    done, row = (
                        "not_printed",
                        replace(self.manifest.rows[row.district], pdf="", reason=str(problem)),
                    )
                self.manifest.record(row)
                self.outcome = replace(self.outcome, **{done: (*getattr(self.outcome, done), row)})
                bar.update()


def _aside(out, name):
    return out / "failed" / f"{name}.ipynb", out / "failed" / f"{name}-earlier.html"


def _versions(row):
    parts = [
        f"{what} {value}"
        for what, value in [("data", row.data), ("template", row.template), ("code", row.code)]
        if value
    ]
    return f"Made from: {', '.join(parts)}."


def _now():
    return datetime.now().astimezone()


def _progress(work, what):
    return tqdm(
        total=len(work),
        desc=what,
        unit="report",
        disable=None if work else True,
        leave=False,
        smoothing=0.1,
    )
