/* The SQL of the statements that an array_store keeps for its shadow tables. */
#ifndef SQA_STATEMENTS_H
#define SQA_STATEMENTS_H

#include "store/store.h"

enum sqa_statement {
    /* chunk headers without min and max */
    SQA_STATEMENT_BEFORE, /* those with id <= ?1, in descending order */
    SQA_STATEMENT_FROM,   /* those with id >= ?1, in ascending order */
    /* chunk headers with min and max: those of the chunks that may have rowids from ?1 to ?2 */
    SQA_STATEMENT_HEADERS,
    SQA_STATEMENT_HEADERS_BACK,  /* the same in descending order */
    SQA_STATEMENT_PUT_HEADER,    /* inserts or replaces a header */
    SQA_STATEMENT_DROP_HEADERS,  /* deletes those with ?1 <= id <= ?2 */
    SQA_STATEMENT_COUNT_HEADERS, /* counts those with ?1 <= id <= ?2 */
    SQA_STATEMENT_TOTALS,        /* the totals of the whole table, see totals.h */
    SQA_STATEMENT_FREE_PLACE,    /* an id greater than those of all arrays */
    SQA_STATEMENT_COUNT_ARRAYS,  /* the number of arrays */
    SQA_STATEMENT_GET_ARRAY,     /* the array with id ?1 */
    SQA_STATEMENT_PUT_ARRAY,     /* inserts or replaces the array ?2 with id ?1 */
    SQA_STATEMENT_DROP_ARRAYS,   /* deletes those with ?1 <= id <= ?2 */
    SQA_STATEMENT_DATA_VERSION,  /* a number that changes when another connection commits */
    SQA_STATEMENTS
};

/*
** Returns the SQL of a statement, which the caller frees, or NULL when out of memory. Implements
** sql() of struct sqa_vtab_form.
*/
char *sqa_store_sql(const struct sqa_vtab *vtab, int which);

#endif
