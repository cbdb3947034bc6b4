"""What ``make bench`` runs: each prints ratios against what a user would use instead, measured side
by side in one run.
"""
