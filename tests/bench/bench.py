"""The figures of docs/performance.md, each beside the baseline of the same run.  Started by run.sh."""
import argparse
import json
import pathlib
import platform
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "deploy" / "demo"))

import channel  # noqa: E402
import memory  # noqa: E402
import pipeline  # noqa: E402
import reads  # noqa: E402
from hub import Hub, Sandbox  # noqa: E402
from measure import Server  # noqa: E402

# In this order, whatever order they are asked for in: pull wants a shop that is not connected yet.
BENCHES = {"pipeline": pipeline.pipeline, "hot-sku": pipeline.hot_sku, "memory": memory.memory,
           "reads": reads.reads, "pull": channel.pull, "latency": channel.latency, "ingress": channel.ingress}
SERVICES = ("gateway", "connector", "order-ingest", "product-mapper", "inventory", "placement")


class Bench:
    """What every bench needs: the two sides, the server, the processes."""

    def __init__(self, options):
        self.options = options
        self.hub, self.sandbox = Hub(options.gateway), Sandbox(options.sandbox)
        self.server = Server(options.superuser)
        self.processes, self.admin = {}, {}
        for i, service in enumerate(SERVICES):
            self.admin[service] = [7100 + options.port_shift + i + 20 * at for at in range(self.find(service))]
        self.postmaster = self.server.postmaster()
        self.report = {}

    def find(self, service):
        """The processes of a service's replicas: inventory, inventory-2, …; how many there are."""
        paths = sorted(self.options.run.glob(f"{service}.pid")) + sorted(self.options.run.glob(f"{service}-[2-9].pid"))
        for path in paths:
            self.processes[path.stem] = int(path.read_text().split()[0])
        return len(paths)


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bin", required=True, type=pathlib.Path)
    parser.add_argument("--gateway", required=True)
    parser.add_argument("--sandbox", required=True)
    parser.add_argument("--gateway-log", required=True, type=pathlib.Path)
    parser.add_argument("--run", required=True, type=pathlib.Path)
    parser.add_argument("--superuser", required=True)
    parser.add_argument("--report", required=True, type=pathlib.Path)
    parser.add_argument("--app-secret", required=True, type=pathlib.Path)
    parser.add_argument("--invoices", required=True)
    parser.add_argument("--port-shift", type=int, default=0)
    parser.add_argument("benches", nargs="+", choices=sorted(BENCHES))
    return parser.parse_args()


def main():
    options = arguments()
    bench = Bench(options)
    good = True
    for name in (name for name in BENCHES if name in options.benches):
        print(f"== {name}", flush=True)
        good = BENCHES[name](bench) and good
        good = not memory.too_large([memory.resident(bench)]) and good
    stamp = time.strftime("%Y%m%d-%H%M%S", time.gmtime())
    report = {"made": stamp, "machine": platform.platform(), "benches": bench.report}
    path = options.report / f"bench-{'-'.join(options.benches)}-{stamp}.json"
    path.write_text(json.dumps(report, indent=1) + "\n")
    print(f"report: {path.relative_to(options.report.parent.parent)}")
    return 0 if good else 1


sys.exit(main())
