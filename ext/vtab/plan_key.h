/*
** The plan key, an integer that xBestIndex passes to xFilter as idxNum.
**
** xFilter gets the values of the required arguments, then those of the optional arguments that
** are given, and then, for each column that can be searched, the values of its constraints in the
** order of enum sqa_relation (core/range.h). The key tells which of these values are present.
*/
#ifndef SQA_PLAN_KEY_H
#define SQA_PLAN_KEY_H

/* Number of bits for each searched column. The first column has the lowest ones. */
enum { SQA_PLAN_COLUMN_BITS = 5 };
/* Set if the rows are wanted in descending order. */
enum { SQA_PLAN_DESC = 1 << 10 };

/* Returns the bits of enum sqa_relation for searched column number `nth` (0 or 1). */
static inline int sqa_plan_key_column(int key, int nth) {
    return key >> (nth * SQA_PLAN_COLUMN_BITS) & ((1 << SQA_PLAN_COLUMN_BITS) - 1);
}

/* Returns the bit that tells whether the optional argument i (from 0) is given. */
static inline int sqa_plan_key_option(int i) {
    return 1 << (16 + i);
}

#endif
