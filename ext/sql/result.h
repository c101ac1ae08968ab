/*
** From C to SQL results: arrays, text, errors. Integers, reals and NULL go straight to
** sqlite3_result_int64() and its like.
*/
#ifndef SQA_RESULT_H
#define SQA_RESULT_H

#include "core/elementwise.h"
#include "core/text.h"
#include "sql/call.h"

/*
** An array being made. Small ones are made in the connection's small buffer and copied by SQLite,
** into memory that it reuses from row to row; larger ones in a buffer from the pool, which SQLite
** gives back when it is done with the value. Until sqa_out_close() the buffer is ours.
*/
struct sqa_out {
    struct sqa_call *call;
    unsigned char *blob; /* header and elements; the first element is 64-byte aligned */
    uint64_t capacity;   /* bytes at blob */
    uint64_t count;      /* elements there is room for, in .. */
    unsigned width;      /* .. this width */
};

/*
** SQA_TOOBIG if a result of size bytes is over SQLite's limit or result_bytes. Sizes that would wrap
** are 2^64-1, see checked.h.
*/
SQA_MUST_CHECK enum sqa_status sqa_check_limit(struct sqa_call *call, uint64_t size);

/*
** Room for count elements of width bytes. Over a limit: SQA_TOOBIG, before anything is allocated.
** SQA_NOMEM. On failure there is nothing to close.
*/
SQA_MUST_CHECK enum sqa_status sqa_out_open(struct sqa_out *out, struct sqa_call *call,
                                            uint64_t count, unsigned width);
/* The elements */
static inline void *sqa_out_data(const struct sqa_out *out) {
    return out->blob + SQA_HEADER;
}
/* The same room in a larger width; the first `done` elements are kept. On failure: close with it. */
SQA_MUST_CHECK enum sqa_status sqa_out_widen(struct sqa_out *out, size_t done, unsigned width);
/*
** The end: if status is SQA_OK and nothing has stopped the call, the first count elements, of this
** significance, become the SQL result, in canonical form; else the buffer is given back. Gives the status.
*/
SQA_MUST_CHECK enum sqa_status sqa_out_close(struct sqa_out *out, enum sqa_status status,
                                             size_t count, uint64_t sig);

/* The result is a copy of the view, made canonical. */
SQA_MUST_CHECK enum sqa_status sqa_result_array(struct sqa_call *call, const struct sqa_view *view);
/* The result is every step-th element of view from start (from 0) on, count of them, all inside. */
SQA_MUST_CHECK enum sqa_status sqa_result_strided(struct sqa_call *call,
                                                  const struct sqa_view *view, size_t start,
                                                  int64_t step, size_t count);
/* The result is the empty array. */
SQA_MUST_CHECK enum sqa_status sqa_result_empty(struct sqa_call *call);
/* The result is the whole outcome of an elementwise computation that is not started yet. */
SQA_MUST_CHECK enum sqa_status sqa_result_elementwise(struct sqa_call *call,
                                                      struct sqa_elementwise *e);
/*
** Room for a result of size bytes that is no array, as sqa_out_open() finds it for one. It becomes
** a BLOB by sqa_bytes_close(), text in UTF-8 by sqa_text_close(), if status is SQA_OK and nothing has
** stopped the call; else it goes back. These give the status.
*/
SQA_MUST_CHECK enum sqa_status sqa_bytes_open(struct sqa_call *call, uint64_t size, void **bytes);
SQA_MUST_CHECK enum sqa_status sqa_bytes_close(struct sqa_call *call, enum sqa_status status,
                                               void *bytes, uint64_t size);
SQA_MUST_CHECK enum sqa_status sqa_text_close(struct sqa_call *call, enum sqa_status status,
                                              void *bytes, uint64_t size);

/* The result is the view as text in this form. */
SQA_MUST_CHECK enum sqa_status sqa_result_text(struct sqa_call *call, const struct sqa_view *view,
                                               const struct sqa_text_form *form);

/*
** *sorted: the elements of view as `width` bytes each (at least the view's), ascending, in scratch
** memory. SQA_NOMEM, SQA_INTERRUPT.
*/
SQA_MUST_CHECK enum sqa_status sqa_sorted_copy(struct sqa_call *call, const struct sqa_view *view,
                                               unsigned width, void **sorted);

/*
** x[0]: the element at `rank` (from 0, below the count) of view in sorted order; x[1]: the one after it,
** where there is one. By selection in a copy, not by sorting. SQA_NOMEM, SQA_INTERRUPT.
*/
SQA_MUST_CHECK enum sqa_status sqa_nth(struct sqa_call *call, const struct sqa_view *view,
                                       size_t rank, int64_t x[2]);

/*
** Scratch memory for the time of a call, not limited by result_bytes: room for count elements of
** width bytes, 64-byte aligned; NULL without memory.
*/
void *sqa_scratch_take(struct sqa_call *call, uint64_t count, unsigned width);
void sqa_scratch_give(void *scratch); /* NULL is allowed */

/* Writes the SQL error for a status that is not SQA_OK. */
void sqa_result_error(struct sqa_call *call, enum sqa_status status);

#endif
