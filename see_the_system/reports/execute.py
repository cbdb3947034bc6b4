"""One district's report: its notebook executed by papermill in a kernel of the batch, its page, and
how they are kept. And how a batch is stopped: by Ctrl-C, a termination signal or a closed terminal.
"""

import asyncio
import signal
import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from logging import CRITICAL, getLogger
from pathlib import Path

import nbformat
import papermill
from jupyter_core.utils import ensure_event_loop
from nbclient.exceptions import CellTimeoutError, DeadKernelError

from see_the_system.messages import NoResults, Refusal, day_in_words
from see_the_system.reports import page
from see_the_system.reports.files import is_in_folder, remove_from_folder, write_in_folder
from see_the_system.reports.kernels import TOO_MUCH, Stopped, TooMuchOutput
from see_the_system.reports.manifest import (
    DONE,
    FAILED,
    MADE_FROM,
    NO_RESULTS,
    ReportRow,
    place,
)

STARTS = 3
LONGEST_START = 60  # seconds
LONGEST_REASON = 300
LARGEST_PAGE = 400_000  # bytes: what every mail server takes
LARGE = "The page is large"
_SENTENCES = {kind.__name__ for kind in (Refusal, NoResults)}


class Failed(Exception):
    """A report that could not be made: the reason as one sentence.

    ``notebook`` is the notebook as far as it came, or None; ``no_results``: the data have nothing
    of what was asked for, which is nobody's fault.
    """

    def __init__(self, reason, notebook=None, *, no_results=False):
        super().__init__(reason)
        self.notebook = notebook
        self.no_results = no_results


def execute(template, parameters, kernels, *, timeout, kept_as=""):
    """Execute a template for one district (NotebookNode).

    ``template`` is a :class:`see_the_system.reports.template.Template`, ``timeout`` the seconds for
    the whole notebook, ``kept_as`` the file name that the executed notebook will have, for its own
    record. ``Failed`` with the reason, ``Stopped`` when the batch is.
    """
    deadline = time.monotonic() + timeout
    starts = 0
    while True:
        starts += 1
        begun = []
        try:
            return _execute(template, parameters, kernels, deadline, begun)
        except Exception as error:
            if kernels.stopped:
                raise Stopped from error
            # A kernel that dies before it answers is started again: where ports are used, another
            # program may have taken one.
            unanswered = isinstance(error, RuntimeError) and not begun
            if unanswered and starts < STARTS and time.monotonic() < deadline:
                continue
            notebook = begun[0] if begun else None
            nothing = _name(error) == NoResults.__name__
            raise Failed(reason(error, timeout), notebook, no_results=nothing) from error
        finally:
            for notebook in begun:
                notebook.metadata.papermill.update(
                    input_path=template.path.name, output_path=kept_as
                )


def _execute(template, parameters, kernels, deadline, begun):
    """The executed notebook; it is in the list ``begun`` as soon as its kernel answers."""
    left = deadline - time.monotonic()
    # The loop of this thread, which nbclient would leave open with what still waits in it.
    with asyncio.Runner(loop_factory=ensure_event_loop):
        return papermill.execute_notebook(
            template.notebook,
            None,
            parameters,
            kernel_name="python3",
            engine_name="warm",
            kernels=kernels,
            progress_bar=False,
            request_save_on_cell_execute=False,
            start_timeout=int(max(1, min(LONGEST_START, left))),
            shutdown_kernel="immediate",
            store_widget_state=False,
            iopub_timeout=LONGEST_START,
            timeout_func=lambda cell: max(0.1, deadline - time.monotonic()),
            on_notebook_start=lambda notebook: begun.append(notebook),
        )


def reason(error, timeout):
    """Why a report failed, for the person who asked for it: one line, no traceback (text).

    A ``Refusal`` raised in the notebook is already a sentence and is given as it is; another error
    is its name and its text.
    """
    if isinstance(error, CellTimeoutError):
        return (
            f"Stopped after {timeout:g} seconds, the limit for one report. Give more time with "
            "--timeout, or look at what takes so long."
        )
    if isinstance(error, DeadKernelError):
        return (
            "The notebook's kernel died, most often for lack of memory. Run again with fewer "
            "reports at a time: --jobs 1."
        )
    if isinstance(error, TooMuchOutput):
        return TOO_MUCH
    name = _name(error)
    text = " ".join(str(getattr(error, "evalue", error)).split())
    parts = [text] if name in _SENTENCES and text else [name, text]
    line = ": ".join(filter(None, parts))
    return line if len(line) <= LONGEST_REASON else line[: LONGEST_REASON - 1] + "…"


def _name(error):
    """The error's name (text); one of the notebook comes as papermill's, with the first's name."""
    return getattr(error, "ename", type(error).__name__)


def make_report(template, task, row, kernels, timeout):
    """Make one report in a kernel, and write nothing (Finished); ``Stopped`` when the batch is."""
    start = time.monotonic()
    try:
        notebook = execute(
            template,
            task.inputs | task.parameters,
            kernels,
            timeout=timeout,
            kept_as=f"{row.file_name}.ipynb",
        )
        report = finished(notebook, row)
    except Failed as failure:
        report = unfinished(failure, row)
    seconds = f"{time.monotonic() - start:.1f}"
    moment = _now().isoformat(timespec="seconds")
    return replace(report, row=replace(report.row, seconds=seconds, finished=moment))


@dataclass(frozen=True)
class Finished:
    """What came of one report, made or failed, before it is in its folder.

    ``files``: the text of each of its files, by its path in the folder.
    """

    row: ReportRow
    files: dict


def finished(notebook, row):
    """A report that was made (Finished). ``Failed`` when the notebook gives no page."""
    name = row.file_name
    try:
        html = page.render(notebook, _facts(row))
        headline = page.headline(notebook)
    except Exception as error:
        why = f"{type(error).__name__}: {error}"
        raise Failed(f"The page could not be written from the notebook: {why}", notebook) from error
    size = len(html.encode("utf-8", "replace"))
    row = replace(
        row,
        status=DONE,
        reason=f"{LARGE}: {size // 1000} kB." if size > LARGEST_PAGE else "",
        headline=headline,
        page=f"{name}.html",
        notebook=f"notebooks/{name}.ipynb",
    )
    return Finished(row, {row.notebook: nbformat.writes(_without_paths(notebook)), row.page: html})


def unfinished(failure, row):
    """A report that failed, with its notebook for the analyst where there is one (Finished)."""
    if failure.no_results:
        return Finished(replace(row, status=NO_RESULTS, reason=str(failure)), {})
    row = replace(row, status=FAILED, reason=str(failure))
    if failure.notebook is None:
        return Finished(row, {})
    row = replace(row, notebook=f"failed/{row.file_name}.ipynb")
    return Finished(row, {row.notebook: nbformat.writes(_without_paths(failure.notebook))})


def keep(out, report, before=None):
    """Write what came of a report to its folder (its ``ReportRow``).

    ``before``: its earlier row or None. Where the disk does not take it, it is a failed report.
    """
    row = report.row
    if row.status == DONE:
        try:
            # Its earlier PDF goes first, so that no page has another page's PDF.
            remove_from_folder((out / row.page).with_suffix(".pdf"))
            _write(out, report)
        except (Refusal, OSError) as problem:
            row = replace(row, status=FAILED, reason=str(problem), page="", notebook="")
            return _set_aside(out, Finished(replace(row, headline=""), {}), before)
        with suppress(Refusal):
            remove_from_folder(out / "failed" / f"{row.file_name}.ipynb")
        return row
    return _set_aside(out, report, before)


def _write(out, report):
    for path, text in report.files.items():
        write_in_folder(out / path, text)


def _set_aside(out, report, before):
    """A failed report leaves its earlier page, with the day that it is of, as it is."""
    row = report.row
    try:
        _write(out, report)
    except Refusal:  # the reason that is told is why it failed
        row = replace(row, notebook="")
    if before and before.page and is_in_folder(out / before.page):
        tried = {"status": row.status, "reason": row.reason, "seconds": row.seconds}
        if row.status == NO_RESULTS:  # it is known of these data, and not asked again
            tried |= {name: getattr(row, name) for name in MADE_FROM}
        older = before.page_of or before.finished
        return replace(before, **tried, finished=row.finished, page_of=older)
    return row


def _without_paths(notebook):
    """The notebook with the name of the data's folder in place of where it is on this machine."""
    filled_in = notebook.metadata.get("papermill", {}).get("parameters", {})
    path = filled_in.get("store", "")
    if path:
        name = Path(path).name
        filled_in["store"] = name
        for cell in notebook.cells:
            for written in (path, path.replace("\\", "\\\\")):
                cell.source = cell.source.replace(written, name)
    return notebook


def _now():
    """This moment, with the time zone of this machine (datetime)."""
    return datetime.now().astimezone()


def _facts(row):
    today = _now()
    sources = {"data": row.data, "template": row.template, "code": row.code}
    versions = ", ".join(f"{what} {version}" for what, version in sources.items() if version)
    return page.Facts(row.name, place(row), day_in_words(today), f"Made from: {versions}.")


@contextmanager
def quiet_papermill():
    """papermill's own log lines are for developers: what failed is told by the manifest."""
    logger = getLogger("papermill")
    before = logger.level
    logger.setLevel(CRITICAL + 1)
    try:
        yield
    finally:
        logger.setLevel(before)


@contextmanager
def stoppable():
    """Let a termination signal do what Ctrl-C does, and say which it was."""

    def stop(number, frame):
        raise KeyboardInterrupt(number)

    with _handlers(stop):
        yield


@contextmanager
def unstoppable():
    """A second Ctrl-C does not interrupt the tidying after the first."""
    with _handlers(signal.SIG_IGN):
        yield


@contextmanager
def _handlers(handler):
    before = {}
    if threading.current_thread() is threading.main_thread():  # no other thread hears signals
        for name in ("SIGINT", "SIGTERM", "SIGHUP"):
            number = getattr(signal, name, None)  # Windows has no SIGHUP
            # What is ignored stays ignored: a run under nohup goes on when its terminal is closed.
            if number and signal.getsignal(number) != signal.SIG_IGN:
                before[number] = signal.signal(number, handler)
    try:
        yield
    finally:
        for number, old in before.items():
            signal.signal(number, old if old is not None else signal.SIG_DFL)
