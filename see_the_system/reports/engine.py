"""papermill's engine "warm": its own engine, with kernels forked from a server that is ready.

    papermill --engine warm notebook.ipynb out.ipynb
    papermill.execute_notebook(..., engine_name="warm")

What is executed, kept and recorded is papermill's own. Two things are mended on the way: a notebook
says of each cell what became of it where its kernel died or ran out of time, and what floods a
notebook with output is stopped.

papermill loads this module with its engines; nothing else may import it, for it would be half
loaded when papermill asks for it.
"""

import atexit
from functools import cache

from nbclient.exceptions import DeadKernelError
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine

from see_the_system.reports.kernels import MOST_OUTPUT, Kernels, TooMuchOutput, kill, letters


class WarmEngine(NBClientEngine):
    """papermill's ``nbclient`` engine in a forked kernel.

    ``kernels``: the ``Kernels`` to start it among; left out, those of this process, whose server is
    started for the first notebook and ended with the process.
    """

    @classmethod
    def execute_notebook(cls, nb, kernel_name, output_path=None, **options):
        """Execute a notebook (NotebookNode, with what ran and what failed marked)."""
        try:
            return super().execute_notebook(nb, kernel_name, output_path=output_path, **options)
        except Exception as error:
            mark_as_far_as_it_came(nb, getattr(error, "cell", None))
            raise

    @classmethod
    def execute_managed_notebook(cls, nb_man, kernel_name, *, kernels=None, **options):
        """Execute the cells in a kernel of ``kernels`` (NotebookNode)."""
        kernels = kernels or _of_this_process()
        options = {
            "timeout": options.pop("execution_timeout", None) or options.pop("timeout", None),
            "startup_timeout": options.pop("start_timeout", 60),
            **options,
        }
        options.pop("input_path", None)
        client = _Client(
            nb_man, kernel_name=kernel_name, kernel_manager_class=kernels.manager_class, **options
        )
        try:
            notebook = client.execute()
        except DeadKernelError as error:
            if client.flooded is not None:
                raise TooMuchOutput(client.flooded) from error
            raise
        if client.flooded is not None:
            raise TooMuchOutput(client.flooded)
        return notebook


class _Client(PapermillNotebookClient):
    printed = 0  # letters so far
    flooded = None  # the number of the cell that printed too many: what its children print, say

    def process_message(self, msg, cell, cell_index):
        content = msg["content"]
        self.printed += letters([content.get("text"), *content.get("data", {}).values()])
        if self.printed <= MOST_OUTPUT:
            return super().process_message(msg, cell, cell_index)
        if self.flooded is None:
            self.flooded = cell_index
        if self.km.provisioner.process:
            kill(self.km.provisioner.process)
        return None


def mark_as_far_as_it_came(notebook, failed=None):
    """Says of the cells what ran, what failed and what was never begun.

    papermill marks every cell "completed" when a kernel dies or runs out of time. failed: the
    number of the cell that failed; left out, it is the last that was begun.
    """
    records = [cell.metadata.papermill for cell in notebook.cells]
    if failed is None:
        begun = [number for number, record in enumerate(records) if record.get("start_time")]
        failed = max(begun, default=-1)
    for number, record in enumerate(records):
        if number > failed:
            record["status"] = "pending"
        elif number == failed:
            record["status"] = "failed"


@cache
def _of_this_process():
    kernels = Kernels()
    atexit.register(kernels.close)
    return kernels
