"""One district's notebook, executed by papermill's own engine in a kernel of the batch."""

import time
from contextlib import contextmanager
from logging import CRITICAL, getLogger

from see_the_system.reports.kernels import Stopped

# a kernel that dies before it answers is started again: where ports are used, another program may
# have taken one
STARTS = 3
LONGEST_START = 60  # seconds
LONGEST_REASON = 300


class Failed(Exception):
    """A report that could not be made: the reason as one sentence, and the notebook as far as it
    came (or None).
    """

    def __init__(self, reason, notebook=None):
        super().__init__(reason)
        self.notebook = notebook


def execute(template, parameters, kernels, *, timeout, kept_as=""):
    """Execute a template for one district (NotebookNode); ``Failed`` with the reason, ``Stopped``
    when the batch is.

    ``template`` is a :class:`see_the_system.reports.template.Template`, ``timeout`` the seconds for the
    whole notebook, ``kept_as`` the file name that the executed notebook will have, for its own
    record.
    """
    deadline = time.monotonic() + timeout
    for attempt in range(STARTS):
        seen = {}
        try:
            return _execute(template, parameters, kernels, deadline, seen)
        except Exception as error:
            if kernels.stopped:
                raise Stopped from error
            if (
                "notebook" not in seen
                and isinstance(error, RuntimeError)
                and attempt + 1 < STARTS
                and time.monotonic() < deadline
            ):
                continue
            raise Failed(
                reason(error, timeout), _as_far_as_it_came(seen.get("notebook"), error)
            ) from error
        finally:
            if "notebook" in seen:
                seen["notebook"].metadata.papermill.update(
                    input_path=template.path.name, output_path=kept_as
                )


def _execute(template, parameters, kernels, deadline, seen):
    import papermill

    return papermill.execute_notebook(
        template.notebook,
        None,
        parameters,
        kernel_name="python3",
        progress_bar=False,
        request_save_on_cell_execute=False,
        start_timeout=int(max(1, min(LONGEST_START, deadline - time.monotonic()))),
        kernel_manager_class=kernels.manager_class,
        shutdown_kernel="immediate",
        store_widget_state=False,
        iopub_timeout=LONGEST_START,
        timeout_func=lambda cell: max(0.1, deadline - time.monotonic()),
        on_notebook_start=lambda notebook: seen.update(notebook=notebook),
    )


def reason(error, timeout):
    """Why a report failed, for the person who asked for it: one line, no traceback (text).

    A ``Refusal`` raised in the notebook is already a sentence and is given as it is; another error
    is its name and its text.
    """
    from nbclient.exceptions import CellTimeoutError, DeadKernelError

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
    name, text = (
        getattr(error, "ename", type(error).__name__),
        " ".join(str(getattr(error, "evalue", error)).split()),
    )
    told = text if name == "Refusal" and text else f"{name}: {text}" if text else name
    return told if len(told) <= LONGEST_REASON else told[: LONGEST_REASON - 1] + "…"


def _as_far_as_it_came(notebook, error):
    """papermill marks every cell "completed" when a kernel dies or runs out of time; say what
    really ran.
    """
    if notebook is None or hasattr(error, "ename"):
        return notebook
    records = [cell.metadata.papermill for cell in notebook.cells]
    begun = [record for record in records if record.get("start_time")]
    for record in records:
        if not record.get("start_time"):
            record["status"] = "pending"
    if begun:
        begun[-1]["status"] = "failed"
    return notebook


@contextmanager
def quiet_papermill():
    """papermill's and nbclient's own log lines are for developers: what failed is told by the
    manifest.
    """
    logger = getLogger("papermill")
    before = logger.level
    logger.setLevel(CRITICAL + 1)
    try:
        yield
    finally:
        logger.setLevel(before)
