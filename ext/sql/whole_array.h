/*
** Work on all elements of an array at once, run by run, so that sqlite3_interrupt() can end it. After a failure
** of the call nothing is done, what was to be filled is undefined, and what is returned means nothing.
*/
#ifndef SQA_WHOLE_ARRAY_H
#define SQA_WHOLE_ARRAY_H

#include "core/reader.h"
#include "sql/call.h"

/* A reader of the elements as `width` bytes each, which stops with the call. */
static inline void sqa_read(struct sqa_reader *reader, struct sqa_call *call,
                            const struct sqa_array *array, unsigned width) {
    sqa_reader_init(reader, call->connection->kernels, array, width, &call->poll);
}

/* The same, in runs. */
static inline void sqa_read_runs(struct sqa_reader *reader, struct sqa_call *call,
                                 const struct sqa_array *array, unsigned width) {
    sqa_reader_init_runs(reader, call->connection->kernels, array, width, &call->poll);
}

/* The elements as random access needs them: where they stand if they are plain, else in scratch memory. */
struct sqa_view sqa_whole_view(struct sqa_call *call, const struct sqa_array *array);

/* Fills dst with the elements as `width` bytes each; keeps the low bits. */
void sqa_whole_copy(struct sqa_call *call, const struct sqa_array *array, void *dst,
                    unsigned width);
/* Fills dst with every step-th element of view from start (from 0) on, count of them, all inside. */
void sqa_whole_stride(struct sqa_call *call, const struct sqa_view *view, size_t start,
                      ptrdiff_t step, size_t count, void *dst);
/* Fills dst with size bytes of 0. */
void sqa_whole_zero(struct sqa_call *call, void *dst, size_t size);
/* Makes a set, in place, of count sorted elements of width bytes; how many it has. */
size_t sqa_whole_unique(struct sqa_call *call, void *sorted, size_t count, unsigned width);

/* The significance of all elements; that of count plain elements of width bytes */
uint64_t sqa_whole_sig(struct sqa_call *call, const struct sqa_array *array);
uint64_t sqa_plain_sig(struct sqa_call *call, const void *elements, size_t count, unsigned width);
/* The smallest and the largest element; INT64_MAX and INT64_MIN where there is none */
struct sqa_extremes {
    int64_t least, most;
};
struct sqa_extremes sqa_whole_extremes(struct sqa_call *call, const struct sqa_array *array);
/* The exact sum (kernels->sum) or sum of squares (kernels->sumsq) of the elements */
struct sqa_wide sqa_whole_sum(struct sqa_call *call, const struct sqa_array *array,
                              sqa_sum_fn *const *kernel);
/* The index (from 0) of the first element that equals v; the count where there is none. */
size_t sqa_whole_find(struct sqa_call *call, const struct sqa_array *array, int64_t v);
/* How many elements equal v */
size_t sqa_whole_count(struct sqa_call *call, const struct sqa_array *array, int64_t v);

#endif
