"""What the practice network is made to look like: the state's mathematics test, 2015 to 2025.

Means, participation and group differences are the state's published ones (grades 3 to 8) or read
off the state's published percentiles; SDs are read off the 10th and 90th percentiles. Grade 11 was
published here for 2018 and 2023 only; its other years follow grade 8. Effects of groups are in SDs
of the state's scores and were fitted so that the network's group means come out near the state's;
each is the difference that remains when the other attributes are held fixed.
"""

# Mean scale score by year, in the order of network.GRADES.
MEANS = {
    2015: (2414.9, 2453.7, 2480.3, 2504.0, 2518.4, 2533.9, 2555.0),
    2016: (2424.7, 2460.5, 2485.3, 2508.2, 2525.0, 2541.1, 2561.0),
    2017: (2427.9, 2462.9, 2486.0, 2508.3, 2524.9, 2540.2, 2561.0),
    2018: (2430.9, 2467.7, 2490.4, 2511.0, 2524.3, 2540.5, 2561.4),
    2019: (2434.3, 2471.8, 2495.4, 2513.8, 2526.6, 2539.9, 2561.0),
    2021: (2409.9, 2448.9, 2473.6, 2493.9, 2517.4, 2523.2, 2550.0),
    2022: (2417.6, 2454.3, 2476.0, 2497.6, 2509.2, 2517.8, 2544.0),
    2023: (2421.4, 2460.5, 2480.3, 2497.7, 2511.8, 2518.1, 2545.4),
    2024: (2422.9, 2461.5, 2483.3, 2499.8, 2513.0, 2524.3, 2548.0),
    2025: (2424.8, 2464.3, 2486.5, 2506.0, 2520.2, 2531.2, 2551.0),
}
SDS = {
    2015: (78.4, 81.2, 90.1, 103.4, 111.6, 119.8, 124.0),
    2016: (81.2, 84.3, 93.3, 109.2, 116.3, 122.9, 126.0),
    2017: (83.1, 87.0, 96.0, 112.4, 119.4, 129.1, 128.0),
    2018: (85.1, 87.4, 97.5, 113.1, 122.1, 133.4, 130.0),
    2019: (85.8, 88.2, 98.7, 113.5, 122.5, 133.8, 131.0),
    2021: (92.0, 94.0, 102.0, 115.0, 122.7, 133.0, 132.0),
    2022: (94.8, 95.2, 103.4, 115.5, 122.9, 132.7, 132.0),
    2023: (94.4, 96.8, 104.6, 118.6, 125.6, 136.2, 134.0),
    2024: (94.4, 96.8, 106.9, 121.3, 126.4, 139.7, 136.0),
    2025: (94.8, 97.5, 106.9, 123.3, 130.3, 143.6, 138.0),
}
# The lowest and highest score that can be reported, before and from 2021.
SCORE_RANGE = {
    False: (
        (2189, 2621),
        (2204, 2659),
        (2219, 2700),
        (2235, 2748),
        (2250, 2778),
        (2265, 2802),
        (2280, 2862),
    ),
    True: (
        (2190, 2660),
        (2205, 2700),
        (2220, 2740),
        (2235, 2780),
        (2250, 2820),
        (2265, 2860),
        (2280, 2900),
    ),
}
PARTICIPATION = (0.984, 0.984, 0.984, 0.981, 0.976, 0.971, 0.938)
SCORED = 0.9992  # of the tested, how many get a score
DISABILITY = (0.125, 0.128, 0.128, 0.123, 0.118, 0.115, 0.110)
# Socioeconomically disadvantaged: the share within each ethnicity (in the order of
# network.ETHNICITY_CODES), and what the year adds to its log odds: the state widened the definition
# in 2023.
DISADVANTAGED = (0.78, 0.75, 0.40, 0.38, 0.80, 0.70, 0.38, 0.42, 0.50)
DISADVANTAGED_YEAR = {
    2015: -0.10,
    2016: 0.0,
    2017: -0.10,
    2018: -0.05,
    2019: -0.08,
    2021: -0.12,
    2022: -0.15,
    2023: 0.0,
    2024: 0.15,
    2025: 0.1,
}
# English learners, reclassified and initially fluent students by grade; then how common each is
# within an ethnicity, relative to all, and among the disadvantaged and the others.
ENGLISH_LEARNER = (0.225, 0.215, 0.195, 0.170, 0.150, 0.128, 0.110)
RECLASSIFIED = (0.050, 0.080, 0.110, 0.150, 0.185, 0.210, 0.250)
INITIALLY_FLUENT, UNDETERMINED = 0.05, 0.003
HOME_LANGUAGE = (0.12, 0.20, 1.25, 0.60, 1.50, 0.60, 0.30, 0.25, 0.60)
HOME_LANGUAGE_DISADVANTAGED = (0.60, 1.20)

# Effects on the mean, in SDs. The first is taken from every student of a grade: the network's own
# mix and its bright spots lift it.
LIFT = (0.04, 0.04, 0.03, 0.09, 0.09, 0.12, 0.02)
ETHNICITY_EFFECT = (-0.42, -0.20, 0.78, 0.30, -0.12, -0.20, 0.21, 0.22, 0.10)
DISADVANTAGED_EFFECT = -0.36
LANGUAGE_EFFECT = {
    "EL": (-0.46, -0.52, -0.60, -0.70, -0.75, -0.80, -0.80),
    "RFEP": (0.25, 0.25, 0.22, 0.15, 0.08, 0.05, 0.05),
    "IFEP": (0.30,) * 7,
    "EO": (0.02,) * 7,
    "TBD": (-0.30,) * 7,
}
DISABILITY_EFFECT = (-0.68, -0.74, -0.80, -0.86, -0.84, -0.84, -0.75)
DISABILITY_BEFORE_2021 = 1.2  # the difference was larger in every grade up to 2019
# Widths of the areas' "near standard" band in SDs of the score: half as wide again since the tests
# were shortened in 2021.
AREA_NEAR = {False: (0.40, 0.58, 0.62), True: (0.62, 0.72, 0.82)}
