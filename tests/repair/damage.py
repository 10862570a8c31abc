"""Damages a store in ways that a disk, a defect or a hand may."""
import contextlib
import sqlite3
import struct

ACTIVE, HISTORY, TAIL, TOMBSTONES, REMOVALS = 1, 2, 3, 4, 5  # kinds of segments
ZONE_MAP = 0xFFFFFFFF
KEYS, STATISTICS = 0, (1 << 20) - 1  # numbers of chunk rows


class Damage:
    """The database of a store, opened for one piece of damage after the other."""

    def __init__(self, path):
        self.path = path

    def sql(self, statement, *values):
        with contextlib.closing(sqlite3.connect(self.path)) as database, database:
            return database.execute(statement, values).fetchall()

    def segments(self, kind, form=None):
        rows = self.sql("SELECT segment_id, format FROM segments WHERE state=1 AND kind=? ORDER BY segment_id", kind)
        return [segment for segment, its in rows if form in (None, its)]

    def flip(self, table, key, column, row, offset):
        """Turns one byte of a blob over; `offset` from the end where it is negative."""
        (blob,), = self.sql(f"SELECT {column} FROM {table} WHERE {key}=?", row)
        data = bytearray(blob.encode() if isinstance(blob, str) else blob)
        data[offset] ^= 0x5A
        self.sql(f"UPDATE {table} SET {column}=? WHERE {key}=?", bytes(data), row)

    def flip_body(self, segment, offset=-3):
        self.flip("segments", "segment_id", "body", segment, offset)

    def pieces(self, segment):
        """(is zone map, chunk row, offset, length) of each piece of a segment of columns: its directory, uncompressed."""
        (body,), = self.sql("SELECT body FROM segments WHERE segment_id=?", segment)
        for at in range(16, len(body) - 31, 32):
            _, first_row, _, chunk, offset, length, _, _ = struct.unpack("<8I", body[at:at + 32])
            yield first_row == ZONE_MAP, (segment << 20) + chunk, offset, length

    def flip_piece(self, segment, zone_map):
        piece = [p for p in self.pieces(segment) if p[0] == zone_map][0]
        self.flip("chunks", "chunk_id", "data", piece[1], piece[2] + piece[3] - 2)

    def flip_chunk(self, segment, number):
        self.flip("chunks", "chunk_id", "data", (segment << 20) + number, -3)
