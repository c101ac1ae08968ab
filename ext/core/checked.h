/*
** Arithmetic of sizes that cannot overflow. Sizes have 64 bits even if size_t has 32; they are
** checked against a limit before they are converted to size_t.
*/
#ifndef SQA_CHECKED_H
#define SQA_CHECKED_H

#include <stdint.h>

/* The largest number of elements, because the count in a header is a u32. */
#define SQA_MAX_COUNT UINT32_MAX

/* Return a + b and a * b, or 2^64-1, which exceeds every limit, if the result would overflow. */
static inline uint64_t sqa_add_size(uint64_t a, uint64_t b) {
    uint64_t r;
    return __builtin_add_overflow(a, b, &r) ? UINT64_MAX : r;
}

static inline uint64_t sqa_mul_size(uint64_t a, uint64_t b) {
    uint64_t r;
    return __builtin_mul_overflow(a, b, &r) ? UINT64_MAX : r;
}

#endif
