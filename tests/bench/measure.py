"""What a bench reads off the machine: CPU of each process, WAL, rows, resident memory."""
import os
import pathlib
import subprocess
import time
import urllib.request

PSQL = "/usr/lib/postgresql/15/bin/psql"
TICK = os.sysconf("SC_CLK_TCK")


class Session:
    """One psql that stays: a connection for each question would cost the server more than the question."""
    END = "bench-answer-ends"

    def __init__(self, url):
        self.psql = subprocess.Popen([PSQL, "-XqtA", "-d", url], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                     stderr=subprocess.STDOUT, text=True, bufsize=1)

    def ask(self, sql):
        self.psql.stdin.write(f"{sql};\n\\echo {self.END} :ERROR\n")
        self.psql.stdin.flush()
        lines = []
        for line in self.psql.stdout:
            if line.startswith(self.END):
                break
            lines.append(line)
        else:
            raise ConnectionError("".join(lines).strip() or "psql has ended")
        answer = "".join(lines).strip()
        if line.split()[1] == "true":
            raise OSError(answer)
        return answer


class Server:
    """The private PostgreSQL, as superuser."""

    def __init__(self, url):
        self.base = url.rsplit("/", 1)[0]
        self.sessions = {}

    def session(self, database, name=""):
        """The one of this name, opened when it is first asked for."""
        if (database, name) not in self.sessions:
            self.sessions[database, name] = Session(f"{self.base}/{database}")
        return self.sessions[database, name]

    def ask(self, database, sql):
        try:
            return self.session(database).ask(sql)
        except ConnectionError:
            del self.sessions[database, ""]  # the server went away under it; the next question gets a new one
            raise

    def number(self, database, sql):
        return int(self.ask(database, sql) or 0)

    def wal(self):
        return self.number("postgres", "SELECT pg_current_wal_lsn() - '0/0'")

    def run_file(self, database, path):
        subprocess.run([PSQL, "-Xq", "-v", "ON_ERROR_STOP=1", "-d", f"{self.base}/{database}", "-f", str(path)], check=True)

    def postmaster(self):
        return int(self.ask("postgres", "SELECT split_part(pg_read_file('postmaster.pid'), E'\\n', 1)"))


def stat_fields(pid):
    text = pathlib.Path(f"/proc/{pid}/stat").read_text()
    return text.rsplit(")", 1)[1].split()


def cpu_of(pid):
    """Seconds of all threads, to the nanosecond where the kernel says so."""
    try:
        total = 0
        for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
            total += int((task / "schedstat").read_text().split()[0])
        return total / 1e9
    except (OSError, ValueError):
        return 0.0


def children_of(parent):
    """(pid, state) of each."""
    for entry in pathlib.Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            fields = stat_fields(entry.name)
        except OSError:
            continue
        if int(fields[1]) == parent:
            yield entry.name, fields[0]


def server_cpu(postmaster):
    """The server's processes that live, and what it has reaped."""
    fields = stat_fields(postmaster)
    reaped = (int(fields[13]) + int(fields[14])) / TICK
    return cpu_of(postmaster) + reaped + sum(cpu_of(pid) for pid, _ in children_of(postmaster))


def machine_cpu():
    """Seconds the machine was not idle."""
    fields = [int(field) for field in pathlib.Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]]
    return (sum(fields[:8]) - fields[3] - fields[4]) / TICK


def resident_mib(pid):
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


def metric(port, name, label=""):
    """One value of a service's /metrics; 0 when it is not there yet."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer:
        for line in answer.read().decode().splitlines():
            if line.startswith(name) and label in line and not line.startswith("#"):
                return float(line.rsplit(" ", 1)[1])
    return 0.0


class Clock:
    """CPU of everything between two moments."""

    def __init__(self, processes, postmaster):
        self.processes, self.postmaster = processes, postmaster
        self.before = self.read()

    def read(self):
        now = {name: cpu_of(pid) for name, pid in self.processes.items()}
        now["postgres"] = server_cpu(self.postmaster)
        now["machine"] = machine_cpu()
        now["wall"] = time.monotonic()
        return now

    def since(self):
        now = self.read()
        return {name: now[name] - self.before[name] for name in now}
