#!/usr/bin/env python3
"""What bench-check makes of samples that are made up: which are regressions, which must be confirmed, which are not
judged at all. No clock is read here.
"""
import os
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(HERE)), "benchmarks"))

from judge import Change, Ratios, changes, confirmed, faster, slower  # noqa: E402
from operations import Sample  # noqa: E402


def ratios(*samples, reference=Sample(2.0, 1.0)):
    out = Ratios()
    for sample in samples:
        out.add(sample, reference)
    return out


class Judging(unittest.TestCase):
    def test_a_ratio_is_the_median_of_the_rounds(self):
        own = ratios(Sample(4.0, 3.0), Sample(2.0, 1.0), Sample(60.0, 50.0))
        self.assertEqual(own.figures(), {"wall": 2.0, "cpu": 3.0})

    def test_a_sample_without_cpu_time_has_a_wall_figure_only(self):
        self.assertEqual(ratios(Sample(4.0, None)).figures(), {"wall": 2.0})

    def test_ten_percent_are_allowed(self):
        found = changes({"a": ratios(Sample(2.18, 1.09)), "b": ratios(Sample(2.0, 1.11))},
                        {"a": {"cpu": 1.0, "wall": 1.0}, "b": {"cpu": 1.0, "wall": 1.0}}, crowded=False)
        self.assertEqual([(c.name, c.figure) for c in slower(found)], [("b", "cpu")])
        self.assertEqual(faster(found), [])

    def test_faster_is_told(self):
        found = changes({"a": ratios(Sample(2.0, 0.8))}, {"a": {"cpu": 1.0, "wall": 1.0}}, crowded=False)
        self.assertEqual([(c.name, c.figure) for c in faster(found)], [("a", "cpu")])

    def test_wall_time_is_not_judged_when_others_hold_the_cores(self):
        own, base = {"a": ratios(Sample(9.0, 1.0)), "b": ratios(Sample(9.0, None))}, {"cpu": 1.0, "wall": 1.0}
        self.assertEqual(slower(changes(own, {"a": base, "b": base}, crowded=True)), [])
        self.assertEqual(len(slower(changes(own, {"a": base, "b": base}, crowded=False))), 2)

    def test_an_operation_without_a_baseline_is_not_judged(self):
        self.assertEqual(changes({"new": ratios(Sample(9.0, 9.0))}, {}, crowded=False), [])

    def test_what_a_repetition_does_not_find_again_is_no_regression(self):
        first, asked = [Change("a", "cpu", 1.5, 1.0), Change("b", "cpu", 1.5, 1.0), Change("c", "cpu", 1.0, 1.0)], []

        def again(names):
            asked.append(names)
            second = {"a": 1.3, "b": 1.3 if len(asked) == 1 else 1.05}
            return [Change(name, "cpu", second[name], 1.0) for name in names]

        self.assertEqual(confirmed(first, again), [Change("a", "cpu", 1.3, 1.0)])
        self.assertEqual(asked, [["a", "b"], ["a", "b"]])  # only suspects are measured again

    def test_a_figure_that_can_no_longer_be_judged_is_not_confirmed(self):
        first = [Change("a", "wall", 1.5, 1.0)]
        self.assertEqual(confirmed(first, lambda names: [Change("a", "cpu", 1.0, 1.0)]), [])


if __name__ == "__main__":
    unittest.main()
