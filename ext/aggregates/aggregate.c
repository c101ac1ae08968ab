/*
** Aggregates, each of which is a window function too: SQLite lets rows leave a frame in the order in
** which they came. Here those that keep all rows; in other files elementwise ones and sets.
*/
#include "aggregates/aggregate.h"
#include "sql/registry.h"
#include "aggregates/growing_array.h"

SQLITE_EXTENSION_INIT3

enum sqa_status sqa_row_open(struct sqa_call *call, int i, struct sqa_row *row) {
    char why[200];
    const enum sqa_status status =
        sqa_value_array(call->connection, call->argv[i], &row->view, &row->parsed, why, sizeof why);
    return status == SQA_ARGUMENT ? sqa_fail(call, "argument %d%s", i + 1, why) : status;
}

void sqa_row_close(struct sqa_row *row) {
    sqa_pool_give(row->parsed);
}

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

enum sqa_status sqa_lengths_check(struct sqa_call *call, const struct sqa_lengths *lengths) {
    call->error.a = (int64_t)lengths->mismatch[0];
    call->error.b = (int64_t)lengths->mismatch[1];
    return lengths->leaving > 0 ? SQA_LENGTHS : SQA_OK;
}

/* array_agg(v): the values in the order of the rows; the oldest is the first to leave. */

static enum sqa_status agg_agg_step(struct sqa_call *call, void *state) {
    int64_t x;
    const enum sqa_status status = sqa_arg_integer(call, 0, &x);
    return status == SQA_OK ? sqa_growing_add(call, state, x) : status;
}

static enum sqa_status agg_agg_inverse(struct sqa_call *call, void *state) {
    (void)call;
    sqa_growing_drop(state, 1);
    return SQA_OK;
}

static enum sqa_status agg_agg_value(struct sqa_call *call, void *state, bool last) {
    return sqa_growing_result(call, state, last);
}

static void agg_agg_clear(void *state) {
    sqa_growing_clear(state);
}

const struct sqa_aggregate agg_agg = {
    .state_size = sizeof(struct sqa_growing_array),
    .step = agg_agg_step,
    .inverse = agg_agg_inverse,
    .value = agg_agg_value,
    .clear = agg_agg_clear,
};

/* array_concat_agg(A): likewise, of arrays; a row that leaves tells how many elements it takes along. */

static enum sqa_status agg_concat_step(struct sqa_call *call, void *state) {
    struct sqa_row row;
    enum sqa_status status = sqa_row_open(call, 0, &row);
    if (status != SQA_OK)
        return status;
    status = sqa_growing_add_all(call, state, &row.view);
    sqa_row_close(&row);
    return status;
}

static enum sqa_status agg_concat_inverse(struct sqa_call *call, void *state) {
    struct sqa_row row;
    const enum sqa_status status = sqa_row_open(call, 0, &row);
    if (status != SQA_OK)
        return status;
    sqa_growing_drop(state, row.view.count);
    sqa_row_close(&row);
    return SQA_OK;
}

const struct sqa_aggregate agg_concat = {
    .state_size = sizeof(struct sqa_growing_array),
    .step = agg_concat_step,
    .inverse = agg_concat_inverse,
    .value = agg_agg_value,
    .clear = agg_agg_clear,
};
