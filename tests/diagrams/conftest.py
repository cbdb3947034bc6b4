"""One browser for all pictures of the room."""

import pytest

from tests.browser import browser_page


@pytest.fixture(scope="package")
def page(tmp_path_factory):
    """An empty page in Chromium."""
    blank = tmp_path_factory.mktemp("page") / "blank.html"
    blank.write_text("")
    with browser_page(blank) as page:
        yield page
