"""What runs inside a workshop's server: its start page, what a save leaves out, and its end.

Jupyter's server loads this module by its name, from the settings that are written here.
"""

import json
import os
import sys
import threading
from pathlib import Path

import tornado.web
from jupyter_core.paths import jupyter_path
from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.utils import url_path_join

from see_the_system.paths import write_whole
from see_the_system.workshop.editions import HERE, START_PAGE, style, without_widgets

TEMPLATE = "lesson"  # of a page in Voila
# Of JupyterLab: the toolbar in a cell, which its own setting does not reliably hide, news, and the
# manager of extensions.
_OFF = {
    "@jupyterlab/cell-toolbar-extension": True,
    "@jupyterlab/apputils-extension:announcements": True,
    "@jupyterlab/extensionmanager-extension": True,
}
_ROOM = "see_the_system.workshop.lesson_server"


def environment(jupyter):
    """The environment of a workshop's server (dict): all Jupyter folders are its own."""
    others = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("JUPYTER", "VOILA", "IPYTHON"))
    }
    return {
        **others,
        "JUPYTER_CONFIG_DIR": str(jupyter / "config"),
        "JUPYTER_DATA_DIR": str(jupyter / "data"),
        "JUPYTER_RUNTIME_DIR": str(jupyter / "runtime"),
        "IPYTHONDIR": str(jupyter / "ipython"),
    }


def write_settings(folder, address):
    """Write the settings of the server of a TeamFolder, and its Voila template."""
    jupyter = folder.jupyter
    template = jupyter / "data" / "nbconvert" / "templates" / TEMPLATE
    for each in (jupyter / "config", jupyter / "runtime", jupyter / "lab", template / "static"):
        each.mkdir(parents=True, exist_ok=True)
    settings = server_settings(folder, address)
    write_whole(jupyter / "config" / "jupyter_server_config.json", json.dumps(settings, indent=1))
    write_whole(jupyter / "lab" / "overrides.json", json.dumps(overrides(), indent=1))
    write_whole(jupyter / "lab" / "page_config.json", json.dumps({"disabledExtensions": _OFF}))
    write_whole(template / "conf.json", json.dumps({"base_template": "lab"}))
    write_whole(template / "index.html.j2", (HERE / "lesson.html.j2").read_text("utf-8"))
    write_whole(template / "static" / "workshop.css", style())


def server_settings(folder, address):
    """The settings of the server (dict of dicts), by the class that each belongs to."""
    return {
        "ServerApp": {
            "ip": "127.0.0.1",
            "port": address["port"],
            "port_retries": 0,  # what a browser keeps belongs to an address: never another one
            "root_dir": str(folder.path),
            "default_url": "/workshop",
            "open_browser": False,
            "allow_root": True,
            "terminals_enabled": False,
            "jpserver_extensions": {
                _ROOM: True,
                "jupyterlab": True,
                "voila.server_extension": True,
                "jupyter_lsp": False,
                "jupyter_server_terminals": False,
                "notebook_shim": False,
            },
        },
        "IdentityProvider": {"token": address["token"]},
        "FileContentsManager": {"pre_save_hook": f"{_ROOM}.before_a_save"},
        # The kernels of closed pages; a page that is open keeps its kernel.
        "MappingKernelManager": {"cull_idle_timeout": 600, "cull_interval": 60},
        "LabApp": {
            "app_settings_dir": str(folder.jupyter / "lab"),
            "extension_manager": "readonly",
            "news_url": None,
            "check_for_updates_class": "jupyterlab.handlers.announcements.NeverCheckForUpdate",
        },
        "VoilaConfiguration": {
            "template": TEMPLATE,
            "show_tracebacks": True,  # to the template, which shows the sentence of a Refusal alone
            "allow_template_override": "NO",
            "allow_theme_override": "NO",
            "file_allowlist": [],  # Voila gives these to whoever asks, without the token
            "resources": {"team": folder.team, "practice": folder.practice},
        },
    }


def overrides():
    """JupyterLab's settings in a workshop (dict), made for the version that is installed."""
    return {
        "@jupyterlab/apputils-extension:notification": {
            "fetchNews": "false",
            "checkForUpdates": False,
        },
        "@jupyterlab/docmanager-extension:plugin": {"autosaveInterval": 10},
        # A cell that is scrolled out of sight stays in the page: an editor in it keeps its draft.
        "@jupyterlab/notebook-extension:tracker": {"windowingMode": "defer"},
        "@jupyterlab/shortcuts-extension:shortcuts": {
            "shortcuts": [{**each, "disabled": True} for each in single_keys()]
        },
    }


def single_keys():
    """The shortcuts that one letter, figure or sign sets off, alone or with Shift (list of dicts).

    A key that was meant for a text box would cut or change a cell.
    """
    lab = [Path(place, "lab", "schemas") for place in jupyter_path()]
    more = [Path(place, "labextensions") for place in jupyter_path()]
    schemas = [path for place in (*lab, *more) for path in sorted(place.glob("**/*.json"))]
    found = [each for path in schemas for each in _shortcuts(path) if _is_single(each["keys"])]
    return [each for at, each in enumerate(found) if each not in found[:at]]


def _shortcuts(path):
    schema = json.loads(path.read_text(encoding="utf-8"))
    return schema.get("jupyter.lab.shortcuts", []) if isinstance(schema, dict) else []


def _is_single(keys):
    words = [word for chord in keys for word in chord.split()]
    return bool(words) and all(len(word) == 1 or word == "Shift" for word in words)


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
