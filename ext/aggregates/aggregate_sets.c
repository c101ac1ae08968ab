/*
** Aggregates that give a set: array_unique_agg(v), array_union_agg(A), array_intersect_agg(A).
**
** Rows are numbered as they come, and of each element one number is kept, which says whether the
** frame's set has it:
**
**     union      the last row that has it: a member while that row has not left
**     intersect  the first row since which all have it: a member once no row before that one is left
**
** So a row leaves by moving the number of the frame's first row, memory grows with the different
** elements and not with the rows, and nothing has to be known about what will leave.
**
** A union's new elements wait until they are worth a merge, a quarter of those that are sorted already; then
** they are sorted, too, which costs O(log n) or a few passes each, and merged.
*/
#include "sql/arguments.h"
#include "sql/registry.h"
#include "sql/scratch.h"
#include "sql/whole_array.h"
#include "sql/writer.h"

#include <string.h>

SQLITE_EXTENSION_INIT3

enum {
    FIRST_ELEMENTS = 64, /* of capacity */
    WAITING = 4096,      /* so many may wait in any case */
    PORTION = 64 * 1024  /* of a row, taken in at once */
};

struct frame_set {
    bool intersect;
    int64_t *values, *rows; /* the elements, and their numbers; one allocation */
    size_t sorted; /* so many are a set; those behind them wait, in the order they came in */
    size_t count;  /* of all of them */
    size_t capacity;
    int64_t first, next; /* the rows of the frame are numbered from first to next - 1 */
    uint64_t sig;        /* significance of all that are sorted, or were */
};

static void agg_set_clear(void *state) {
    struct frame_set *set = state;
    sqa_scratch_free(set->values);
    *set = (struct frame_set){0};
}

/* The elements that there are, in memory for so many, with other values and rows; that of before is freed. */
static void replace_memory(struct sqa_call *call, struct frame_set *set, int64_t *values,
                           size_t capacity) {
    sqa_scratch_free(set->values);
    set->values = sqa_scratch_keep(call, values);
    set->rows = values + capacity;
    set->capacity = capacity;
}

/* Room for n further elements */
static void reserve_set(struct sqa_call *call, struct frame_set *set, size_t n) {
    if (set->values != NULL && set->capacity - set->count >= n)
        return;
    const size_t needed = set->count + n, doubled = 2 * set->capacity;
    size_t capacity = needed > doubled ? needed : doubled;
    capacity = capacity > FIRST_ELEMENTS ? capacity : FIRST_ELEMENTS;
    int64_t *values = sqa_scratch_take(call, capacity, 2 * sizeof *values);
    if (values == NULL)
        return;
    if (set->count > 0) { /* like realloc(), which no more can be stopped */
        memcpy(values, set->values, set->count * sizeof *values);
        memcpy(values + capacity, set->rows, set->count * sizeof *values);
    }
    replace_memory(call, set, values, capacity);
}

/*
** Merges the sorted elements with the m that wait, whose order is given, into values and rows; of a
** union without those that have left. How many.
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
            row = new_rows[order[j++] - 1]; /* of several equal ones the last */
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

/* The elements that wait are taken in. */
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
    void *narrow = sqa_scratch_take(call, m, width); /* half as wide, half the work to sort */
    int64_t *values = sqa_scratch_take(call, capacity, 2 * sizeof *values);
    sqa_whole_copy(call, &waiting, narrow, width);
    if (sqa_failed(call))
        return;
    kernels->argsort[sqa_width_index(width)](order, narrow, m, false, order + m, &call->poll);
    if (sqa_failed(call)) /* the order is none */
        return;
    set->sorted = set->count = merge_waiting(set, order, m, values, values + capacity, &call->poll);
    replace_memory(call, set, values, capacity);
    set->sig |= sig;
    sqa_check_limit(call, sqa_blob_size(set->count, sqa_sig_width(set->sig)));
    sqa_scratch_give(call, order);
    sqa_scratch_give(call, narrow);
}

/* Do enough elements wait? */
static bool is_due(const struct frame_set *set) {
    const size_t waiting = set->count - set->sorted;
    return waiting >= WAITING && waiting >= set->sorted / 4;
}

/* The elements of the array wait. */
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

/* The elements of a set at this time. */
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
