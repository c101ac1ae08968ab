#include "sql/evaluation.h"

#include "sql/scratch.h"
#include "sql/selection.h"

void sqa_evaluation_compile(struct sqa_call *call, struct sqa_expression *expression,
                            const char *text, size_t size, int arguments) {
    struct sqa_error error = {0, 0};
    char why[250];
    if (sqa_failed(call))
        return;
    const enum sqa_status status =
        sqa_expression_compile(expression, text, size, (unsigned)arguments, &error);
    sqa_status_text(status, &error, why, sizeof why);
    if (status != SQA_OK)
        sqa_fail(call, "argument 1: %s", why);
}

/* Returns the elements in ascending order, 8 bytes each, in memory of the call. */
static void *sort_evaluated(void *context, const struct sqa_array *array) {
    return sqa_sorted_copy(context, array, 8);
}

/* An error of the expression itself, and not of elements, is reported for argument 1. */
static void fail_evaluation(struct sqa_call *call, enum sqa_status status, struct sqa_error error) {
    char why[200];
    if (status != SQA_EXPRESSION_ARRAY && status != SQA_EXPRESSION_INTEGER) {
        sqa_fail_status(call, status, error);
        return;
    }
    sqa_status_text(status, &error, why, sizeof why);
    sqa_fail(call, "argument 1: %s", why);
}

void sqa_evaluation_bind(struct sqa_call *call, struct sqa_evaluation *evaluation) {
    struct sqa_error error = {0, 0};
    const struct sqa_expression_call bound = {.expression = evaluation->expression,
                                              .kernels = call->connection->kernels,
                                              .arguments = evaluation->arguments,
                                              .sort = sort_evaluated,
                                              .context = call};
    if (sqa_failed(call))
        return;
    evaluation->size = sqa_expression_room(&bound);
    evaluation->memory = sqa_scratch_take(call, evaluation->size, 1);
    if (evaluation->memory != NULL)
        fail_evaluation(call,
                        sqa_expression_bind(&bound, evaluation->memory, &evaluation->e,
                                            evaluation->results, &error),
                        error);
}

size_t sqa_evaluation_block(struct sqa_call *call, struct sqa_evaluation *evaluation) {
    struct sqa_elementwise *e = &evaluation->e;
    size_t n = 0;
    while (e->done < e->count && n == 0 && !sqa_failed(call)) {
        struct sqa_error error = {0, 0};
        if (e->done > 0 && (e->failed >= 0 || e->done % SQA_RUN == 0) && sqa_stopped(&call->poll))
            return 0;
        const enum sqa_status status = sqa_elementwise_block(e, &n, &error);
        fail_evaluation(call, status, error);
    }
    return sqa_failed(call) ? 0 : n;
}
