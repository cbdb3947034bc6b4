"""Published series and numbers that several tests reproduce (sources beside each)."""


def _numbers(text):
    return [int(number) for number in text.split()]


# Montgomery, Introduction to Statistical Quality Control: example 6.5 (table 6.7), individuals;
# limits from the first 20 points.
INDIVIDUALS = _numbers("""
    310 288 297 298 307 303 294 297 308 306 294 299 297 299 314 295 293 306 301 304 305
    282 305 296 314 295 287 301 298 311 310 292 305 299 304 310 304 305 333 328
""")
# Example 7.1: 30 samples of 50.
SAMPLES = _numbers("""
    12 15 8 10 4 7 16 9 14 10 5 6 17 12 22 8 10 5 13 11 20 18 24 15 9 12 7 13 9 6
""")
# Table 7.4: samples of different size.
COUNT = _numbers("""
    12 8 6 9 10 12 11 16 10 6 20 15 9 8 6 8 10 7 5 8 5 8 10 6 9
""")
SIZE = _numbers("""
    100 80 80 100 110 110 100 100 90 90 110 120 120 120 110 80 80 80 90 100 100 100 100
    90 90
""")
# Table 7.6: hours between failures.
HOURS = _numbers("""
    286 948 536 124 816 729 4 143 431 8 2837 596 81 227 603 492 1199 1214 2831 96
""")
# Anhøj & Olesen 2014: longest run allowed and fewest crossings, n = 10 to 100.
LONGEST = {
    range(10, 12): 6,
    range(12, 23): 7,
    range(23, 46): 8,
    range(46, 91): 9,
    range(91, 101): 10,
}
CROSSINGS = _numbers("""
    2 2 3 3 4 4 4 5 5 6 6 6 7 7 8 8 8 9 9 10 10 11 11 11 12 12 13 13 14 14 14 15 15 16
    16 17 17 17 18 18 19 19 20 20 21 21 21 22 22 23 23 24 24 25 25 25 26 26 27 27 28 28
    29 29 29 30 30 31 31 32 32 33 33 34 34 34 35 35 36 36 37 37 38 38 39 39 39 40 40 41
    41
""")
# Swed & Eisenhart 1943, exact, n = 10 to 60: the fewest runs, and the most.
FEWEST_RUNS = _numbers("""
    3 4 4 4 4 5 5 6 6 6 7 7 8 8 8 9 9 10 10 10 11 11 12 12 12 13 13 14 14 14 15 15 16 16
    17 17 17 18 18 19 19 20 20 20 21 21 22 22 23 23 24
""")
MOST_RUNS = _numbers("""
    9 9 10 11 12 12 13 13 14 15 15 16 16 17 18 18 19 19 20 21 21 22 22 23 24 24 25 25 26
    26 27 28 28 29 29 30 31 31 32 32 33 33 34 35 35 36 36 37 37 38 38
""")
RUNS = list(zip(FEWEST_RUNS, MOST_RUNS, strict=True))
