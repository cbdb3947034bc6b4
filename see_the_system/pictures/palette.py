"""The colours and the letters that every picture shares, told apart with any colour vision."""

INK, QUIET, RULE = "#1f2933", "#52606d", "#cbd2d9"
# Okabe and Ito's colours (jfly.uni-koeln.de/color, 2008); each has a shape of its own besides.
FOCUS = {"color": "#0072B2", "marker": "o"}
COMPARISON = {"color": "#B34700", "marker": "s"}
LEVEL_COLOURS = ("#8c510a", "#dfc27d", "#80cdc1", "#01665e")
