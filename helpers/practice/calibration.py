"""What the practice network is made to look like: published statewide figures of the mathematics test, 2015 to 2025.

Means, participation and group differences are the state's published ones (grades 3 to 8) or read off the state's published
percentiles; SDs are read off the 10th and 90th percentiles. Grade 11 was published here for 2018 and 2023 only; its other years
follow grade 8. Effects of groups are in SDs of the state's scores and were fitted so that the network's group means come out near
the state's; each is the difference that remains when the other attributes are held fixed.
"""

GRADES = (3, 4, 5, 6, 7, 8, 11)

# Mean scale score by year, in the order of GRADES.
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
    False: ((2189, 2621), (2204, 2659), (2219, 2700), (2235, 2748), (2250, 2778), (2265, 2802), (2280, 2862)),
    True: ((2190, 2660), (2205, 2700), (2220, 2740), (2235, 2780), (2250, 2820), (2265, 2860), (2280, 2900)),
}
PARTICIPATION = (.984, .984, .984, .981, .976, .971, .938)
SCORED = .9992       # of the tested, how many get a score
DISABILITY = (.125, .128, .128, .123, .118, .115, .110)
# Socioeconomically disadvantaged: the share within each ethnicity (in the order of network.ETHNICITY_CODES), and what the year adds
# to its log odds: the state widened the definition in 2023.
DISADVANTAGED = (.78, .75, .40, .38, .80, .70, .38, .42, .50)
DISADVANTAGED_YEAR = {2015: -.10, 2016: .0, 2017: -.10, 2018: -.05, 2019: -.08, 2021: -.12, 2022: -.15, 2023: .0, 2024: .15, 2025: .1}
# English learners, reclassified and initially fluent students by grade; then how common each is within an ethnicity,
# relative to all, and among the disadvantaged and the others.
ENGLISH_LEARNER = (.225, .215, .195, .170, .150, .128, .110)
RECLASSIFIED = (.050, .080, .110, .150, .185, .210, .250)
INITIALLY_FLUENT, UNDETERMINED = .05, .003
HOME_LANGUAGE = (.12, .20, 1.25, .60, 1.50, .60, .30, .25, .60)
HOME_LANGUAGE_DISADVANTAGED = (.60, 1.20)

# Effects on the mean, in SDs. The first is taken from every student of a grade: the network's own mix and its bright spots lift it.
LIFT = (.04, .04, .03, .09, .09, .12, .02)
ETHNICITY_EFFECT = (-.42, -.20, .78, .30, -.12, -.20, .21, .22, .10)
DISADVANTAGED_EFFECT = -.36
LANGUAGE_EFFECT = {"EL": (-.46, -.52, -.60, -.70, -.75, -.80, -.80), "RFEP": (.25, .25, .22, .15, .08, .05, .05),
                   "IFEP": (.30,) * 7, "EO": (.02,) * 7, "TBD": (-.30,) * 7}
DISABILITY_EFFECT = (-.68, -.74, -.80, -.86, -.84, -.84, -.75)
DISABILITY_BEFORE_2021 = 1.2  # the difference was larger in every grade up to 2019
# Widths of the areas' "near standard" band in SDs of the score: half as wide again since the tests were shortened in 2021.
AREA_NEAR = {False: (.40, .58, .62), True: (.62, .72, .82)}
