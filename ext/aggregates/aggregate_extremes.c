/*
** array_min_agg(A), array_max_agg(A): the smallest or largest of the rows' arrays, element by
** element.
**
** A row cannot be subtracted from a minimum, so the rows that may be removed have to be
** remembered; and SQLite does not say in advance whether any will be. As in a queue made of two
** stacks (Tangwongsan, Hirzel, Schneider, "Low-Latency Sliding-Window Aggregation in Worst-Case
** Constant Time", DEBS 2017, section 2) a frame has two parts:
**
**     older rows, from first to border - 1:  the minimum of all of them, and a log of the elements
**                                            of it that change when each row is removed
**     newer rows, from border to next - 1:   the minimum of all of them, and the rows themselves
**
** Newer rows become older ones when there are no older rows left, when they have TURN_RATIO times
** as many bytes as the log, or when they have as many bytes as a result may have. Then minima are
** computed from the newest row backwards, and the differences between neighbouring minima are
** logged. At the same time the log entries of older rows that a newer row makes needless are
** removed. All of this but the log uses vector kernels, which process each element a few times.
**
** An element is in the log only if it is smaller than all elements that follow it: of n rows in
** random order about ln n. So the aggregate of a whole table needs little memory unless the rows
** are sorted. The log may grow up to the size limit of a result. Beyond that it is given up, and
** then removing a row is an error.
*/
#include "aggregates/aggregate.h"
#include "aggregates/growing_array.h"
#include "sql/arguments.h"
#include "sql/registry.h"
#include "sql/result.h"
#include "sql/scratch.h"
#include "sql/whole_array.h"

#include <string.h>

SQLITE_EXTENSION_INIT3

enum {
    TURN_AT = 32 * 1024, /* fewer bytes of newer rows than this never become older */
    /* bytes of newer rows per byte of log; a greater ratio needs more memory and less time */
    TURN_RATIO = 2
};

/*
** When the row with this number is removed, this element of the older rows' extreme changes to
** value.
*/
struct entry {
    int64_t value;
    uint32_t element;
    uint32_t row; /* the row's number modulo 2^32 */
};
/* size of an entry, in elements of the array that holds the log */
enum { ENTRY = sizeof(struct entry) / 8 };

struct extremes {
    struct sqa_lengths lengths;
    uint64_t first, border, next;    /* row numbers */
    struct sqa_growing_array oldest; /* extreme of the older rows; empty if there are none */
    struct sqa_growing_array log;    /* entries, in the order of the rows */
    struct sqa_growing_array newest; /* extreme of the newer rows; empty if there are none */
    struct sqa_growing_array rows;   /* the newer rows, one after the other */
    /* if not 0, there is no log because it would need so many bytes */
    int64_t given_up;
};

/* The kernels and comparisons of the minimum or of the maximum */
struct direction {
    bool largest;
    sqa_fold_fn *const *fold;
    struct sqa_binary_op op;
};

static struct direction smallest(const struct sqa_call *call) {
    const struct sqa_kernels *kernels = call->connection->kernels;
    return (struct direction){false, kernels->least_into, SQA_OP3(kernels, least)};
}

static struct direction largest(const struct sqa_call *call) {
    const struct sqa_kernels *kernels = call->connection->kernels;
    return (struct direction){true, kernels->greatest_into, SQA_OP3(kernels, greatest)};
}

static int64_t extreme_of(int64_t a, int64_t b, struct direction direction) {
    return (a < b) != direction.largest ? a : b;
}

static void agg_extremes_clear(void *state) {
    struct extremes *x = state;
    sqa_growing_clear(&x->oldest);
    sqa_growing_clear(&x->log);
    sqa_growing_clear(&x->newest);
    sqa_growing_clear(&x->rows);
}

/* Removes all elements but keeps the memory. */
static void make_empty(struct sqa_growing_array *growing) {
    sqa_growing_drop(growing, growing->count);
}

/* Combines a row into an extreme, which may be empty. */
static void fold_extreme(struct sqa_call *call, struct sqa_growing_array *extreme,
                         const struct sqa_array *row, struct direction direction) {
    struct sqa_reader reader;
    if (extreme->count == 0) {
        sqa_growing_add_all(call, extreme, row);
        return;
    }
    sqa_growing_widen(call, extreme, row->width);
    const unsigned width = extreme->width;
    sqa_read(&reader, call, row, width);
    while (sqa_reader_next(&reader))
        direction.fold[sqa_width_index(width)](sqa_growing_data(extreme) + reader.at * width,
                                               reader.data, reader.n);
}

static struct entry *log_entries(const struct extremes *x) {
    return (struct entry *)(void *)sqa_growing_data(&x->log);
}

/* Logs the elements that differ between two extremes of n elements of `width` bytes. */
static void log_changes(struct sqa_call *call, struct extremes *x, uint64_t row,
                        const unsigned char *from, const unsigned char *to, size_t n,
                        unsigned width) {
    const struct sqa_kernels *kernels = call->connection->kernels;
    const struct sqa_view after = {to, n, width};
    for (size_t at = 0; at < n && !sqa_failed(call); at += SQA_BLOCK) {
        const size_t m = n - at < SQA_BLOCK ? n - at : SQA_BLOCK;
        uint8_t differs[SQA_BLOCK];
        int64_t where[SQA_BLOCK];
        struct entry entries[SQA_BLOCK];
        kernels->ne_vv[sqa_width_index(width)](differs, from + at * width, to + at * width, m);
        const size_t count = kernels->positions[0](where, differs, (int64_t)at, m);
        for (size_t i = 0; i < count; i++)
            entries[i] = (struct entry){sqa_view_get(&after, (size_t)where[i]), (uint32_t)where[i],
                                        (uint32_t)row};
        const struct sqa_view view = {(const unsigned char *)entries, count * ENTRY, 8};
        const struct sqa_array logged = sqa_array_of(&view);
        sqa_growing_add_all(call, &x->log, &logged);
        (void)sqa_stopped(&call->poll);
    }
}

/* Combines n elements into the n elements at dst. */
static void fold_into(struct sqa_call *call, unsigned char *dst, const unsigned char *a, size_t n,
                      unsigned width, struct direction direction) {
    for (size_t at = 0, m; (m = sqa_next_run(n, at, &call->poll)) > 0; at += m)
        direction.fold[sqa_width_index(width)](dst + at * width, a + at * width, m);
}

/*
** Updates the log of the older rows when newer rows, whose extreme is `newer`, are about to join
** them. `current` is the extreme of all older rows. On return it is the extreme of the last older
** row and the newer rows.
*/
static void update_log(struct sqa_call *call, struct extremes *x, const struct sqa_view *newer,
                       unsigned char *current, struct direction direction) {
    const struct sqa_view now = {current, newer->count, newer->width};
    const size_t count = x->log.count / ENTRY;
    size_t kept = 0;
    for (size_t at = 0, n; (n = sqa_next_run(count, at, &call->poll)) > 0; at += n) {
        for (size_t i = at; i < at + n; i++) {
            struct entry *const entries = log_entries(x);
            struct entry entry = entries[i];
            const int64_t other = sqa_view_get(newer, entry.element);
            const int64_t before = extreme_of(sqa_view_get(&now, entry.element), other, direction);
            memcpy(current + entry.element * newer->width, &entry.value, newer->width);
            entry.value = extreme_of(entry.value, other, direction);
            entries[kept] = entry;
            kept += entry.value != before; /* otherwise a newer row makes the entry needless */
        }
    }
    x->log.count = kept * ENTRY;
    fold_into(call, current, newer->data, newer->count, newer->width, direction);
}

/* Replaces each newer row by the extreme of itself and all rows after it. */
static void fold_backwards(struct sqa_call *call, struct extremes *x, struct direction direction) {
    const size_t n = x->lengths.length, size = n * x->rows.width;
    unsigned char *const rows = sqa_growing_data(&x->rows);
    for (uint64_t i = x->next - x->border - 1, done = 0; i-- > 0 && !sqa_failed(call);
         done += n + 1) {
        if (done >= SQA_RUN) {
            done = 0;
            (void)sqa_stopped(&call->poll);
        }
        fold_into(call, rows + i * size, rows + (i + 1) * size, n, x->rows.width, direction);
    }
}

/* Makes the newer rows, of which there is at least one, older rows. */
static void turn(struct sqa_call *call, struct extremes *x, struct direction direction) {
    const size_t n = x->lengths.length;
    /* not less than the width of `oldest`, which is computed from rows */
    const unsigned width = x->rows.width;
    unsigned char *current = NULL;
    fold_backwards(call, x, direction);
    const unsigned char *const rows = sqa_growing_data(&x->rows);
    const struct sqa_view first = {rows, n, width};
    const struct sqa_array first_row = sqa_array_of(&first);
    if (x->border > x->first) {
        const struct sqa_array oldest = sqa_growing_elements(&x->oldest);
        current = sqa_scratch_take(call, n, width);
        sqa_whole_copy(call, &oldest, current, width);
        if (!sqa_failed(call))
            update_log(call, x, &first, current, direction);
    }
    fold_extreme(call, &x->oldest, &first_row, direction);
    if (current != NULL)
        log_changes(call, x, x->border - 1, current, rows, n, width);
    for (uint64_t i = 0; i + 1 < x->next - x->border && !sqa_failed(call); i++)
        log_changes(call, x, x->border + i, rows + i * n * width, rows + (i + 1) * n * width, n,
                    width);
    x->border = x->next;
    make_empty(&x->rows);
    make_empty(&x->newest);
    sqa_scratch_give(call, current);
}

/* Gives up the log, which has become too large. Only the extreme of all rows is kept. */
static void give_up(struct sqa_call *call, struct extremes *x, struct direction direction) {
    const struct sqa_array oldest = sqa_growing_elements(&x->oldest);
    x->given_up = call->error.a;
    sqa_call_recover(call);
    fold_extreme(call, &x->newest, &oldest, direction);
    x->border = x->first;
    sqa_growing_clear(&x->oldest);
    sqa_growing_clear(&x->log);
    sqa_growing_clear(&x->rows);
}

/* Returns true if the newer rows are to become older before this row is kept. */
static bool is_turn(const struct sqa_call *call, const struct extremes *x,
                    const struct sqa_array *row) {
    const unsigned width = row->width > x->rows.width ? row->width : x->rows.width;
    const uint64_t bytes = x->rows.count * x->rows.width,
                   next = sqa_blob_size((uint64_t)x->rows.count + row->count, width);
    return x->rows.count > 0 &&
           ((bytes >= TURN_AT && bytes >= TURN_RATIO * x->log.count * x->log.width) ||
            !sqa_is_within_limit(call, next));
}

/* Keeps a copy of a newer row, which is needed when it becomes an older one. */
static void keep_row(struct sqa_call *call, struct extremes *x, const struct sqa_array *row,
                     struct direction direction) {
    if (is_turn(call, x, row))
        turn(call, x, direction);
    sqa_growing_add_all(call, &x->rows, row);
    if (call->status == SQA_TOOBIG)
        give_up(call, x, direction);
}

/* Starts again with the first row of a new length. */
static void begin_length(struct extremes *x) {
    make_empty(&x->oldest);
    make_empty(&x->log);
    make_empty(&x->newest);
    make_empty(&x->rows);
    x->first = x->border = x->next;
    x->given_up = 0;
}

static void agg_extremes_step(struct sqa_call *call, struct extremes *x,
                              struct direction direction) {
    const struct sqa_array row = sqa_arg_row(call, 0);
    if (sqa_failed(call))
        return;
    if (sqa_lengths_add(&x->lengths, row.count))
        begin_length(x);
    if (x->given_up == 0)
        keep_row(call, x, &row, direction);
    fold_extreme(call, &x->newest, &row, direction);
    x->next++;
}

/* Removes the oldest row: its log entries are applied to the extreme of the older rows. */
static void drop_oldest(struct sqa_call *call, struct extremes *x) {
    const size_t entries = x->log.count / ENTRY;
    size_t i = 0;
    for (; i < entries && log_entries(x)[i].row == (uint32_t)x->first && !sqa_failed(call); i++) {
        const struct entry *const entry = &log_entries(x)[i];
        memcpy(sqa_growing_data(&x->oldest) + entry->element * x->oldest.width, &entry->value,
               x->oldest.width);
        if (i % SQA_RUN == SQA_RUN - 1)
            (void)sqa_stopped(&call->poll);
    }
    sqa_growing_drop(&x->log, i * ENTRY);
    x->first++;
    if (x->first == x->border)
        make_empty(&x->oldest);
}

static void agg_extremes_inverse(struct sqa_call *call, struct extremes *x,
                                 struct direction direction) {
    if (!sqa_lengths_remove(&x->lengths))
        return;
    if (x->given_up > 0)
        sqa_fail_status(
            call, SQA_TOOBIG,
            (struct sqa_error){x->given_up, (int64_t)sqa_result_limit(call->connection)});
    else if (x->border == x->first)
        turn(call, x, direction);
    if (!sqa_failed(call))
        drop_oldest(call, x);
}

static void agg_extremes_value(struct sqa_call *call, const struct extremes *x,
                               struct direction direction) {
    const struct sqa_array oldest = sqa_growing_elements(&x->oldest);
    const struct sqa_array newest = sqa_growing_elements(&x->newest);
    struct sqa_elementwise e = {.node = {.compute = sqa_compute_binary, .op.binary = direction.op},
                                .operand_count = 2,
                                .operands = {{.array = oldest}, {.array = newest}}};
    sqa_lengths_check(call, &x->lengths);
    if (x->border == x->first) /* empty if there are no rows at all */
        sqa_result_array(call, &newest);
    else if (x->next == x->border)
        sqa_result_array(call, &oldest);
    else
        sqa_result_elementwise(call, &e);
}

#define EXTREME(name, direction)                                                                   \
    static void agg_##name##_step(struct sqa_call *call, void *state) {                            \
        agg_extremes_step(call, state, direction(call));                                           \
    }                                                                                              \
    static void agg_##name##_inverse(struct sqa_call *call, void *state) {                         \
        agg_extremes_inverse(call, state, direction(call));                                        \
    }                                                                                              \
    static void agg_##name##_value(struct sqa_call *call, void *state, bool last) {                \
        (void)last;                                                                                \
        agg_extremes_value(call, state, direction(call));                                          \
    }                                                                                              \
    const struct sqa_aggregate sqa_agg_##name = {                                                  \
        .state_size = sizeof(struct extremes),                                                     \
        .step = agg_##name##_step,                                                                 \
        .inverse = agg_##name##_inverse,                                                           \
        .value = agg_##name##_value,                                                               \
        .clear = agg_extremes_clear,                                                               \
    };
EXTREME(min, smallest)
EXTREME(max, largest)
