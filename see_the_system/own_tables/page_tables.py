"""The table in a web page that was saved under a spreadsheet's name."""

from html.parser import HTMLParser

from see_the_system.messages import Refusal


def rows_of_page(name, text):
    """The rows of the largest table of a page (list of lists of text); ``Refusal`` for none."""
    reader = _Tables()
    reader.feed(text)
    reader.close()
    tables = [rows for rows in reader.tables if rows]
    if not tables:
        raise Refusal(
            f"{name} is a web page without a table. Open it in the program that made it, save it "
            "as .xlsx or CSV, and choose that file."
        )
    return max(tables, key=lambda rows: sum(map(len, rows)))


class _Tables(HTMLParser):
    """Gathers the cells of tables; a cell over several columns stands in the first of them."""

    def __init__(self):
        super().__init__()
        self.tables = []
        self._cell = None

    def handle_starttag(self, tag, attrs):
        if tag == "table":
            self.tables.append([])
        elif tag == "tr" and self.tables:
            self._end_cell()
            self.tables[-1].append([])
        elif tag in ("td", "th") and self.tables:
            self._end_cell()
            if not self.tables[-1]:
                self.tables[-1].append([])
            self._cell = []
            span = dict(attrs).get("colspan") or "1"
            self._span = int(span) if span.isdigit() else 1

    def handle_endtag(self, tag):
        if tag in ("td", "th", "tr", "table"):
            self._end_cell()

    def _end_cell(self):
        """Ends the cell that is open: a page may leave its end out."""
        if self._cell is not None:
            row = self.tables[-1][-1]
            row += ["".join(self._cell), *[""] * (self._span - 1)]
            self._cell = None

    def handle_data(self, data):
        if self._cell is not None:
            self._cell.append(data)
