#include "store/chunks_cursor.h"

#include "sql/result.h"
#include "store/chunk_scan.h"
#include "store/conditions.h"
#include "store/statements.h"

SQLITE_EXTENSION_INIT3

bool sqa_chunks_is_in_header(int column) {
    return column < SQA_CHUNKS_ROWIDS ||
           (column >= SQA_CHUNKS_VALUES &&
            (column - SQA_CHUNKS_VALUES) % SQA_CHUNKS_PER_COLUMN != SQA_CHUNKS_ARRAY);
}

struct chunks_cursor {
    sqlite3_vtab_cursor base;
    struct sqa_chunk_scan scan;
    struct sqa_store_plan *plan;
    struct sqa_condition *conditions;
    int count;
    bool eof;
    struct sqa_rows rows; /* what the plan needs of the chunk */
    int64_t *min_max;     /* of the store's columns, two each */
    int64_t changes;      /* of memory when the scan began */
    bool is_reader;       /* is counted in memory->readers */
    bool is_limited;      /* there were some: */
    int64_t left;         /* so many chunks are still given at most */
};

static struct sqa_store *store_of_chunks(const struct chunks_cursor *c) {
    return (struct sqa_store *)c->base.pVtab;
}

int sqa_chunks_open(sqlite3_vtab *vtab, sqlite3_vtab_cursor **cursor) {
    struct sqa_store *store = (struct sqa_store *)vtab;
    const size_t columns = (size_t)store->layout.columns;
    struct chunks_cursor *c = sqa_object_new(sizeof *c);
    if (c == NULL)
        return SQLITE_NOMEM;
    c->base.pVtab = vtab;
    c->scan.store = store;
    c->rows.columns = sqa_object_new(columns * sizeof c->rows.columns[0]);
    c->min_max = sqa_object_new(2 * columns * sizeof c->min_max[0]);
    if (c->rows.columns == NULL || c->min_max == NULL) {
        (void)sqa_chunks_close(&c->base);
        return SQLITE_NOMEM;
    }
    *cursor = &c->base;
    return SQLITE_OK;
}

static void clear_chunks_plan(struct chunks_cursor *c) {
    sqa_conditions_clear(c->conditions, c->count);
    sqa_object_free(c->conditions);
    sqa_object_free(c->plan);
    c->conditions = NULL;
    c->plan = NULL;
    c->count = 0;
}

static void end_chunks(struct chunks_cursor *c) {
    if (c->is_reader)
        store_of_chunks(c)->memory->readers--;
    c->is_reader = false;
}

int sqa_chunks_close(sqlite3_vtab_cursor *cursor) {
    struct chunks_cursor *c = (struct chunks_cursor *)cursor;
    end_chunks(c);
    sqa_chunk_scan_end(&c->scan);
    clear_chunks_plan(c);
    if (c->rows.columns != NULL)
        sqa_rows_give(&c->rows, store_of_chunks(c)->layout.columns);
    sqa_object_free(c->rows.columns);
    sqa_object_free(c->min_max);
    sqa_object_free(c);
    return SQLITE_OK;
}

/* An integer that the header says of the chunk */
static int64_t header_value(const struct chunks_cursor *c, int column) {
    const struct sqa_chunk_header *header = &c->scan.header;
    if (column < SQA_CHUNKS_VALUES)
        return column == SQA_CHUNKS_LAST   ? header->last
               : column == SQA_CHUNKS_ROWS ? header->n
                                           : header->first;
    const int at = (column - SQA_CHUNKS_VALUES) / SQA_CHUNKS_PER_COLUMN;
    return c->min_max[2 * at +
                      ((column - SQA_CHUNKS_VALUES) % SQA_CHUNKS_PER_COLUMN == SQA_CHUNKS_MAX)];
}

static bool meets_all(const struct chunks_cursor *c) {
    for (int i = 0; i < c->count; i++) {
        const int64_t x = header_value(c, c->conditions[i].column);
        if (!sqa_condition_meets_any(&c->conditions[i], x, x))
            return false;
    }
    return true;
}

static int read_min_max(struct chunks_cursor *c) {
    int rc = SQLITE_OK;
    for (int i = 0; i < store_of_chunks(c)->layout.columns && rc == SQLITE_OK; i++)
        rc = sqa_chunk_scan_min_max(&c->scan, i, &c->min_max[2 * i], &c->min_max[2 * i + 1]);
    return rc;
}

/*
** A statement that fills the store from its own chunks ends: once something has changed, no more chunks are given than
** there are at that moment behind the one that was given last.
*/
static int limit_chunks(struct chunks_cursor *c) {
    struct sqa_store *store = store_of_chunks(c);
    if (c->is_limited || store->memory->base.changes == c->changes)
        return SQLITE_OK;
    sqlite3_stmt *count;
    const int rc = sqa_vtab_statement(&store->base, SQA_STATEMENT_COUNT_HEADERS, &count);
    if (rc != SQLITE_OK)
        return rc;
    c->is_limited = true;
    sqlite3_bind_int64(count, 1, c->scan.is_descending ? c->scan.lo : c->scan.header.last);
    sqlite3_bind_int64(count, 2, c->scan.is_descending ? c->scan.header.first : c->scan.hi);
    c->left = sqlite3_step(count) == SQLITE_ROW ? sqlite3_column_int64(count, 0) : 0;
    c->left++; /* the open chunk */
    return sqlite3_reset(count);
}

/* While chunks are read, rows that are added get chunks of their own, behind *last. */
static int begin_chunks(struct chunks_cursor *c, int64_t *last) {
    struct sqa_store_memory *memory = store_of_chunks(c)->memory;
    struct sqa_chunk_header header = {.last = INT64_MIN};
    bool found;
    const int rc =
        sqa_chunk_find_header(store_of_chunks(c), SQA_STATEMENT_BEFORE, INT64_MAX, &header, &found);
    if (rc != SQLITE_OK)
        return rc;
    *last = header.last;
    if (memory->open.is_open && sqa_chunk_count(&memory->open.chunk) > 0 &&
        sqa_chunk_last(&memory->open.chunk) > *last)
        *last = sqa_chunk_last(&memory->open.chunk);
    memory->readers_last =
        memory->readers > 0 && memory->readers_last > *last ? memory->readers_last : *last;
    memory->readers++;
    c->is_reader = true;
    return SQLITE_OK;
}

static int next_chunk_of(struct chunks_cursor *c) {
    struct sqa_store *store = store_of_chunks(c);
    int rc = limit_chunks(c);
    c->eof = true;
    while (rc == SQLITE_OK && (!c->is_limited || c->left > 0)) {
        const struct sqa_chunk_header before = c->scan.header;
        bool found;
        rc = sqa_chunk_scan_next(&c->scan, &found);
        if (rc != SQLITE_OK || !found)
            return rc;
        /* rows that have come to the chunk before are not another chunk */
        const bool is_another = before.n == 0 || c->scan.is_descending
                                    ? before.n == 0 || c->scan.header.last < before.first
                                    : c->scan.header.first > before.last;
        c->left--;
        rc = read_min_max(c);
        if (rc != SQLITE_OK || !is_another)
            continue;
        if (!meets_all(c)) {
            store->base.connection->chunks_skipped++;
            continue;
        }
        c->eof = false;
        if (!c->plan->reads)
            return SQLITE_OK;
        sqa_rows_give(&c->rows, store->layout.columns);
        return sqa_chunk_scan_fetch(&c->scan, c->plan->mask, &c->rows);
    }
    return rc;
}

int sqa_chunks_next(sqlite3_vtab_cursor *cursor) {
    struct chunks_cursor *c = (struct chunks_cursor *)cursor;
    const int rc = next_chunk_of(c);
    if (c->eof)
        end_chunks(c);
    return rc;
}

/* The rowids that chunks may have which the conditions let pass */
static void find_range(const struct chunks_cursor *c, int64_t *lo, int64_t *hi) {
    *lo = INT64_MIN;
    *hi = INT64_MAX;
    for (int i = 0; i < c->count; i++) {
        const struct sqa_condition *condition = &c->conditions[i];
        if (condition->column != SQA_CHUNKS_ID && condition->column != SQA_CHUNKS_LAST)
            continue;
        if (condition->lo > *lo)
            *lo = condition->lo;
        if (condition->column == SQA_CHUNKS_ID && condition->hi < *hi)
            *hi = condition->hi;
    }
}

int sqa_chunks_filter(sqlite3_vtab_cursor *cursor, int number, const char *text, int argc,
                      sqlite3_value **argv) {
    (void)number, (void)argc;
    struct chunks_cursor *c = (struct chunks_cursor *)cursor;
    struct sqa_store *store = store_of_chunks(c);
    int64_t lo, hi, last;
    bool none = false;
    c->eof = true;
    c->is_limited = false;
    end_chunks(c);
    clear_chunks_plan(c);
    int rc = sqa_vtab_enter(&store->base);
    if (rc == SQLITE_OK)
        rc = sqa_vtab_check_written(&store->base);
    if (rc != SQLITE_OK)
        return rc;
    c->plan = sqa_store_plan_copy(text);
    if (c->plan == NULL)
        return SQLITE_NOMEM;
    c->conditions = sqa_object_new(((size_t)c->plan->count + 1) * sizeof c->conditions[0]);
    if (c->conditions == NULL)
        return SQLITE_NOMEM;
    rc = sqa_conditions_read(store, c->plan, argv, c->conditions, &c->count, &none);
    if (rc != SQLITE_OK || none)
        return rc;
    find_range(c, &lo, &hi);
    rc = begin_chunks(c, &last);
    if (rc != SQLITE_OK)
        return rc;
    hi = hi < last ? hi : last;
    rc = sqa_chunk_scan_begin(&c->scan, lo, hi, c->plan->descending);
    c->changes = store->memory->base.changes;
    return rc == SQLITE_OK && lo <= hi ? sqa_chunks_next(cursor) : rc;
}

int sqa_chunks_eof(sqlite3_vtab_cursor *cursor) {
    return ((const struct chunks_cursor *)cursor)->eof;
}

int sqa_chunks_rowid(sqlite3_vtab_cursor *cursor, sqlite3_int64 *rowid) {
    *rowid = ((const struct chunks_cursor *)cursor)->scan.header.first;
    return SQLITE_OK;
}

/* The result is the array of a column's values. */
static void give_values(struct sqa_call *call, const struct sqa_column *column) {
    const struct sqa_array array = sqa_array_of(&column->view);
    struct sqa_elementwise sum = {
        .node = {.compute = sqa_compute_binary,
                 .op.binary = SQA_OP3(call->connection->kernels, add)},
        .operand_count = 2,
        .operands = {{.array = array}, {.is_scalar = true, .scalar = column->base}}};
    if (column->base == 0)
        sqa_result_array(call, &array);
    else
        sqa_result_elementwise(call, &sum);
}

static int give_chunk_array(const struct chunks_cursor *c, sqlite3_context *context,
                            const struct sqa_column *column) {
    int rc = SQLITE_OK;
    struct sqa_call call;
    sqa_call_begin(&call, store_of_chunks(c)->base.connection, "array_store_chunks");
    call.context = context;
    give_values(&call, column);
    if (call.status == SQA_OVERFLOW) {
        sqa_call_recover(&call); /* the message is another one */
        rc = sqa_store_corrupt(store_of_chunks(c), c->scan.header.first,
                               "has values beyond 64 bits");
    }
    sqa_call_end(&call);
    return rc;
}

int sqa_chunks_column(sqlite3_vtab_cursor *cursor, sqlite3_context *context, int column) {
    const struct chunks_cursor *c = (const struct chunks_cursor *)cursor;
    if (sqa_chunks_is_in_header(column)) {
        sqlite3_result_int64(context, header_value(c, column));
        return SQLITE_OK;
    }
    if (column == SQA_CHUNKS_ROWIDS)
        return sqa_rows_dense(&c->rows) ? SQLITE_OK : give_chunk_array(c, context, &c->rows.rowids);
    return give_chunk_array(c, context,
                            &c->rows.columns[(column - SQA_CHUNKS_VALUES) / SQA_CHUNKS_PER_COLUMN]);
}
