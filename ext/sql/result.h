/*
** Sets SQL results from C: arrays and text. Integers, reals and NULL are set with
** sqlite3_result_int64() and similar functions; if the call fails, the error replaces them.
*/
#ifndef SQA_RESULT_H
#define SQA_RESULT_H

#include "core/elementwise.h"
#include "core/text.h"
#include "sql/call.h"

/*
** An array under construction. A small one is built in the connection's small buffer and copied
** by SQLite, which reuses its memory from row to row; its size is checked when it is finished. A
** larger one is built in memory of the call, whose ownership SQLite takes.
*/
struct sqa_out {
    struct sqa_call *call;
    /* 64-byte aligned, after space for a header; must not be written to after a failure */
    unsigned char *elements;
    uint64_t capacity; /* size of elements in bytes */
    uint64_t count;    /* number of elements that there is room for */
    unsigned width;    /* bytes of each element */
};

/* Returns true if a result of `size` bytes is within SQLite's limit and result_bytes. */
bool sqa_is_within_limit(const struct sqa_call *call, uint64_t size);
/* Fails with SQA_TOOBIG if it is not. A size that has overflowed is 2^64-1, see checked.h. */
void sqa_check_limit(struct sqa_call *call, uint64_t size);

/*
** Begins a result with room for `count` elements of `width` bytes. Fails with SQA_TOOBIG before
** anything is allocated, unless it is a small one, or with SQA_NOMEM.
*/
void sqa_out_open(struct sqa_out *out, struct sqa_call *call, uint64_t count, unsigned width);
/* Returns the address of element i. */
static inline void *sqa_out_at(const struct sqa_out *out, size_t i) {
    return out->elements + i * out->width;
}
/* Widens the result to `width`. The first `done` elements are kept. */
void sqa_out_widen(struct sqa_out *out, size_t done, unsigned width);
/* Makes room for `count` elements of `width` bytes, neither of which may become less than it is. */
void sqa_out_grow(struct sqa_out *out, size_t done, uint64_t count, unsigned width);
/*
** The SQL result becomes the first `count` elements in canonical form. `sig` is their
** significance.
*/
void sqa_out_close(const struct sqa_out *out, size_t count, uint64_t sig);

/* The result is a copy of the array in canonical form. */
void sqa_result_array(struct sqa_call *call, const struct sqa_array *array);
/*
** The result is `count` elements of the view: element `start` (from 0) and every step-th one
** after it. All of them must exist.
*/
void sqa_result_strided(struct sqa_call *call, const struct sqa_view *view, size_t start,
                        int64_t step, size_t count);
/* The result is w; SQA_RESULT_OVERFLOW if it does not fit 64 bits. */
void sqa_result_wide(struct sqa_call *call, const struct sqa_wide *w);
/* The result is the empty array. */
void sqa_result_empty(struct sqa_call *call);
/* The result is the whole result of an elementwise computation that has not been started. */
void sqa_result_elementwise(struct sqa_call *call, struct sqa_elementwise *e);
/* The same of one that is started. */
void sqa_result_started(struct sqa_call *call, struct sqa_elementwise *e);

/*
** Returns memory for a result of `size` bytes that is not an array, or NULL after a failure.
** sqa_bytes_close() makes it a BLOB, sqa_text_close() UTF-8 text.
*/
void *sqa_bytes_open(struct sqa_call *call, uint64_t size);
void sqa_bytes_close(struct sqa_call *call, void *bytes, uint64_t size);
void sqa_text_close(struct sqa_call *call, void *bytes, uint64_t size);

/* The result is the array as text in this format. */
void sqa_result_text(struct sqa_call *call, const struct sqa_array *array,
                     const struct sqa_text_form *form);

#endif
