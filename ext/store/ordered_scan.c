#include "store/ordered_scan.h"

#include <string.h>

SQLITE_EXTENSION_INIT3

enum {
    FIRST_CHUNKS = 64, /* number of chunks that there is room for at first */
    /* integers of the rows that are returned at a time: 16 MiB, and as much scratch memory */
    MOST_CELLS = 1 << 21,
};

/* Converts a value to a key of the queue, or a key to the value. */
static int64_t key_of(const struct sqa_ordered_scan *scan, int64_t value) {
    return scan->conditions->plan->descending ? ~value : value;
}

void sqa_ordered_scan_begin(struct sqa_ordered_scan *scan, struct sqa_store *store,
                            struct sqa_conditions *conditions, int64_t lo, int64_t hi,
                            size_t rows) {
    *scan = (struct sqa_ordered_scan){.store = store,
                                      .conditions = conditions,
                                      .chunk_scan = {.store = store, .lo = lo, .hi = hi},
                                      .wanted = rows};
    sqa_row_queue_init(&scan->queue, store->base.connection->kernels, store->base.connection->pool,
                       rows);
    scan->rows.columns =
        sqa_vtab_object(&store->base, (size_t)store->layout.columns * sizeof scan->rows.columns[0]);
}

static void forget_rows(struct sqa_ordered_scan *scan) {
    if (scan->read != NULL)
        sqa_rows_give(&scan->rows, scan->store->layout.columns);
    scan->read = NULL;
}

static void end_pass(struct sqa_ordered_scan *scan) {
    forget_rows(scan);
    sqa_row_queue_clear(&scan->queue);
    sqa_pool_give(scan->chunks);
    sqa_pool_give(scan->order);
    scan->chunks = NULL;
    scan->order = NULL;
    sqa_chunk_scan_end(&scan->chunk_scan);
    scan->chunk_count = scan->next = 0;
    scan->in_pass = false;
}

void sqa_ordered_scan_end(struct sqa_ordered_scan *scan) {
    if (scan->store == NULL)
        return;
    end_pass(scan);
    sqa_row_queue_free(&scan->queue);
    sqa_object_free(scan->rows.columns);
    scan->rows.columns = NULL;
    scan->store = NULL;
}

/* ---- The chunks of a pass */

/*
** Returns true if the chunk, whose largest key is `last`, may have rows after the last one given.
*/
static bool is_behind(const struct sqa_ordered_scan *scan, const struct sqa_chunk_header *header,
                      int64_t last) {
    const struct sqa_place end = {last, header->last};
    return !scan->has_given || sqa_place_before(scan->given, end);
}

static bool add_chunk(struct sqa_ordered_scan *scan, const struct sqa_ordered_chunk *chunk) {
    const size_t size = scan->chunk_count * sizeof *chunk;
    if (scan->chunks == NULL || sqa_pool_capacity(scan->chunks) < size + sizeof *chunk) {
        struct sqa_pool *pool = scan->store->base.connection->pool;
        void *chunks = scan->chunks == NULL ? sqa_pool_take(pool, FIRST_CHUNKS * sizeof *chunk)
                                            : sqa_pool_grow(pool, scan->chunks, size, 2 * size);
        if (chunks == NULL)
            return false;
        scan->chunks = chunks;
    }
    scan->chunks[scan->chunk_count++] = *chunk;
    return true;
}

/* Adds the current chunk of the scan if it may have rows that are still to be returned. */
static void consider(struct sqa_ordered_scan *scan) {
    const bool descending = scan->conditions->plan->descending;
    struct sqa_ordered_chunk chunk = {.header = scan->chunk_scan.header,
                                      .is_open = scan->chunk_scan.is_open};
    int64_t min, max;
    if (!sqa_conditions_meet_chunk(&scan->chunk_scan, scan->conditions, NULL))
        return;
    sqa_chunk_scan_min_max(&scan->chunk_scan, scan->conditions->plan->order_column, &min, &max);
    chunk.bound = key_of(scan, descending ? max : min);
    if (is_behind(scan, &chunk.header, key_of(scan, descending ? min : max)))
        (void)sqa_vtab_has_memory(&scan->store->base, add_chunk(scan, &chunk));
}

/*
** Sorts the chunks by their bounds, and by their rowids if bounds are equal. Returns false when out
** of memory.
*/
static bool order_chunks(struct sqa_ordered_scan *scan) {
    const struct sqa_kernels *kernels = scan->store->base.connection->kernels;
    const size_t n = scan->chunk_count;
    if (n == 0)
        return true;
    int64_t *bounds = sqa_pool_take(scan->store->base.connection->pool, n * sizeof *bounds);
    scan->order = sqa_pool_take(scan->store->base.connection->pool, 2 * n * sizeof *scan->order);
    if (bounds != NULL && scan->order != NULL) {
        for (size_t i = 0; i < n; i++)
            bounds[i] = scan->chunks[i].bound;
        kernels->argsort[SQA_INDEX_64](scan->order, bounds, n, false, scan->order + n, NULL);
    }
    sqa_pool_give(bounds);
    return bounds != NULL && scan->order != NULL;
}

static void begin_pass(struct sqa_ordered_scan *scan) {
    struct sqa_vtab *vtab = &scan->store->base;
    end_pass(scan);
    (void)sqa_vtab_enter_to_read(vtab);
    sqa_chunk_scan_begin(&scan->chunk_scan, scan->chunk_scan.lo, scan->chunk_scan.hi, false);
    while (sqa_chunk_scan_next(&scan->chunk_scan))
        consider(scan);
    sqa_chunk_scan_end(&scan->chunk_scan);
    scan->changes = vtab->memory->changes;
    scan->in_pass = sqa_vtab_has_memory(vtab, order_chunks(scan));
}

/*
** Returns the chunk that has to be read next, or NULL if the queue wants no rows of those that are
** left.
*/
static const struct sqa_ordered_chunk *next_by_bound(const struct sqa_ordered_scan *scan) {
    if (scan->next == scan->chunk_count)
        return NULL;
    const struct sqa_ordered_chunk *chunk = &scan->chunks[scan->order[scan->next] - 1];
    const struct sqa_place first = {chunk->bound, chunk->header.first};
    return sqa_row_queue_wants(&scan->queue, first) ? chunk : NULL;
}

/* ---- Reading a chunk into the queue */

/* Reads the rows of a chunk with at least these columns. Returns false after a failure. */
static bool fetch(struct sqa_ordered_scan *scan, const struct sqa_ordered_chunk *chunk,
                  uint64_t mask) {
    if (scan->read == chunk && (mask & ~scan->mask) == 0)
        return true;
    forget_rows(scan);
    const bool is_read =
        sqa_chunk_read(scan->store, &chunk->header, chunk->is_open, mask, &scan->rows);
    scan->read = is_read ? chunk : NULL;
    scan->mask = mask;
    return is_read;
}

/* Returns the range of the values of rows that are still to be returned and fit into the queue. */
static struct sqa_condition values_left(const struct sqa_ordered_scan *scan) {
    const int64_t from = scan->has_given ? scan->given.key : INT64_MIN;
    const int64_t to = scan->queue.is_cut ? scan->queue.cut.key : INT64_MAX;
    return (struct sqa_condition){
        .column = scan->conditions->plan->order_column,
        .lo = key_of(scan, scan->conditions->plan->descending ? to : from),
        .hi = key_of(scan, scan->conditions->plan->descending ? from : to)};
}

static bool queue_rows(struct sqa_ordered_scan *scan, const struct sqa_rows *rows,
                       const int64_t *picked, size_t n) {
    struct sqa_column *column = &rows->columns[scan->conditions->plan->order_column];
    int64_t keys[SQA_BLOCK], rowids[SQA_BLOCK];
    size_t count = 0;
    for (size_t k = 0; k < n; k++) {
        const size_t i = (size_t)picked[k];
        const struct sqa_place place = {key_of(scan, sqa_column_get(column, i)),
                                        sqa_rows_rowid(rows, i)};
        keys[count] = place.key;
        rowids[count] = place.rowid;
        count += (!scan->has_given || sqa_place_before(scan->given, place)) &&
                 sqa_row_queue_wants(&scan->queue, place);
    }
    return sqa_row_queue_add(&scan->queue, keys, rowids, count);
}

static void queue_chunk(struct sqa_ordered_scan *scan, const struct sqa_ordered_chunk *chunk) {
    const struct sqa_kernels *kernels = scan->store->base.connection->kernels;
    const struct sqa_rows *rows = &scan->rows;
    struct sqa_condition *list = scan->conditions->list;
    const int count = scan->conditions->count;
    int64_t picked[SQA_BLOCK];
    uint64_t mask = sqa_column_bit(scan->conditions->plan->order_column);
    for (int i = 0; i < count; i++)
        mask |= list[i].column == SQA_ROWID ? 0 : sqa_column_bit(list[i].column);
    if (!fetch(scan, chunk, mask))
        return;
    const size_t end =
        scan->chunk_scan.hi == INT64_MAX ? rows->n : sqa_rows_below(rows, scan->chunk_scan.hi + 1);
    bool has_memory = true;
    for (size_t at = sqa_rows_below(rows, scan->chunk_scan.lo), n; at < end && has_memory;
         at += n) {
        n = SQA_BLOCK - at % SQA_BLOCK;
        n = end - at < n ? end - at : n;
        list[count] = values_left(scan);
        has_memory =
            queue_rows(scan, rows, picked,
                       sqa_conditions_pick(kernels, rows, list, NULL, count + 1, at, n, picked));
    }
    (void)sqa_vtab_has_memory(&scan->store->base, has_memory);
}

/* ---- Giving rows */

/* Returns the chunk of this pass that contains a rowid. */
static const struct sqa_ordered_chunk *chunk_of(const struct sqa_ordered_scan *scan,
                                                int64_t rowid) {
    size_t low = 0, high = scan->chunk_count;
    while (high - low > 1) {
        const size_t middle = low + (high - low) / 2;
        if (scan->chunks[middle].header.first <= rowid)
            low = middle;
        else
            high = middle;
    }
    return &scan->chunks[low];
}

static bool is_carried(const struct sqa_ordered_scan *scan, int column) {
    return (scan->conditions->plan->carried & sqa_column_bit(column)) != 0;
}

/*
** Copies the values of n of the taken rows, from number `at` on, which are in one chunk, to the
** columns of `rows`.
*/
static void carry_chunk(struct sqa_ordered_scan *scan, const struct sqa_ordered_chunk *chunk,
                        const struct sqa_taken_rows *taken, size_t at, size_t n,
                        const struct sqa_rows *rows) {
    const struct sqa_rows *from = &scan->rows;
    if (!fetch(scan, chunk, scan->conditions->plan->carried))
        return;
    for (size_t k = at; k < at + n; k++) {
        const size_t i = sqa_rows_below(from, taken->rowids[k]);
        for (int c = 0; c < scan->store->layout.columns; c++) {
            if (is_carried(scan, c))
                ((int64_t *)rows->columns[c].owned)[k] = sqa_column_get(&from->columns[c], i);
        }
    }
}

/*
** Copies the values of the taken rows, in the order of their rowids, to the columns of `rows`. The
** values of the order column are known already.
*/
static void carry(struct sqa_ordered_scan *scan, const struct sqa_taken_rows *taken,
                  const struct sqa_rows *rows) {
    const int column = scan->conditions->plan->order_column;
    if ((scan->conditions->plan->carried & ~sqa_column_bit(column)) == 0 && column < 63) {
        for (size_t k = 0; k < taken->count && is_carried(scan, column); k++)
            ((int64_t *)rows->columns[column].owned)[k] = key_of(scan, taken->keys[k]);
        return;
    }
    for (size_t at = 0, n; at < taken->count && !sqa_vtab_failed(&scan->store->base); at += n) {
        const struct sqa_ordered_chunk *chunk = chunk_of(scan, taken->rowids[at]);
        for (n = 1; at + n < taken->count && taken->rowids[at + n] <= chunk->header.last;)
            n++;
        carry_chunk(scan, chunk, taken, at, n, rows);
    }
}

/* Makes a column of n uninitialized values that it owns. Returns false when out of memory. */
static bool make_column(struct sqa_pool *pool, size_t n, struct sqa_column *column) {
    int64_t *values = sqa_pool_take(pool, n * sizeof *values);
    if (values == NULL)
        return false;
    *column = sqa_column_of(values, n);
    column->owned = values;
    return true;
}

static bool make_columns(struct sqa_ordered_scan *scan, size_t n, struct sqa_rows *rows) {
    struct sqa_pool *pool = scan->store->base.connection->pool;
    bool has_memory = make_column(pool, n, &rows->rowids);
    for (int c = 0; c < scan->store->layout.columns && has_memory; c++) {
        if (is_carried(scan, c))
            has_memory = make_column(pool, n, &rows->columns[c]);
    }
    return has_memory;
}

/* Rearranges the values of a column from the order of the rowids to that of the queue. */
static void put_in_order(const struct sqa_kernels *kernels, const struct sqa_taken_rows *taken,
                         const int64_t *values, struct sqa_column *column, int64_t *scratch) {
    memcpy(scratch, values, taken->count * sizeof *values);
    kernels->gather[SQA_INDEX_64](column->owned, scratch, taken->order, taken->count);
}

static void give_in_order(struct sqa_ordered_scan *scan, const struct sqa_taken_rows *taken,
                          struct sqa_rows *rows) {
    struct sqa_vtab *vtab = &scan->store->base;
    const size_t n = taken->count, last = taken->order[n - 1];
    int64_t *scratch = sqa_pool_take(vtab->connection->pool, n * sizeof *scratch);
    if (sqa_vtab_has_memory(vtab, scratch != NULL && make_columns(scan, n, rows)))
        carry(scan, taken, rows);
    if (sqa_vtab_failed(vtab)) {
        sqa_rows_give(rows, scan->store->layout.columns);
    } else {
        rows->n = n;
        put_in_order(vtab->connection->kernels, taken, taken->rowids, &rows->rowids, scratch);
        for (int c = 0; c < scan->store->layout.columns; c++) {
            if (is_carried(scan, c))
                put_in_order(vtab->connection->kernels, taken, rows->columns[c].owned,
                             &rows->columns[c], scratch);
        }
        if (scan->wanted < SIZE_MAX)
            scan->wanted -= n < scan->wanted ? n : scan->wanted;
        scan->has_given = true;
        scan->given = (struct sqa_place){taken->keys[last], taken->rowids[last]};
    }
    sqa_pool_give(scratch);
}

/* Returns the largest number of rows that are returned at a time. */
static size_t batch(const struct sqa_ordered_scan *scan) {
    size_t cells = 1;
    for (int c = 0; c < scan->store->layout.columns; c++)
        cells += is_carried(scan, c);
    return MOST_CELLS / cells > SQA_BLOCK ? MOST_CELLS / cells : SQA_BLOCK;
}

/*
** Returns how many rows must be in the queue to be returned while there are chunks to be read: all
** that SQLite will ask for, if that is known. Returning rows is expensive, because the rows in the
** queue are moved and the chunks of the returned ones are read.
*/
static size_t least_batch(const struct sqa_ordered_scan *scan) {
    const size_t most = batch(scan);
    if (scan->wanted == 0 || scan->wanted == SIZE_MAX)
        return 1;
    const size_t wanted = scan->wanted < scan->queue.most ? scan->wanted : scan->queue.most;
    return wanted < most ? wanted : most;
}

/* Reads chunks until rows can be taken from the queue, or nothing is left. */
static void take_rows(struct sqa_ordered_scan *scan, struct sqa_taken_rows *taken) {
    struct sqa_vtab *vtab = &scan->store->base;
    while (!sqa_vtab_failed(vtab)) {
        const struct sqa_ordered_chunk *next = next_by_bound(scan);
        const struct sqa_place bound = {next == NULL ? 0 : next->bound,
                                        next == NULL ? 0 : next->header.first};
        if (!sqa_vtab_has_memory(vtab,
                                 sqa_row_queue_take(&scan->queue, next == NULL ? NULL : &bound,
                                                    least_batch(scan), batch(scan), taken)) ||
            taken->count > 0)
            return;
        if (next != NULL) {
            scan->next++;
            queue_chunk(scan, next);
        } else if (scan->queue.is_cut) {
            begin_pass(scan);
        } else {
            return;
        }
    }
}

void sqa_ordered_scan_next(struct sqa_ordered_scan *scan, struct sqa_rows *rows) {
    struct sqa_taken_rows taken = {.count = 0};
    sqa_rows_give(rows, scan->store->layout.columns);
    if (!scan->in_pass || scan->changes != scan->store->memory->base.changes)
        begin_pass(scan);
    take_rows(scan, &taken);
    if (taken.count > 0 && !sqa_vtab_failed(&scan->store->base))
        give_in_order(scan, &taken, rows);
    sqa_taken_rows_give(&taken);
}
