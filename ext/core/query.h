/*
** Queries on sets of integers, in the language of PostgreSQL's intarray: '1 & (2 | !3)'.
**
**     query = term { '|' term }     term = factor { '&' factor }
**     factor = { '!' } ( integer | '(' query ')' )
**
** Blanks are allowed between symbols; integers are written as in JSON. Reading takes two passes,
** so that the sizes are known before memory is allocated: scan checks the query and counts,
** compile fills memory of these sizes. Neither is recursive, so brackets may be nested to any
** depth.
**
** A compiled query is code for a machine whose only state is one bit:
**
**     HAS i    the bit becomes 1 if operand i is in the set, else 0
**     NOT      the bit is inverted
**     AND t    jumps to step t if the bit is 0
**     OR t     jumps to step t if the bit is 1
**
**     '1 & (2 | !3)':   0 HAS 1   1 AND 6   2 HAS 2   3 OR 6   4 HAS 3   5 NOT   6 (end)
**
** Jumps only go forward.
*/
#ifndef SQA_QUERY_H
#define SQA_QUERY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/status.h"
#include "kernel/kernels.h"

/* A query to be read. The text is borrowed and needs no terminating NUL. */
struct sqa_query {
    const char *text;
    size_t size;           /* bytes of the text */
    struct sqa_poll *poll; /* stops scan (with SQA_INTERRUPT) and compile; may be NULL */
    /* set by sqa_query_scan() */
    size_t operands; /* number of integers in the query */
    size_t steps;    /* number of steps of the code */
    size_t depth;    /* the largest number of brackets that are open at the same time */
};

/* A compiled query. It has pointers into its own memory, which therefore must not be moved. */
struct sqa_program {
    size_t steps, operands;
    uint32_t *code;   /* the steps: operation in 2 bits, i or t in 30 bits */
    int64_t *operand; /* the integers, ascending, without duplicates */
    /* a byte for each operand; a buffer for the caller to pass to sqa_program_run() */
    uint8_t *marks;
};

/*
** Checks the query and sets the counts. On failure error->a is the byte offset (from 1) of the
** error. Returns SQA_OK, SQA_QUERY_EMPTY, SQA_QUERY_OPERAND, SQA_QUERY_OPERATOR,
** SQA_QUERY_CLOSED, SQA_QUERY_SIZE, SQA_TEXT_RANGE or SQA_INTERRUPT.
*/
SQA_MUST_CHECK enum sqa_status sqa_query_scan(struct sqa_query *query, struct sqa_error *error);

/*
** Return the bytes of 8-byte aligned memory that a scanned query needs, for the program and for
** the work of compiling it.
*/
uint64_t sqa_query_program_size(const struct sqa_query *query);
uint64_t sqa_query_work_size(const struct sqa_query *query);

/*
** Compiles the query into memory. `work` can be freed afterwards. If query->poll stops the work,
** the program is incomplete and must not be run.
*/
struct sqa_program *sqa_query_compile(const struct sqa_query *query,
                                      const struct sqa_kernels *kernels, void *memory, void *work);

/* The operation of step i, and its operand or target */
enum sqa_query_operation { SQA_STEP_HAS, SQA_STEP_NOT, SQA_STEP_AND, SQA_STEP_OR };
enum sqa_query_operation sqa_program_step(const struct sqa_program *program, size_t i,
                                          size_t *argument);

/*
** Returns the result of the query. marks[i] must be 1 if operand i is in the set, else 0. poll
** may be NULL.
*/
bool sqa_program_run(const struct sqa_program *program, const uint8_t *marks,
                     struct sqa_poll *poll);

#endif
