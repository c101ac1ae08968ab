/*
** Ranges of the integers that are in some relation to a number. They are exact: no number is
** rounded.
*/
#ifndef SQA_RANGE_H
#define SQA_RANGE_H

#include <stdint.h>

/* The integers from lo to hi; empty if lo > hi. */
struct sqa_range {
    int64_t lo, hi;
};

/* Relations. Each is a bit, so that an integer can hold several. */
enum sqa_relation { SQA_EQ = 1, SQA_GT = 2, SQA_GE = 4, SQA_LT = 8, SQA_LE = 16 };

/* Return the range of all integers, and the empty range. */
static inline struct sqa_range sqa_range_all(void) {
    return (struct sqa_range){INT64_MIN, INT64_MAX};
}
static inline struct sqa_range sqa_range_none(void) {
    return (struct sqa_range){INT64_MAX, INT64_MIN};
}

/* Returns the range of the integers that are in both. */
static inline struct sqa_range sqa_range_both(struct sqa_range a, struct sqa_range b) {
    return (struct sqa_range){a.lo > b.lo ? a.lo : b.lo, a.hi < b.hi ? a.hi : b.hi};
}

/* Return the range of the integers i with `i op x`. For a NaN it is empty. */
struct sqa_range sqa_range_of_integer(enum sqa_relation op, int64_t x);
struct sqa_range sqa_range_of_real(enum sqa_relation op, double x);

#endif
