#!/usr/bin/env python3
"""levee over Azure: azurite, by its account's key and by a shared access signature."""
import base64
import hashlib
import hmac
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from email.utils import formatdate

from cloud_case import ARGUMENTS, CloudCase, FIRST_COMMIT, add_line, commit_name, lost_answers, run_tests
from fault_proxy import Fault
from servers import AzureServer, plain_environment

ACCOUNT = "devstoreaccount1"
KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="  # the emulator's, published


def sign(text):
    return base64.b64encode(hmac.new(base64.b64decode(KEY), text.encode(), hashlib.sha256).digest()).decode()


def account_sas():
    """An account's signature for reading and listing, for an hour."""
    expiry = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 3600))
    text = "\n".join([ACCOUNT, "rl", "b", "sco", "", expiry, "", "", "2018-11-09", ""])
    return urllib.parse.urlencode({"sv": "2018-11-09", "ss": "b", "srt": "sco", "sp": "rl", "se": expiry, "sig": sign(text)})


class AzureCase(CloudCase):
    place = "abfss://lake"

    @classmethod
    def setUpClass(cls):
        cls.server = AzureServer()
        cls.sas = account_sas()
        cls.secrets = (KEY, urllib.parse.parse_qs(cls.sas)["sig"][0], cls.sas.split("sig=")[1])
        for container in ("lake", "contract"):
            cls.put_request(f"/{container}?restype=container", "\nrestype:container", b"", {})

    @classmethod
    def tearDownClass(cls):
        cls.server.close()

    @classmethod
    def put_request(cls, path, parameters, body, headers):
        """A request of this test's own, signed by its own signature."""
        headers = {**headers, "x-ms-date": formatdate(usegmt=True), "x-ms-version": "2021-12-02"}
        canonical = "".join(f"{name}:{headers[name]}\n" for name in sorted(headers))
        resource = f"/{ACCOUNT}/{ACCOUNT}{path.split('?')[0]}{parameters}"
        length = str(len(body)) if body else ""
        text = f"PUT\n\n\n{length}\n\n{'application/octet-stream'}\n\n\n\n\n\n\n{canonical}{resource}"
        request = urllib.request.Request(cls.server.url + "/" + ACCOUNT + path, data=body, method="PUT", headers={
            **headers, "Content-Type": "application/octet-stream", "Authorization": f"SharedKey {ACCOUNT}:{sign(text)}"})
        urllib.request.urlopen(request).read()

    def environment(self, url):
        return {**plain_environment(), "AZURE_STORAGE_USE_EMULATOR": "true", "AZURITE_BLOB_STORAGE_URL": url}

    def put(self, name, content):
        self.put_request("/lake/" + urllib.parse.quote(name), "", content, {"x-ms-blob-type": "BlockBlob"})


class TablesTest(AzureCase):
    def test_given_tables_answer_as_locally(self):
        self.check_tables(self.copy)

    def test_store_keeps_its_contract(self):
        self.proxy.choose = lost_answers()
        self.run_contract("az://contract/over%20a%20proxy", self.proxy.url, LEVEE_TEST_FAULTS="1")

    def test_a_fresh_look_is_two_requests(self):
        store = self.new_store()
        self.put(f"fresh/{commit_name(0)}", FIRST_COMMIT.encode())
        self.assertEqual(len(self.files("abfss://lake/fresh", store=store)), 1)
        self.check_fresh_costs("azure://lake/fresh", store, 2)
        self.put(f"fresh/{commit_name(1)}", add_line("f1").encode())
        self.assertEqual(len(self.files("abfss://lake/fresh", store=store)), 2)
        self.check_fresh_costs("az://lake/fresh/", store, 2)
        self.put(f"fresh/{commit_name(1)}", add_line("another").encode())
        code, _, err = self.run_levee("files", "abfss://lake/fresh", store=store)
        self.assertNotEqual(code, 0)
        self.assertIn("rewritten", err)

    def test_an_account_in_the_uri(self):
        self.put(f"named/{commit_name(0)}", FIRST_COMMIT.encode())
        store = self.new_store()
        for host in (f"{ACCOUNT}.dfs.core.windows.net", f"{ACCOUNT}.blob.core.windows.net"):
            self.assertEqual(len(self.files(f"abfss://lake@{host}/named", store=store)), 1)
        code, out, err = self.run_levee("tables", "--format", "ndjson", store=store)
        self.assertEqual((code, out.count("\n")), (0, 1), err)
        self.assertIn(f"abfss://lake@{ACCOUNT}.dfs.core.windows.net/named", out)


class CredentialsTest(AzureCase):
    def setUp(self):
        super().setUp()
        self.put(f"kept/{commit_name(0)}", FIRST_COMMIT.encode())

    def refused(self, **variables):
        code, out, err = self.run_levee("files", "abfss://lake/kept", LEVEE_HTTP_ATTEMPTS="2", **variables)
        self.assertEqual((code, out), (1, ""))
        return err

    def test_a_shared_access_signature_reads(self):
        self.assertEqual(len(self.files("abfss://lake/kept", AZURE_STORAGE_SAS_TOKEN="?" + self.sas)), 1)
        self.assertTrue(all("sig=" in path for _, path in self.proxy.take_requests()))

    def test_a_signature_that_may_not_is_refused(self):
        err = self.refused(AZURE_STORAGE_SAS_TOKEN=self.sas.replace("sp=rl", "sp=r"))
        self.assertIn("403", err)
        self.assertIn("taken from AZURE_STORAGE_SAS_TOKEN", err)

    def test_a_wrong_key_is_refused(self):
        wrong = base64.b64encode(b"another key of the test").decode()
        err = self.refused(AZURE_STORAGE_ACCOUNT_KEY=wrong)
        self.assertIn("403 AuthorizationFailure", err)
        self.assertNotIn(wrong, err)
        self.assertIn("it is not in Base64", self.refused(AZURE_STORAGE_ACCOUNT_KEY="no base64!"))

    def test_a_server_that_repeats_a_signature_does_not_tell_it(self):
        body = f"<Error><Code>Denied</Code><Message>no {self.sas.replace('&', '&amp;')}</Message></Error>".encode()
        self.proxy.choose = lambda method, path, number: Fault("status", status=403, body=body)
        self.assertIn("sig=***", self.refused(AZURE_STORAGE_SAS_TOKEN=self.sas))

    def test_a_storm_is_survived(self):
        self.proxy.choose = lambda method, path, number: Fault("status", status=503) if number % 2 else None
        self.assertEqual(len(self.files("abfss://lake/kept")), 1)

    def test_what_is_missing_is_told(self):
        environment = {**plain_environment(), "HOME": self.work, "LEVEE_STORE": self.new_store()}
        done = subprocess.run([ARGUMENTS.levee, "files", "abfss://lake/kept"], env=environment, capture_output=True, text=True)
        self.assertEqual(done.returncode, 1)
        self.assertIn("AZURE_STORAGE_ACCOUNT_NAME", done.stderr)


if __name__ == "__main__":
    sys.exit(run_tests("clouds_azure", "azurite-blob"))
