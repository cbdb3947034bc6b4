"""A real Chromium for tests, the one already on the machine.

A test that needs it is skipped, in clear words, where there is none.
"""

import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from see_the_system.reports.files import find_browser


def chromium():
    """The path of a Chromium, Chrome or Edge (text); skips the test where there is none."""
    path = find_browser()
    if path is None:
        pytest.skip("no Chromium, Chrome or Edge on this machine")
    return path


_running = []  # the browser of this process: playwright runs no second one beside it


@contextmanager
def running_browser():
    """Playwright's browser, for as many pages as one likes; the one that runs already, if any."""
    if _running:
        yield _running[0]
        return
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium(), args=["--no-sandbox", "--disable-gpu"]
        )
        _running.append(browser)
        try:
            yield browser
        finally:
            _running.clear()
            browser.close()


def apart(call):
    """What a call gives in a thread of its own: playwright's loop may run in this one."""
    with ThreadPoolExecutor(1) as threads:
        return threads.submit(call).result()


@contextmanager
def page_in(browser, path, *, width=1100, height=900, **context):
    """Playwright's page of a file, every other address refused.

    ``page.asked`` lists the addresses that were asked for.
    """
    size = {"width": width, "height": height}
    with browser.new_context(viewport=size, **context) as own:
        page = own.new_page()
        page.asked = []
        page.route("**/*", lambda route: _only_files(route, page.asked))
        page.goto(path.resolve().as_uri())
        yield page


@contextmanager
def browser_page(path, **how):
    """The page of a file in a browser of its own; ``how`` as :func:`page_in` takes it."""
    with running_browser() as browser, page_in(browser, path, **how) as page:
        yield page


def _only_files(route, asked):
    asked.append(route.request.url)
    if route.request.url.startswith(("file:", "data:")):
        route.continue_()
    else:
        route.abort()


def axe_violations(page, *, serious=False):
    """What axe-core has against a page: a list of "rule: element" texts, empty when nothing.

    serious: leaves out what axe-core itself calls minor or moderate.
    """
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [
        f"{rule['id']}: {json.dumps(node['target'])} {node['html'][:120]}"
        for rule in found
        if not serious or rule["impact"] in ("serious", "critical")
        for node in rule["nodes"]
    ]


def sticks_out(page):
    """How many CSS pixels the page is wider than its window.

    0 when nothing but what scrolls by itself is wider.
    """
    return page.evaluate(
        "Math.max(0, document.documentElement.scrollWidth - document.documentElement.clientWidth)"
    )
