"""See the System: what stands behind the lessons and the district reports."""
