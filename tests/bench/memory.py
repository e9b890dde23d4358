"""memory: a million messages through each service of the row, whose resident memory stays small and flat."""
from measure import resident_mib
from pipeline import DATABASES, ORDERS, done_by_each, prepare, run_through

MESSAGES = 1_000_000
ROW = ("order-ingest", "product-mapper", "inventory", "placement")
FIRST = 2_000_000
RESIDENT_MIB, GROWTH_MIB, OUTBOX_MIB = 40, 4, 256


def too_large(seen):
    """Whose memory passed the limit after any round, or whose least has grown from the first half of the rounds to the
    second, for a burst may be seen before it goes back; `seen`: {name: MiB} of each."""
    half = len(seen) // 2

    def least(rounds, name):
        return min(one[name] for one in rounds)
    return [name for name in seen[-1] if max(one[name] for one in seen) > RESIDENT_MIB
            or least(seen[half:], name) > least(seen[:half] or seen, name) + GROWTH_MIB]


def resident(bench):
    """Of every process; prints it."""
    now = {name: resident_mib(pid) for name, pid in bench.processes.items()}
    print(f"  resident MiB (<= {RESIDENT_MIB})     " + ", ".join(f"{name} {mib:.1f}" for name, mib in now.items()), flush=True)
    return now


def memory(bench):
    """The injector stands in the connector's place; what a connector needs is seen at the end of `pull`."""
    prepare(bench)
    first, seen = FIRST, []
    while (done := fewest(bench)) < MESSAGES:
        run_through(bench, first, ORDERS)
        first += ORDERS
        print(f"  {first - FIRST} orders:")
        seen.append(resident(bench))
    outbox = sum(bench.server.number(database, "SELECT pg_total_relation_size('outbox')") for database in DATABASES) / 2**20
    large = too_large(seen)
    print(f"  {done} messages or more through each; target <= {RESIDENT_MIB} MiB, grown by <= {GROWTH_MIB}; "
          f"too large: {', '.join(large) or 'none'}")
    print(f"  all outboxes on disk, empty again {outbox:9.1f} MiB   target <= {OUTBOX_MIB}")
    bench.report["memory"] = {"orders": first - FIRST, "messages": done, "seen": seen, "outbox_mib": outbox}
    return not large and outbox <= OUTBOX_MIB
