/*
** Compares include/sqlite_array.h with the extension: SQL reads what an application writes, and
** the reverse.
*/
#include "unit_sql.h"

static sqlite3 *db;

/* The first column of the first row, as text; "" without one. */
static const char *result(sqlite3_stmt *stmt) {
    static char said[400];
    said[0] = 0;
    if (sqlite3_step(stmt) == SQLITE_ROW && sqlite3_column_type(stmt, 0) != SQLITE_NULL)
        snprintf(said, sizeof said, "%s", (const char *)sqlite3_column_text(stmt, 0));
    return said;
}

static const char *answer(const char *sql) {
    sqlite3_stmt *stmt = unit_prepare(db, sql);
    const char *said = result(stmt);
    sqlite3_finalize(stmt);
    return said;
}

/* Values, and what SQL has to say of the array of them */
static const struct making {
    int64_t values[4];
    size_t count;
    unsigned width;
    const char *json;
} makings[] = {
    {{0}, 0, 1, "[]"},
    {{1, -2, 3}, 3, 1, "[1,-2,3]"},
    {{127, -128}, 2, 1, "[127,-128]"},
    {{128}, 1, 2, "[128]"},
    {{-129, 0}, 2, 2, "[-129,0]"},
    {{32767, -32768}, 2, 2, "[32767,-32768]"},
    {{1, 32768}, 2, 4, "[1,32768]"},
    {{-32769}, 1, 4, "[-32769]"},
    {{2147483647, -2147483647 - 1}, 2, 4, "[2147483647,-2147483648]"},
    {{2147483648}, 1, 8, "[2147483648]"},
    {{7, -2147483649}, 2, 8, "[7,-2147483649]"},
    {{INT64_MAX, INT64_MIN, 0, -1}, 4, 8, "[9223372036854775807,-9223372036854775808,0,-1]"},
};

static void test_making(void) {
    sqlite3_stmt *stmt =
        unit_prepare(db, "SELECT array_to_json(?1) || ' ' || array_width(?1) || ' ' ||"
                         " array_valid(?1) || ' ' || (?1 = array_parse(?2))");
    for (size_t i = 0; i < sizeof makings / sizeof *makings; i++) {
        const struct making *m = &makings[i];
        char expected[400];
        snprintf(expected, sizeof expected, "%s %u 1 1", m->json, m->width);
        eq_int(sqlite_array_bind(stmt, 1, m->values, m->count), SQLITE_OK, "binds %s", m->json);
        sqlite3_bind_text(stmt, 2, m->json, -1, SQLITE_STATIC);
        eq_text(result(stmt), expected, "SQL reads %s", m->json);
        sqlite3_reset(stmt);
        eq_int(sqlite_array_width(m->values, m->count), m->width, "and its width is the same here");
    }
    sqlite3_finalize(stmt);
}

static void test_reading(void) {
    sqlite3_stmt *stmt = unit_prepare(db, "SELECT array_parse(?1)");
    for (size_t i = 0; i < sizeof makings / sizeof *makings; i++) {
        const struct making *m = &makings[i];
        sqlite_array_view array = {NULL, 0, 0, 0, 0};
        int64_t values[5] = {0, 0, 0, 0, 99};
        bool same = true;
        sqlite3_bind_text(stmt, 1, m->json, -1, SQLITE_STATIC);
        sqlite3_step(stmt);
        eq_int(sqlite_array_column(stmt, 0, &array), SQLITE_OK, "reads %s", m->json);
        ok(array.count == m->count && array.width == m->width, "its count and width");
        if (array.count <= 4)
            sqlite_array_decode(&array, values);
        for (size_t at = 0; at < m->count && at < array.count; at++)
            same &= values[at] == m->values[at] && sqlite_array_get(&array, at) == values[at];
        ok(same && values[4] == 99, "its elements");
        sqlite3_reset(stmt);
    }
    sqlite3_finalize(stmt);
}

/* Every length around the widths of registers, every width, at odd addresses; bytes as SQL makes
 * them */
static void test_round_trips(void) {
    sqlite3_stmt *stmt = unit_prepare(db, "SELECT array_add(array_series(1, ?1), ?2)");
    int wrong = 0;
    for (size_t count = 0; count < 70; count++)
        for (int bits = 0; bits < 63; bits += 7) {
            const int64_t offset = ((int64_t)1 << bits) - (bits > 7 ? 64 : 0);
            int64_t values[70], back[70];
            unsigned char blob[8 + 70 * 8 + 1];
            sqlite_array_view array, odd;
            for (size_t i = 0; i < count; i++)
                values[i] = offset + (int64_t)i + 1;
            sqlite3_bind_int64(stmt, 1, (int64_t)count);
            sqlite3_bind_int64(stmt, 2, offset);
            sqlite3_step(stmt);
            const uint64_t size = sqlite_array_encode(blob + 1, values, count);
            wrong += size != sqlite_array_size(values, count);
            wrong += size != (uint64_t)sqlite3_column_bytes(stmt, 0);
            wrong += memcmp(sqlite3_column_blob(stmt, 0), blob + 1, (size_t)size) != 0;
            wrong += sqlite_array_column(stmt, 0, &array) != SQLITE_OK || array.count != count;
            wrong += sqlite_array_read(blob + 1, (size_t)size, &odd) != SQLITE_OK;
            sqlite_array_decode(&odd, back);
            wrong += memcmp(back, values, count * sizeof *values) != 0;
            sqlite3_reset(stmt);
        }
    sqlite3_finalize(stmt);
    eq_int(wrong, 0, "the same bytes as SQL makes");
}

/* What is not an array, and what is one that this library would not write */
static void test_columns(void) {
    static const struct {
        const char *sql;
        int expected;
    } cases[] = {
        {"NULL", SQLITE_MISMATCH},
        {"1", SQLITE_MISMATCH},
        {"1.5", SQLITE_MISMATCH},
        {"'[1,2]'", SQLITE_MISMATCH},
        {"x''", SQLITE_MISMATCH},
        {"x'A1410001000000'", SQLITE_MISMATCH},
        {"x'A141000100000000'", SQLITE_OK},
        {"x'A14100010000000000'", SQLITE_MISMATCH},
        {"x'A141000101000000'", SQLITE_MISMATCH},
        {"x'A241000100000000'", SQLITE_MISMATCH},
        {"x'A142000100000000'", SQLITE_MISMATCH},
        {"x'A141010100000000'", SQLITE_MISMATCH},
        {"x'A141000000000000'", SQLITE_MISMATCH},
        {"x'A141000300000000'", SQLITE_MISMATCH},
        {"x'A141001000000000'", SQLITE_MISMATCH},
        {"x'A1410008FFFFFFFF'", SQLITE_MISMATCH},
        {"x'A141000400000080'", SQLITE_MISMATCH}, /* 2^31 * 4 is 0 in 32 bits */
        {"x'A141000800000020'", SQLITE_MISMATCH},
        {"zeroblob(16)", SQLITE_MISMATCH},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char sql[80];
        sqlite_array_view array = {NULL, 77, 0, 0, 0};
        snprintf(sql, sizeof sql, "SELECT %s", cases[i].sql);
        sqlite3_stmt *stmt = unit_prepare(db, sql);
        sqlite3_step(stmt);
        const int rc = sqlite_array_column(stmt, 0, &array);
        eq_int(rc, cases[i].expected, "column %s", cases[i].sql);
        ok(rc == SQLITE_OK || array.count == 77, "leaves the view alone unless it is an array");
        sqlite3_finalize(stmt);
    }
    const unsigned char wide[] = {0xA1, 0x41, 0, 4, 1, 0, 0, 0, 0xFE, 0xFF, 0xFF, 0xFF};
    sqlite_array_view array = {NULL, 0, 0, 0, 0};
    eq_int(sqlite_array_read(wide, sizeof wide, &array), SQLITE_OK, "wider than needed");
    eq_int(sqlite_array_get(&array, 0), -2, "its element");
    eq_int(sqlite_array_read(NULL, 0, &array), SQLITE_MISMATCH, "nothing");
}

static void test_failures(void) {
    static const int64_t values[200] = {1};
    sqlite3_stmt *stmt = unit_prepare(db, "SELECT ?1");
    sqlite3_int64 before = 0;
    for (int i = 0; i < 2; i++) { /* the first time SQLite allocates what it keeps for its errors */
        before = sqlite3_memory_used();
        eq_int(sqlite_array_bind(stmt, 2, values, 3), SQLITE_RANGE, "no such parameter");
        sqlite3_limit(db, SQLITE_LIMIT_LENGTH, 200);
        eq_int(sqlite_array_bind(stmt, 1, values, 200), SQLITE_TOOBIG, "over the host's limit");
        sqlite3_limit(db, SQLITE_LIMIT_LENGTH, 1000000000);
    }
    eq_int(sqlite3_memory_used(), before, "the copies are freed");
    sqlite3_finalize(stmt);
#if SIZE_MAX > UINT32_MAX
    eq_int((int64_t)sqlite_array_size(values, (size_t)UINT32_MAX + 1), 0, "too many");
    eq_int(sqlite_array_bind(NULL, 1, values, SIZE_MAX), SQLITE_TOOBIG, "too many to bind");
#endif
}

int main(void) {
    db = unit_open(":memory:");
    eq_text(answer("SELECT array_version()"), SQLITE_ARRAY_VERSION, "the version");
    test_making();
    test_reading();
    test_round_trips();
    test_columns();
    test_failures();
    sqlite3_close(db);
    eq_int(sqlite3_memory_used(), 0, "nothing is left");
    return done();
}
