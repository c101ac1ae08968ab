/* array_match(A, query): tells whether the set of A satisfies a query such as '1 & (2 | !3)'. */
#include "core/query.h"
#include "core/set_walk.h"
#include "functions/bodies.h"
#include "functions/marks.h"
#include "sql/arguments.h"
#include "sql/result.h"
#include "sql/scratch.h"
#include "sql/whole_array.h"

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

/* Fills the program's marks. Operands that do not fit the array's width are not in it. */
static void mark_operands(struct sqa_call *call, const struct sqa_array *array,
                          const struct sqa_program *program) {
    const struct sqa_view view = {(const unsigned char *)program->operand, program->operands, 8};
    const struct sqa_array all = sqa_array_of(&view),
                           fit = sqa_set_within(call->connection->kernels, &all, array->width);
    struct sqa_view first = view;
    (void)sqa_array_is_plain(&fit, &first);
    const size_t before = (size_t)(first.data - view.data) / 8, behind = before + fit.count;
    sqa_whole_zero(call, program->marks, before);
    sqa_mark_values(call, array, &fit, program->marks + before, false);
    sqa_whole_zero(call, program->marks + behind, all.count - behind);
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
