"""A connection with the extension loaded."""

import os
import sqlite3

from values import LENGTH_LIMIT


class Failed(Exception):
    """The statement gave an error: its text and code."""

    def __init__(self, error):
        self.text, self.code = str(error), error.sqlite_errorcode & 255

    def __str__(self):
        return f"error {self.code}: {self.text}"


class Database:
    def __init__(self, encoding="UTF-8"):
        self.connection = sqlite3.connect(":memory:", isolation_level=None, cached_statements=1000)
        self.connection.enable_load_extension(True)
        self.connection.load_extension(os.path.join(os.environ.get("BUILD", "build"), "array"))
        self.connection.execute(f"PRAGMA encoding = '{encoding}'")
        self.connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LENGTH_LIMIT)
        self.connection.execute("CREATE TABLE t(id INTEGER PRIMARY KEY, g, k, a, b, c, d)")

    def rows(self, sql, values=()):
        try:
            return self.connection.execute(sql, values).fetchall()
        except sqlite3.Error as error:
            return Failed(error)

    def fill(self, rows):
        """Rows of at most four values, as they are stored: blobs at any address."""
        self.connection.execute("DELETE FROM t")
        self.connection.executemany(
            "INSERT INTO t VALUES (?, ?, ?, ?, ?, ?, ?)", [(i, *row, *[None] * (6 - len(row))) for i, row in enumerate(rows)]
        )

    def held(self):
        return self.rows("SELECT value FROM array_memory WHERE name = 'live_bytes'")[0][0]
