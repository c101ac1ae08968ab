/* The integers that compare in some way with a number, exactly: none of the two is rounded. */
#ifndef SQA_RANGE_H
#define SQA_RANGE_H

#include <stdint.h>

/* The integers from lo to hi; none if lo > hi. */
struct sqa_range {
    int64_t lo, hi;
};

/* Ways to compare; a bit each, so that several can stand in one integer. */
enum sqa_relation { SQA_EQ = 1, SQA_GT = 2, SQA_GE = 4, SQA_LT = 8, SQA_LE = 16 };

/* All of the integers, and none of them. */
static inline struct sqa_range sqa_range_all(void) {
    return (struct sqa_range){INT64_MIN, INT64_MAX};
}
static inline struct sqa_range sqa_range_none(void) {
    return (struct sqa_range){INT64_MAX, INT64_MIN};
}

/* The integers that are in both. */
static inline struct sqa_range sqa_range_both(struct sqa_range a, struct sqa_range b) {
    return (struct sqa_range){a.lo > b.lo ? a.lo : b.lo, a.hi < b.hi ? a.hi : b.hi};
}

/* The integers i with `i op x`. Of a NaN there are none. */
struct sqa_range sqa_range_of_integer(enum sqa_relation op, int64_t x);
struct sqa_range sqa_range_of_real(enum sqa_relation op, double x);

#endif
