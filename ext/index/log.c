#include "index/log.h"

#include <limits.h>
#include <string.h>

SQLITE_EXTENSION_INIT3

/* ---- Memory */

static void drop_notes(struct sqa_log *log) {
    for (size_t i = 0; i < log->note_count; i++)
        sqa_pool_give(log->notes[i].set);
    log->note_count = 0;
}

static void give_all(struct sqa_log *log) {
    drop_notes(log);
    sqa_pool_give(log->pairs);
    sqa_pool_give(log->order);
    sqa_pool_give(log->scratch);
    sqa_pool_give(log->marks);
    log->pairs = NULL;
    log->order = log->scratch = NULL;
    log->marks = NULL;
    log->count = log->written = log->ordered = log->mark_count = 0;
}

void sqa_log_clear(struct sqa_memory *memory) {
    give_all((struct sqa_log *)memory);
}

void sqa_log_add(struct sqa_index *index, struct sqa_pair pair) {
    struct sqa_log *log = sqa_index_log(index);
    const size_t n = log->count;
    log->pairs =
        sqa_index_reserve(index, log->pairs, n * sizeof pair, (n < 16 ? 16 : n + 1) * sizeof pair);
    if (sqa_index_failed(index))
        return;
    log->pairs[log->count++] = pair;
    log->memory.is_dirty = true;
    log->memory.changes++;
}

/* ---- Marks */

/* Drops the marks of savepoints that were released. */
static void drop_released(struct sqa_log *log) {
    const int open = log->memory.savepoints;
    if (open == INT_MAX)
        log->mark_count = 0;
    while (log->mark_count > 0 && log->marks[log->mark_count - 1].savepoint >= open)
        log->mark_count--;
}

/* If a sibling has already marked the savepoint, its mark stays. */
int sqa_log_mark(struct sqa_vtab *vtab, int savepoint) {
    struct sqa_log *log = (struct sqa_log *)vtab->memory;
    drop_released(log);
    const size_t n = log->mark_count;
    if (n > 0 && log->marks[n - 1].savepoint >= savepoint)
        return vtab->status;
    log->marks = sqa_index_reserve((struct sqa_index *)vtab, log->marks, n * sizeof log->marks[0],
                                   (n + 1) * sizeof log->marks[0]);
    if (!sqa_vtab_failed(vtab))
        log->marks[log->mark_count++] = (struct sqa_log_mark){savepoint, log->count, log->written};
    return vtab->status;
}

void sqa_log_forget(struct sqa_memory *memory, int savepoint) {
    struct sqa_log *log = (struct sqa_log *)memory;
    if (savepoint < 0) {
        give_all(log);
        return;
    }
    drop_notes(log);
    while (log->mark_count > 0 && log->marks[log->mark_count - 1].savepoint > savepoint)
        log->mark_count--;
    const struct sqa_log_mark nothing = {0, 0, 0};
    const struct sqa_log_mark *mark =
        log->mark_count > 0 ? &log->marks[log->mark_count - 1] : &nothing;
    log->count = mark->count;
    log->written = mark->written;
    log->ordered = 0;
    log->memory.is_dirty = sqa_log_waiting(log) > 0;
}

void sqa_log_set_written(struct sqa_log *log) {
    drop_released(log);
    log->count = log->mark_count > 0 ? log->marks[log->mark_count - 1].count : 0;
    log->written = log->count;
    log->ordered = 0;
    log->memory.is_dirty = false;
    log->memory.changes++;
}

/* ---- Sorting */

static int compare(const struct sqa_pair *a, const struct sqa_pair *b) {
    if (a->is_rows != b->is_rows)
        return a->is_rows ? 1 : -1;
    if (a->value != b->value)
        return a->value < b->value ? -1 : 1;
    return (a->key > b->key) - (a->key < b->key);
}

/*
** Merges order[from..middle) with order[middle..to), which is much shorter. Of equal pairs the
** older ones come first.
*/
static void insert_few(struct sqa_log *log, size_t from, size_t middle, size_t to) {
    uint32_t *const order = log->order, *const few = log->scratch;
    const size_t n = to - middle;
    memcpy(few, order + middle, n * sizeof *few);
    for (size_t left = n, end = middle; left > 0; left--) {
        const struct sqa_pair *pair = &log->pairs[log->written + few[left - 1]];
        size_t at = from,
               behind = end; /* the first of order[from..end) that comes after the pair */
        while (at < behind) {
            const size_t half = at + (behind - at) / 2;
            if (compare(sqa_log_at(log, half), pair) <= 0)
                at = half + 1;
            else
                behind = half;
        }
        memmove(order + at + left, order + at, (end - at) * sizeof *order);
        order[at + left - 1] = few[left - 1];
        end = at;
    }
}

/* Merges order[from..middle) with order[middle..to). Of equal pairs the older ones come first. */
static void merge_runs(struct sqa_log *log, size_t from, size_t middle, size_t to) {
    enum {
        FEW = 16
    }; /* searching the first part is faster than reading it if it is so many times longer */
    uint32_t *const order = log->order, *const left = log->scratch;
    size_t i = 0, j = middle, at = from;
    const size_t n = middle - from;
    if (n == 0 || j == to || compare(sqa_log_at(log, j - 1), sqa_log_at(log, j)) <= 0)
        return;
    if (n / FEW >= to - middle) {
        insert_few(log, from, middle, to);
        return;
    }
    memcpy(left, order + from, n * sizeof *left);
    while (i < n && j < to) {
        const struct sqa_pair *a = &log->pairs[log->written + left[i]];
        order[at++] = compare(a, sqa_log_at(log, j)) <= 0 ? left[i++] : order[j++];
    }
    memcpy(order + at, left + i, (n - i) * sizeof *left);
}

void sqa_log_sort(struct sqa_index *index) {
    struct sqa_log *log = sqa_index_log(index);
    const size_t n = sqa_log_waiting(log), old = log->ordered, size = n * sizeof log->order[0];
    if (old == n)
        return;
    log->order = sqa_index_reserve(index, log->order, old * sizeof log->order[0], size);
    log->scratch = sqa_index_reserve(index, log->scratch, 0, size);
    if (sqa_index_failed(index))
        return;
    for (size_t i = old; i < n; i++)
        log->order[i] = (uint32_t)i;
    for (size_t width = 1; width < n - old; width *= 2) {
        for (size_t from = old; from + width < n; from += 2 * width)
            merge_runs(log, from, from + width, from + 2 * width < n ? from + 2 * width : n);
    }
    merge_runs(log, 0, old, n);
    log->ordered = n;
}

size_t sqa_log_find(const struct sqa_log *log, bool is_rows, int64_t value, int64_t key) {
    const struct sqa_pair wanted = {is_rows ? 0 : value, key, is_rows, false};
    size_t before = 0;
    for (size_t left = log->ordered; left > 0;) {
        const size_t half = left - left / 2;
        before += compare(sqa_log_at(log, before + half - 1), &wanted) < 0 ? half : 0;
        left -= half;
    }
    return before;
}

static bool is_of_list(const struct sqa_pair *pair, bool is_rows, int64_t value) {
    return pair->is_rows == is_rows && (is_rows || pair->value == value);
}

/* Returns true if pair i is the last one with its list and key. Only that one counts. */
static bool counts(const struct sqa_log *log, size_t i) {
    return i + 1 == log->ordered || compare(sqa_log_at(log, i), sqa_log_at(log, i + 1)) != 0;
}

void sqa_log_merge(struct sqa_log *log, const struct sqa_kernels *kernels, bool is_rows,
                   int64_t value, int64_t lo, int64_t hi, struct sqa_key_window *window) {
    struct sqa_key_window added, removed, rest;
    size_t i = sqa_log_find(log, is_rows, value, lo);
    if (i == log->ordered || !is_of_list(sqa_log_at(log, i), is_rows, value))
        return;
    sqa_window_clear(&added, window->base);
    sqa_window_clear(&removed, window->base);
    for (; i < log->ordered; i++) {
        const struct sqa_pair *pair = sqa_log_at(log, i);
        if (!is_of_list(pair, is_rows, value) || pair->key > hi)
            break;
        if (counts(log, i))
            sqa_window_add(kernels, pair->is_added ? &added : &removed, &pair->key, 1);
    }
    sqa_window_and_not(kernels, &rest, window, &removed);
    sqa_window_or(kernels, window, &rest, &added);
}

bool sqa_log_nearest(const struct sqa_log *log, bool is_rows, int64_t value, int64_t key,
                     bool backwards, int64_t *nearest) {
    size_t i = sqa_log_find(log, is_rows, value, key);
    if (backwards) { /* go behind the last pair with this key */
        while (i < log->ordered && is_of_list(sqa_log_at(log, i), is_rows, value) &&
               sqa_log_at(log, i)->key == key)
            i++;
    }
    for (; backwards ? i > 0 : i < log->ordered; i = backwards ? i - 1 : i + 1) {
        const size_t at = backwards ? i - 1 : i;
        const struct sqa_pair *pair = sqa_log_at(log, at);
        if (!is_of_list(pair, is_rows, value))
            return false;
        if (pair->is_added && counts(log, at)) {
            *nearest = pair->key;
            return true;
        }
    }
    return false;
}

int64_t sqa_log_difference(const struct sqa_log *log, bool is_rows, int64_t value) {
    int64_t difference = 0;
    bool was_there = false, is_next = true;
    for (size_t i = sqa_log_find(log, is_rows, value, INT64_MIN); i < log->ordered; i++) {
        const struct sqa_pair *pair = sqa_log_at(log, i);
        if (!is_of_list(pair, is_rows, value))
            break;
        if (is_next) /* the first pair of a key says the opposite of what was before */
            was_there = !pair->is_added;
        is_next = counts(log, i);
        if (is_next)
            difference += pair->is_added - was_there;
    }
    return difference;
}
