/*
** An array that grows: what an aggregate gathers its rows in. Elements are kept in the narrowest
** width that has been needed so far, in one buffer from the pool; they leave at the front and come at
** the end. All zero is the empty vector.
*/
#ifndef SQA_GROWING_ARRAY_H
#define SQA_GROWING_ARRAY_H

#include <string.h>

#include "sql/call.h"
#include "sql/result.h"

struct sqa_growing_array {
    unsigned char *blob; /* room for a header, then elements; NULL while nothing was added */
    uint64_t capacity;   /* bytes at blob */
    size_t start, count; /* the elements in use, behind `start` that have left */
    unsigned width;
};

/*
** Adds all elements of view at the end. SQA_NOMEM; SQA_INTERRUPT; SQA_TOOBIG where an array that long could not be
** a result.
*/
SQA_MUST_CHECK enum sqa_status sqa_growing_add_all(struct sqa_call *call,
                                                   struct sqa_growing_array *vector,
                                                   const struct sqa_view *view);
/* The first n elements (there are as many) leave. */
void sqa_growing_drop(struct sqa_growing_array *vector, size_t n);

/* Where the elements stand, to be changed in place; until the vector changes, which is not empty. */
static inline unsigned char *sqa_growing_data(const struct sqa_growing_array *vector) {
    return vector->blob + SQA_HEADER + vector->start * vector->width;
}

/* The elements now; borrowed until the vector changes. */
struct sqa_view sqa_growing_view(const struct sqa_growing_array *vector);

/*
** The elements become the SQL result. last: the vector may give its buffer away instead of a copy; then it is empty
** afterwards. In any case it is to be cleared.
*/
SQA_MUST_CHECK enum sqa_status sqa_growing_result(struct sqa_call *call,
                                                  struct sqa_growing_array *vector, bool last);

/* Gives the memory back; the vector is empty. */
void sqa_growing_clear(struct sqa_growing_array *vector);

/* Adds x at the end; likewise. The usual case here: there is room, and to spare for 8 bytes at once. */
SQA_MUST_CHECK enum sqa_status sqa_growing_add_anyway(struct sqa_call *call,
                                                      struct sqa_growing_array *vector, int64_t x);
static inline SQA_MUST_CHECK enum sqa_status
sqa_growing_add(struct sqa_call *call, struct sqa_growing_array *vector, int64_t x) {
    const uint64_t at = SQA_HEADER + (uint64_t)(vector->start + vector->count) * vector->width;
    if (at + sizeof x > vector->capacity || sqa_sig(x) > (uint64_t)sqa_width_most(vector->width))
        return sqa_growing_add_anyway(call, vector, x);
    memcpy(vector->blob + at, &x, sizeof x); /* little-endian: the low bytes come first */
    vector->count++;
    return SQA_OK;
}

#endif
