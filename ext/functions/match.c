/* array_match(A, query): tells whether the set of A satisfies a query such as '1 & (2 | !3)'. */
#include "core/query.h"
#include "core/set_walk.h"
#include "functions/bodies.h"
#include "functions/sets.h"
#include "sql/arguments.h"
#include "sql/result.h"
#include "sql/scratch.h"
#include "sql/whole_array.h"

#include <string.h>

SQLITE_EXTENSION_INIT3

/* Compiles the scanned query into a buffer of the pool. Returns NULL after a failure. */
static struct sqa_program *compile_argument(struct sqa_call *call, const struct sqa_query *query) {
    void *work = sqa_scratch_take(call, sqa_query_work_size(query), 1);
    void *memory = sqa_scratch_take(call, sqa_query_program_size(query), 1);
    if (sqa_failed(call))
        return NULL;
    struct sqa_program *program = sqa_query_compile(query, call->connection->kernels, memory, work);
    return sqa_failed(call) ? NULL : sqa_scratch_keep(call, program);
}

/*
** Returns the compiled query of argument i, valid until the SQL function returns, or NULL after a
** failure. If the argument is constant, SQLite keeps the compiled query for the following rows.
*/
static struct sqa_program *arg_query(struct sqa_call *call, int i) {
    struct sqa_query query = {.poll = &call->poll};
    struct sqa_error error = {0, 0};
    struct sqa_program *program = sqlite3_get_auxdata(call->context, i);
    if (program != NULL)
        return program;
    query.text = sqa_arg_text(call, i, &query.size);
    if (sqa_failed(call))
        return NULL;
    const enum sqa_status status = sqa_query_scan(&query, &error);
    if (status != SQA_OK && status != SQA_INTERRUPT) {
        char why[160];
        sqa_status_text(status, &error, why, sizeof why);
        sqa_fail(call, "argument %d is not a query (%s)", i + 1, why);
    }
    program = compile_argument(call, &query);
    if (program == NULL)
        return NULL;
    sqlite3_set_auxdata(call->context, i, program, sqa_scratch_free);
    if (sqlite3_get_auxdata(call->context, i) == program)
        return program;
    sqa_check_memory(call, NULL); /* SQLite has freed the program */
    return NULL;
}

/*
** Sets marks[j] to 1 if operands[j] occurs in the array. The array is read once from start to
** end; its elements may be in any order.
*/
static void mark_by_reading(struct sqa_call *call, const struct sqa_array *array,
                            const int64_t *operands, size_t n, uint8_t *marks) {
    const struct sqa_kernels *kernels = call->connection->kernels;
    const unsigned width = n <= SQA_BLOCK ? array->width : 8, index = sqa_width_index(width);
    _Alignas(64) unsigned char block[SQA_BLOCK * 8];
    const void *set = operands;
    struct sqa_reader reader;
    if (n <= SQA_BLOCK) { /* a few operands are narrowed once, otherwise all elements are widened */
        kernels->from64[index](block, operands, n);
        set = block;
    }
    sqa_read(&reader, call, array, width);
    while (sqa_reader_next(&reader))
        kernels->mark[index](marks, reader.data, reader.n, set, n);
}

/*
** Sets marks[j] to 1 if operands[j] occurs in the array, which must be a set: each operand is
** found by binary search.
*/
static void mark_by_searching(struct sqa_call *call, const struct sqa_array *array,
                              const int64_t *operands, size_t n, uint8_t *marks) {
    const struct sqa_kernels *kernels = call->connection->kernels;
    const struct sqa_view set = sqa_whole_view(call, array), all = {(const void *)operands, n, 8};
    const struct sqa_array sought = sqa_array_of(&all);
    struct sqa_reader reader;
    sqa_read(&reader, call, &sought, set.width);
    while (sqa_reader_next(&reader))
        kernels->isin[sqa_width_index(set.width)](marks + reader.at, reader.data, reader.n,
                                                  set.data, set.count);
}

/* Fills in the program's marks. Operands that do not fit the array's width cannot occur in it. */
static void mark_operands(struct sqa_call *call, const struct sqa_array *array,
                          const struct sqa_program *program) {
    const struct sqa_view view = {(const unsigned char *)program->operand, program->operands, 8};
    const struct sqa_array all = sqa_array_of(&view),
                           fits = sqa_set_within(call->connection->kernels, &all, array->width);
    const struct sqa_view fit = sqa_whole_view(call, &fits);
    const int64_t *const operands = (const int64_t *)(const void *)fit.data;
    uint8_t *const marks = program->marks + (operands - program->operand);
    const bool is_set = sqa_is_set(call, array);
    sqa_whole_zero(call, program->marks, program->operands);
    if (!sqa_failed(call))
        (is_set ? mark_by_searching : mark_by_reading)(call, array, operands, fit.count, marks);
}

void sqa_fn_match(struct sqa_call *call) {
    const struct sqa_array array = sqa_arg_array(call, 0);
    struct sqa_program *program = arg_query(call, 1);
    if (program == NULL)
        return;
    mark_operands(call, &array, program);
    if (!sqa_failed(call))
        sqlite3_result_int(call->context, sqa_program_run(program, program->marks, &call->poll));
}
