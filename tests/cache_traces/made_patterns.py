"""Made traces of the kinds that caches meet, each (name, entries of the cache, keys)."""
import bisect
import itertools
import random

LENGTH = 40_000


def zipf(draw, keys, skew, length):
    sums = list(itertools.accumulate(rank ** -skew for rank in range(1, keys + 1)))
    names = draw.sample(range(keys), keys)
    return [names[bisect.bisect_left(sums, draw.random() * sums[-1])] for _ in range(length)]


def with_scans(draw, keys, every, scan):
    """Keys that nobody asks for again, in runs."""
    trace, fresh = [], 1_000_000
    for at, key in enumerate(keys):
        trace.append(key)
        if at % every == every - 1:
            trace.extend(range(fresh, fresh + scan))
            fresh += scan
    return trace


def shifting(draw, phases, working_set, length):
    """One working set after the other, of which the next keeps a fifth."""
    trace, first = [], 0
    for _ in range(phases):
        trace += [first + draw.randrange(working_set) for _ in range(length // phases)]
        first += working_set * 4 // 5
    return trace


def bursts(draw, length):
    """A key is asked several times in close succession, then hardly ever again; some are asked always."""
    trace = []
    open_bursts = []
    while len(trace) < length:
        if draw.random() < 0.3:
            trace.append(draw.randrange(100))
            continue
        if len(open_bursts) < 150 or draw.random() < 0.2:
            open_bursts.append([draw.randrange(10 ** 9), draw.randrange(2, 6)])
        burst = draw.choice(open_bursts)
        trace.append(burst[0] + 1000)
        burst[1] -= 1
        if burst[1] == 0:
            open_bursts.remove(burst)
    return trace


def patterns(seed):
    draw = random.Random(seed)
    for skew in (0.6, 0.8, 1.0, 1.2):
        yield f"zipf {skew}", 500, zipf(draw, 10_000, skew, LENGTH)
    yield "zipf with scans", 500, with_scans(draw, zipf(draw, 5_000, 0.9, LENGTH), 2_000, 1_000)
    for beyond in (1.02, 1.1, 1.5):
        loop = round(500 * beyond)
        yield f"loop of {beyond}", 500, [at % loop for at in range(LENGTH)]
    mixed = [at % 450 if at % 3 else 10_000 + draw.randrange(20_000) for at in range(LENGTH)]
    yield "loop among noise", 500, mixed
    yield "shifting sets", 500, shifting(draw, 10, 600, LENGTH)
    yield "shifting fast", 500, shifting(draw, 40, 400, LENGTH)
    yield "bursts", 300, bursts(draw, LENGTH)
    hot = zipf(draw, 3_000, 1.0, LENGTH // 2)
    yield "skewed, then recent", 400, hot + shifting(draw, 10, 450, LENGTH // 2)
