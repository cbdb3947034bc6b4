"""What a person does in a picture, step by step, as playwright does it."""

from playwright.sync_api import Error, expect

SAVED = {"timeout": 20_000}


def saved(page):
    """Waits until the bar says Saved and the newest picture is there."""
    expect(page.locator(".sts-status")).to_have_text("Saved", **SAVED)
    expect(page.locator(".sts-pending, .sts-new")).to_have_count(0, **SAVED)


def plus(page, label):
    """The plus with a label."""
    return page.locator(".plus", has=page.locator("title", has_text=label))


def write_at(page, label, text):
    """Adds a thing at a plus by mouse and keys."""
    plus(page, label).first.click()
    page.locator(".sts-text").press_sequentially(text)
    page.keyboard.press("Enter")
    saved(page)


def row(page, text):
    """The button of a thing in the outline."""
    return page.locator(".sts-rows button", has_text=text).first


def place(page, text):
    """The place of a thing in the picture, by its text."""
    number = row(page, text).locator("xpath=..").get_attribute("data-id")
    return page.locator(f'.place[data-id="{number}"]')


def tool(page, name):
    """A button of the bars."""
    return page.locator(".sts-bar button", has_text=name).first


def middle(locator):
    """The middle of an element on the screen (x, y)."""
    box = locator.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def drag(page, thing, target):
    """Drags a thing by its grip onto another place."""
    page.mouse.move(*middle(thing))
    page.mouse.move(*middle(page.locator(".sts-grip")))
    page.mouse.down()
    x, y = middle(target)
    page.mouse.move(x - 5, y, steps=4)
    page.mouse.move(x, y, steps=2)
    page.mouse.up()
    saved(page)


def run_in_lab(page):
    """Runs the second cell of a notebook in JupyterLab until its picture is there."""
    page.wait_for_selector(".jp-Notebook-ExecutionIndicator[data-status=idle]", timeout=60_000)
    for _ in range(6):  # pressed too early, it runs nothing
        page.keyboard.press("Escape")
        page.locator(".jp-CodeCell .jp-InputArea-editor").click()
        page.keyboard.press("Control+Enter")
        try:
            page.wait_for_selector(".sts .places", timeout=10_000)
            return
        except Error:
            continue
    raise AssertionError("JupyterLab ran nothing")
