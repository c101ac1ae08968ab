/*
** For the fuzz targets that need SQLite: a connection for each set of kernels, and what a statement
** answered, in a form that can be compared.
*/
#ifndef SQA_FUZZ_SQL_H
#define SQA_FUZZ_SQL_H

#include "../unit_sql.h"
#include "fuzz.h"
#include "kernel/dispatch.h"

/* Everything that a statement gave: its result code, its message or "", and its rows as bytes. */
struct fuzz_answer {
    int rc;
    char message[400];
    unsigned char
        *bytes; /* type, size and bytes of each value; memory that the next answer reuses */
    size_t size, room;
    int rows;
};

SQA_FUZZ_UNUSED
static sqlite3 *fuzz_open(const char *isa) {
    setenv("SQLITE_ARRAY_ISA", isa, 1);
    sqlite3 *db = unit_open(":memory:");
    sqlite3_limit(db, SQLITE_LIMIT_LENGTH, 200000);
    sqlite3_limit(db, SQLITE_LIMIT_ATTACHED, 0);
    sqlite3_limit(db, SQLITE_LIMIT_WORKER_THREADS, 0);
    return db;
}

/* Fills connections[], one for each set of kernels, base last; gives their number. */
SQA_FUZZ_UNUSED
static size_t fuzz_open_all(sqlite3 *connections[SQA_ISA_MOST]) {
    const struct sqa_kernels *sets[SQA_ISA_MOST];
    const size_t n = sqa_kernels_list(sets);
    for (size_t i = 0; i < n; i++)
        connections[i] = fuzz_open(sets[i]->isa);
    return n;
}

SQA_FUZZ_UNUSED
static void fuzz_append(struct fuzz_answer *answer, const void *bytes, size_t size) {
    if (answer->size + size > answer->room) {
        answer->room = 2 * answer->room + size;
        answer->bytes = realloc(answer->bytes, answer->room);
        if (answer->bytes == NULL)
            abort();
    }
    if (size > 0)
        memcpy(answer->bytes + answer->size, bytes, size);
    answer->size += size;
}

SQA_FUZZ_UNUSED
static void fuzz_append_column(struct fuzz_answer *answer, sqlite3_stmt *statement, int column) {
    const int type = sqlite3_column_type(statement, column);
    const double real = sqlite3_column_double(statement, column);
    fuzz_append(answer, &type, sizeof type);
    if (type == SQLITE_FLOAT) { /* not as text, which is rounded */
        fuzz_append(answer, &real, sizeof real);
    } else if (type != SQLITE_NULL) {
        const void *bytes = sqlite3_column_blob(statement, column);
        const int size = sqlite3_column_bytes(statement, column);
        fuzz_append(answer, &size, sizeof size);
        fuzz_append(answer, bytes, (size_t)size);
    }
}

/*
** Steps through at most `most` rows of a statement and resets it. With `last` the answer is the
** last row alone.
*/
SQA_FUZZ_UNUSED
static void fuzz_run(sqlite3_stmt *statement, int most, bool last, struct fuzz_answer *answer) {
    answer->size = 0;
    answer->rows = 0;
    answer->message[0] = 0;
    while ((answer->rc = sqlite3_step(statement)) == SQLITE_ROW && answer->rows < most) {
        if (last)
            answer->size = 0;
        for (int i = 0; i < sqlite3_column_count(statement); i++)
            fuzz_append_column(answer, statement, i);
        answer->rows++;
    }
    if (answer->rc == SQLITE_ROW)
        answer->rc = SQLITE_DONE;
    else if (answer->rc != SQLITE_DONE)
        snprintf(answer->message, sizeof answer->message, "%s",
                 sqlite3_errmsg(sqlite3_db_handle(statement)));
    sqlite3_reset(statement);
}

SQA_FUZZ_UNUSED
static bool fuzz_same(const struct fuzz_answer *a, const struct fuzz_answer *b) {
    return a->rc == b->rc && a->size == b->size && strcmp(a->message, b->message) == 0 &&
           (a->size == 0 || memcmp(a->bytes, b->bytes, a->size) == 0);
}

/* Prints an answer of one value, for the report. */
SQA_FUZZ_UNUSED
static void fuzz_show(const char *who, const struct fuzz_answer *a) {
    (void)fprintf(stderr, "%s: result code %d, %d rows, %s\n ", who, a->rc, a->rows, a->message);
    for (size_t i = 0; i < a->size && i < 200; i++)
        (void)fprintf(stderr, " %02x", a->bytes[i]);
    (void)fprintf(stderr, "\n");
}

#define must_be_same(a, b)                                                                         \
    (fuzz_same(a, b)                                                                               \
         ? (void)0                                                                                 \
         : (fuzz_show(#a, a), fuzz_show(#b, b), fuzz_fail(__FILE__, __LINE__, "the same")))

#endif
