#include "core/range.h"

#include <stdbool.h>

/*
** Returns the largest integer <= x, which must be within 64 bits. floor() would need the math
** library.
*/
static int64_t floor_of(double x) {
    const int64_t i = (int64_t)x;
    return (double)i > x ? i - 1 : i;
}

/* -2^63 <= x < 2^63, so x can be converted */
static bool below_most(double x) {
    return x < 9223372036854775808.0;
}
static bool above_least(double x) {
    return x >= -9223372036854775808.0;
}

struct sqa_range sqa_range_of_integer(enum sqa_relation op, int64_t x) {
    switch (op) { /* unreached: there is no other value */
    case SQA_EQ:
        return (struct sqa_range){x, x};
    case SQA_GT:
        return x == INT64_MAX ? sqa_range_none() : (struct sqa_range){x + 1, INT64_MAX};
    case SQA_GE:
        return (struct sqa_range){x, INT64_MAX};
    case SQA_LT:
        return x == INT64_MIN ? sqa_range_none() : (struct sqa_range){INT64_MIN, x - 1};
    case SQA_LE:
        break;
    }
    return (struct sqa_range){INT64_MIN, x};
}

/*
** A number that is not an integer is compared like the integer next to it. One beyond 64 bits is
** less or greater than all integers.
*/
struct sqa_range sqa_range_of_real(enum sqa_relation op, double x) {
    const bool upwards = op == SQA_GT || op == SQA_GE, downwards = op == SQA_LT || op == SQA_LE;
    if (below_most(x) && above_least(x)) {
        const int64_t below = floor_of(x);
        return (double)below == x ? sqa_range_of_integer(op, below)
               : upwards          ? sqa_range_of_integer(SQA_GT, below)
               : downwards        ? sqa_range_of_integer(SQA_LE, below)
                                  : sqa_range_none();
    }
    const bool is_nan = x != x, is_large = !is_nan && !below_most(x),
               is_small = !is_nan && !is_large;
    return (is_large && downwards) || (is_small && upwards) ? sqa_range_all() : sqa_range_none();
}
