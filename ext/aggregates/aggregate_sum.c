/*
** array_sum_agg(A): the sum of the rows' arrays, element by element, exact whatever the order; only
** the result has to fit 64 bits.
**
** A sum of each element is kept in 64 bits, in which a row is added or taken away at vector speed.
** How large these sums can have become is known from the rows' widths (of rows of 8 bytes: from their
** significance); before they could leave 64 bits they are emptied into sums of 128 bits. That is
** once in 2^32 rows of 4 bytes. Rows of which one alone could fill 64 bits go into those of 128 at once.
*/
#include "aggregates/aggregate.h"
#include "sql/blocks.h"
#include "sql/registry.h"
#include "sql/whole_array.h"
#include "sql/writer.h"

SQLITE_EXTENSION_INIT3

/* hi * 2^64 + lo */
struct sum128 {
    uint64_t lo;
    int64_t hi;
};

struct sums {
    struct sqa_lengths lengths;
    uint64_t *narrow;    /* signed sums, none of which is further from 0 than .. */
    uint64_t reach;      /* .. this, at most 2^63 - 1 */
    struct sum128 *wide; /* what the narrow ones are to be added to; NULL: nothing yet */
};

static void agg_sum_clear(void *state) {
    struct sums *sums = state;
    sqa_scratch_give(sums->narrow);
    sqa_scratch_give(sums->wide);
    sums->narrow = NULL;
    sums->wide = NULL;
}

/* The first row of its length: sums of nothing */
static enum sqa_status start(struct sqa_call *call, struct sums *sums) {
    const size_t length = sums->lengths.length;
    agg_sum_clear(sums);
    sums->narrow = sqa_scratch_take(call, length, sizeof *sums->narrow);
    if (sums->narrow == NULL)
        return SQA_NOMEM;
    sums->reach = 0;
    return sqa_whole_zero(call, sums->narrow, length * sizeof *sums->narrow);
}

static struct sum128 plus(struct sum128 sum, int64_t x) {
    const uint64_t lo = sum.lo + (uint64_t)x;
    const uint64_t carry = lo < sum.lo;
    return (struct sum128){lo, (int64_t)((uint64_t)sum.hi + (uint64_t)(x >> 63) + carry)};
}

static struct sum128 minus(struct sum128 sum, int64_t x) {
    const uint64_t borrow = sum.lo < (uint64_t)x;
    return (struct sum128){sum.lo - (uint64_t)x,
                           (int64_t)((uint64_t)sum.hi - (uint64_t)(x >> 63) - borrow)};
}

static enum sqa_status widen(struct sqa_call *call, struct sums *sums) {
    const size_t length = sums->lengths.length;
    if (sums->wide != NULL)
        return SQA_OK;
    sums->wide = sqa_scratch_take(call, length, sizeof *sums->wide);
    if (sums->wide == NULL)
        return SQA_NOMEM;
    return sqa_whole_zero(call, sums->wide, length * sizeof *sums->wide);
}

/* Empties the sums of 64 bits into those of 128. */
static enum sqa_status empty(struct sqa_call *call, struct sums *sums) {
    const size_t length = sums->lengths.length;
    const enum sqa_status status = widen(call, sums);
    if (status != SQA_OK)
        return status;
    for (size_t at = 0, n; (n = sqa_next_run(length, at, &call->poll)) > 0; at += n) {
        for (size_t i = at; i < at + n; i++) {
            sums->wide[i] = plus(sums->wide[i], (int64_t)sums->narrow[i]);
            sums->narrow[i] = 0;
        }
    }
    sums->reach = 0;
    return sqa_call_status(call);
}

static enum sqa_status fold_wide(struct sqa_call *call, struct sums *sums,
                                 const struct sqa_view *view, bool add) {
    const enum sqa_status status = widen(call, sums);
    struct sqa_blocks blocks;
    if (status != SQA_OK)
        return status;
    sqa_blocks_begin(&blocks, call, view, 8);
    while (sqa_blocks_next(&blocks)) {
        const int64_t *x = blocks.data;
        struct sum128 *sum = sums->wide + blocks.at;
        for (size_t i = 0; i < blocks.n; i++)
            sum[i] = add ? plus(sum[i], x[i]) : minus(sum[i], x[i]);
    }
    return blocks.status;
}

/* Adds a row, or takes it away. Its elements reach from -reach to reach - 1. */
static enum sqa_status fold(struct sqa_call *call, struct sums *sums, const struct sqa_view *view,
                            bool add) {
    const struct sqa_kernels *kernels = call->connection->kernels;
    struct sqa_blocks blocks;
    uint64_t sig = (uint64_t)sqa_width_most(view->width);
    enum sqa_status status = view->width < 8 ? SQA_OK : sqa_whole_sig(call, view, &sig);
    if (status != SQA_OK)
        return status;
    const uint64_t reach = sig + 1;
    if (reach > INT64_MAX)
        return fold_wide(call, sums, view, add);
    if (sums->reach > INT64_MAX - reach)
        status = empty(call, sums);
    if (status != SQA_OK)
        return status;
    sums->reach += reach;
    sqa_gather_sum_fn *const kernel =
        (add ? kernels->add_into : kernels->sub_into)[sqa_width_index(view->width)];
    sqa_blocks_begin(&blocks, call, view, view->width);
    while (sqa_blocks_next(&blocks))
        kernel(sums->narrow + blocks.at, blocks.data, blocks.n);
    return blocks.status;
}

static enum sqa_status agg_sum_step(struct sqa_call *call, void *state) {
    struct sums *sums = state;
    struct sqa_row row;
    enum sqa_status status = sqa_row_open(call, 0, &row);
    if (status != SQA_OK)
        return status;
    if (sqa_lengths_add(&sums->lengths, row.view.count))
        status = start(call, sums);
    if (status == SQA_OK)
        status = fold(call, sums, &row.view, true);
    sqa_row_close(&row);
    return status;
}

static enum sqa_status agg_sum_inverse(struct sqa_call *call, void *state) {
    struct sums *sums = state;
    struct sqa_row row;
    enum sqa_status status = sqa_row_open(call, 0, &row);
    if (status != SQA_OK)
        return status;
    if (sqa_lengths_remove(&sums->lengths))
        status = fold(call, sums, &row.view, false);
    sqa_row_close(&row);
    return status;
}

/* Fills dst with n sums from index `at` on; SQA_OVERFLOW where one does not fit. */
static enum sqa_status finish(struct sqa_call *call, const struct sums *sums, size_t at, size_t n,
                              int64_t *dst) {
    for (size_t i = 0; i < n; i++) {
        const struct sum128 sum = plus(sums->wide[at + i], (int64_t)sums->narrow[at + i]);
        dst[i] = (int64_t)sum.lo;
        if (sum.hi != dst[i] >> 63) {
            call->error.a = (int64_t)(at + i) + 1;
            return SQA_OVERFLOW;
        }
    }
    return SQA_OK;
}

static enum sqa_status agg_sum_value(struct sqa_call *call, void *state, bool last) {
    const struct sums *sums = state;
    int64_t block[SQA_BLOCK];
    struct sqa_writer writer;
    const enum sqa_status status = sqa_lengths_check(call, &sums->lengths);
    const size_t length = sums->lengths.length;
    (void)last;
    if (status != SQA_OK)
        return status;
    if (sums->lengths.rows == 0)
        return sqa_result_empty(call);
    if (sums->wide == NULL)
        return sqa_result_array(call,
                                &(struct sqa_view){(const unsigned char *)sums->narrow, length, 8});
    sqa_writer_open(&writer, call, length, 1);
    for (size_t at = 0; at < length && writer.status == SQA_OK; at += SQA_BLOCK) {
        const size_t n = length - at < SQA_BLOCK ? length - at : SQA_BLOCK;
        writer.status = finish(call, sums, at, n, block);
        sqa_writer_widening(&writer, block, 8, n);
    }
    return sqa_writer_close(&writer);
}

const struct sqa_aggregate agg_sum = {
    .state_size = sizeof(struct sums),
    .step = agg_sum_step,
    .inverse = agg_sum_inverse,
    .value = agg_sum_value,
    .clear = agg_sum_clear,
};
