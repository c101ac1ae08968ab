/*
** From C to SQL results: arrays and text. Integers, reals and NULL go straight to
** sqlite3_result_int64() and its like: a failure of the call replaces what they have left.
*/
#ifndef SQA_RESULT_H
#define SQA_RESULT_H

#include "core/elementwise.h"
#include "core/text.h"
#include "sql/call.h"

/*
** An array being made. Small ones are made in the connection's small buffer and copied by SQLite,
** into memory that it reuses from row to row; larger ones in memory of the call, which SQLite
** takes over.
*/
struct sqa_out {
    struct sqa_call *call;
    unsigned char *
        elements; /* 64-byte aligned, behind room for a header; after a failure no place to write to */
    uint64_t capacity; /* bytes there */
    uint64_t count;    /* elements there is room for */
    unsigned width;    /* of each of them */
};

/* True if a result of size bytes is within SQLite's limit and result_bytes. */
bool sqa_is_within_limit(const struct sqa_call *call, uint64_t size);
/* SQA_TOOBIG if it is not. Sizes that would wrap are 2^64-1, see checked.h. */
void sqa_check_limit(struct sqa_call *call, uint64_t size);

/* Room for count elements of width bytes. SQA_TOOBIG, before anything is allocated; SQA_NOMEM. */
void sqa_out_open(struct sqa_out *out, struct sqa_call *call, uint64_t count, unsigned width);
/* Where element i goes */
static inline void *sqa_out_at(const struct sqa_out *out, size_t i) {
    return out->elements + i * out->width;
}
/* The same room in a larger width; the first `done` elements are kept. */
void sqa_out_widen(struct sqa_out *out, size_t done, unsigned width);
/* The first count elements, of this significance, become the SQL result, in canonical form. */
void sqa_out_close(const struct sqa_out *out, size_t count, uint64_t sig);

/* The result is a copy of the array, made canonical. */
void sqa_result_array(struct sqa_call *call, const struct sqa_array *array);
/* The result is every step-th element of view from start (from 0) on, count of them, all inside. */
void sqa_result_strided(struct sqa_call *call, const struct sqa_view *view, size_t start,
                        int64_t step, size_t count);
/* The result is the empty array. */
void sqa_result_empty(struct sqa_call *call);
/* The result is the whole outcome of an elementwise computation that is not started yet. */
void sqa_result_elementwise(struct sqa_call *call, struct sqa_elementwise *e);

/*
** Gives room for a result of size bytes that is no array, as sqa_out_open() finds it for one; NULL after a
** failure. It becomes a BLOB by sqa_bytes_close(), text in UTF-8 by sqa_text_close().
*/
void *sqa_bytes_open(struct sqa_call *call, uint64_t size);
void sqa_bytes_close(struct sqa_call *call, void *bytes, uint64_t size);
void sqa_text_close(struct sqa_call *call, void *bytes, uint64_t size);

/* The result is the array as text in this form. */
void sqa_result_text(struct sqa_call *call, const struct sqa_array *array,
                     const struct sqa_text_form *form);

#endif
