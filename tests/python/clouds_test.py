"""Tables in an S3 server, by Levee through PyArrow and Polars: the rows of the same folders on disk, as `deltalake` reads them."""
import os
import shutil
import sys
import tempfile
import unittest
from datetime import date

import deltalake
import pyarrow as pa

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "clouds"))
import servers  # noqa: E402: it is beside the other tests of clouds

TABLES = os.environ.get(
    "LEVEE_TEST_TABLES", os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../../shared/tables")
)
GIVEN = ["golden/dv-partitioned-with-checkpoint", "golden/v2-checkpoint-parquet", "dat/multi_partitioned/delta"]
SETTINGS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION", "AWS_ENDPOINT_URL", "AWS_ALLOW_HTTP")


def rows_of(table):
    return sorted(repr(tuple(row.values())) for row in table.to_pylist())


@unittest.skipUnless(servers.program("versitygw"), "no versitygw here: tools/setup --tests installs it where Go is")
class Clouds(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = servers.S3Server()
        cls.addClassCleanup(cls.server.close)
        environment = servers.s3_environment(cls.server.url, AWS_ALLOW_HTTP="true")
        os.environ.update({name: environment[name] for name in SETTINGS})
        import levee

        cls.bucket = cls.server.bucket("lake")
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        cls.store = levee.open(os.path.join(cls.folder.name, "levee.db"))

    def compare(self, name, readers=("to_pyarrow_table", "to_pyarrow_dataset", "scan_polars")):
        table = self.store.table(f"s3://lake/{name}")
        wanted = pa.table(deltalake.DeltaTable(os.path.join(self.bucket, name)).scan()).select(table.schema().names)
        self.assertGreater(wanted.num_rows, 0)
        read = {
            "to_pyarrow_table": table.to_pyarrow_table,
            "to_pyarrow_dataset": lambda: table.to_pyarrow_dataset().to_table(),
            "scan_polars": lambda: table.scan_polars().collect().to_arrow(),
        }
        for reader in readers:
            with self.subTest(table=name, reader=reader):
                self.assertEqual(rows_of(read[reader]()), rows_of(wanted))

    def test_given_tables(self):
        if not os.path.isdir(TABLES):
            self.skipTest(f"{TABLES} is not there")
        for name in GIVEN:
            shutil.copytree(os.path.join(TABLES, name), os.path.join(self.bucket, name))
            vectors = "dv-" in name
            self.compare(name, ("to_pyarrow_table", "scan_polars") if vectors else (
                "to_pyarrow_table", "to_pyarrow_dataset", "scan_polars"))

    def test_names_that_are_encoded(self):
        texts = ["plain", "a b", "50%", "a=b", "a+b", "ä", "x/y", "#?&"]
        rows = [{"s": text, "day": date(2024, 1, 1 + i), "id": i} for i, text in enumerate(texts * 2)]
        deltalake.write_deltalake(os.path.join(self.bucket, "names"), pa.Table.from_pylist(rows), partition_by=["s", "day"])
        self.compare("names")

    def test_one_partition_reads_its_file(self):
        rows = [{"day": date(2024, 1, 1 + i), "id": i} for i in range(20)]
        deltalake.write_deltalake(os.path.join(self.bucket, "days"), pa.Table.from_pylist(rows), partition_by=["day"])
        table = self.store.table("s3://lake/days")
        uris = table.file_uris(where="day = DATE '2024-01-07'")
        self.assertEqual(len(uris), 1)
        self.assertTrue(uris[0].startswith("s3://lake/days/day=2024-01-07/"), uris)
        self.assertEqual(table.to_pyarrow_table(where="day = DATE '2024-01-07'")["id"].to_pylist(), [6])


if __name__ == "__main__":
    unittest.main()
