"""Policies that `adaptive` is measured against, as their papers have them: each returns the number of hits."""
import collections


def arc(keys, entries):
    """Megiddo and Modha, FAST 2003."""
    recent, frequent = collections.OrderedDict(), collections.OrderedDict()
    ghost_recent, ghost_frequent = collections.OrderedDict(), collections.OrderedDict()
    target, hits = 0, 0

    def replace(in_ghost_frequent):
        if recent and (len(recent) > target or (in_ghost_frequent and len(recent) == target)):
            ghost_recent[recent.popitem(last=False)[0]] = True
        else:
            ghost_frequent[frequent.popitem(last=False)[0]] = True

    for key in keys:
        if key in recent or key in frequent:
            hits += 1
            recent.pop(key, None)
            frequent[key] = True
            frequent.move_to_end(key)
        elif key in ghost_recent:
            target = min(entries, target + max(1, len(ghost_frequent) // len(ghost_recent)))
            replace(False)
            del ghost_recent[key]
            frequent[key] = True
        elif key in ghost_frequent:
            target = max(0, target - max(1, len(ghost_recent) // len(ghost_frequent)))
            replace(True)
            del ghost_frequent[key]
            frequent[key] = True
        else:
            if len(recent) + len(ghost_recent) == entries:
                if len(recent) < entries:
                    ghost_recent.popitem(last=False)
                    replace(False)
                else:
                    recent.popitem(last=False)
            else:
                total = len(recent) + len(frequent) + len(ghost_recent) + len(ghost_frequent)
                if total >= entries:
                    if total == 2 * entries:
                        ghost_frequent.popitem(last=False)
                    replace(False)
            recent[key] = True
    return hits


def s3_fifo(keys, entries):
    """Yang, Zhang, Qiu, Yue and Rashmi, SOSP 2023: a small queue of a tenth, a main one, and a ghost queue."""
    small_max = max(1, entries // 10)
    small, main, ghost = collections.OrderedDict(), collections.OrderedDict(), collections.OrderedDict()
    uses, hits = {}, 0

    def evict_main():
        while True:
            key = main.popitem(last=False)[0]
            if uses[key] == 0:
                del uses[key]
                return
            uses[key] -= 1
            main[key] = True

    def evict_small():
        while small:
            key = small.popitem(last=False)[0]
            if uses[key] > 1:
                uses[key] = 0
                main[key] = True
                if len(main) > entries - small_max:
                    evict_main()
            else:
                del uses[key]
                ghost[key] = True
                if len(ghost) > entries - small_max:
                    ghost.popitem(last=False)
                return

    for key in keys:
        if key in uses:
            hits += 1
            uses[key] = min(3, uses[key] + 1)
            continue
        while len(small) + len(main) >= entries:
            if len(small) >= small_max or not main:
                evict_small()
            else:
                evict_main()
        if key in ghost:
            del ghost[key]
            main[key] = True
        else:
            small[key] = True
        uses[key] = 0
    return hits


def w_tiny_lfu(keys, entries, window_part=0.01):
    """Einziger, Eytan, Friedman and Manes, 2018, with exact counts in place of a sketch."""
    window_max = max(1, round(entries * window_part))
    main_max = entries - window_max
    protected_max = int(main_max * 0.8)
    window, probation, protected = (collections.OrderedDict() for _ in range(3))
    count, hits, additions = collections.Counter(), 0, 0
    for key in keys:
        if count[key] < 15:
            count[key] += 1
            additions += 1
            if additions >= 10 * entries:
                count = collections.Counter({held: uses // 2 for held, uses in count.items() if uses > 1})
                additions //= 2
        if key in window:
            hits += 1
            window.move_to_end(key)
        elif key in protected:
            hits += 1
            protected.move_to_end(key)
        elif key in probation:
            hits += 1
            del probation[key]
            protected[key] = True
            if len(protected) > protected_max:
                probation[protected.popitem(last=False)[0]] = True
        else:
            window[key] = True
            if len(window) <= window_max:
                continue
            candidate = window.popitem(last=False)[0]
            if len(probation) + len(protected) < main_max:
                probation[candidate] = True
                continue
            if main_max == 0:
                continue
            victims = probation if probation else protected
            if count[candidate] > count[next(iter(victims))]:
                victims.popitem(last=False)
                probation[candidate] = True
    return hits


RIVALS = {"ARC": arc, "S3-FIFO": s3_fifo, "W-TinyLFU": w_tiny_lfu}
