/*
** Aggregates whose result is a set: array_unique_agg(v), array_union_agg(A),
** array_intersect_agg(A).
**
** Rows are numbered as they are added. For each element one row number is kept, which tells
** whether the element is in the set of the current frame:
**
**     union      the last row that has it: it is a member until that row is removed
**     intersect  the first row since which all have it: it is a member once no earlier row is left
**
** So a row is removed by increasing the number of the frame's first row. The memory depends on
** the number of different elements and not on the number of rows, and no row needs to be kept.
**
** A union appends new elements to a waiting list. When the list is a quarter as long as the
** sorted elements, it is sorted and merged into them.
*/
#include "sql/arguments.h"
#include "sql/registry.h"
#include "sql/scratch.h"
#include "sql/whole_array.h"
#include "sql/writer.h"

#include <string.h>

SQLITE_EXTENSION_INIT3

enum {
    FIRST_ELEMENTS = 64, /* elements in the first allocation */
    WAITING = 4096,      /* the waiting list is not merged before it has so many elements */
    PORTION = 64 * 1024  /* elements of a row that are added at once */
};

struct frame_set {
    bool intersect;
    int64_t *values, *rows; /* the elements and their row numbers, in one allocation */
    size_t sorted; /* so many are a sorted set; those after them wait, in the order of arrival */
    size_t count;  /* number of all elements, sorted and waiting */
    size_t capacity;
    int64_t first, next; /* the rows of the frame are numbered from first to next - 1 */
    uint64_t sig;        /* significance of all elements that have ever been sorted */
};

static void agg_set_clear(void *state) {
    struct frame_set *set = state;
    sqa_scratch_free(set->values);
    *set = (struct frame_set){0};
}

/*
** Replaces the memory of the elements and their row numbers by this one, with room for `capacity`
** elements, and frees the old one.
*/
static void replace_memory(struct sqa_call *call, struct frame_set *set, int64_t *values,
                           size_t capacity) {
    sqa_scratch_free(set->values);
    set->values = sqa_scratch_keep(call, values);
    set->rows = values + capacity;
    set->capacity = capacity;
}

/* Makes room for n further elements. */
static void reserve_set(struct sqa_call *call, struct frame_set *set, size_t n) {
    if (set->values != NULL && set->capacity - set->count >= n)
        return;
    const size_t needed = set->count + n, doubled = 2 * set->capacity;
    size_t capacity = needed > doubled ? needed : doubled;
    capacity = capacity > FIRST_ELEMENTS ? capacity : FIRST_ELEMENTS;
    int64_t *values = sqa_scratch_take(call, capacity, 2 * sizeof *values);
    if (values == NULL)
        return;
    if (set->count > 0) { /* a copy, like that of realloc(), that needs no poll */
        memcpy(values, set->values, set->count * sizeof *values);
        memcpy(values + capacity, set->rows, set->count * sizeof *values);
    }
    replace_memory(call, set, values, capacity);
}

/*
** Merges the sorted elements and the m waiting ones, which `order` sorts, into values and rows,
** and returns their number. A union drops the elements that are no longer members.
*/
static size_t merge_waiting(const struct frame_set *set, const uint32_t *order, size_t m,
                            int64_t *values, int64_t *rows, struct sqa_poll *poll) {
    const int64_t *old = set->values, *old_rows = set->rows;
    const int64_t *new = set->values + set->sorted, *new_rows = set->rows + set->sorted;
    size_t i = 0, k = 0;
    for (size_t j = 0, asked = 0; j < m;) {
        if (i + j - asked >= SQA_RUN) {
            asked = i + j;
            if (sqa_stopped(poll))
                return 0;
        }
        const int64_t x = new[order[j] - 1];
        int64_t row;
        do
            row = new_rows[order[j++] - 1]; /* the last of several equal ones */
        while (j < m && new[order[j] - 1] == x);
        for (; i < set->sorted && old[i] < x; i++) {
            values[k] = old[i];
            rows[k] = old_rows[i];
            k += !set->intersect && old_rows[i] >= set->first;
        }
        if (i < set->sorted && old[i] == x) {
            row = set->intersect ? old_rows[i] : row;
            i++;
        }
        values[k] = x;
        rows[k] = row;
        k += set->intersect || row >= set->first;
    }
    for (; i < set->sorted; i++) {
        values[k] = old[i];
        rows[k] = old_rows[i];
        k += !set->intersect && old_rows[i] >= set->first;
    }
    return k;
}

/* Sorts and merges the waiting elements. */
static void take_waiting(struct sqa_call *call, struct frame_set *set) {
    const struct sqa_kernels *kernels = call->connection->kernels;
    const size_t m = set->count - set->sorted, capacity = set->capacity;
    const struct sqa_view view = {(const unsigned char *)(set->values + set->sorted), m,
                                  sizeof *set->values};
    const struct sqa_array waiting = sqa_array_of(&view);
    (void)sqa_stopped(&call->poll);
    const uint64_t sig = sqa_whole_sig(call, &waiting);
    const unsigned width = sqa_sig_width(sig);
    uint32_t *order = sqa_scratch_take(call, m, 2 * sizeof *order);
    void *narrow = sqa_scratch_take(call, m, width); /* sorting narrower elements is faster */
    int64_t *values = sqa_scratch_take(call, capacity, 2 * sizeof *values);
    sqa_whole_copy(call, &waiting, narrow, width);
    if (sqa_failed(call))
        return;
    kernels->argsort[sqa_width_index(width)](order, narrow, m, false, order + m, &call->poll);
    if (sqa_failed(call)) /* after a failure `order` is not filled in */
        return;
    set->sorted = set->count = merge_waiting(set, order, m, values, values + capacity, &call->poll);
    replace_memory(call, set, values, capacity);
    set->sig |= sig;
    sqa_check_limit(call, sqa_blob_size(set->count, sqa_sig_width(set->sig)));
    sqa_scratch_give(call, order);
    sqa_scratch_give(call, narrow);
}

/* Returns true if enough elements wait to be merged. */
static bool is_due(const struct frame_set *set) {
    const size_t waiting = set->count - set->sorted;
    return waiting >= WAITING && waiting >= set->sorted / 4;
}

/* Adds the elements of the array to the waiting list. */
static void add_waiting(struct sqa_call *call, struct frame_set *set,
                        const struct sqa_array *array) {
    const struct sqa_kernels *kernels = call->connection->kernels;
    const size_t count = array->count;
    reserve_set(call, set, count);
    if (sqa_failed(call))
        return;
    sqa_whole_copy(call, array, set->values + set->count, 8);
    for (size_t at = 0, n; (n = sqa_next_run(count, at, &call->poll)) > 0; at += n)
        kernels->series[3](set->rows + set->count + at, set->next, 0, n);
    set->count += count;
}

/* The result is the set of the current frame. */
static void agg_set_value(struct sqa_call *call, void *state, bool last) {
    struct frame_set *set = state;
    struct sqa_writer writer;
    (void)last;
    if (set->first == set->next) {
        sqa_result_empty(call);
        return;
    }
    if (set->count > set->sorted)
        take_waiting(call, set);
    sqa_writer_open(&writer, call, set->count, sqa_sig_width(set->sig));
    for (size_t at = 0; at < set->count && !sqa_failed(call); at += SQA_BLOCK) {
        const size_t n = set->count - at < SQA_BLOCK ? set->count - at : SQA_BLOCK;
        int64_t block[SQA_BLOCK];
        size_t members = 0;
        for (size_t i = at; i < at + n; i++) {
            block[members] = set->values[i];
            members += set->intersect ? set->rows[i] <= set->first : set->rows[i] >= set->first;
        }
        sqa_writer_widening(&writer, block, 8, members);
    }
    sqa_writer_close(&writer);
}

static void agg_set_inverse(struct sqa_call *call, void *state) {
    (void)call;
    ((struct frame_set *)state)->first++;
}

static void agg_unique_step(struct sqa_call *call, void *state) {
    struct frame_set *set = state;
    const int64_t x = sqa_arg_integer(call, 0);
    if (set->count == set->capacity && is_due(set))
        take_waiting(call, set);
    reserve_set(call, set, 1);
    if (sqa_failed(call))
        return;
    set->values[set->count] = x;
    set->rows[set->count] = set->next++;
    set->count++;
}

static void agg_union_step(struct sqa_call *call, void *state) {
    struct frame_set *set = state;
    const struct sqa_array row = sqa_arg_row(call, 0);
    for (size_t at = 0; at < row.count && !sqa_failed(call); at += PORTION) {
        const size_t left = row.count - at;
        const struct sqa_array part = sqa_array_slice(&row, at, left < PORTION ? left : PORTION);
        add_waiting(call, set, &part);
        if (is_due(set))
            take_waiting(call, set);
    }
    set->next++;
}

static void agg_intersect_step(struct sqa_call *call, void *state) {
    struct frame_set *set = state;
    const struct sqa_array row = sqa_arg_row(call, 0);
    set->intersect = true;
    if (set->first == set->next)
        set->sorted = set->count = 0;
    add_waiting(call, set, &row);
    take_waiting(call, set);
    set->next++;
}

#define SET(name)                                                                                  \
    const struct sqa_aggregate sqa_agg_##name = {                                                  \
        .state_size = sizeof(struct frame_set),                                                    \
        .step = agg_##name##_step,                                                                 \
        .inverse = agg_set_inverse,                                                                \
        .value = agg_set_value,                                                                    \
        .clear = agg_set_clear,                                                                    \
    };
SET(unique)
SET(union)
SET(intersect)
