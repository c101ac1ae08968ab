/*
** Queries on sets of integers, in the language of PostgreSQL's intarray: '1 & (2 | !3)'.
**
**     query = term { '|' term }     term = factor { '&' factor }
**     factor = { '!' } ( integer | '(' query ')' )
**
** Blanks may stand between; integers are written as in JSON. Reading goes in two passes, so that
** nothing has to be allocated before the sizes are known: scan validates and counts; compile fills
** memory of these sizes. Neither recurses, and no depth of brackets is too deep.
**
** A compiled query is code for a machine with one bit and no stack:
**
**     HAS i    the bit becomes: is operand i there?       NOT      the bit is inverted
**     AND t    goes on at t if the bit is 0               OR t     goes on at t if the bit is 1
**
** '1 & (2 | !3)':   0 HAS 1   1 AND 6   2 HAS 2   3 OR 6   4 HAS 3   5 NOT   6
** Jumps only go forward.
*/
#ifndef SQA_QUERY_H
#define SQA_QUERY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/status.h"
#include "kernel/kernels.h"

/* A query to be read. Borrows the text, which needs no terminating NUL. */
struct sqa_query {
    const char *text;
    size_t size;           /* bytes */
    struct sqa_poll *poll; /* stops scan (with SQA_INTERRUPT) and compile; NULL: nothing does */
    /* filled by sqa_query_scan */
    size_t operands; /* integers in it */
    size_t steps;    /* of the code */
    size_t depth;    /* the most brackets open at a time */
};

/* A compiled query. All of it is in one piece of memory and may be moved by nobody. */
struct sqa_program {
    size_t steps, operands;
    uint32_t *code;   /* steps of it: the operation in 2 bits, i or t in 30 */
    int64_t *operand; /* the integers: ascending, without duplicates */
    uint8_t *marks;   /* one for each operand: the user's, for what sqa_program_run() is to read */
};

/*
** Validates the query and fills the counts. On failure error->a is the byte offset (from 1) of
** what is wrong: SQA_QUERY_EMPTY, SQA_QUERY_OPERAND, SQA_QUERY_OPERATOR, SQA_QUERY_CLOSED,
** SQA_QUERY_SIZE, SQA_TEXT_RANGE.
*/
SQA_MUST_CHECK enum sqa_status sqa_query_scan(struct sqa_query *query, struct sqa_error *error);

/* Bytes, in 8-byte aligned memory, for the program of a scanned query; and for work on it. */
uint64_t sqa_query_program_size(const struct sqa_query *query);
uint64_t sqa_query_work_size(const struct sqa_query *query);

/*
** Fills memory with the program. work is needed no longer than that. Where query->poll stops it the program is not
** complete and must not be run.
*/
struct sqa_program *sqa_query_compile(const struct sqa_query *query,
                                      const struct sqa_kernels *kernels, void *memory, void *work);

/* Step i of the code, and its i or t */
enum sqa_query_operation { SQA_STEP_HAS, SQA_STEP_NOT, SQA_STEP_AND, SQA_STEP_OR };
enum sqa_query_operation sqa_program_step(const struct sqa_program *program, size_t i,
                                          size_t *argument);

/* The query's answer, where marks[i] is 1 if operand i is there, else 0. poll may be NULL. */
bool sqa_program_run(const struct sqa_program *program, const uint8_t *marks,
                     struct sqa_poll *poll);

#endif
