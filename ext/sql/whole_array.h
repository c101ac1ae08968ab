/*
** Functions that process all elements of an array in chunks, so that sqlite3_interrupt() can stop
** them. After a failure of the call they do nothing; then output buffers are undefined and
** returned values are meaningless.
*/
#ifndef SQA_WHOLE_ARRAY_H
#define SQA_WHOLE_ARRAY_H

#include "core/reader.h"
#include "sql/call.h"

/*
** Begins to read the elements in blocks, each `width` bytes wide. Reading ends if the call fails.
*/
static inline void sqa_read(struct sqa_reader *reader, struct sqa_call *call,
                            const struct sqa_array *array, unsigned width) {
    sqa_reader_init(reader, call->connection->kernels, array, width, &call->poll);
}

/*
** Begins to read the elements in larger chunks, each `width` bytes wide. Reading ends if the call
** fails.
*/
static inline void sqa_read_runs(struct sqa_reader *reader, struct sqa_call *call,
                                 const struct sqa_array *array, unsigned width) {
    sqa_reader_init_runs(reader, call->connection->kernels, array, width, &call->poll);
}

/* Returns the elements for random access: in place if they are plain, else in scratch memory. */
struct sqa_view sqa_whole_view(struct sqa_call *call, const struct sqa_array *array);

/* Fills dst with the elements, each `width` bytes wide. Higher bits are cut off. */
void sqa_whole_copy(struct sqa_call *call, const struct sqa_array *array, void *dst,
                    unsigned width);
/*
** Fills dst with `count` elements of the view: element `start` (from 0) and every step-th one
** after it. All of them must exist.
*/
void sqa_whole_stride(struct sqa_call *call, const struct sqa_view *view, size_t start,
                      ptrdiff_t step, size_t count, void *dst);
/* Fills dst with size bytes of 0. */
void sqa_whole_zero(struct sqa_call *call, void *dst, size_t size);
/*
** Removes duplicates from `count` sorted elements of `width` bytes, in place. Returns how many
** are left.
*/
size_t sqa_whole_unique(struct sqa_call *call, void *sorted, size_t count, unsigned width);

/* Returns the width that all elements need. */
unsigned sqa_whole_width(struct sqa_call *call, const struct sqa_array *array);
/* Returns the significance of all elements. */
uint64_t sqa_whole_sig(struct sqa_call *call, const struct sqa_array *array);
/*
** Returns one for sqa_out_close(), that of the largest of the width that count plain elements need.
*/
uint64_t sqa_plain_sig(struct sqa_call *call, const void *elements, size_t count, unsigned width);
/* The smallest and the largest element; INT64_MAX and INT64_MIN for an empty array */
struct sqa_extremes {
    int64_t least, most;
};
struct sqa_extremes sqa_whole_extremes(struct sqa_call *call, const struct sqa_array *array);
/* Returns the exact sum (kernels->sum) or sum of squares (kernels->sumsq) of the elements. */
struct sqa_wide sqa_whole_sum(struct sqa_call *call, const struct sqa_array *array,
                              sqa_sum_fn *const *kernel);
/* Returns the index (from 0) of the first element that equals v, or the count if there is none. */
size_t sqa_whole_find(struct sqa_call *call, const struct sqa_array *array, int64_t v);
/* Returns how many elements equal v. */
size_t sqa_whole_count(struct sqa_call *call, const struct sqa_array *array, int64_t v);

#endif
