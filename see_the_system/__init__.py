"""See the System: the engine behind the lessons and the district reports."""
