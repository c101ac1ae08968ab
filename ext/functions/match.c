/* array_match(A, query): does the set of A answer a query such as '1 & (2 | !3)'? */
#include "core/set_walk.h"
#include "core/query.h"
#include "sql/arguments.h"
#include "sql/blocks.h"
#include "functions/bodies.h"
#include "sql/whole_array.h"
#include "sql/result.h"
#include "functions/sets.h"

#include <string.h>

SQLITE_EXTENSION_INIT3

static enum sqa_status compile(struct sqa_call *call, struct sqa_query *query,
                               struct sqa_program **program) {
    void *memory = sqa_pool_take(call->connection->pool, sqa_query_program_size(query));
    void *work = sqa_pool_take(call->connection->pool, sqa_query_work_size(query));
    enum sqa_status status = memory != NULL && work != NULL ? SQA_OK : SQA_NOMEM;
    if (status == SQA_OK) {
        *program = sqa_query_compile(query, call->connection->kernels, memory, work);
        status = sqa_call_status(call);
    }
    if (status != SQA_OK)
        sqa_pool_give(memory);
    sqa_pool_give(work);
    return status;
}

/*
** The query in argument i, compiled; borrowed until the SQL function returns. Where it is a
** constant SQLite keeps it for the next row.
*/
static enum sqa_status query_argument(struct sqa_call *call, int i, struct sqa_program **program) {
    struct sqa_query query = {.poll = &call->poll};
    struct sqa_error error;
    char why[160];
    *program = sqlite3_get_auxdata(call->context, i);
    if (*program != NULL)
        return SQA_OK;
    enum sqa_status status = sqa_arg_text(call, i, &query.text, &query.size);
    if (status != SQA_OK)
        return status;
    status = sqa_query_scan(&query, &error);
    if (status == SQA_INTERRUPT)
        return status;
    if (status != SQA_OK) {
        sqa_status_text(status, &error, why, sizeof why);
        return sqa_fail(call, "argument %d is not a query (%s)", i + 1, why);
    }
    status = compile(call, &query, program);
    if (status != SQA_OK)
        return status;
    sqlite3_set_auxdata(call->context, i, *program, sqa_pool_give);
    /* without memory for that SQLite has given it back */
    return sqlite3_get_auxdata(call->context, i) == *program ? SQA_OK : SQA_NOMEM;
}

/* marks[j] becomes 1 where operands[j] is in the array, which is in no order: it is read once. */
static enum sqa_status mark_by_reading(struct sqa_call *call, const struct sqa_view *view,
                                       const int64_t *operands, size_t n, uint8_t *marks) {
    const struct sqa_kernels *kernels = call->connection->kernels;
    const unsigned width = n <= SQA_BLOCK ? view->width : 8, index = sqa_width_index(width);
    _Alignas(64) unsigned char block[SQA_BLOCK * 8];
    const void *set = operands;
    struct sqa_blocks blocks;
    if (n <= SQA_BLOCK) { /* few are narrowed; else the elements are widened */
        kernels->from64[index](block, operands, n);
        set = block;
    }
    sqa_blocks_begin(&blocks, call, view, width);
    while (sqa_blocks_next(&blocks))
        kernels->mark[index](marks, blocks.data, blocks.n, set, n);
    return blocks.status;
}

/* The same where the array is a set: each operand is searched for. */
static enum sqa_status mark_by_searching(struct sqa_call *call, const struct sqa_view *set,
                                         const int64_t *operands, size_t n, uint8_t *marks) {
    const struct sqa_kernels *kernels = call->connection->kernels;
    const unsigned index = sqa_width_index(set->width);
    for (size_t at = 0; at < n; at += SQA_BLOCK) {
        _Alignas(64) unsigned char block[SQA_BLOCK * 8];
        const size_t m = n - at < SQA_BLOCK ? n - at : SQA_BLOCK;
        kernels->from64[index](block, operands + at, m);
        kernels->isin[index](marks + at, block, m, set->data, set->count);
        if (at % SQA_RUN == SQA_RUN - SQA_BLOCK && sqa_stopped(&call->poll))
            break;
    }
    return sqa_call_status(call);
}

/* Fills the program's marks. Operands that do not fit the array's width are not in it. */
static enum sqa_status mark(struct sqa_call *call, const struct sqa_view *view,
                            const struct sqa_program *program) {
    const struct sqa_view all = {(const unsigned char *)program->operand, program->operands, 8};
    const struct sqa_view fit = sqa_set_within(call->connection->kernels, &all, view->width);
    const int64_t *const operands = (const int64_t *)(const void *)fit.data;
    uint8_t *const marks = program->marks + (operands - program->operand);
    bool is_set;
    enum sqa_status status = sqa_is_set(call, view, &is_set);
    if (status == SQA_OK)
        status = sqa_whole_zero(call, program->marks, program->operands);
    if (status != SQA_OK)
        return status;
    return (is_set ? mark_by_searching : mark_by_reading)(call, view, operands, fit.count, marks);
}

enum sqa_status fn_match(struct sqa_call *call) {
    struct sqa_view view;
    struct sqa_program *program;
    enum sqa_status status = sqa_arg_array(call, 0, &view);
    if (status == SQA_OK)
        status = query_argument(call, 1, &program);
    if (status == SQA_OK)
        status = mark(call, &view, program);
    if (status != SQA_OK)
        return status;
    sqlite3_result_int(call->context, sqa_program_run(program, program->marks, &call->poll));
    return sqa_call_status(call);
}
