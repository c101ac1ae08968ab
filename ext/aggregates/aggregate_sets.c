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
#include "aggregates/aggregate.h"
#include "sql/registry.h"
#include "sql/whole_array.h"
#include "sql/writer.h"

#include <string.h>

SQLITE_EXTENSION_INIT3

enum {
    FIRST_CAPACITY = 64, /* elements */
    WAITING = 4096,      /* so many may wait in any case */
    PORTION = 64 * 1024  /* of a row, taken in at once */
};

struct set {
    bool intersect;
    int64_t *values, *rows; /* the elements, and their numbers; one allocation */
    size_t sorted;          /* so many are a set; .. */
    size_t count;           /* .. those behind them wait, in the order they came in */
    size_t capacity;
    int64_t first, next; /* the rows of the frame are numbered first .. next-1 */
    uint64_t sig;        /* significance of all that are sorted, or were */
};

static void agg_set_clear(void *state) {
    struct set *set = state;
    sqa_scratch_give(set->values);
    *set = (struct set){0};
}

/* Gives memory for so many elements to *values and *rows. */
static enum sqa_status take(struct sqa_call *call, size_t capacity, int64_t **values,
                            int64_t **rows) {
    *values = sqa_scratch_take(call, capacity, 2 * sizeof **values);
    if (*values == NULL)
        return SQA_NOMEM;
    *rows = *values + capacity;
    return SQA_OK;
}

/* Room for n further elements */
static enum sqa_status reserve(struct sqa_call *call, struct set *set, size_t n) {
    int64_t *values, *rows;
    if (set->values != NULL && set->capacity - set->count >= n)
        return SQA_OK;
    const size_t needed = set->count + n, doubled = 2 * set->capacity;
    size_t capacity = needed > doubled ? needed : doubled;
    capacity = capacity > FIRST_CAPACITY ? capacity : FIRST_CAPACITY;
    const enum sqa_status status = take(call, capacity, &values, &rows);
    if (status != SQA_OK)
        return status;
    if (set->count > 0) { /* like realloc(), which no more can be stopped */
        memcpy(values, set->values, set->count * sizeof *values);
        memcpy(rows, set->rows, set->count * sizeof *rows);
    }
    sqa_scratch_give(set->values);
    set->values = values;
    set->rows = rows;
    set->capacity = capacity;
    return SQA_OK;
}

/*
** Merges the sorted elements with the m that wait, whose order is given, into values and rows; of a
** union without those that have left. How many.
*/
static size_t merge(const struct set *set, const uint32_t *order, size_t m, int64_t *values,
                    int64_t *rows, struct sqa_poll *poll) {
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
static enum sqa_status settle(struct sqa_call *call, struct set *set) {
    const struct sqa_kernels *kernels = call->connection->kernels;
    const size_t m = set->count - set->sorted;
    const int64_t *const waiting = set->values + set->sorted;
    int64_t *values = NULL, *rows;
    uint32_t *order = NULL;
    void *narrow = NULL; /* the waiting ones, for the sort: half as wide, half the work */
    uint64_t sig;
    const struct sqa_view view = {(const unsigned char *)waiting, m, sizeof *waiting};
    enum sqa_status status = sqa_stopped(&call->poll) ? SQA_INTERRUPT : SQA_OK;
    if (status == SQA_OK)
        status = sqa_whole_sig(call, &view, &sig);
    if (status != SQA_OK)
        return status;
    const unsigned index = sqa_width_index(sqa_sig_width(sig));
    order = sqa_scratch_take(call, m, 2 * sizeof *order);
    narrow = sqa_scratch_take(call, m, sqa_sig_width(sig));
    status =
        order != NULL && narrow != NULL ? take(call, set->capacity, &values, &rows) : SQA_NOMEM;
    if (status == SQA_OK)
        status = sqa_whole_copy(call, &view, narrow, sqa_sig_width(sig));
    if (status == SQA_OK) {
        kernels->argsort[index](order, narrow, m, false, order + m, &call->poll);
        status = sqa_call_status(call);
    }
    if (status == SQA_OK) {
        const size_t merged = merge(set, order, m, values, rows, &call->poll);
        sqa_scratch_give(set->values);
        set->sorted = set->count = merged;
        set->values = values;
        set->rows = rows;
        set->sig |= sig;
        values = NULL;
        status = sqa_call_status(call);
    }
    if (status == SQA_OK)
        status = sqa_check_limit(call, sqa_blob_size(set->count, sqa_sig_width(set->sig)));
    sqa_scratch_give(values);
    sqa_scratch_give(order);
    sqa_scratch_give(narrow);
    return status;
}

/* Do enough elements wait? */
static bool is_due(const struct set *set) {
    const size_t waiting = set->count - set->sorted;
    return waiting >= WAITING && waiting >= set->sorted / 4;
}

/* n elements of view from `at` on wait. */
static enum sqa_status add(struct sqa_call *call, struct set *set, const struct sqa_view *view,
                           size_t at, size_t n) {
    const struct sqa_kernels *kernels = call->connection->kernels;
    const struct sqa_view part = sqa_view_slice(view, at, n);
    enum sqa_status status = reserve(call, set, n);
    if (status == SQA_OK)
        status = sqa_whole_copy(call, &part, set->values + set->count, 8);
    if (status != SQA_OK)
        return status;
    for (size_t done = 0, m; (m = sqa_next_run(n, done, &call->poll)) > 0; done += m)
        kernels->series[3](set->rows + set->count + done, set->next, 0, m);
    set->count += n;
    return sqa_call_status(call);
}

/* The elements of a set at this time. */
static enum sqa_status agg_set_value(struct sqa_call *call, void *state, bool last) {
    struct set *set = state;
    struct sqa_writer writer;
    (void)last;
    if (set->first == set->next)
        return sqa_result_empty(call);
    if (set->count > set->sorted) {
        const enum sqa_status status = settle(call, set);
        if (status != SQA_OK)
            return status;
    }
    sqa_writer_open(&writer, call, set->count, sqa_sig_width(set->sig));
    for (size_t at = 0; at < set->count && writer.status == SQA_OK; at += SQA_BLOCK) {
        const size_t n = set->count - at < SQA_BLOCK ? set->count - at : SQA_BLOCK;
        int64_t block[SQA_BLOCK];
        size_t members = 0;
        for (size_t i = at; i < at + n; i++) {
            block[members] = set->values[i];
            members += set->intersect ? set->rows[i] <= set->first : set->rows[i] >= set->first;
        }
        sqa_writer_widening(&writer, block, 8, members);
    }
    return sqa_writer_close(&writer);
}

static enum sqa_status agg_set_inverse(struct sqa_call *call, void *state) {
    (void)call;
    ((struct set *)state)->first++;
    return SQA_OK;
}

static enum sqa_status agg_unique_step(struct sqa_call *call, void *state) {
    struct set *set = state;
    int64_t x;
    enum sqa_status status = sqa_arg_integer(call, 0, &x);
    if (status == SQA_OK && set->count == set->capacity && is_due(set))
        status = settle(call, set);
    if (status == SQA_OK)
        status = reserve(call, set, 1);
    if (status != SQA_OK)
        return status;
    set->values[set->count] = x;
    set->rows[set->count] = set->next++;
    set->count++;
    return SQA_OK;
}

static enum sqa_status agg_union_step(struct sqa_call *call, void *state) {
    struct set *set = state;
    struct sqa_row row;
    enum sqa_status status = sqa_row_open(call, 0, &row);
    if (status != SQA_OK)
        return status;
    for (size_t at = 0; at < row.view.count && status == SQA_OK; at += PORTION) {
        const size_t left = row.view.count - at;
        status = add(call, set, &row.view, at, left < PORTION ? left : PORTION);
        if (status == SQA_OK && is_due(set))
            status = settle(call, set);
    }
    if (status == SQA_OK)
        set->next++;
    sqa_row_close(&row);
    return status;
}

static enum sqa_status agg_intersect_step(struct sqa_call *call, void *state) {
    struct set *set = state;
    struct sqa_row row;
    enum sqa_status status = sqa_row_open(call, 0, &row);
    if (status != SQA_OK)
        return status;
    set->intersect = true;
    if (set->first == set->next)
        set->sorted = set->count = 0;
    status = add(call, set, &row.view, 0, row.view.count);
    if (status == SQA_OK)
        status = settle(call, set);
    if (status == SQA_OK)
        set->next++;
    sqa_row_close(&row);
    return status;
}

#define SET(name)                                                                                  \
    const struct sqa_aggregate agg_##name = {                                                      \
        .state_size = sizeof(struct set),                                                          \
        .step = agg_##name##_step,                                                                 \
        .inverse = agg_set_inverse,                                                                \
        .value = agg_set_value,                                                                    \
        .clear = agg_set_clear,                                                                    \
    };
SET(unique)
SET(union)
SET(intersect)
