/*
** An array that grows: what an aggregate gathers its rows in. Elements are kept in the narrowest
** width that has been needed so far, in one buffer that outlives the calls; they leave at the front and come at
** the end. All zero is the empty array.
*/
#ifndef SQA_GROWING_ARRAY_H
#define SQA_GROWING_ARRAY_H

#include <string.h>

#include "core/blob.h"
#include "sql/call.h"

struct sqa_growing_array {
    unsigned char
        *blob; /* from the pool: room for a header, then elements; NULL while nothing was added */
    uint64_t capacity;   /* bytes at blob */
    size_t start, count; /* the elements in use, behind `start` that have left */
    unsigned width;
};

/*
** Adds all elements of the array at the end. SQA_NOMEM; SQA_INTERRUPT; SQA_TOOBIG where an array that long could not be
** a result.
*/
void sqa_growing_add_all(struct sqa_call *call, struct sqa_growing_array *growing,
                         const struct sqa_array *array);
/* Makes the elements at least so wide. */
void sqa_growing_widen(struct sqa_call *call, struct sqa_growing_array *growing, unsigned width);
/* The first n elements (there are as many) leave. */
void sqa_growing_drop(struct sqa_growing_array *growing, size_t n);

/* Where the elements stand, to be changed in place; until the array changes, which is not empty. */
static inline unsigned char *sqa_growing_data(const struct sqa_growing_array *growing) {
    return growing->blob + SQA_HEADER + growing->start * growing->width;
}

/* The elements now; borrowed until the array changes. */
struct sqa_array sqa_growing_elements(const struct sqa_growing_array *growing);

/*
** The elements become the SQL result. last: the array may give its buffer away instead of a copy; then it is empty
** afterwards. In any case it is to be cleared.
*/
void sqa_growing_result(struct sqa_call *call, struct sqa_growing_array *growing, bool last);

/* Gives the memory back; the array is empty. */
void sqa_growing_clear(struct sqa_growing_array *growing);

/* Adds x at the end; likewise. The usual case here: there is room, and to spare for 8 bytes at once. */
void sqa_growing_add_anyway(struct sqa_call *call, struct sqa_growing_array *growing, int64_t x);
static inline void sqa_growing_add(struct sqa_call *call, struct sqa_growing_array *growing,
                                   int64_t x) {
    const uint64_t at = SQA_HEADER + (uint64_t)(growing->start + growing->count) * growing->width;
    if (at + sizeof x > growing->capacity ||
        sqa_sig(x) > (uint64_t)sqa_width_most(growing->width)) {
        sqa_growing_add_anyway(call, growing, x);
        return;
    }
    memcpy(growing->blob + at, &x, sizeof x); /* little-endian: the low bytes come first */
    growing->count++;
}

#endif
