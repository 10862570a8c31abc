#!/usr/bin/env python3
"""levee over Google Cloud Storage: fake-gcs-server, and a token server of our own that checks signatures."""
import base64
import http.server
import json
import os
import shutil
import subprocess
import sys
import threading
import unittest
import urllib.parse
import urllib.request

from cloud_case import CloudCase, FIRST_COMMIT, add_line, commit_name, lost_answers, run_tests
from fault_proxy import Fault
from servers import GcsServer, plain_environment


class GcsCase(CloudCase):
    secrets = ("ya29.TOKENOFTHETEST", "REFRESHOFTHETEST", "PRIVATE KEY")
    place = "gs://lake"

    @classmethod
    def setUpClass(cls):
        cls.server = GcsServer()
        for bucket in ("lake", "contract"):
            cls.post("/storage/v1/b?project=test", json.dumps({"name": bucket}).encode())

    @classmethod
    def tearDownClass(cls):
        cls.server.close()

    @classmethod
    def post(cls, path, body):
        request = urllib.request.Request(cls.server.url + path, data=body,
                                         headers={"Content-Type": "application/json"}, method="POST")
        urllib.request.urlopen(request).read()

    def environment(self, url):
        return {**plain_environment(), "STORAGE_EMULATOR_HOST": url}

    def put(self, name, content):
        self.post("/upload/storage/v1/b/lake/o?uploadType=media&name=" + urllib.parse.quote(name, safe=""), content)


class TablesTest(GcsCase):
    def test_given_tables_answer_as_locally(self):
        self.check_tables(self.copy)

    def test_store_keeps_its_contract(self):
        self.proxy.choose = lost_answers()
        self.run_contract("gs://contract/over%20a%20proxy", self.proxy.url, LEVEE_TEST_FAULTS="1")

    def test_a_fresh_look_is_one_request(self):
        store = self.new_store()
        self.put(f"fresh/{commit_name(0)}", FIRST_COMMIT.encode())
        self.assertEqual(len(self.files("gs://lake/fresh", store=store)), 1)
        self.check_fresh_costs("gs://lake/fresh", store, 1)
        self.put(f"fresh/{commit_name(1)}", add_line("f1").encode())
        self.assertEqual(len(self.files("gs://lake/fresh", store=store)), 2)
        self.check_fresh_costs("gcs://lake/fresh/", store, 1)
        self.put(f"fresh/{commit_name(1)}", add_line("another").encode())
        code, _, err = self.run_levee("files", "gs://lake/fresh", store=store)
        self.assertNotEqual(code, 0)
        self.assertIn("rewritten", err)

    def test_faults_are_survived_or_told(self):
        self.put(f"harmed/{commit_name(0)}", FIRST_COMMIT.encode())
        self.proxy.choose = lambda method, path, number: Fault("status", status=503) if number % 2 else None
        self.assertEqual(len(self.files("gs://lake/harmed")), 1)
        body = json.dumps({"error": {"code": 403, "message": "not for you"}}).encode()
        self.proxy.choose = lambda method, path, number: Fault("status", status=403, body=body)
        code, _, err = self.run_levee("files", "gs://lake/harmed")
        self.assertEqual(code, 1)
        self.assertIn("the server answered 403: not for you", err)
        self.proxy.choose = lambda method, path, number: None
        code, _, err = self.run_levee("files", "gs://no-such-bucket/t")
        self.assertEqual(code, 1)
        self.assertIn("404", err)


class TokenServer:
    """Hands out a token for an assertion that the public key checks, or for a refresh token."""

    def __init__(self, public_key, work):
        self.forms, server_self = [], self

        class Handler(http.server.BaseHTTPRequestHandler):
            def log_message(self, *args):
                pass

            def do_POST(self):
                form = dict(urllib.parse.parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
                server_self.forms.append(form)
                good = form.get("refresh_token") == "REFRESHOFTHETEST"
                if "assertion" in form:
                    signed, signature = form["assertion"].rsplit(".", 1)
                    good = verifies(public_key, signed, signature, work)
                answer = {"access_token": "ya29.TOKENOFTHETEST", "expires_in": 3600} if good else {
                    "error": "invalid_grant", "error_description": f"{form.get('refresh_token', '')} is not known"}
                content = json.dumps(answer).encode()
                self.send_response(200 if good else 400)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/token"


def verifies(public_key, signed, signature, work):
    for name, content in (("signed", signed.encode()), ("signature", base64.urlsafe_b64decode(signature + "=="))):
        with open(os.path.join(work, name), "wb") as file:
            file.write(content)
    return subprocess.run(["openssl", "dgst", "-sha256", "-verify", public_key, "-signature", os.path.join(work, "signature"),
                           os.path.join(work, "signed")], capture_output=True, check=False).returncode == 0


@unittest.skipUnless(shutil.which("openssl"), "no openssl to make keys with")
class CredentialsTest(GcsCase):
    """Google's own address cannot be reached here: what is asked of the token server is looked at, and what follows is told."""

    def setUp(self):
        super().setUp()
        key, public = os.path.join(self.work, "key.pem"), os.path.join(self.work, "public.pem")
        subprocess.run(["openssl", "genrsa", "-out", key, "2048"], check=True, capture_output=True)
        subprocess.run(["openssl", "rsa", "-in", key, "-pubout", "-out", public], check=True, capture_output=True)
        self.tokens = TokenServer(public, self.work)
        self.addCleanup(self.tokens.server.shutdown)
        with open(key, encoding="utf-8") as file:
            self.key = file.read()

    def environment(self, url):
        # Whatever follows the token goes to a proxy that nobody listens at.
        return {**plain_environment(), "https_proxy": "http://127.0.0.1:1", "no_proxy": "127.0.0.1"}

    def ask(self, credentials):
        path = os.path.join(self.work, "credentials.json")
        with open(path, "w", encoding="utf-8") as file:
            file.write(credentials if isinstance(credentials, str) else json.dumps(credentials))
        code, _, err = self.run_levee("files", "gs://lake/t", GOOGLE_APPLICATION_CREDENTIALS=path, LEVEE_HTTP_ATTEMPTS="1")
        self.assertEqual(code, 1)
        return err

    def test_a_service_accounts_key_signs_an_assertion(self):
        err = self.ask({"type": "service_account", "client_email": "a@b.example", "private_key_id": "k1",
                        "private_key": self.key, "token_uri": self.tokens.url})
        self.assertEqual(len(self.tokens.forms), 1, err)
        header, claims, _ = (base64.urlsafe_b64decode(part + "==") for part in
                             self.tokens.forms[0]["assertion"].split("."))
        self.assertEqual(json.loads(header), {"alg": "RS256", "typ": "JWT", "kid": "k1"})
        claims = json.loads(claims)
        self.assertEqual((claims["iss"], claims["aud"]), ("a@b.example", self.tokens.url))
        self.assertEqual(claims["exp"] - claims["iat"], 3600)
        self.assertIn("gs://lake/t", err)  # the token was taken, the storage is what cannot be reached
        self.assertNotIn("token server", err)

    def test_a_users_own_credentials_are_exchanged(self):
        err = self.ask({"type": "authorized_user", "client_id": "c", "client_secret": "s", "token_uri": self.tokens.url,
                        "refresh_token": "REFRESHOFTHETEST"})
        self.assertEqual(self.tokens.forms[0]["grant_type"], "refresh_token")
        self.assertNotIn("token server", err)

    def test_what_is_wrong_is_told_without_the_secret(self):
        for credentials, told in (
                ({"type": "authorized_user", "refresh_token": "OTHERREFRESH", "token_uri": self.tokens.url}, "invalid_grant: *** is"),
                ({"type": "service_account", "private_key": "PRIVATE KEY", "token_uri": self.tokens.url}, "it is no key in PEM"),
                ({"type": "external_account", "token_uri": self.tokens.url}, "'external_account' are not built in"),
                ({"type": "service_account", "token_uri": "http://192.0.2.1/token"}, "it is http://"),
                ("no json", "it is no JSON object")):
            self.assertIn(told, self.ask(credentials))


if __name__ == "__main__":
    sys.exit(run_tests("clouds_gcs", "fake-gcs-server"))
