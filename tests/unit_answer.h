/*
** The answer of a statement, stored for comparison: the result code, the values of all rows, and
** the error message.
*/
#ifndef SQA_UNIT_ANSWER_H
#define SQA_UNIT_ANSWER_H

#include "unit_sql.h"

struct unit_answer {
    int rc;    /* SQLITE_DONE or an error code */
    long rows; /* number of rows; at most as many as requested */
    /* bytes stored and bytes in all; of a very long answer only the first bytes are stored */
    size_t used, total;
    char message[300];
    unsigned char bytes[1 << 22];
};

static void unit_answer_keep(struct unit_answer *a, const void *bytes, size_t size) {
    const size_t room = sizeof a->bytes - a->used, n = size < room ? size : room;
    if (n > 0)
        memcpy(a->bytes + a->used, bytes, n);
    a->used += n;
    a->total += size;
}

/* Adds a row as UTF-8 text. Returns SQLITE_NOMEM if SQLite has no memory to convert a value. */
static int unit_answer_row(struct unit_answer *a, sqlite3_stmt *s) {
    for (int i = 0; i < sqlite3_column_count(s); i++) {
        const int type = sqlite3_column_type(s, i);
        const sqlite3_int64 integer = type == SQLITE_INTEGER ? sqlite3_column_int64(s, i) : 0;
        const double real = type == SQLITE_FLOAT ? sqlite3_column_double(s, i) : 0;
        const void *bytes = type == SQLITE_TEXT   ? sqlite3_column_text(s, i)
                            : type == SQLITE_BLOB ? sqlite3_column_blob(s, i)
                                                  : NULL;
        const size_t size =
            type == SQLITE_TEXT || type == SQLITE_BLOB ? (size_t)sqlite3_column_bytes(s, i) : 0;
        if (bytes == NULL && (size > 0 || type == SQLITE_TEXT))
            return SQLITE_NOMEM;
        unit_answer_keep(a, &type, sizeof type);
        unit_answer_keep(a, &integer, sizeof integer);
        unit_answer_keep(a, &real, sizeof real);
        unit_answer_keep(a, &size, sizeof size);
        unit_answer_keep(a, bytes, size);
    }
    return SQLITE_ROW;
}

/* Runs a statement from its beginning to its end, or up to a number of rows. */
SQA_UNIT_SHARED void unit_answer_run(struct unit_answer *a, sqlite3_stmt *s, long most) {
    a->rows = 0;
    a->used = a->total = 0;
    a->message[0] = '\0';
    for (a->rc = SQLITE_ROW; a->rc == SQLITE_ROW && a->rows < most;
         a->rows += a->rc == SQLITE_ROW) {
        a->rc = sqlite3_step(s);
        if (a->rc == SQLITE_ROW)
            a->rc = unit_answer_row(a, s);
    }
    a->rc = a->rc == SQLITE_ROW ? SQLITE_DONE : a->rc;
    if (a->rc != SQLITE_DONE && a->rc != SQLITE_NOMEM)
        snprintf(a->message, sizeof a->message, "%s", sqlite3_errmsg(sqlite3_db_handle(s)));
    sqlite3_reset(s);
}

SQA_UNIT_SHARED bool unit_answer_same(const struct unit_answer *a, const struct unit_answer *b) {
    return a->rc == b->rc && a->rows == b->rows && a->used == b->used && a->total == b->total &&
           strcmp(a->message, b->message) == 0 && memcmp(a->bytes, b->bytes, a->used) == 0;
}

#endif
