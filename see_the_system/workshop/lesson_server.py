"""What runs inside a workshop's server: its start page, what a save leaves out, and its end.

Jupyter's server loads this module by its name, from the settings that ``jupyter_settings`` writes.
"""

import sys
import threading
from pathlib import Path

import tornado.web
from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.utils import url_path_join

from see_the_system.workshop.editions import START_PAGE, without_widgets


class StartPageHandler(JupyterHandler):
    """The start page, for those who have the token."""

    @tornado.web.authenticated
    def get(self):
        """Gives the page; a token in the address is left out once the browser has its cookie."""
        if self.get_query_argument("token", ""):
            self.redirect(self.request.path)
            return
        self.set_header("Cache-Control", "no-store")
        self.finish(Path(self.contents_manager.root_dir, START_PAGE).read_bytes())


def before_a_save(model, **_):
    """Jupyter's hook before a file is saved: a notebook is stored without widgets."""
    if model["type"] == "notebook" and model.get("content"):
        without_widgets(model["content"])


def _jupyter_server_extension_points():
    return [{"module": __name__}]


def _load_jupyter_server_extension(app):
    path = url_path_join(app.web_app.settings["base_url"], "workshop")
    app.web_app.add_handlers(".*$", [(path, StartPageHandler)])
    threading.Thread(target=_stop_with_the_command, args=[app], daemon=True).start()


def _stop_with_the_command(app):
    """Waits for the end of the input, which the command holds open for as long as it lives."""
    sys.stdin.buffer.read()
    app.io_loop.add_callback(app.stop)
