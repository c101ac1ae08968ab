/* The SQL of the statements that an array_store keeps for its shadow tables. */
#ifndef SQA_STATEMENTS_H
#define SQA_STATEMENTS_H

#include "store/store.h"

enum sqa_statement {
    SQA_STATEMENT_BEFORE,       /* the chunk headers with id <= ?1, backwards */
    SQA_STATEMENT_FROM,         /* the chunk headers with id >= ?1 */
    SQA_STATEMENT_PUT_HEADER,   /* a header, anew or in place of another */
    SQA_STATEMENT_DROP_HEADERS, /* the chunk headers with ?1 <= id <= ?2 */
    /* headers, with min and max, of the chunks that may have rowids from ?1 to ?2 */
    SQA_STATEMENT_HEADERS,
    SQA_STATEMENT_HEADERS_BACK,
    SQA_STATEMENT_TOTALS,        /* what estimates need of the whole table */
    SQA_STATEMENT_FREE_PLACE,    /* the id behind all arrays */
    SQA_STATEMENT_COUNT_ARRAYS,  /* how many arrays there are */
    SQA_STATEMENT_GET_ARRAY,     /* the array with id ?1 */
    SQA_STATEMENT_PUT_ARRAY,     /* an array, anew or in place of another */
    SQA_STATEMENT_DROP_ARRAYS,   /* the arrays with ?1 <= id <= ?2 */
    SQA_STATEMENT_COUNT_HEADERS, /* how many chunk headers with ?1 <= id <= ?2 there are */
    SQA_STATEMENT_DATA_VERSION,  /* the number that commits of other connections change */
    SQA_STATEMENTS
};

/* Gives the SQL of one, for struct sqa_vtab_form. */
char *sqa_store_sql(const struct sqa_vtab *vtab, int which);

#endif
