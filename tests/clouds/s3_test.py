#!/usr/bin/env python3
"""levee over S3: versitygw, and a proxy before it that counts requests and harms some."""
import os
import shutil
import subprocess
import sys
import time
import unittest

from cloud_case import CloudCase, add_line, commit_name, lost_answers, make_log, run_tests
from fault_proxy import Fault, FaultProxy
from servers import ACCESS_KEY, SECRET_KEY, S3Server, s3_environment
from sweep_test import table_roots


class S3Case(CloudCase):
    secrets = (SECRET_KEY, "SESSIONTOKENOFTHETEST")
    place = "s3://lake"

    @classmethod
    def setUpClass(cls):
        cls.server = S3Server()
        cls.lake = cls.server.bucket("lake")
        cls.server.bucket("contract")

    @classmethod
    def tearDownClass(cls):
        cls.server.close()

    def environment(self, url):
        return s3_environment(url)

    def make_table(self, name, commits):
        folder = os.path.join(self.lake, name)
        shutil.rmtree(folder, ignore_errors=True)
        make_log(folder, commits)
        return f"s3://lake/{name}", folder


class TablesTest(S3Case):
    def test_given_tables_answer_as_locally(self):
        self.check_tables(lambda root, name: shutil.copytree(root, os.path.join(self.lake, name)))

    def test_store_keeps_its_contract(self):
        self.proxy.choose = lost_answers()
        self.run_contract("s3://contract/over a proxy".replace(" ", "%20"), self.proxy.url, LEVEE_TEST_FAULTS="1")

    def test_more_objects_than_a_list_holds(self):
        table, folder = self.make_table("long", 1)
        for version in range(1, 1203):
            with open(os.path.join(folder, commit_name(version)), "w", encoding="utf-8") as file:
                file.write(add_line(f"f{version}") + "\n")
        code, out, err = self.run_levee("files", table, "--count")
        self.assertEqual((code, out.strip()), (0, "1203"), err)
        lists = [path for method, path in self.proxy.take_requests() if "list-type" in path]
        self.assertEqual(len(lists), 2, lists)

    def test_one_by_one_answers_the_same(self):
        table, _ = self.make_table("serial", 40)
        self.assertEqual(self.files(table), self.files(table, LEVEE_HTTP_PARALLEL="1"))
        for key, root in table_roots():
            if "checkpoint" in key and key.startswith("golden"):
                shutil.copytree(root, os.path.join(self.lake, "serial-c"), dirs_exist_ok=True)
                self.assertEqual(self.files("s3://lake/serial-c"), self.files("s3://lake/serial-c", LEVEE_HTTP_PARALLEL="1"))
                return

    def test_names_of_one_table(self):
        table, _ = self.make_table("a b", 2)
        store = self.new_store()
        self.files("s3://lake/a%20b/", store=store)
        self.files("s3a://lake/a%20b", store=store)
        code, out, err = self.run_levee("tables", "--format", "ndjson", store=store)
        self.assertEqual((code, out.count("\n")), (0, 1), out + err)
        self.assertIn('"uri":"s3://lake/a%20b"', out.replace(": ", ":"))

    def test_no_table(self):
        code, _, err = self.run_levee("files", "s3://lake/none")
        self.assertEqual(code, 1)
        self.assertIn("s3://lake/none", err)
        code, _, err = self.run_levee("files", "s3://no-such-bucket/t")
        self.assertEqual(code, 1)
        self.assertIn("NoSuchBucket", err)


class FreshnessTest(S3Case):
    def test_a_fresh_look_is_one_request(self):
        table, folder = self.make_table("fresh", 3)
        store = self.new_store()
        self.assertEqual(len(self.files(table, store=store)), 3)
        self.check_fresh_costs(table, store, 1)
        # What else stands after the head in the listing costs nothing more.
        for name in ("_last_checkpoint", "_sidecars/x", f"{1:020}.checkpoint.parquet", f"{2:020}.crc"):
            path = os.path.join(folder, "_delta_log", name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w", encoding="utf-8") as file:
                file.write("{}")
        self.check_fresh_costs(table, store, 1)

    def test_new_commits_are_seen(self):
        table, folder = self.make_table("growing", 1)
        store = self.new_store()
        for commits in (1, 2, 3, 40):
            make_log(folder, commits)
            self.assertEqual(len(self.files(table, store=store)), commits)
        self.check_fresh_costs(table, store, 1)

    def test_a_rewritten_log_is_refused(self):
        table, folder = self.make_table("rewritten", 3)
        store = self.new_store()
        self.files(table, store=store)
        with open(os.path.join(folder, commit_name(2)), "w", encoding="utf-8") as file:
            file.write(add_line("another") + "\n")
        code, _, err = self.run_levee("files", table, store=store)
        self.assertEqual(code, 2 if "diverged" in err and code == 2 else 1, err)
        self.assertIn("rewritten", err)

    def test_a_copied_log_is_the_same(self):
        table, folder = self.make_table("copied", 3)
        store = self.new_store()
        before = self.files(table, store=store)
        path = os.path.join(folder, commit_name(2))
        shutil.copyfile(path, path + ".new")
        os.remove(path)
        os.utime(path + ".new", (1_600_000_000, 1_600_000_000))
        os.rename(path + ".new", path)
        self.assertEqual(self.files(table, store=store), before)
        self.check_fresh_costs(table, store, 1)


class RefusedTest(S3Case):
    def refused(self, **variables):
        self.make_table("kept", 1)
        code, out, err = self.run_levee("files", "s3://lake/kept", **variables)
        self.assertEqual((code, out), (1, ""))
        return err

    def test_wrong_keys_are_refused_with_the_servers_reason(self):
        err = self.refused(AWS_SECRET_ACCESS_KEY="ANOTHERSECRETOFTHETEST")
        self.assertIn("403 SignatureDoesNotMatch", err)
        self.assertIn("taken from the environment", err)
        self.assertNotIn("ANOTHERSECRETOFTHETEST", err)
        self.assertEqual(len(self.proxy.take_requests()), 1)
        err = self.refused(AWS_ACCESS_KEY_ID="AKIANOBODY")
        self.assertIn("access key ID", err)

    def test_a_server_that_repeats_secrets_does_not_tell_them(self):
        token = "SESSIONTOKENOFTHETEST"
        body = f"<Error><Code>Denied</Code><Message>no {token} here</Message></Error>".encode()
        self.proxy.choose = lambda method, path, number: Fault("status", status=403, body=body)
        self.assertIn("403 Denied: no *** here", self.refused(AWS_SESSION_TOKEN=token))

    def test_half_a_key_is_told(self):
        self.assertIn("AWS_SECRET_ACCESS_KEY", self.refused(AWS_SECRET_ACCESS_KEY=""))

    def test_a_profile_that_is_not_there_is_told(self):
        err = self.refused(AWS_ACCESS_KEY_ID="", AWS_SECRET_ACCESS_KEY="", AWS_PROFILE="nobody")
        self.assertIn("there is no profile 'nobody'", err)

    def test_without_credentials_the_places_are_told(self):
        err = self.refused(AWS_ACCESS_KEY_ID="", AWS_SECRET_ACCESS_KEY="", AWS_EC2_METADATA_DISABLED="true")
        self.assertIn("none were found in the environment", err)

    def test_an_unsigned_request_is_refused_by_the_server(self):
        self.assertIn("403", self.refused(AWS_SKIP_SIGNATURE="true"))

    def test_keys_in_a_uri_are_refused_and_not_repeated(self):
        code, _, err = self.run_levee("doctor")
        self.assertEqual(code, 0, err)
        code, _, err = self.run_levee("add", f"s3://{ACCESS_KEY}:SECRET@lake/kept")
        self.assertEqual(code, 1)
        self.assertNotIn("SECRET@", err)

    def test_plain_http_needs_leave(self):
        err = self.refused(AWS_ENDPOINT_URL="http://192.0.2.1:9000")
        self.assertIn("AWS_ALLOW_HTTP", err)

    def test_local_tables_never_load_libcurl(self):
        _, folder = self.make_table("local", 1)
        code, _, trace = self.run_levee("files", folder, LD_DEBUG="files")
        self.assertEqual(code, 0)
        self.assertIn("libc.so", trace)
        self.assertNotIn("libcurl", trace)
        code, _, trace = self.run_levee("files", "s3://lake/local", LD_DEBUG="files")
        self.assertEqual(code, 0)
        self.assertIn("libcurl", trace)

    def test_without_libcurl_the_package_is_told(self):
        err = self.refused(LEVEE_CURL_LIBRARY="/nowhere/libcurl.so.4")
        self.assertIn("libcurl4", err)
        self.assertIn("/nowhere/libcurl.so.4", err)


class ProfileTest(S3Case):
    def test_keys_of_a_profile(self):
        table, _ = self.make_table("profiled", 1)
        os.makedirs(os.path.join(self.work, ".aws"))
        with open(os.path.join(self.work, ".aws", "credentials"), "w", encoding="utf-8") as file:
            file.write(f"[default]\naws_access_key_id = nobody\naws_secret_access_key = none\n\n"
                       f"[lake]\naws_access_key_id = {ACCESS_KEY}\naws_secret_access_key={SECRET_KEY}\n")
        with open(os.path.join(self.work, ".aws", "config"), "w", encoding="utf-8") as file:
            file.write("[profile lake]\nregion = us-east-1\n")
        none = {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "", "AWS_REGION": ""}
        self.assertEqual(len(self.files(table, AWS_PROFILE="lake", **none)), 1)
        code, _, err = self.run_levee("files", table, **none)
        self.assertEqual(code, 1)
        self.assertIn("access key ID", err)


@unittest.skipUnless(shutil.which("openssl"), "no openssl to make a certificate with")
class CertificateTest(S3Case):
    def test_only_trusted_certificates_are_taken(self):
        table, _ = self.make_table("tls", 1)
        certificate = os.path.join(self.work, "certificate.pem")
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=levee",
                        "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", certificate + ".key", "-out", certificate],
                       check=True, capture_output=True)
        with open(certificate + ".both", "wb") as both:
            for part in (certificate, certificate + ".key"):
                with open(part, "rb") as file:
                    both.write(file.read())
        proxy = FaultProxy(self.server.port, certificate=certificate + ".both")
        self.addCleanup(proxy.close)
        code, out, err = self.run_levee("files", table, url=proxy.url)
        self.assertEqual((code, out), (1, ""))
        self.assertIn("certificate", err)
        self.assertEqual(proxy.take_requests(), [])
        self.assertEqual(len(self.files(table, url=proxy.url, SSL_CERT_FILE=certificate)), 1)


class FaultsTest(S3Case):
    def survive(self, choose, commits=12, **variables):
        """(seconds, requests) of reading a table while requests are harmed; the answer is the right one."""
        table, _ = self.make_table("harmed", commits)
        self.proxy.choose = choose
        begin = time.monotonic()
        files = self.files(table, **variables)
        self.assertEqual(len(files), commits)
        return time.monotonic() - begin, self.proxy.take_requests()

    def test_a_storm_of_503(self):
        _, requests = self.survive(lambda method, path, number: Fault("status", status=503) if number % 2 else None)
        self.assertGreater(len(requests), 20)

    def test_throttling_waits_as_long_as_it_is_asked_to(self):
        seconds, requests = self.survive(
            lambda method, path, number: Fault("status", status=429, headers={"Retry-After": "2"}) if number == 1 else None)
        self.assertGreaterEqual(seconds, 2)
        self.assertEqual(len(requests), 14)

    def test_bodies_that_are_cut_off(self):
        cut = set()

        def choose(method, path, number):
            if path in cut:
                return None
            cut.add(path)
            return Fault("cut", bytes=20)

        self.survive(choose)

    def test_connections_that_are_dropped(self):
        self.survive(lambda method, path, number: Fault("drop", after=number % 4 == 1) if number % 2 else None)

    def test_slow_bodies(self):
        self.survive(lambda method, path, number: Fault("slow", bytes=200, seconds=0.02))

    def test_requests_at_once_hide_a_long_way(self):
        def far(method, path, number):
            return Fault("slow", bytes=1 << 20, seconds=0.06)

        serial, _ = self.survive(far, commits=100, LEVEE_HTTP_PARALLEL="1", LEVEE_THREADS="1")
        parallel, _ = self.survive(far, commits=100, LEVEE_THREADS="1")
        self.assertGreater(serial, 6)  # the way alone
        self.assertLess(parallel, serial * 0.6)

    def test_a_stalled_request_is_sent_again(self):
        seconds, _ = self.survive(lambda method, path, number: Fault("stall", seconds=10) if number == 1 else None,
                                  LEVEE_HTTP_STALL_TIMEOUT="1s")
        self.assertLess(seconds, 9)

    def test_what_lasts_is_told_and_changes_nothing(self):
        table, folder = self.make_table("down", 2)
        store = self.new_store()
        before = self.files(table, store=store)
        make_log(folder, 5)
        self.proxy.choose = lambda method, path, number: Fault("status", status=503)
        code, out, err = self.run_levee("files", table, store=store, LEVEE_HTTP_ATTEMPTS="3")
        self.assertEqual((code, out), (1, ""))
        self.assertIn("the server answered 503", err)
        code, out, _ = self.run_levee("--freshness", "cached", "files", table, "--format", "ndjson", store=store)
        self.assertEqual((code, sorted(out.splitlines())), (0, before))

    def test_nobody_listens(self):
        code, _, err = self.run_levee("files", "s3://lake/any", url="http://127.0.0.1:1", LEVEE_HTTP_ATTEMPTS="2")
        self.assertEqual(code, 1)
        self.assertIn("tried 2 times", err)

    def test_a_timeout_ends_a_request_that_stalls(self):
        self.make_table("stalled", 1)
        self.proxy.choose = lambda method, path, number: Fault("stall", seconds=8)
        begin = time.monotonic()
        code, _, err = self.run_levee("--timeout", "1s", "files", "s3://lake/stalled")
        self.assertEqual(code, 1)
        self.assertIn("it took longer than it may", err)
        self.assertLess(time.monotonic() - begin, 5)


class CheckpointTest(S3Case):
    """A Parquet checkpoint, harmed: the commits below it are gone, so nothing else can answer."""

    def setUp(self):
        super().setUp()
        self.root = next(root for key, root in table_roots() if key.endswith("dv-partitioned-with-checkpoint"))
        shutil.copytree(self.root, os.path.join(self.lake, "checkpoint"), dirs_exist_ok=True)
        self.local = self.files(self.root)

    def test_survives_cuts_and_storms(self):
        seen = {}

        def choose(method, path, number):
            seen[path] = seen.get(path, 0) + 1
            if "parquet" not in path:
                return None
            return {1: Fault("status", status=500), 2: Fault("drop"), 4: Fault("cut", bytes=10)}.get(seen[path])

        self.proxy.choose = choose
        self.assertEqual(self.files("s3://lake/checkpoint"), self.local)

    def test_a_timeout_ends_requests_that_were_sent_ahead(self):
        self.proxy.choose = lambda method, path, number: (
            Fault("stall", seconds=8) if "parquet" in path and method == "GET" else None)
        begin = time.monotonic()
        code, out, err = self.run_levee("--timeout", "1s", "files", "s3://lake/checkpoint")
        self.assertEqual((code, out), (1, ""))
        self.assertIn("it took longer than it may", err)
        self.assertLess(time.monotonic() - begin, 5)

    def test_one_that_cannot_be_fetched_is_not_taken_for_a_corrupt_one(self):
        gets = []

        def choose(method, path, number):
            if "parquet" in path and method == "GET":
                gets.append(path)
                return Fault("status", status=503)
            return None

        self.proxy.choose = choose
        code, out, err = self.run_levee("files", "s3://lake/checkpoint", LEVEE_HTTP_ATTEMPTS="2")
        self.assertEqual((code, out), (1, ""), err)
        self.assertIn("503", err)
        self.assertNotIn("orrupt", err)
        self.assertNotEqual(gets, [])


if __name__ == "__main__":
    sys.exit(run_tests("clouds_s3", "versitygw"))
