/*
** Sizes that cannot wrap. They are 64 bits, also where size_t has 32: a size is checked against a
** limit before it becomes a size_t.
*/
#ifndef SQA_CHECKED_H
#define SQA_CHECKED_H

#include <stdint.h>

/* The most elements a blob can count (its count is a u32). */
#define SQA_MAX_COUNT UINT32_MAX

/* a + b and a * b, or 2^64-1 where that would wrap: over every limit. */
static inline uint64_t sqa_add_size(uint64_t a, uint64_t b) {
    uint64_t r;
    return __builtin_add_overflow(a, b, &r) ? UINT64_MAX : r;
}

static inline uint64_t sqa_mul_size(uint64_t a, uint64_t b) {
    uint64_t r;
    return __builtin_mul_overflow(a, b, &r) ? UINT64_MAX : r;
}

#endif
