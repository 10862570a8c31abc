"""A proxy before an object store that counts requests, and harms those that a test wants harmed."""
import http.client
import http.server
import socket
import ssl
import threading
import time


class Fault:
    """What happens to a request: `kind` is one of

    status   answered with `status` and `headers`, never passed on
    after    passed on, then answered with `status`: done, but its answer is lost
    cut      passed on, and the connection closed after `bytes` of the body
    drop     the connection is closed without an answer; `after` says whether it was passed on before
    slow     passed on, the body with `seconds` before each of its pieces of `bytes`
    stall    the connection stays open without a byte for `seconds`
    """

    def __init__(self, kind, status=503, headers=None, body=b"", bytes=100, seconds=0.0, after=False):
        self.kind, self.status, self.headers, self.body = kind, status, headers or {}, body
        self.bytes, self.seconds, self.after = bytes, seconds, after


class FaultProxy:
    """`choose(method, path, number)` is asked for each request and answers with a Fault or None."""

    def __init__(self, port, choose=None, certificate=None):
        self.target, self.choose = port, choose or (lambda method, path, number: None)
        self.lock = threading.Lock()
        self.requests = []  # (method, path)
        proxy = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *args):
                pass

            def handle_any(self):
                proxy.handle(self)

            do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = handle_any

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, request, client_address):
                pass  # connections that a fault closed

        self.server = Server(("127.0.0.1", 0), Handler)
        self.scheme = "http"
        if certificate:  # of a PEM file with its key
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
            self.scheme = "https"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    @property
    def port(self):
        return self.server.server_address[1]

    @property
    def url(self):
        return f"{self.scheme}://127.0.0.1:{self.port}"

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def take_requests(self):
        with self.lock:
            taken, self.requests = self.requests, []
            return taken

    def handle(self, handler):
        body = handler.rfile.read(int(handler.headers.get("Content-Length") or 0))
        with self.lock:
            self.requests.append((handler.command, handler.path))
            number = len(self.requests)
        fault = self.choose(handler.command, handler.path, number)
        if fault and fault.kind == "status":
            return self.reply(handler, fault.status, list(fault.headers.items()), fault.body)
        if fault and fault.kind == "stall":
            time.sleep(fault.seconds)
            return self.hang_up(handler)
        if fault and fault.kind == "drop" and not fault.after:
            return self.hang_up(handler)
        status, headers, content = self.forward(handler, body)
        if fault and fault.kind == "drop":
            return self.hang_up(handler)
        if fault and fault.kind == "after":
            return self.reply(handler, fault.status, list(fault.headers.items()), fault.body)
        self.reply(handler, status, headers, content, fault)

    def forward(self, handler, body):
        connection = http.client.HTTPConnection("127.0.0.1", self.target, timeout=60)
        # The host is signed: it stays what the client wrote.
        connection.putrequest(handler.command, handler.path, skip_host=True, skip_accept_encoding=True)
        for name, value in handler.headers.items():
            if name.lower() != "connection":
                connection.putheader(name, value)
        connection.endheaders(body)
        answer = connection.getresponse()
        content = answer.read()
        headers = [(k, v) for k, v in answer.getheaders()
                   if k.lower() not in ("transfer-encoding", "connection", "content-length")]
        if handler.command == "HEAD" and answer.getheader("Content-Length"):
            headers.append(("Content-Length", answer.getheader("Content-Length")))
        connection.close()
        return answer.status, headers, content

    def reply(self, handler, status, headers, content, fault=None):
        handler.send_response_only(status)
        for name, value in headers:
            handler.send_header(name, value)
        if handler.command != "HEAD" or not any(k.lower() == "content-length" for k, v in headers):
            handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        if handler.command == "HEAD":
            return
        if fault and fault.kind == "cut":
            handler.wfile.write(content[:fault.bytes])
            return self.hang_up(handler)
        if fault and fault.kind == "slow":
            for begin in range(0, len(content), fault.bytes):
                time.sleep(fault.seconds)
                handler.wfile.write(content[begin:begin + fault.bytes])
                handler.wfile.flush()
            return
        handler.wfile.write(content)

    @staticmethod
    def hang_up(handler):
        handler.close_connection = True
        try:
            handler.wfile.flush()
            handler.connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
