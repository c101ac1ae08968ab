#include "store/chunk_scan.h"

#include "store/statements.h"

SQLITE_EXTENSION_INIT3

enum { NO_STATEMENT = -1 };

void sqa_chunk_scan_end(struct sqa_chunk_scan *scan) {
    if (scan->headers != NULL)
        sqa_vtab_return_statement(&scan->store->base, scan->statement, scan->headers);
    scan->headers = NULL;
    scan->statement = NO_STATEMENT;
}

/* Begins to read the headers of the stored chunks that may contain rowids from lo to hi. */
static void begin_headers(struct sqa_chunk_scan *scan) {
    (void)sqlite3_reset(scan->headers);
    sqa_bind_two(scan->headers, 1, scan->lo, scan->hi);
    scan->has_next = scan->is_done = scan->has_given_open = false;
    scan->header.n = scan->next.n = 0;
    scan->changes = scan->store->memory->base.changes;
}

void sqa_chunk_scan_begin(struct sqa_chunk_scan *scan, int64_t lo, int64_t hi, bool is_descending) {
    const int statement = is_descending ? SQA_STATEMENT_HEADERS_BACK : SQA_STATEMENT_HEADERS;
    if (scan->headers == NULL || scan->statement != statement) {
        sqa_chunk_scan_end(scan);
        scan->headers = sqa_vtab_take_statement(&scan->store->base, statement);
        scan->statement = statement;
    }
    scan->lo = lo;
    scan->hi = hi;
    scan->is_descending = is_descending;
    begin_headers(scan);
}

/*
** If rows were written or rolled back since the headers began, the chunks may be others. Then
** begins again after the last chunk that was returned. Returns false if nothing can follow it, and
** after a failure.
*/
static bool begin_again(struct sqa_chunk_scan *scan) {
    const struct sqa_chunk_header *given = &scan->header;
    bool is_end = false;
    if (scan->changes == scan->store->memory->base.changes)
        return true;
    if (sqa_vtab_enter_to_read(&scan->store->base) != SQLITE_OK)
        return false;
    if (given->n > 0) {
        is_end = scan->is_descending ? given->first == INT64_MIN : given->last == INT64_MAX;
        if (!is_end && scan->is_descending)
            scan->hi = given->first - 1;
        else if (!is_end)
            scan->lo = given->last + 1;
    }
    begin_headers(scan);
    return !is_end && scan->lo <= scan->hi;
}

/* Returns true if the chunks are in the order of the scan and do not overlap. */
static bool are_in_order(const struct sqa_chunk_scan *scan, const struct sqa_chunk_header *before,
                         const struct sqa_chunk_header *after) {
    return before->n == 0 ||
           (scan->is_descending ? after->last < before->first : after->first > before->last);
}

/* Returns true if this stored chunk is the open chunk. */
static bool is_replaced(const struct sqa_chunk_scan *scan, const struct sqa_chunk_header *header) {
    const struct sqa_open_chunk *open = &scan->store->memory->open;
    return open->is_open && open->lo <= header->first && header->first <= open->hi;
}

/* Reads the header of the next stored chunk that is not the open chunk. */
static void read_next(struct sqa_chunk_scan *scan) {
    struct sqa_vtab *vtab = &scan->store->base;
    while (!scan->has_next && !scan->is_done && sqa_vtab_step(vtab, scan->headers)) {
        struct sqa_chunk_header header;
        sqa_chunk_header_read(scan->store, scan->headers, &header);
        if (is_replaced(scan, &header))
            continue;
        if (!are_in_order(scan, &scan->next, &header))
            sqa_store_corrupt(scan->store, header.first, "overlaps another");
        scan->next = header;
        scan->has_next = true;
    }
    if (scan->has_next || scan->is_done)
        return;
    scan->is_done = true;
    sqa_vtab_reset(vtab, scan->headers);
}

/*
** Returns true if the open chunk is the next one of the scan. Settles it, because its first and
** last rowid must be known.
*/
static bool open_is_next(struct sqa_chunk_scan *scan) {
    struct sqa_chunk *chunk = &scan->store->memory->open.chunk;
    if (scan->has_given_open || !scan->store->memory->open.is_open || sqa_chunk_count(chunk) == 0 ||
        !sqa_vtab_has_memory(&scan->store->base, sqa_chunk_settle(chunk)))
        return false;
    const int64_t first = sqa_chunk_rowid(chunk, 0), last = sqa_chunk_rowid(chunk, chunk->n - 1);
    if (last < scan->lo || first > scan->hi)
        return false;
    return !scan->has_next ||
           (scan->is_descending ? first > scan->next.first : first < scan->next.first);
}

static void give_open(struct sqa_chunk_scan *scan) {
    const struct sqa_chunk *chunk = &scan->store->memory->open.chunk;
    scan->has_given_open = scan->is_open = true;
    scan->header = (struct sqa_chunk_header){.first = sqa_chunk_rowid(chunk, 0),
                                             .last = sqa_chunk_rowid(chunk, chunk->n - 1),
                                             .n = (int64_t)chunk->n};
}

bool sqa_chunk_scan_next(struct sqa_chunk_scan *scan) {
    if (!begin_again(scan))
        return false;
    read_next(scan);
    const bool is_open = open_is_next(scan);
    if (sqa_vtab_failed(&scan->store->base) || !(is_open || scan->has_next))
        return false;
    if (is_open) {
        give_open(scan);
    } else {
        scan->has_next = scan->is_open = false; /* headers stays on it until the next call */
        scan->header = scan->next;
    }
    return true;
}

void sqa_chunk_scan_min_max(struct sqa_chunk_scan *scan, int column, int64_t *min, int64_t *max) {
    const int at = SQA_MIN_MAX_AT + 2 * column;
    const struct sqa_chunk *chunk = &scan->store->memory->open.chunk;
    if (scan->is_open) {
        *min = chunk->kernels->min[SQA_INDEX_64](chunk->column[column], chunk->n);
        *max = chunk->kernels->max[SQA_INDEX_64](chunk->column[column], chunk->n);
        return;
    }
    if (sqlite3_column_type(scan->headers, at) != SQLITE_INTEGER ||
        sqlite3_column_type(scan->headers, at + 1) != SQLITE_INTEGER)
        sqa_store_corrupt(scan->store, scan->header.first, "has no integers for min and max");
    *min = sqlite3_column_int64(scan->headers, at);
    *max = sqlite3_column_int64(scan->headers, at + 1);
}

bool sqa_chunk_read(struct sqa_store *store, const struct sqa_chunk_header *header, bool is_open,
                    uint64_t mask, struct sqa_rows *rows) {
    store->base.connection->chunks_read++;
    if (!is_open)
        return sqa_chunk_fetch(store, header, mask, rows);
    return sqa_vtab_has_memory(&store->base,
                               sqa_chunk_copy(&store->memory->open.chunk, mask, rows));
}

bool sqa_chunk_scan_fetch(struct sqa_chunk_scan *scan, uint64_t mask, struct sqa_rows *rows) {
    return sqa_chunk_read(scan->store, &scan->header, scan->is_open, mask, rows);
}
