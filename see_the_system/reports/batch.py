"""Reports for many districts: side by side, and one failure is one row.

A second run does what is missing or changed.
"""

import os
import signal
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from tqdm import tqdm

from see_the_system.messages import Refusal
from see_the_system.reports.execute import (
    LARGE,
    keep,
    make_report,
    quiet_papermill,
    stoppable,
    unstoppable,
)
from see_the_system.reports.files import (
    folder_of,
    only_one_run,
    print_page,
    remove_from_folder,
)
from see_the_system.reports.kernels import Kernels
from see_the_system.reports.manifest import (
    DONE,
    FAILED,
    NO_RESULTS,
    PAIR,
    Manifest,
    ReportRow,
    canonical,
    side_by_side,
)
from see_the_system.reports.template import code_version

LONGEST_REPORT = 300  # seconds
_CAME_OF_IT = {DONE: "made", FAILED: "failed", NO_RESULTS: "without_results"}
WORTH_A_REHEARSAL = REHEARSED_AT_MOST = 3  # reports
MANY = 20  # reports, for which what only some of them need is worth working out beforehand


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
    """What a batch did: how many districts were asked for, and the ``ReportRow`` of each done."""

    asked: int
    up_to_date: int = 0
    made: tuple = ()
    printed: tuple = ()
    without_results: tuple = ()  # the data have nothing of what was asked for
    failed: tuple = ()
    not_printed: tuple = ()
    stopped_by: int = 0  # the signal that stopped it, 0 when it ran to its end
    warning: str = ""  # of pages in the folder that do not belong beside each other

    @property
    def exit_status(self):
        """0 when all is there, 1 when something failed, 128 and the signal when stopped (int)."""
        if self.stopped_by:
            return 128 + self.stopped_by
        return int(bool(self.failed or self.not_printed))


def describe_batch(outcome):
    """The sentence a run ends with, for example "8 reports: 7 up to date, 1 made." (text)."""
    counts = {
        "up to date": outcome.up_to_date,
        "made": len(outcome.made),
        "printed": len(outcome.printed),
        "without results": len(outcome.without_results),
        "failed": len(outcome.failed),
        "not printed": len(outcome.not_printed),
    }
    done = ", ".join(f"{count} {what}" for what, count in counts.items() if count)
    asked = "1 report" if outcome.asked == 1 else f"{outcome.asked} reports"
    if outcome.stopped_by:
        return (
            f"Stopped. {asked}: {done or 'none finished'}. What is finished is kept; run the same "
            "command again for the rest."
        )
    return f"{asked}: {done or 'nothing to do'}."


def run_batch(
    template, tasks, out, *, jobs=None, timeout=LONGEST_REPORT, print_with=None, cluster=None
):
    """Make the reports that are missing, failed or changed (Outcome).

    ``template`` is a :class:`see_the_system.reports.template.Template`, ``tasks`` one Task a
    district, ``out`` the folder or its URL, ``jobs`` how many reports at a time (default: cores and
    one more), ``timeout`` seconds for one report, ``print_with`` the browser that prints them to
    PDF (None: no PDF), ``cluster`` a :class:`see_the_system.reports.cluster.Cluster` that makes
    them (None: this machine). Each finished report is in the folder and in its manifest at once;
    Ctrl-C or a termination signal stops all kernels and keeps them.
    """
    out = folder_of(out)
    tasks = list({(task.district, canonical(task.parameters)): task for task in tasks}.values())
    with only_one_run(out), quiet_papermill():
        return _Batch(template, out, timeout, jobs, cluster).run(tasks, print_with)


def _cores():
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class _Batch:
    def __init__(self, template, out, timeout, jobs, cluster):
        self.template = template
        self.out = out
        self.timeout = timeout
        self.jobs = jobs or _cores() + 1
        self.cluster = cluster
        self.manifest = Manifest(out)
        self.done = {kind: [] for kind in (*_CAME_OF_IT.values(), "printed", "not_printed")}

    def run(self, tasks, print_with):
        code = code_version()
        wanted = [(task, self.row(task, code)) for task in tasks]
        to_make = [(task, row) for task, row in wanted if not self.manifest.up_to_date(row)]
        usual = self.template.defaults(PAIR)
        stopped_by = 0
        try:
            with stoppable():
                self.make(to_make)
                if print_with:
                    self.print_pages([row.key for _, row in wanted], print_with)
        except KeyboardInterrupt as stop:
            stopped_by = stop.args[0] if stop.args else signal.SIGINT
        finally:
            with unstoppable():
                self.manifest.write()
                self.manifest.write_index(usual)
        done = {kind: tuple(rows) for kind, rows in self.done.items()}
        done["warning"] = side_by_side(self.manifest.present(), usual)
        return Outcome(len(tasks), len(tasks) - len(to_make), **done, stopped_by=stopped_by)

    def row(self, task, code):
        """What a report would be made from now (ReportRow)."""
        return ReportRow(
            task.district,
            task.name,
            task.county,
            parameters=canonical(task.parameters),
            data=task.fingerprint,
            template=self.template.fingerprint,
            code=code,
        )

    def make(self, to_make):
        with _progress(to_make, "Reports") as bar:
            make = self.make_on_the_cluster if self.cluster else self.make_here
            make(to_make, bar)

    def make_on_the_cluster(self, to_make, bar):
        rehearsal = self.rehearsal(to_make)
        reports = self.cluster.reports(self.template, to_make, self.timeout, rehearsal)
        with closing(reports):
            for report in reports:
                self.record(keep(self.out, report, self.manifest.rows.get(report.row.key)))
                bar.update()

    def make_here(self, to_make, bar):
        with Kernels(self.rehearsal(to_make)) as kernels:
            bar.unpause()  # the time left is of reports, not of getting ready
            jobs = max(1, min(self.jobs, len(to_make)))
            pool = ThreadPoolExecutor(jobs, thread_name_prefix="report")
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
                    for future in wait(waiting, timeout=0.3).done:
                        if not future.cancelled() and not future.exception():
                            self.record(future.result())
                raise
            pool.shutdown()

    def rehearsal(self, to_make):
        """What the kernels' server runs before it forks: one of the reports, where more follow.

        (cells, tries) as ``ForkServer`` takes them, or None.
        """
        if len(to_make) < WORTH_A_REHEARSAL:
            return None
        some = to_make[:: max(1, len(to_make) // REHEARSED_AT_MOST)][:REHEARSED_AT_MOST]
        cells = self.template.code()
        if len(to_make) >= MANY:
            cells.append([self.template.for_many, False])
        return cells, [task.inputs | task.parameters for task, _ in some]

    def report(self, task, row, kernels):
        """Make one report and write it, in a thread (ReportRow)."""
        report = make_report(self.template, task, row, kernels, self.timeout)
        return keep(self.out, report, self.manifest.rows.get(row.key))

    def record(self, row):
        """Put a report in the manifest: in the main thread alone, its one writer."""
        before = self.manifest.rows.get(row.key)
        if before and row.status == DONE:
            # A district that has a new name leaves nothing under its old one.
            for left in before.files() - row.files():
                with suppress(Refusal):
                    remove_from_folder(self.out / left)
        with suppress(Refusal):  # a full disk may have room for the next row: the last one tells
            self.manifest.record(row)
        self.done[_CAME_OF_IT[row.status]].append(row)

    def print_pages(self, keys, browser):
        """Print the pages that have no PDF yet, one at a time: a browser uses all cores."""
        rows = {row.key: row for row in self.manifest.present()}
        there = [rows[key] for key in keys if key in rows]
        to_print = [row for row in there if row.page and not row.pdf]
        with _progress(to_print, "PDF") as bar:
            for row in to_print:
                target = Path(row.page).with_suffix(".pdf").name
                reason = ""
                try:
                    print_page(browser, self.out / row.page, self.out / target)
                except (Refusal, OSError) as problem:
                    reason = str(problem)
                row = replace(row, pdf="" if reason else target)
                if row.status == DONE:  # else its reason is why it could not be made anew
                    still = row.reason if row.reason.startswith(LARGE) else ""
                    row = replace(row, reason=reason or still)
                self.manifest.record(row)
                told = replace(row, reason=reason or row.reason)
                self.done["not_printed" if reason else "printed"].append(told)
                bar.update()


def _progress(work, what):
    """How many are done and the time that is left, on a terminal; in a log, nothing."""
    return tqdm(
        total=len(work),
        desc=what,
        disable=None if work else True,  # None: unless there is no terminal
        leave=False,
        smoothing=0.02,
        bar_format="{desc}: {n_fmt} of {total_fmt} {bar} {remaining} left",
    )
