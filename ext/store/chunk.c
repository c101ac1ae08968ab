#include "store/chunk.h"

#include <string.h>

enum { FIRST_CHUNK_CAPACITY = 64 }; /* number of rows that there is room for at first */

/* Allocates elements. Buffers of the pool are aligned after the header of an array. */
static void *take_elements(struct sqa_pool *pool, uint64_t size) {
    unsigned char *buffer = sqa_pool_take(pool, SQA_HEADER + size);
    return buffer == NULL ? NULL : buffer + SQA_HEADER;
}

static void give(void *elements) {
    if (elements != NULL)
        sqa_pool_give((unsigned char *)elements - SQA_HEADER);
}

static bool grow_elements(struct sqa_pool *pool, int64_t **elements, size_t n, size_t capacity) {
    const uint64_t size = sqa_blob_size(capacity, sizeof **elements);
    unsigned char *buffer = *elements == NULL
                                ? sqa_pool_take(pool, size)
                                : sqa_pool_grow(pool, (unsigned char *)*elements - SQA_HEADER,
                                                (size_t)sqa_blob_size(n, sizeof **elements), size);
    if (buffer == NULL)
        return false;
    *elements = (int64_t *)(void *)(buffer + SQA_HEADER);
    return true;
}

bool sqa_chunk_init(struct sqa_chunk *chunk, const struct sqa_kernels *kernels,
                    struct sqa_pool *pool, int columns) {
    *chunk = (struct sqa_chunk){.kernels = kernels, .pool = pool, .columns = columns};
    chunk->column = sqa_object_new((size_t)columns * sizeof chunk->column[0]);
    return chunk->column != NULL;
}

void sqa_chunk_clear(struct sqa_chunk *chunk) {
    for (int c = 0; c < chunk->columns && chunk->column != NULL; c++) {
        give(chunk->column[c]);
        chunk->column[c] = NULL;
    }
    give(chunk->rowids);
    give(chunk->live);
    chunk->rowids = NULL;
    chunk->live = NULL;
    chunk->n = chunk->sorted = chunk->dead = chunk->capacity = 0;
}

void sqa_chunk_free(struct sqa_chunk *chunk) {
    sqa_chunk_clear(chunk);
    sqa_object_free(chunk->column);
    chunk->column = NULL;
}

/* Makes room for so many rows, which must be more than there is room for. */
static bool reserve(struct sqa_chunk *chunk, size_t capacity) {
    for (int c = 0; c < chunk->columns; c++) {
        if (!grow_elements(chunk->pool, &chunk->column[c], chunk->n, capacity))
            return false;
    }
    if (chunk->rowids != NULL && !grow_elements(chunk->pool, &chunk->rowids, chunk->n, capacity))
        return false;
    if (chunk->live != NULL) {
        uint8_t *live = take_elements(chunk->pool, capacity);
        if (live == NULL)
            return false;
        memcpy(live, chunk->live, chunk->n);
        memset(live + chunk->n, 1, capacity - chunk->n);
        give(chunk->live);
        chunk->live = live;
    }
    chunk->capacity = capacity;
    return true;
}

/* Makes room for n further rows by doubling the capacity. */
static bool reserve_more(struct sqa_chunk *chunk, size_t n) {
    size_t capacity =
        chunk->capacity < FIRST_CHUNK_CAPACITY ? FIRST_CHUNK_CAPACITY : chunk->capacity;
    while (capacity < chunk->n + n)
        capacity *= 2;
    return reserve(chunk, capacity);
}

/*
** Makes room for a row. Removes the dead rows instead if they are half of all. So inserting a row
** takes constant time on average.
*/
static bool room_for_one(struct sqa_chunk *chunk) {
    if (chunk->n < chunk->capacity)
        return true;
    if (chunk->dead > 0 && chunk->dead >= chunk->n / 2)
        return sqa_chunk_settle(chunk);
    return reserve_more(chunk, 1);
}

/* Makes the array of rowids if there is none, because they will have a gap. */
static bool write_rowids(struct sqa_chunk *chunk) {
    if (chunk->rowids != NULL)
        return true;
    if (!grow_elements(chunk->pool, &chunk->rowids, 0, chunk->capacity))
        return false;
    chunk->kernels->series[SQA_INDEX_64](chunk->rowids, chunk->first, 1, chunk->n);
    return true;
}

int64_t sqa_chunk_last(const struct sqa_chunk *chunk) {
    size_t i = chunk->sorted;
    while (i > 0 && chunk->live != NULL && !chunk->live[i - 1])
        i--;
    const size_t unsorted = chunk->n - chunk->sorted;
    const int64_t added =
        unsorted == 0 ? INT64_MIN
                      : chunk->kernels->max[SQA_INDEX_64](chunk->rowids + chunk->sorted, unsorted);
    const int64_t last = i == 0 ? INT64_MIN : sqa_chunk_rowid(chunk, i - 1);
    return added > last ? added : last;
}

size_t sqa_lower_bound(const int64_t *sorted, size_t n, int64_t x) {
    size_t low = 0;
    while (low < n) {
        const size_t middle = low + (n - low) / 2;
        if (sorted[middle] < x)
            low = middle + 1;
        else
            n = middle;
    }
    return low;
}

/* Returns the number of the row with this rowid, dead or alive, or n if there is none. */
static size_t place_of_rowid(const struct sqa_chunk *chunk, int64_t rowid) {
    if (chunk->rowids == NULL) {
        const uint64_t i = (uint64_t)rowid - (uint64_t)chunk->first;
        return i < chunk->n ? (size_t)i : chunk->n;
    }
    const size_t i = sqa_lower_bound(chunk->rowids, chunk->sorted, rowid);
    if (i < chunk->sorted && chunk->rowids[i] == rowid)
        return i;
    return chunk->sorted + chunk->kernels->find[SQA_INDEX_64](chunk->rowids + chunk->sorted, rowid,
                                                              chunk->n - chunk->sorted);
}

bool sqa_chunk_find(const struct sqa_chunk *chunk, int64_t rowid, size_t *i) {
    *i = place_of_rowid(chunk, rowid);
    return *i < chunk->n && (chunk->live == NULL || chunk->live[*i]);
}

/* Appends a row whose rowid is greater than all others. There must be room. */
static bool push(struct sqa_chunk *chunk, int64_t rowid) {
    if (chunk->n == 0 && chunk->rowids == NULL)
        chunk->first = rowid;
    if (chunk->rowids == NULL && rowid != chunk->first + (int64_t)chunk->n && !write_rowids(chunk))
        return false;
    if (chunk->rowids != NULL)
        chunk->rowids[chunk->n] = rowid;
    chunk->sorted = ++chunk->n;
    return true;
}

bool sqa_chunk_insert(struct sqa_chunk *chunk, int64_t rowid, size_t *i) {
    *i = place_of_rowid(chunk, rowid);
    if (*i < chunk->n) { /* a dead row with this rowid becomes alive */
        chunk->live[*i] = 1;
        chunk->dead--;
        return true;
    }
    /* unreached: a lack of memory, because the array of rowids exists */
    if (chunk->n - chunk->sorted == SQA_UNSORTED && !sqa_chunk_settle(chunk))
        return false;
    if (!room_for_one(chunk))
        return false;
    *i = chunk->n;
    if (chunk->sorted == chunk->n &&
        (chunk->n == 0 || sqa_chunk_rowid(chunk, chunk->n - 1) < rowid))
        return push(chunk, rowid);
    if (!write_rowids(chunk))
        return false;
    chunk->rowids[chunk->n++] = rowid;
    return true;
}

bool sqa_chunk_delete(struct sqa_chunk *chunk, size_t i) {
    if (i >= chunk->sorted) { /* the last of the unsorted rows moves to its place */
        const size_t last = --chunk->n;
        chunk->rowids[i] = chunk->rowids[last];
        for (int c = 0; c < chunk->columns; c++)
            chunk->column[c][i] = chunk->column[c][last];
        return true;
    }
    if (chunk->live == NULL) {
        chunk->live = take_elements(chunk->pool, chunk->capacity);
        if (chunk->live == NULL)
            return false;
        memset(chunk->live, 1, chunk->capacity);
    }
    chunk->live[i] = 0;
    chunk->dead++;
    while (chunk->sorted == chunk->n && chunk->n > 0 && !chunk->live[chunk->n - 1]) {
        chunk->live[--chunk->n] = 1; /* dead rows at the end can be removed at once */
        chunk->sorted--;
        chunk->dead--;
    }
    return true;
}

/* Fills dst with n values of a column, from value `at` on. */
static void write_values(const struct sqa_kernels *kernels, const struct sqa_column *column,
                         size_t at, size_t n, int64_t *dst) {
    sqa_array_copy(kernels, &column->array, at, n, dst, sizeof *dst);
}

bool sqa_chunk_add(struct sqa_chunk *chunk, const struct sqa_rows *rows, size_t at, size_t n) {
    const int64_t first = sqa_rows_rowid(rows, at);
    if (chunk->n + n > chunk->capacity && !reserve_more(chunk, n))
        return false;
    if (chunk->n == 0)
        chunk->first = first;
    const bool follows = chunk->rowids == NULL && first == chunk->first + (int64_t)chunk->n;
    if (!(follows && sqa_rows_dense(rows))) {
        if (!write_rowids(chunk))
            return false;
        if (sqa_rows_dense(rows))
            chunk->kernels->series[SQA_INDEX_64](chunk->rowids + chunk->n, first, 1, n);
        else
            write_values(chunk->kernels, &rows->rowids, at, n, chunk->rowids + chunk->n);
    }
    for (int c = 0; c < chunk->columns; c++)
        write_values(chunk->kernels, &rows->columns[c], at, n, chunk->column[c] + chunk->n);
    chunk->n += n;
    chunk->sorted = chunk->n;
    return true;
}

/*
** Where the unsorted rows belong. In the order of their rowids, the k-th of them is number order[k]
** (from 1) of the unsorted rows, and belongs before sorted row at[k].
*/
struct merge {
    size_t sorted, count;
    uint32_t order[SQA_UNSORTED];
    size_t at[SQA_UNSORTED];
};

/* Merges the unsorted elements of one column into the sorted ones, from the end. */
static void merge_column(const struct merge *merge, int64_t *x) {
    int64_t added[SQA_UNSORTED];
    size_t end = merge->sorted;
    memcpy(added, x + merge->sorted, merge->count * sizeof added[0]);
    for (size_t k = merge->count; k-- > 0;) {
        const size_t at = merge->at[k];
        memmove(x + at + k + 1, x + at, (end - at) * sizeof x[0]);
        x[at + k] = added[merge->order[k] - 1];
        end = at;
    }
}

static void merge_unsorted(struct sqa_chunk *chunk) {
    struct merge merge = {.sorted = chunk->sorted, .count = chunk->n - chunk->sorted};
    uint32_t scratch[SQA_UNSORTED];
    const int64_t *added = chunk->rowids + chunk->sorted;
    chunk->kernels->argsort[SQA_INDEX_64](merge.order, added, merge.count, false, scratch, NULL);
    for (size_t k = 0; k < merge.count; k++)
        merge.at[k] = sqa_lower_bound(chunk->rowids, chunk->sorted, added[merge.order[k] - 1]);
    merge_column(&merge, chunk->rowids);
    for (int c = 0; c < chunk->columns; c++)
        merge_column(&merge, chunk->column[c]);
    chunk->sorted = chunk->n;
}

/* Removes the dead rows from a column. The unsorted rows are all alive. */
static void compact_column(const struct sqa_chunk *chunk, int64_t *x) {
    const size_t kept = chunk->kernels->filter[SQA_INDEX_64](x, x, chunk->live, chunk->sorted);
    memmove(x + kept, x + chunk->sorted, (chunk->n - chunk->sorted) * sizeof x[0]);
}

static void compact(struct sqa_chunk *chunk) {
    compact_column(chunk, chunk->rowids);
    for (int c = 0; c < chunk->columns; c++)
        compact_column(chunk, chunk->column[c]);
    memset(chunk->live, 1, chunk->n);
    chunk->n -= chunk->dead;
    chunk->sorted -= chunk->dead;
    chunk->dead = 0;
}

/* Returns true if the rowids of n rows from row `at` on, which are sorted, have a gap. */
static bool has_gap(const struct sqa_chunk *chunk, size_t at, size_t n) {
    return n > 0 &&
           (uint64_t)sqa_chunk_rowid(chunk, at + n - 1) - (uint64_t)sqa_chunk_rowid(chunk, at) !=
               n - 1;
}

/* Frees the array of rowids if they have no gap. */
static void drop_rowids(struct sqa_chunk *chunk) {
    if (chunk->rowids == NULL || has_gap(chunk, 0, chunk->n))
        return;
    if (chunk->n > 0)
        chunk->first = chunk->rowids[0];
    give(chunk->rowids);
    chunk->rowids = NULL;
}

bool sqa_chunk_settle(struct sqa_chunk *chunk) {
    if (chunk->dead > 0) {
        if (!write_rowids(chunk))
            return false;
        compact(chunk);
    }
    if (chunk->sorted < chunk->n)
        merge_unsorted(chunk);
    drop_rowids(chunk);
    return true;
}

void sqa_chunk_drop_front(struct sqa_chunk *chunk, size_t n) {
    const size_t size = (chunk->n - n) * sizeof(int64_t);
    for (int c = 0; c < chunk->columns; c++)
        memmove(chunk->column[c], chunk->column[c] + n, size);
    if (chunk->rowids != NULL)
        memmove(chunk->rowids, chunk->rowids + n, size);
    else
        chunk->first += (int64_t)n;
    chunk->n -= n;
    chunk->sorted = chunk->n;
    drop_rowids(chunk);
}

void sqa_chunk_drop_back(struct sqa_chunk *chunk, size_t n) {
    chunk->n = chunk->sorted = n;
    drop_rowids(chunk);
}

struct sqa_rows sqa_chunk_rows(const struct sqa_chunk *chunk, size_t at, size_t n,
                               struct sqa_column *columns) {
    struct sqa_rows rows = {.n = n, .first = sqa_chunk_rowid(chunk, at), .columns = columns};
    rows.rowids = has_gap(chunk, at, n) ? sqa_column_of(chunk->rowids + at, n) : sqa_column_empty();
    for (int c = 0; c < chunk->columns; c++)
        columns[c] = sqa_column_of(chunk->column[c] + at, n);
    return rows;
}

static bool copy_column(const struct sqa_chunk *chunk, const int64_t *elements,
                        struct sqa_column *copy) {
    const size_t size = chunk->n * sizeof elements[0];
    unsigned char *buffer = sqa_pool_take(chunk->pool, SQA_HEADER + size);
    if (buffer == NULL)
        return false;
    memcpy(buffer + SQA_HEADER, elements, size);
    *copy = sqa_column_of((const int64_t *)(const void *)(buffer + SQA_HEADER), chunk->n);
    copy->owned = buffer;
    return true;
}

bool sqa_chunk_copy(const struct sqa_chunk *chunk, uint64_t mask, struct sqa_rows *rows) {
    rows->n = chunk->n;
    rows->first = sqa_chunk_rowid(chunk, 0);
    rows->rowids = sqa_column_empty();
    for (int c = 0; c < chunk->columns; c++)
        rows->columns[c] = sqa_column_empty();
    bool done = !has_gap(chunk, 0, chunk->n) || copy_column(chunk, chunk->rowids, &rows->rowids);
    for (int c = 0; c < chunk->columns && done; c++) {
        if (mask & sqa_column_bit(c))
            done = copy_column(chunk, chunk->column[c], &rows->columns[c]);
    }
    if (!done)
        sqa_rows_give(rows, chunk->columns);
    return done;
}
