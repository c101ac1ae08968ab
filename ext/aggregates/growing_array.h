/*
** An array that grows, in which an aggregate collects its rows. The elements have the narrowest
** width that has been needed so far. They are in one buffer that outlives the calls. Elements are
** added at the end and dropped at the front. A zeroed struct is the empty array.
*/
#ifndef SQA_GROWING_ARRAY_H
#define SQA_GROWING_ARRAY_H

#include <string.h>

#include "core/blob.h"
#include "sql/call.h"

struct sqa_growing_array {
    /* a buffer of the pool: room for a header, then elements; NULL before the first element */
    unsigned char *blob;
    uint64_t capacity;   /* size of blob in bytes */
    size_t start, count; /* `count` elements are in use; `start` dropped ones precede them */
    unsigned width;
};

/*
** Appends all elements of the array. Fails with SQA_NOMEM, SQA_INTERRUPT, or with SQA_TOOBIG if a
** result could not be so long.
*/
void sqa_growing_add_all(struct sqa_call *call, struct sqa_growing_array *growing,
                         const struct sqa_array *array);
/* Widens the elements to at least `width` bytes. */
void sqa_growing_widen(struct sqa_call *call, struct sqa_growing_array *growing, unsigned width);
/* Drops the first n elements. There must be as many. */
void sqa_growing_drop(struct sqa_growing_array *growing, size_t n);

/*
** Returns the elements, to be changed in place. The array must not be empty. The pointer is valid
** until the array changes.
*/
static inline unsigned char *sqa_growing_data(const struct sqa_growing_array *growing) {
    return growing->blob + SQA_HEADER + growing->start * growing->width;
}

/* Returns the elements as an array, which is valid until this one changes. */
struct sqa_array sqa_growing_elements(const struct sqa_growing_array *growing);

/*
** The elements become the SQL result. If `last` is true, the buffer may be passed to SQLite
** instead of a copy, and the array may be empty afterwards. The caller clears it in any case.
*/
void sqa_growing_result(struct sqa_call *call, struct sqa_growing_array *growing, bool last);

/* Frees the memory; the array is empty afterwards. */
void sqa_growing_clear(struct sqa_growing_array *growing);

/*
** Append x; fail as sqa_growing_add_all() does. sqa_growing_add() handles the usual case inline: x
** fits the width, and the buffer has room for 8 more bytes.
*/
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
