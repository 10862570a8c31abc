"""A PostgreSQL server of the benchmark's own: made in a folder, on a free port of 127.0.0.1, gone afterwards."""
import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time

from measure import Skipped

SETTINGS = {"listen_addresses": "127.0.0.1", "unix_socket_directories": "", "shared_buffers": "512MB",
            "maintenance_work_mem": "256MB", "max_wal_size": "4GB", "wal_level": "minimal", "max_wal_senders": "0",
            "autovacuum": "off"}


def programs():
    """The folder that has initdb and postgres."""
    folders = []
    if shutil.which("pg_config"):
        folders.append(subprocess.run(["pg_config", "--bindir"], capture_output=True, text=True).stdout.strip())
    folders += os.environ.get("PATH", "").split(os.pathsep)
    for folder in folders:
        if all(os.access(os.path.join(folder, name), os.X_OK) for name in ("initdb", "postgres", "pg_isready")):
            return folder
    raise Skipped("no PostgreSQL server: neither pg_config's folder nor PATH has initdb and postgres")


def server_user():
    """Options of subprocess to run as somebody else: PostgreSQL refuses root."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            user = pwd.getpwnam(name)
            return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    raise Skipped("PostgreSQL does not run as root, and there is no user postgres or nobody")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def make_cluster(folder, data, account):
    shutil.rmtree(data, ignore_errors=True)
    os.makedirs(data, mode=0o700)
    if account:
        os.chown(data, account["user"], account["group"])
    done = subprocess.run([os.path.join(folder, "initdb"), "-D", data, "-U", "levee", "--auth=trust", "--encoding=UTF8",
                           "--locale=C", "--no-instructions"], cwd="/", capture_output=True, text=True, **account)
    if done.returncode:
        raise Skipped("initdb failed: " + (done.stderr.strip().splitlines() or ["no message"])[-1])


@contextlib.contextmanager
def postgres_server(work, patience_s=60):
    """Yields how to connect. The cluster is made anew and removed at the end; raises Skipped if it cannot run."""
    folder, account, data, port = programs(), server_user(), os.path.join(work, "postgres"), free_port()
    make_cluster(folder, data, account)
    settings = [f"--{name}={value}" for name, value in SETTINGS.items()]
    with tempfile.TemporaryFile() as log:
        server = subprocess.Popen([os.path.join(folder, "postgres"), "-D", data, "-p", str(port), *settings],
                                  cwd="/", stdout=log, stderr=log, **account)
        try:
            ready = [os.path.join(folder, "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port), "-d", "postgres"]
            until = time.monotonic() + patience_s
            while subprocess.run(ready).returncode:
                if server.poll() is not None or time.monotonic() > until:
                    log.seek(0)
                    raise Skipped("PostgreSQL did not start: " + log.read().decode(errors="replace").strip()[-300:])
                time.sleep(0.1)
            yield f"host=127.0.0.1 port={port} user=levee dbname=postgres"
        finally:
            server.send_signal(signal.SIGINT)  # a fast shutdown: it breaks off sessions and writes a checkpoint
            server.wait()
            shutil.rmtree(data, ignore_errors=True)
