"""Learning questions of a test of change, as the scoring of predictions takes them."""

from types import SimpleNamespace


def question(**fields):
    """A question whose prediction is 5 to 10 minutes, unless other ``fields`` are given."""
    asked = {
        "low": 5.0,
        "high": 10.0,
        "value": None,
        "confidence": 80,
        "unit": "minutes",
        "cycle": "cycle-1",
        "text": "How long does sorting take?",
        "prediction": "",
    }
    return SimpleNamespace(**(asked | fields))


def questions_with(hits, n, confidence=80):
    """Many of them, of which the first ``hits`` came in (list)."""
    values = [7.0] * hits + [20.0] * (n - hits)
    return [question(value=value, confidence=confidence) for value in values]
