"""The policies once more, written from docs/cache.md as plainly as can be: each returns the number of hits."""
import collections


def lru(keys, entries):
    held, hits = collections.OrderedDict(), 0
    for key in keys:
        if key in held:
            hits += 1
            held.move_to_end(key)
            continue
        if len(held) == entries:
            held.popitem(last=False)
        held[key] = True
    return hits


def fifo(keys, entries):
    held, hits = collections.OrderedDict(), 0
    for key in keys:
        if key in held:
            hits += 1
            continue
        if len(held) == entries:
            held.popitem(last=False)
        held[key] = True
    return hits


def lfu(keys, entries, window=None, decay=0.5):
    window = window or 10 * entries
    count, last_use, hits = {}, {}, 0
    for now, key in enumerate(keys):
        if key in count:
            hits += 1
            count[key] += 1
        else:
            if len(count) == entries:
                victim = min(count, key=lambda held: (count[held], last_use[held]))
                del count[victim], last_use[victim]
            count[key] = 1
        last_use[key] = now
        if (now + 1) % window == 0:
            count = {held: int(uses * decay) for held, uses in count.items()}
    return hits


def ttl(keys, entries, life=None):
    life = life or 10 * entries
    deadline, hits = {}, 0
    for now, key in enumerate(keys):
        if key in deadline and now < deadline[key]:
            hits += 1
            continue
        deadline.pop(key, None)
        if len(deadline) == entries:
            del deadline[min(deadline, key=deadline.get)]
        deadline[key] = now + life
    return hits


POLICIES = {"lru": lru, "fifo": fifo, "lfu": lfu, "ttl": ttl}
