/*
** The plan key: what xBestIndex tells xFilter of its plan in idxNum.
**
** xFilter is passed the values of the arguments, the required ones and then the optional ones that are given, and then,
** for each column that the table can be searched by, the values of its constraints in the order of enum sqa_relation
** (core/range.h). The key says which of them there are.
*/
#ifndef SQA_PLAN_KEY_H
#define SQA_PLAN_KEY_H

/* Each searched column has so many bits, the first one the lowest. */
enum { SQA_PLAN_COLUMN_BITS = 5 };
/* The rows are wanted from the last to the first. */
enum { SQA_PLAN_DESC = 1 << 10 };

/* The bits of enum sqa_relation for the searched column number `nth` (0 or 1) */
static inline int sqa_plan_key_column(int key, int nth) {
    return key >> (nth * SQA_PLAN_COLUMN_BITS) & ((1 << SQA_PLAN_COLUMN_BITS) - 1);
}

/* The bit that says that argument i (from 0), an optional one, is given */
static inline int sqa_plan_key_option(int i) {
    return 1 << (16 + i);
}

#endif
