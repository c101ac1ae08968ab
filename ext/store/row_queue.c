#include "store/row_queue.h"

#include <string.h>

enum {
    POSITIONS = 2,     /* the index of the kernels for 32 bits */
    LEAST_ROWS = 4096, /* the smallest number of rows that a queue keeps */
    FIRST_QUEUE_CAPACITY = 2 * SQA_BLOCK,
};

void sqa_row_queue_init(struct sqa_row_queue *queue, const struct sqa_kernels *kernels,
                        struct sqa_pool *pool, size_t rows) {
    *queue = (struct sqa_row_queue){.kernels = kernels, .pool = pool};
    queue->most = rows < LEAST_ROWS           ? LEAST_ROWS
                  : rows < SQA_ROW_QUEUE_MOST ? rows
                                              : SQA_ROW_QUEUE_MOST;
}

void sqa_row_queue_clear(struct sqa_row_queue *queue) {
    queue->count = 0;
    queue->is_cut = false;
}

void sqa_row_queue_free(struct sqa_row_queue *queue) {
    sqa_pool_give(queue->keys);
    sqa_pool_give(queue->rowids);
    queue->keys = queue->rowids = NULL;
    queue->count = queue->capacity = 0;
}

static bool grow_queue_column(struct sqa_row_queue *queue, int64_t **x, size_t capacity) {
    const size_t size = capacity * sizeof **x;
    void *buffer = *x == NULL ? sqa_pool_take(queue->pool, size)
                              : sqa_pool_grow(queue->pool, *x, queue->count * sizeof **x, size);
    if (buffer == NULL)
        return false;
    *x = buffer;
    return true;
}

static int64_t nth_integer(const struct sqa_row_queue *queue, int64_t *x, size_t n, size_t k,
                           int64_t *scratch) {
    return queue->kernels->nth[SQA_INDEX_64](x, n, k, scratch, NULL);
}

/*
** Sets *place to that of the k-th row (from 0) in the order of those before `before`, or of all if
** that is NULL. There must be more than k of them. Returns false when out of memory.
*/
static bool find_place(const struct sqa_row_queue *queue, const struct sqa_place *before, size_t k,
                       struct sqa_place *place) {
    int64_t *x = sqa_pool_take(queue->pool, 2 * queue->count * sizeof *x), *scratch;
    size_t n = 0, below = 0, equal = 0;
    if (x == NULL)
        return false;
    scratch = x + queue->count;
    for (size_t i = 0; i < queue->count; i++) {
        const struct sqa_place at = {queue->keys[i], queue->rowids[i]};
        x[n] = at.key;
        n += before == NULL || sqa_place_before(at, *before);
    }
    place->key = nth_integer(queue, x, n, k, scratch);
    for (size_t i = 0; i < n; i++)
        below += x[i] < place->key;
    for (size_t i = 0; i < queue->count; i++) {
        const struct sqa_place at = {queue->keys[i], queue->rowids[i]};
        x[equal] = at.rowid;
        equal += at.key == place->key && (before == NULL || sqa_place_before(at, *before));
    }
    place->rowid = nth_integer(queue, x, equal, k - below, scratch);
    sqa_pool_give(x);
    return true;
}

/* Cuts off all rows except the first ones, as many as the queue keeps. */
static bool cut_queue(struct sqa_row_queue *queue) {
    struct sqa_place last;
    size_t kept = 0;
    if (!find_place(queue, NULL, queue->most - 1, &last))
        return false;
    for (size_t i = 0; i < queue->count; i++) {
        const struct sqa_place at = {queue->keys[i], queue->rowids[i]};
        queue->keys[kept] = at.key;
        queue->rowids[kept] = at.rowid;
        kept += !sqa_place_before(last, at);
    }
    queue->count = kept;
    queue->is_cut = true;
    queue->cut = last;
    return true;
}

/* Makes room for SQA_BLOCK further rows. */
static bool make_room_in_queue(struct sqa_row_queue *queue) {
    const size_t most = 2 * queue->most + SQA_BLOCK;
    if (queue->count + SQA_BLOCK <= queue->capacity)
        return true;
    if (queue->capacity == most)
        return cut_queue(queue);
    size_t capacity = queue->capacity == 0 ? FIRST_QUEUE_CAPACITY : 2 * queue->capacity;
    if (capacity > most)
        capacity = most;
    if (!grow_queue_column(queue, &queue->keys, capacity) ||
        !grow_queue_column(queue, &queue->rowids, capacity))
        return false;
    queue->capacity = capacity;
    return true;
}

/* Adds a row. There must be room. */
static void push_on_queue(struct sqa_row_queue *queue, struct sqa_place at) {
    if (queue->count == 0 || sqa_place_before(at, queue->first))
        queue->first = at;
    queue->keys[queue->count] = at.key;
    queue->rowids[queue->count++] = at.rowid;
}

bool sqa_row_queue_add(struct sqa_row_queue *queue, const int64_t *keys, const int64_t *rowids,
                       size_t n) {
    if (n == 0)
        return true;
    if (!make_room_in_queue(queue))
        return false;
    for (size_t i = 0; i < n; i++) {
        const struct sqa_place at = {keys[i], rowids[i]};
        if (sqa_row_queue_wants(queue, at)) /* making room may have cut it off */
            push_on_queue(queue, at);
    }
    return true;
}

/* ---- Taking */

/*
** Moves the rows before a place, or all rows if it is NULL, to `rows`, which has room for one more.
** The others keep their order. This is often done to take a few of many rows; without branches it
** takes a fifth of the time.
*/
static void move_before(struct sqa_row_queue *queue, const struct sqa_place *before,
                        struct sqa_taken_rows *rows) {
    size_t kept = 0, taken = 0;
    for (size_t i = 0; i < queue->count; i++) {
        const struct sqa_place at = {queue->keys[i], queue->rowids[i]};
        const bool is_taken = before == NULL || sqa_place_before(at, *before);
        rows->keys[taken] = queue->keys[kept] = at.key;
        rows->rowids[taken] = queue->rowids[kept] = at.rowid;
        taken += is_taken;
        kept += !is_taken;
    }
    rows->count = taken;
    queue->count = kept;
    if (before != NULL)
        queue->first = *before;
}

/* Rearranges x: element i becomes what element places[i] was. */
static void permute(const struct sqa_row_queue *queue, int64_t *x, const uint32_t *places, size_t n,
                    int64_t *scratch) {
    memcpy(scratch, x, n * sizeof *x);
    queue->kernels->gather[SQA_INDEX_64](x, scratch, places, n);
}

/* Fills `order` with the indexes (from 0) that sort x. It has room for 2 * n. */
static void order_of(const struct sqa_row_queue *queue, const int64_t *x, size_t n,
                     uint32_t *order) {
    queue->kernels->argsort[SQA_INDEX_64](order, x, n, false, order + n, NULL);
    queue->kernels->add_wrapping[POSITIONS](order, -1, n);
}

/*
** Sorts rows by their rowids, and fills rows->order, which has room for 2 * n. scratch has room for
** n.
*/
static void sort_taken(const struct sqa_row_queue *queue, struct sqa_taken_rows *rows,
                       int64_t *scratch) {
    const size_t n = rows->count;
    if (queue->kernels->descent[SQA_INDEX_64](rows->rowids, n) < n) {
        order_of(queue, rows->rowids, n, rows->order);
        permute(queue, rows->rowids, rows->order, n, scratch);
        permute(queue, rows->keys, rows->order, n, scratch);
    }
    order_of(queue, rows->keys, n, rows->order); /* equal keys keep the order of their rowids */
}

/* Returns the number of rows before a place, or of all if it is NULL. */
static size_t count_before(const struct sqa_row_queue *queue, const struct sqa_place *before) {
    size_t n = 0;
    if (before == NULL || queue->count == 0)
        return queue->count;
    if (!sqa_place_before(queue->first, *before))
        return 0;
    for (size_t i = 0; i < queue->count; i++)
        n += sqa_place_before((struct sqa_place){queue->keys[i], queue->rowids[i]}, *before);
    return n;
}

bool sqa_row_queue_take(struct sqa_row_queue *queue, const struct sqa_place *before, size_t least,
                        size_t most, struct sqa_taken_rows *rows) {
    struct sqa_place end;
    *rows = (struct sqa_taken_rows){.count = 0};
    if (before != NULL && (queue->count < least || (queue->is_cut && least >= queue->most)))
        return true;
    size_t n = count_before(queue, before);
    if (n == 0 || (before != NULL && n < least))
        return true;
    if (n > most) { /* takes only those before row number `most` */
        if (!find_place(queue, before, most, &end))
            return false;
        before = &end;
        n = most;
    }
    int64_t *scratch = sqa_pool_take(queue->pool, n * sizeof *scratch);
    rows->keys = sqa_pool_take(queue->pool, (n + 1) * sizeof *rows->keys);
    rows->rowids = sqa_pool_take(queue->pool, (n + 1) * sizeof *rows->rowids);
    rows->order = sqa_pool_take(queue->pool, 2 * n * sizeof *rows->order);
    const bool has_memory =
        scratch != NULL && rows->keys != NULL && rows->rowids != NULL && rows->order != NULL;
    if (has_memory) {
        move_before(queue, before, rows);
        sort_taken(queue, rows, scratch);
    }
    sqa_pool_give(scratch);
    return has_memory;
}

void sqa_taken_rows_give(struct sqa_taken_rows *rows) {
    sqa_pool_give(rows->keys);
    sqa_pool_give(rows->rowids);
    sqa_pool_give(rows->order);
    *rows = (struct sqa_taken_rows){.count = 0};
}
