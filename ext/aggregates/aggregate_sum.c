/*
** array_sum_agg(A): the sum of the rows' arrays, element by element. It is exact in any order of
** the rows; only the result must fit 64 bits.
**
** The sum of each element is kept in 64 bits, so that a vector kernel adds or subtracts a row. A
** bound of the sums is known from the widths of the rows (for 8-byte elements, from their
** significance). Before a sum could overflow, all of them are added to sums of 128 bits and set
** to zero. For 4-byte elements this happens once in 2^32 rows. A row that could fill 64 bits by
** itself is added to the sums of 128 bits directly.
*/
#include "aggregates/aggregate.h"
#include "sql/arguments.h"
#include "sql/registry.h"
#include "sql/scratch.h"
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
    uint64_t *narrow; /* sums of 64 bits, whose absolute value is at most reach */
    uint64_t reach;   /* at most 2^63 - 1 */
    /* sums of 128 bits, to which the narrow ones are to be added; NULL: all are zero */
    struct sum128 *wide;
};

static void agg_sum_clear(void *state) {
    struct sums *sums = state;
    sqa_scratch_free(sums->narrow);
    sqa_scratch_free(sums->wide);
    sums->narrow = NULL;
    sums->wide = NULL;
}

/*
** Allocates zeroed memory that outlives the call: for each element a number of `size` bytes.
** Returns NULL after a failure.
*/
static void *take_sums(struct sqa_call *call, const struct sums *sums, unsigned size) {
    const size_t length = sums->lengths.length;
    void *memory = sqa_scratch_take(call, length, size);
    sqa_whole_zero(call, memory, length * size);
    return sqa_failed(call) ? NULL : sqa_scratch_keep(call, memory);
}

/* Starts again with sums of zero for the first row of a new length. */
static void start_sums(struct sqa_call *call, struct sums *sums) {
    agg_sum_clear(sums);
    sums->narrow = take_sums(call, sums, sizeof *sums->narrow);
    sums->reach = 0;
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

static void widen_sums(struct sqa_call *call, struct sums *sums) {
    if (sums->wide == NULL)
        sums->wide = take_sums(call, sums, sizeof *sums->wide);
}

/* Adds the sums of 64 bits to those of 128 and sets them to zero. */
static void empty_narrow(struct sqa_call *call, struct sums *sums) {
    const size_t length = sums->lengths.length;
    widen_sums(call, sums);
    for (size_t at = 0, n; (n = sqa_next_run(length, at, &call->poll)) > 0; at += n) {
        for (size_t i = at; i < at + n; i++) {
            sums->wide[i] = plus(sums->wide[i], (int64_t)sums->narrow[i]);
            sums->narrow[i] = 0;
        }
    }
    sums->reach = 0;
}

static void fold_wide(struct sqa_call *call, struct sums *sums, const struct sqa_array *row,
                      bool add) {
    struct sqa_reader reader;
    widen_sums(call, sums);
    sqa_read(&reader, call, row, 8);
    while (sqa_reader_next(&reader)) {
        const int64_t *x = reader.data;
        struct sum128 *sum = sums->wide + reader.at;
        for (size_t i = 0; i < reader.n; i++)
            sum[i] = add ? plus(sum[i], x[i]) : minus(sum[i], x[i]);
    }
}

/* Adds or subtracts a row, whose elements are from -reach to reach - 1. */
static void fold_row(struct sqa_call *call, struct sums *sums, const struct sqa_array *row,
                     bool add) {
    const struct sqa_kernels *kernels = call->connection->kernels;
    const uint64_t sig =
        row->width < 8 ? (uint64_t)sqa_width_most(row->width) : sqa_whole_sig(call, row);
    const uint64_t reach = sig + 1;
    struct sqa_reader reader;
    if (reach > INT64_MAX) {
        fold_wide(call, sums, row, add);
        return;
    }
    if (sums->reach > INT64_MAX - reach)
        empty_narrow(call, sums);
    sums->reach += reach;
    sqa_gather_sum_fn *const kernel =
        (add ? kernels->add_into : kernels->sub_into)[sqa_width_index(row->width)];
    sqa_read(&reader, call, row, row->width);
    while (sqa_reader_next(&reader))
        kernel(sums->narrow + reader.at, reader.data, reader.n);
}

static void agg_sum_step(struct sqa_call *call, void *state) {
    const struct sqa_array row = sqa_arg_row(call, 0);
    struct sums *sums = state;
    if (sqa_failed(call))
        return;
    if (sqa_lengths_add(&sums->lengths, row.count))
        start_sums(call, sums);
    fold_row(call, sums, &row, true);
}

static void agg_sum_inverse(struct sqa_call *call, void *state) {
    const struct sqa_array row = sqa_arg_row(call, 0);
    struct sums *sums = state;
    if (!sqa_failed(call) && sqa_lengths_remove(&sums->lengths))
        fold_row(call, sums, &row, false);
}

/* Fills dst with the n sums from index `at` on. Fails with SQA_OVERFLOW if one does not fit. */
static void finish_sums(struct sqa_call *call, const struct sums *sums, size_t at, size_t n,
                        int64_t *dst) {
    for (size_t i = 0; i < n; i++) {
        const struct sum128 sum = plus(sums->wide[at + i], (int64_t)sums->narrow[at + i]);
        dst[i] = (int64_t)sum.lo;
        if (sum.hi != dst[i] >> 63)
            sqa_fail_status(call, SQA_OVERFLOW, (struct sqa_error){.a = (int64_t)(at + i) + 1});
    }
}

static void agg_sum_value(struct sqa_call *call, void *state, bool last) {
    const struct sums *sums = state;
    const size_t length = sums->lengths.length;
    const struct sqa_view narrow = {(const unsigned char *)sums->narrow, length, 8};
    const struct sqa_array result =
        sums->lengths.rows > 0 ? sqa_array_of(&narrow) : sqa_array_empty();
    int64_t block[SQA_BLOCK];
    struct sqa_writer writer;
    (void)last;
    sqa_lengths_check(call, &sums->lengths);
    if (sums->lengths.rows == 0 || sums->wide == NULL) {
        sqa_result_array(call, &result);
        return;
    }
    sqa_writer_open(&writer, call, length, 1);
    for (size_t at = 0; at < length && !sqa_failed(call); at += SQA_BLOCK) {
        const size_t n = length - at < SQA_BLOCK ? length - at : SQA_BLOCK;
        finish_sums(call, sums, at, n, block);
        sqa_writer_widening(&writer, block, 8, n);
    }
    sqa_writer_close(&writer);
}

const struct sqa_aggregate sqa_agg_sum = {
    .state_size = sizeof(struct sums),
    .step = agg_sum_step,
    .inverse = agg_sum_inverse,
    .value = agg_sum_value,
    .clear = agg_sum_clear,
};
