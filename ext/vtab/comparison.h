/* Comparisons of a column of integers with a value, as constraints of a virtual table. */
#ifndef SQA_COMPARISON_H
#define SQA_COMPARISON_H

#include "core/range.h"
#include "sqlite3ext.h"

/* Each relation's bit, the SQLITE_INDEX_CONSTRAINT that stands for it, and how a plan shows it. */
enum { SQA_COMPARISONS = 5 };
extern const struct sqa_comparison {
    int bit; /* of enum sqa_relation */
    unsigned char constraint;
    const char *text;
} sqa_comparisons[SQA_COMPARISONS];

/*
** The integers that compare so (enum sqa_relation) with a value, to which the column's INTEGER affinity is applied: '5' is 5, any other
** text and every BLOB is larger than all integers, and nothing compares with NULL.
*/
struct sqa_range sqa_range_of(int relation, sqlite3_value *value);

#endif
