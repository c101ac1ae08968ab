#include "store/chunks_cursor.h"

#include <string.h>

#include "core/packing.h"
#include "sql/result.h"
#include "sql/scratch.h"
#include "store/chunk_scan.h"
#include "store/conditions.h"
#include "store/statements.h"

SQLITE_EXTENSION_INIT3

bool sqa_chunks_is_integer(int column) {
    return column < SQA_CHUNKS_ROWIDS ||
           (column >= SQA_CHUNKS_VALUES &&
            (column - SQA_CHUNKS_VALUES) % SQA_CHUNKS_PER_COLUMN != SQA_CHUNKS_ARRAY);
}

struct chunks_cursor {
    sqlite3_vtab_cursor base;
    struct sqa_chunk_scan scan;
    struct sqa_conditions conditions;
    bool eof;
    struct sqa_rows rows; /* what the plan needs of the chunk */
    int64_t *min_max;     /* of each column of the store: its smallest and its largest value */
    int64_t changes;      /* memory->base.changes when the scan began */
    bool is_reader;       /* the cursor is counted in memory->readers */
    bool is_limited;      /* at most `left` further chunks are given: see limit_chunks() */
    int64_t left;
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

static void end_chunks(struct chunks_cursor *c) {
    if (c->is_reader)
        store_of_chunks(c)->memory->readers--;
    c->is_reader = false;
}

int sqa_chunks_close(sqlite3_vtab_cursor *cursor) {
    struct chunks_cursor *c = (struct chunks_cursor *)cursor;
    end_chunks(c);
    sqa_chunk_scan_end(&c->scan);
    sqa_conditions_clear(&c->conditions);
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
    for (int i = 0; i < c->conditions.count; i++) {
        const struct sqa_condition *condition = &c->conditions.list[i];
        const int64_t x = header_value(c, condition->column);
        if (!sqa_condition_meets_any(condition, x, x))
            return false;
    }
    return true;
}

static void read_min_max(struct chunks_cursor *c) {
    for (int i = 0; i < store_of_chunks(c)->layout.columns; i++)
        sqa_chunk_scan_min_max(&c->scan, i, &c->min_max[2 * i], &c->min_max[2 * i + 1]);
}

/*
** A statement that fills the store from its own chunks ends: once something has changed, no more
** chunks are given than there are at that moment behind the one that was given last.
*/
static void limit_chunks(struct chunks_cursor *c) {
    struct sqa_store *store = store_of_chunks(c);
    const struct sqa_chunk_scan *scan = &c->scan;
    if (c->is_limited || store->memory->base.changes == c->changes)
        return;
    sqlite3_stmt *count = sqa_vtab_statement(&store->base, SQA_STATEMENT_COUNT_HEADERS);
    if (scan->is_descending)
        sqa_bind_two(count, 1, scan->lo, scan->header.first);
    else
        sqa_bind_two(count, 1, scan->header.last, scan->hi);
    c->is_limited = true;
    c->left = sqa_vtab_step(&store->base, count) ? sqlite3_column_int64(count, 0) : 0;
    c->left++; /* the open chunk */
    sqa_vtab_reset(&store->base, count);
}

/*
** While chunks are read, rows that are added get chunks of their own, behind the last rowid, which
** this gives.
*/
static int64_t begin_chunks(struct chunks_cursor *c) {
    struct sqa_store_memory *memory = store_of_chunks(c)->memory;
    const struct sqa_chunk *chunk = &memory->open.chunk;
    struct sqa_chunk_header header = {.last = INT64_MIN};
    (void)sqa_chunk_find_header(store_of_chunks(c), SQA_STATEMENT_BEFORE, INT64_MAX, &header);
    if (sqa_vtab_failed(&store_of_chunks(c)->base))
        return INT64_MIN;
    int64_t last = header.last;
    if (memory->open.is_open && sqa_chunk_count(chunk) > 0 && sqa_chunk_last(chunk) > last)
        last = sqa_chunk_last(chunk);
    memory->readers_last =
        memory->readers > 0 && memory->readers_last > last ? memory->readers_last : last;
    memory->readers++;
    c->is_reader = true;
    return last;
}

/*
** Is the chunk that the scan stands on another one? Rows that have come to the chunk before are
** not.
*/
static bool is_another(const struct chunks_cursor *c, const struct sqa_chunk_header *before) {
    const struct sqa_chunk_header *header = &c->scan.header;
    return before->n == 0 ||
           (c->scan.is_descending ? header->last < before->first : header->first > before->last);
}

/*
** Goes to the next chunk that meets the conditions, or to the end, and reads what the plan needs of
** it.
*/
static void next_chunk_row(struct chunks_cursor *c) {
    struct sqa_store *store = store_of_chunks(c);
    struct sqa_chunk_header before;
    c->eof = true;
    limit_chunks(c);
    while (c->eof && (!c->is_limited || c->left > 0)) {
        before = c->scan.header;
        if (!sqa_chunk_scan_next(&c->scan))
            break;
        c->left--;
        read_min_max(c);
        if (!is_another(c, &before))
            continue;
        c->eof = !meets_all(c);
        store->base.connection->chunks_skipped += c->eof;
    }
    if (!c->eof && c->conditions.plan->reads) {
        sqa_rows_give(&c->rows, store->layout.columns);
        (void)sqa_chunk_scan_fetch(&c->scan, c->conditions.plan->mask, &c->rows);
    }
    if (c->eof)
        end_chunks(c);
}

int sqa_chunks_next(sqlite3_vtab_cursor *cursor) {
    struct chunks_cursor *c = (struct chunks_cursor *)cursor;
    const int outer = sqa_status_begin(&store_of_chunks(c)->base);
    next_chunk_row(c);
    return sqa_status_end(&store_of_chunks(c)->base, outer);
}

/* The rowids that chunks may have which the conditions let pass */
static void find_range(const struct chunks_cursor *c, int64_t *lo, int64_t *hi) {
    *lo = INT64_MIN;
    *hi = INT64_MAX;
    for (int i = 0; i < c->conditions.count; i++) {
        const struct sqa_condition *condition = &c->conditions.list[i];
        if (condition->column != SQA_CHUNKS_ID && condition->column != SQA_CHUNKS_LAST)
            continue;
        if (condition->lo > *lo)
            *lo = condition->lo;
        if (condition->column == SQA_CHUNKS_ID && condition->hi < *hi)
            *hi = condition->hi;
    }
}

/* Stands on the first chunk wanted, or at the end. */
static void find_first_chunk(struct chunks_cursor *c) {
    int64_t lo, hi;
    find_range(c, &lo, &hi);
    const int64_t last = begin_chunks(c);
    hi = hi < last ? hi : last;
    sqa_chunk_scan_begin(&c->scan, lo, hi, c->conditions.plan->descending);
    c->changes = store_of_chunks(c)->memory->base.changes;
    if (lo <= hi)
        next_chunk_row(c);
}

int sqa_chunks_filter(sqlite3_vtab_cursor *cursor, int number, const char *text, int argc,
                      sqlite3_value **argv) {
    (void)number, (void)argc;
    struct chunks_cursor *c = (struct chunks_cursor *)cursor;
    struct sqa_store *store = store_of_chunks(c);
    const int outer = sqa_status_begin(&store->base);
    c->eof = true;
    c->is_limited = false;
    end_chunks(c);
    (void)sqa_vtab_enter_to_read(&store->base);
    if (sqa_conditions_read(store, text, argv, &c->conditions))
        find_first_chunk(c);
    return sqa_status_end(&store->base, outer);
}

int sqa_chunks_eof(sqlite3_vtab_cursor *cursor) {
    return ((const struct chunks_cursor *)cursor)->eof;
}

int sqa_chunks_rowid(sqlite3_vtab_cursor *cursor, sqlite3_int64 *rowid) {
    *rowid = ((const struct chunks_cursor *)cursor)->scan.header.first;
    return SQLITE_OK;
}

/* The result is a copy of the column's blob, or where there is none yet what it would be. */
static void give_blob(struct sqa_call *call, const struct sqa_column *column) {
    struct sqa_packing packing = {.size = column->size};
    if (column->size == 0) {
        sqa_packing_start(&packing, call->connection->kernels, &column->array, &call->poll);
        if (!sqa_packing_pays(&packing)) {
            sqa_result_array(call, &column->array);
            return;
        }
    }
    void *blob = sqa_bytes_open(call, packing.size);
    if (blob == NULL)
        return;
    if (column->size == 0)
        sqa_packing_write(&packing, blob);
    else
        memcpy(blob, column->array.encoded - SQA_HEADER, (size_t)packing.size);
    sqa_bytes_close(call, blob, packing.size);
}

static int give_chunk_array(const struct chunks_cursor *c, sqlite3_context *context, int column) {
    struct sqa_store *store = store_of_chunks(c);
    const int outer = sqa_status_begin(&store->base);
    struct sqa_call call;
    sqa_call_begin(&call, store->base.connection, "array_store_chunks");
    call.context = context;
    if (column == SQA_CHUNKS_ROWIDS)
        sqa_result_array(&call, &c->rows.rowids.array);
    else
        give_blob(&call, &c->rows.columns[(column - SQA_CHUNKS_VALUES) / SQA_CHUNKS_PER_COLUMN]);
    sqa_call_end(&call);
    return sqa_status_end(&store->base, outer);
}

int sqa_chunks_column(sqlite3_vtab_cursor *cursor, sqlite3_context *context, int column) {
    const struct chunks_cursor *c = (const struct chunks_cursor *)cursor;
    if (sqa_chunks_is_integer(column)) {
        sqlite3_result_int64(context, header_value(c, column));
        return SQLITE_OK;
    }
    if (column == SQA_CHUNKS_ROWIDS && sqa_rows_dense(&c->rows))
        return SQLITE_OK;
    return give_chunk_array(c, context, column);
}
