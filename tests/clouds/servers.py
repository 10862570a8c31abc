"""Object store servers for the tests, each on a free port and over a folder of its own."""
import os
import shutil
import socket
import subprocess
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
ACCESS_KEY, SECRET_KEY = "AKIATESTTESTTEST", "wJalrXUtnFEMI/K7MDENG+SECRET/OF/THE/TEST"


def program(name):
    """The path of a server's program: where tools/setup --tests puts it, else in PATH; None without one."""
    own = os.path.join(ROOT, "build", "_deps", "bin", name)
    return own if os.access(own, os.X_OK) else shutil.which(name)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until_open(port, process, seconds=30):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode}")
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.02)
    raise RuntimeError(f"no server at port {port}")


class S3Server:
    """versitygw over a folder: buckets are folders, objects are files."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="levee-s3-")
        self.port = free_port()
        environment = {**os.environ, "ROOT_ACCESS_KEY": ACCESS_KEY, "ROOT_SECRET_KEY": SECRET_KEY}
        self.process = subprocess.Popen(
            [program("versitygw"), "--quiet", "--port", f"127.0.0.1:{self.port}", "posix", self.folder],
            env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_until_open(self.port, self.process)

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def bucket(self, name):
        path = os.path.join(self.folder, name)
        os.makedirs(path, exist_ok=True)
        return path

    def close(self):
        self.process.terminate()
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def s3_environment(url, **more):
    """What a program needs to know of such a server, and nothing of this machine's own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "LEVEE_"))}
    return {**kept, "AWS_ACCESS_KEY_ID": ACCESS_KEY, "AWS_SECRET_ACCESS_KEY": SECRET_KEY, "AWS_REGION": "us-east-1",
            "AWS_ENDPOINT_URL": url, **more}
