"""What bench-check makes of its samples: ratios to the reference loop, held against the baselines."""
import statistics
from collections import namedtuple

LIMIT = 0.10    # a ratio that is this much above its baseline is a regression, once it is confirmed
CROWDED = 1.05  # wall time that the reference needs for its CPU time, above which others hold the cores

# name; figure: `cpu` or `wall`; ratio: now; baseline: then
Change = namedtuple("Change", "name figure ratio baseline")


def factor(change):
    return change.ratio / change.baseline


class Ratios:
    """All samples of one operation: each divided by the reference that was measured beside it."""

    def __init__(self):
        self.wall, self.cpu = [], []

    def add(self, sample, reference):
        self.wall.append(sample.wall / reference.wall)
        if sample.cpu is not None and reference.cpu:
            self.cpu.append(sample.cpu / reference.cpu)

    def figures(self):
        """{figure: the median of the rounds}."""
        out = {"wall": statistics.median(self.wall)}
        if self.cpu:
            out["cpu"] = statistics.median(self.cpu)
        return out


def judged_figures(figures, crowded):
    """Wall time says nothing when others hold the cores; CPU time does."""
    return [name for name in sorted(figures) if name == "cpu" or not crowded]


def changes(ratios, baselines, crowded):
    """The Change of every figure that can be judged; operations without a baseline are left out."""
    out = []
    for name, own in ratios.items():
        figures = own.figures()
        for figure in judged_figures(figures, crowded):
            baseline = baselines.get(name, {}).get(figure)
            if baseline:
                out.append(Change(name, figure, figures[figure], baseline))
    return out


def slower(found):
    return [c for c in found if factor(c) > 1 + LIMIT]


def faster(found):
    return [c for c in found if factor(c) < 1 / (1 + LIMIT)]


def confirmed(first, measure_again, repetitions=2):
    """The regressions of `first` that every repetition finds again; measure_again(names) gives Changes anew.

    What is told of them is the repetition that looks best: the regression is at least that large.
    """
    suspects = {(c.name, c.figure): c for c in slower(first)}
    for _ in range(repetitions):
        if not suspects:
            break
        again = {(c.name, c.figure): c for c in measure_again(sorted({name for name, _ in suspects}))}
        suspects = {key: min(change, again[key], key=factor) for key, change in suspects.items()
                    if key in again and slower([again[key]])}
    return sorted(suspects.values(), key=factor, reverse=True)
