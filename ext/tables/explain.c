/*
** array_explain(expression, A, ...): the steps that array_eval takes for these arguments.
**
**     SELECT * FROM array_explain('count((a*2+b) > c)', ?1, ?2, 300);
**
** There is a row for each step, in the order of computation, and a last row for the outermost
** function. `scratch` is the memory for the results of the step, and in the last row all memory of
** the call. Widths are those at the beginning of the computation.
*/
#include <stdio.h>
#include <string.h>

#include "sql/arguments.h"
#include "sql/evaluation.h"
#include "sql/registry.h"
#include "tables/cursor.h"
#include "tables/filter.h"
#include "tables/plan.h"

SQLITE_EXTENSION_INIT3

enum {
    EXPLAIN_COLUMN_STEP,
    EXPLAIN_COLUMN_OPERATION,
    EXPLAIN_COLUMN_WIDTH,
    EXPLAIN_COLUMN_ELEMENTS,
    EXPLAIN_COLUMN_SCRATCH,
    EXPLAIN_COLUMN_EXPRESSION
};
enum { EXPLAIN_SOME_STEPS = 10 /* for estimates */ };

struct explained_step {
    unsigned width;
    size_t elements, scratch; /* bytes of memory */
};

struct explain_cursor {
    struct sqa_cursor base;
    struct sqa_expression expression;
    struct explained_step steps[SQA_EXPRESSION_STEPS + 1];
};

static const struct sqa_form explain_form = {
    .name = "array_explain",
    .schema = "CREATE TABLE x(step INTEGER, operation TEXT, width INTEGER, elements INTEGER, "
              "scratch INTEGER, _expression HIDDEN, _a HIDDEN, _b HIDDEN, _c HIDDEN, _d HIDDEN, "
              "_e HIDDEN, _f HIDDEN)",
    .config = SQLITE_VTAB_INNOCUOUS,
    .cursor_size = sizeof(struct explain_cursor),
    .first_argument = EXPLAIN_COLUMN_EXPRESSION,
    .arrays = 0,
    .required = 2,
    .optional = 5,
};

static int explain_connect(sqlite3 *db, void *aux, int argc, const char *const *argv,
                           sqlite3_vtab **vtab, char **error) {
    (void)argc, (void)argv, (void)error;
    return sqa_table_connect(&explain_form, db, aux, vtab);
}

static int explain_best_index(sqlite3_vtab *vtab, sqlite3_index_info *info) {
    struct sqa_plan plan;
    const int rc = sqa_plan_start(&plan, vtab, info);
    if (rc != SQLITE_OK)
        return rc;
    plan.rows = EXPLAIN_SOME_STEPS;
    return sqa_plan_end(&plan);
}

/* Reads the arguments after the expression, as array_eval does, and returns their number. */
static int read_explained(struct sqa_call *call, struct sqa_operand *arguments) {
    int count = 0;
    for (; count + 1 < call->argc && call->argv[count + 1] != NULL && !sqa_failed(call); count++) {
        const int type = sqlite3_value_type(call->argv[count + 1]);
        struct sqa_operand *operand = &arguments[count];
        operand->is_scalar = type == SQLITE_INTEGER || type == SQLITE_FLOAT;
        if (operand->is_scalar)
            operand->scalar = sqa_arg_integer(call, count + 1);
        else
            operand->array = sqa_arg_row(call, count + 1);
    }
    return count;
}

/* Adds to the steps what is known of them after binding. */
static void explain_bound(struct explain_cursor *c, const struct sqa_evaluation *evaluation) {
    const struct sqa_expression *x = &c->expression;
    for (unsigned k = 0; k < x->count; k++) {
        const struct sqa_bound_step *bound = sqa_expression_bound(evaluation->memory, k);
        const struct sqa_stage *stage = bound->source.stage;
        struct explained_step *step = &c->steps[k];
        step->width = sqa_source_width(&bound->source);
        step->elements = bound->is_integer ? 1
                         : stage != NULL   ? stage->count
                                           : bound->source.operand->array.count;
        step->scratch = stage != NULL && stage->block != NULL ? evaluation->e.conversion_size : 0;
    }
    c->steps[x->count] = c->steps[x->result];
    if (x->outermost != SQA_OUTERMOST_none && x->outermost != SQA_OUTERMOST_filter)
        c->steps[x->count] = (struct explained_step){.elements = 1};
    c->steps[x->count].scratch = evaluation->size;
}

static int explain_filter(sqlite3_vtab_cursor *cursor, int plan, const char *plan_text, int argc,
                          sqlite3_value **argv) {
    (void)plan_text, (void)argc;
    struct explain_cursor *c = (struct explain_cursor *)cursor;
    struct sqa_filter filter;
    struct sqa_evaluation evaluation = {.expression = &c->expression};
    size_t size;
    if (!sqa_filter_start(&filter, &c->base, plan, argv))
        return sqa_filter_end(&filter);
    struct sqa_call *call = &filter.call;
    const char *text = sqa_arg_text(call, 0, &size);
    const int arguments = read_explained(call, evaluation.arguments);
    sqa_evaluation_compile(call, &c->expression, text, size, arguments);
    sqa_evaluation_bind(call, &evaluation);
    if (!sqa_failed(call) && evaluation.e.failed >= 0)
        (void)sqa_evaluation_block(call, &evaluation); /* computes the values to find the error */
    if (!sqa_failed(call)) {
        explain_bound(c, &evaluation);
        sqa_cursor_rows(&c->base, 0, c->expression.count, false);
    }
    return sqa_filter_end(&filter);
}

/*
** The result is the text of a step: a letter, an integer, or an operation with the numbers of its
** inputs.
*/
static void result_operation(const struct explain_cursor *c, sqlite3_context *context) {
    const struct sqa_expression *x = &c->expression;
    const unsigned k = (unsigned)c->base.row;
    const struct sqa_expression_step *step = &x->steps[k];
    char text[100];
    if (k == x->count && x->outermost == SQA_OUTERMOST_filter)
        (void)snprintf(text, sizeof text, "filter(%u, %u)", x->result + 1, x->mask + 1);
    else if (k == x->count)
        (void)snprintf(text, sizeof text, "%s(%u)",
                       x->outermost == SQA_OUTERMOST_none ? "array"
                                                          : sqa_outermost_name(x->outermost),
                       x->result + 1);
    else if (step->operation == SQA_OPERATION_argument)
        (void)snprintf(text, sizeof text, "%c", (int)('a' + step->value));
    else if (step->operation == SQA_OPERATION_integer)
        (void)snprintf(text, sizeof text, "%lld", (long long)step->value);
    else {
        size_t used = (size_t)snprintf(text, sizeof text, "%s(%d",
                                       sqa_operation_name((enum sqa_operation)step->operation),
                                       step->input[0] + 1);
        for (unsigned i = 1; i < step->inputs; i++)
            used += (size_t)snprintf(text + used, sizeof text - used, ", %d", step->input[i] + 1);
        if (step->items > 0)
            used += (size_t)snprintf(text + used, sizeof text - used, ", %d integers", step->items);
        (void)snprintf(text + used, sizeof text - used, ")");
    }
    sqlite3_result_text(context, text, -1, SQLITE_TRANSIENT);
}

static int give_explained(sqlite3_vtab_cursor *cursor, sqlite3_context *context, int column) {
    const struct explain_cursor *c = (const struct explain_cursor *)cursor;
    const struct explained_step *step = &c->steps[c->base.row];
    switch (column) {
    case EXPLAIN_COLUMN_STEP:
        sqlite3_result_int64(context, c->base.row + 1);
        break;
    case EXPLAIN_COLUMN_OPERATION:
        result_operation(c, context);
        break;
    case EXPLAIN_COLUMN_WIDTH:
        if (step->width > 0)
            sqlite3_result_int64(context, step->width);
        break;
    case EXPLAIN_COLUMN_ELEMENTS:
        sqlite3_result_int64(context, (sqlite3_int64)step->elements);
        break;
    case EXPLAIN_COLUMN_SCRATCH:
        sqlite3_result_int64(context, (sqlite3_int64)step->scratch);
        break;
    default:
        sqa_cursor_argument(&c->base, context, column);
    }
    return SQLITE_OK;
}

const sqlite3_module sqa_table_explain = {
    .xConnect = explain_connect,
    .xBestIndex = explain_best_index,
    .xDisconnect = sqa_table_disconnect,
    .xOpen = sqa_cursor_open,
    .xClose = sqa_cursor_close,
    .xFilter = explain_filter,
    .xNext = sqa_cursor_next,
    .xEof = sqa_cursor_eof,
    .xColumn = give_explained,
    .xRowid = sqa_cursor_rowid,
};
