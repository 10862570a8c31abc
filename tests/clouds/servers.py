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
    for folder in ("bin", "azurite/node_modules/.bin"):
        own = os.path.join(ROOT, "build", "_deps", folder, name)
        if os.access(own, os.X_OK):
            return own
    return shutil.which(name)


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


class Server:
    """A process over a folder; `arguments(port, folder)` start it."""

    def __init__(self, arguments, **variables):
        self.folder = tempfile.mkdtemp(prefix="levee-cloud-")
        self.port = free_port()
        self.process = subprocess.Popen(arguments(self.port, self.folder), env={**os.environ, **variables},
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_until_open(self.port, self.process)

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def close(self):
        self.process.terminate()
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


class S3Server(Server):
    """versitygw: buckets are folders, objects are files."""

    def __init__(self):
        super().__init__(lambda port, folder: [program("versitygw"), "--quiet", "--port", f"127.0.0.1:{port}", "posix", folder],
                         ROOT_ACCESS_KEY=ACCESS_KEY, ROOT_SECRET_KEY=SECRET_KEY)

    def bucket(self, name):
        path = os.path.join(self.folder, name)
        os.makedirs(path, exist_ok=True)
        return path


class GcsServer(Server):
    """fake-gcs-server, in memory."""

    def __init__(self):
        super().__init__(lambda port, folder: [program("fake-gcs-server"), "-scheme", "http", "-backend", "memory", "-host",
                                               "127.0.0.1", "-port", str(port), "-public-host", f"127.0.0.1:{port}"])


class AzureServer(Server):
    """azurite's blobs."""

    def __init__(self):
        super().__init__(lambda port, folder: [program("azurite-blob"), "--skipApiVersionCheck", "--silent", "--blobHost",
                                               "127.0.0.1", "--blobPort", str(port), "--location", folder])


def plain_environment():
    """This process's, without what it says of clouds and of levee."""
    clouds = ("AWS_", "LEVEE_", "GOOGLE_", "STORAGE_", "AZURE_", "GCE_", "CLOUDSDK_", "IDENTITY_")
    return {name: value for name, value in os.environ.items()
            if not name.startswith(clouds) or name in ("LEVEE_TEST_TABLES", "LEVEE_ARROW_MODULE")}


def s3_environment(url, **more):
    """What a program needs to know of an S3 server, and nothing of this machine's own."""
    return {**plain_environment(), "AWS_ACCESS_KEY_ID": ACCESS_KEY, "AWS_SECRET_ACCESS_KEY": SECRET_KEY, "AWS_REGION": "us-east-1",
            "AWS_ENDPOINT_URL": url, **more}
