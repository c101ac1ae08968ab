/*
** Aggregates, which are window functions too: SQLite removes rows from a frame in the order in
** which they were added. This file has those that keep all rows. Elementwise aggregates and sets
** are in other files.
*/
#include "aggregates/aggregate.h"
#include "aggregates/growing_array.h"
#include "sql/registry.h"

SQLITE_EXTENSION_INIT3

bool sqa_lengths_add(struct sqa_lengths *lengths, size_t length) {
    if (lengths->rows > 0 && lengths->length == length) {
        lengths->rows++;
        return false;
    }
    if (lengths->rows > 0 && lengths->leaving == 0) {
        lengths->mismatch[0] = lengths->length;
        lengths->mismatch[1] = length;
    }
    lengths->leaving += lengths->rows;
    lengths->length = length;
    lengths->rows = 1;
    return true;
}

bool sqa_lengths_remove(struct sqa_lengths *lengths) {
    if (lengths->leaving > 0) {
        lengths->leaving--;
        return false;
    }
    lengths->rows--;
    return true;
}

void sqa_lengths_check(struct sqa_call *call, const struct sqa_lengths *lengths) {
    if (lengths->leaving > 0)
        sqa_fail_status(
            call, SQA_LENGTHS,
            (struct sqa_error){(int64_t)lengths->mismatch[0], (int64_t)lengths->mismatch[1]});
}

/* array_agg(v): the values in the order of the rows. */

static void agg_agg_step(struct sqa_call *call, void *state) {
    sqa_growing_add(call, state, sqa_arg_integer(call, 0));
}

static void agg_agg_inverse(struct sqa_call *call, void *state) {
    (void)call;
    sqa_growing_drop(state, 1);
}

static void agg_agg_value(struct sqa_call *call, void *state, bool last) {
    sqa_growing_result(call, state, last);
}

static void agg_agg_clear(void *state) {
    sqa_growing_clear(state);
}

const struct sqa_aggregate sqa_agg_agg = {
    .state_size = sizeof(struct sqa_growing_array),
    .step = agg_agg_step,
    .inverse = agg_agg_inverse,
    .value = agg_agg_value,
    .clear = agg_agg_clear,
};

/*
** array_concat_agg(A): the arrays one after the other. A row is removed by dropping as many
** elements as it has.
*/

static void agg_concat_step(struct sqa_call *call, void *state) {
    const struct sqa_array row = sqa_arg_row(call, 0);
    sqa_growing_add_all(call, state, &row);
}

static void agg_concat_inverse(struct sqa_call *call, void *state) {
    sqa_growing_drop(state, sqa_arg_row(call, 0).count);
}

const struct sqa_aggregate sqa_agg_concat = {
    .state_size = sizeof(struct sqa_growing_array),
    .step = agg_concat_step,
    .inverse = agg_concat_inverse,
    .value = agg_agg_value,
    .clear = agg_agg_clear,
};
