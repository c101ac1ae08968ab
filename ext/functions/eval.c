/* array_eval(expression, A, ...): expressions of several operations, computed block by block. */
#include "functions/bodies.h"
#include "sql/arguments.h"
#include "sql/evaluation.h"
#include "sql/result.h"
#include "sql/scratch.h"

SQLITE_EXTENSION_INIT3

/*
** Returns the compiled expression in argument 1, borrowed until the SQL function returns; NULL
** after a failure. A constant is compiled once in a statement.
*/
static const struct sqa_expression *arg_expression(struct sqa_call *call) {
    struct sqa_expression *expression = sqlite3_get_auxdata(call->context, 0);
    size_t size;
    if (expression != NULL)
        return expression;
    if (call->argc - 1 > SQA_EXPRESSION_LETTERS)
        sqa_fail(call, "at most %d arguments can have a letter, %d given", SQA_EXPRESSION_LETTERS,
                 call->argc - 1);
    const char *text = sqa_arg_text(call, 0, &size);
    if (sqa_failed(call))
        return NULL;
    expression = sqa_object_new(sizeof *expression);
    sqa_check_memory(call, expression);
    sqa_evaluation_compile(call, expression, text, size, call->argc - 1);
    if (sqa_failed(call)) {
        sqa_object_free(expression);
        return NULL;
    }
    sqlite3_set_auxdata(call->context, 0, expression, sqa_object_free);
    if (sqlite3_get_auxdata(call->context, 0) != expression) { /* SQLite has freed it */
        sqa_check_memory(call, NULL);
        return NULL;
    }
    return expression;
}

/* ---- One number */

/* What is known of the values computed so far */
struct evaluated {
    struct sqa_wide sum;
    size_t nonzero;
    int64_t extreme;
    size_t extreme_at; /* from 0 */
};

static void fold_block(enum sqa_outermost outermost, const struct sqa_kernels *kernels,
                       unsigned index, const void *values, size_t at, size_t n,
                       struct evaluated *seen) {
    const bool is_max = outermost == SQA_OUTERMOST_max || outermost == SQA_OUTERMOST_argmax;
    switch (outermost) {
    case SQA_OUTERMOST_sum:
    case SQA_OUTERMOST_avg:
        kernels->sum[index](values, n, &seen->sum);
        break;
    case SQA_OUTERMOST_count:
    case SQA_OUTERMOST_any:
    case SQA_OUTERMOST_all:
        seen->nonzero += n - kernels->count[index](values, 0, n);
        break;
    default: {
        const int64_t x = (is_max ? kernels->max : kernels->min)[index](values, n);
        if (at > 0 && !(is_max ? x > seen->extreme : x < seen->extreme))
            break;
        seen->extreme = x;
        if (outermost == SQA_OUTERMOST_argmin || outermost == SQA_OUTERMOST_argmax)
            seen->extreme_at = at + kernels->find[index](values, x, n);
    }
    }
}

/* The result for an array without elements: that of array_sum, array_min and so on. */
static void result_evaluated(struct sqa_call *call, enum sqa_outermost outermost, size_t count,
                             const struct evaluated *seen) {
    sqlite3_context *context = call->context;
    switch (outermost) {
    case SQA_OUTERMOST_sum:
        sqa_result_wide(call, &seen->sum);
        break;
    case SQA_OUTERMOST_avg:
        if (count > 0)
            sqlite3_result_double(context, sqa_wide_double(seen->sum) / (double)count);
        break;
    case SQA_OUTERMOST_count:
        sqlite3_result_int64(context, (int64_t)seen->nonzero);
        break;
    case SQA_OUTERMOST_any:
        sqlite3_result_int(context, seen->nonzero > 0);
        break;
    case SQA_OUTERMOST_all:
        sqlite3_result_int(context, seen->nonzero == count);
        break;
    case SQA_OUTERMOST_argmin:
    case SQA_OUTERMOST_argmax:
        if (count > 0)
            sqlite3_result_int64(context, (int64_t)seen->extreme_at + 1);
        break;
    default:
        if (count > 0)
            sqlite3_result_int64(context, seen->extreme);
    }
}

static void evaluate_number(struct sqa_call *call, struct sqa_evaluation *evaluation) {
    const enum sqa_outermost outermost = evaluation->expression->outermost;
    const struct sqa_kernels *kernels = call->connection->kernels;
    struct sqa_elementwise *e = &evaluation->e;
    struct evaluated seen = {.nonzero = 0};
    for (size_t n; (n = sqa_evaluation_block(call, evaluation)) > 0; e->done += n) {
        const unsigned width = sqa_source_width(&evaluation->results[0]);
        const void *values = sqa_source_read(&evaluation->results[0], kernels, e->done, 0, n, width,
                                             false, e->conversions);
        fold_block(outermost, kernels, sqa_width_index(width), values, e->done, n, &seen);
    }
    if (!sqa_failed(call))
        result_evaluated(call, outermost, e->count, &seen);
}

/* ---- Arrays */

/*
** Enlarges out, which has `kept` elements, for `more` further ones. It will never need more than
** `most`.
*/
static void make_room(struct sqa_out *out, size_t kept, size_t more, size_t most, unsigned width) {
    const uint64_t limit = (sqa_result_limit(out->call->connection) - SQA_HEADER) / width;
    const uint64_t needed = kept + more, doubled = 2 * needed < most ? 2 * needed : most;
    if (needed > out->count || width > out->width)
        sqa_out_grow(out, kept, doubled < limit ? doubled : needed, width);
}

static void evaluate_filter(struct sqa_call *call, struct sqa_evaluation *evaluation) {
    static const int64_t zero = 0;
    const struct sqa_kernels *kernels = call->connection->kernels;
    struct sqa_elementwise *e = &evaluation->e;
    struct sqa_out out;
    size_t kept = 0;
    uint64_t sig = 0;
    sqa_out_open(&out, call, 0, 1);
    for (size_t n; (n = sqa_evaluation_block(call, evaluation)) > 0; e->done += n) {
        uint8_t chosen[SQA_BLOCK];
        _Alignas(64) unsigned char block[SQA_BLOCK * 8];
        const unsigned width = sqa_source_width(&evaluation->results[0]);
        const unsigned mask_width = sqa_source_width(&evaluation->results[1]);
        const void *values = sqa_source_read(&evaluation->results[0], kernels, e->done, 0, n, width,
                                             false, e->conversions);
        const void *mask = sqa_source_read(&evaluation->results[1], kernels, e->done, 0, n,
                                           mask_width, false, e->conversions + e->conversion_size);
        kernels->ne_vs[sqa_width_index(mask_width)](chosen, mask, &zero, n);
        const struct sqa_view found = {
            block, kernels->filter[sqa_width_index(width)](block, values, chosen, n), width};
        sig |= kernels->sig[sqa_width_index(width)](block, found.count);
        make_room(&out, kept, found.count, e->count, sqa_sig_width(sig));
        if (sqa_failed(call))
            return;
        sqa_view_copy(kernels, &found, 0, found.count, sqa_out_at(&out, kept), out.width);
        kept += found.count;
    }
    sqa_out_close(&out, kept, sig);
}

static void evaluate_array(struct sqa_call *call, struct sqa_evaluation *evaluation) {
    if (evaluation->e.failed >= 0) /* runs only to find an error that comes before the known one */
        (void)sqa_evaluation_block(call, evaluation);
    else if (evaluation->results[0].stage == NULL)
        sqa_result_array(call, &evaluation->results[0].operand->array);
    else
        sqa_result_started(call, &evaluation->e);
}

void sqa_fn_eval(struct sqa_call *call) {
    struct sqa_evaluation evaluation;
    evaluation.expression = arg_expression(call);
    for (int i = 1; i < call->argc && !sqa_failed(call); i++)
        sqa_arg_operand(call, i, &evaluation.arguments[i - 1]);
    sqa_evaluation_bind(call, &evaluation);
    if (sqa_failed(call))
        return;
    if (evaluation.expression->outermost == SQA_OUTERMOST_none)
        evaluate_array(call, &evaluation);
    else if (evaluation.expression->outermost == SQA_OUTERMOST_filter)
        evaluate_filter(call, &evaluation);
    else
        evaluate_number(call, &evaluation);
}
