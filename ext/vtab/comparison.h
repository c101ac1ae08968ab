/* Comparisons of an integer column with a value, which are constraints of a virtual table. */
#ifndef SQA_COMPARISON_H
#define SQA_COMPARISON_H

#include "core/range.h"
#include "sqlite3ext.h"

/*
** For each relation its bit in enum sqa_relation, the SQLITE_INDEX_CONSTRAINT constant, and the
** text that the query plan shows.
*/
enum { SQA_COMPARISONS = 5 };
extern const struct sqa_comparison {
    int bit; /* a value of enum sqa_relation */
    unsigned char constraint;
    const char *text;
} sqa_comparisons[SQA_COMPARISONS];

/*
** Returns the range of the integers that are in this relation (enum sqa_relation) to the value.
** The column's INTEGER affinity is applied to the value first: '5' is 5, other text and every
** BLOB are greater than all integers, and no integer compares with NULL.
*/
struct sqa_range sqa_range_of(int relation, sqlite3_value *value);

#endif
