/*
** A model of expressions: the steps of a compiled one, each computed for all elements before the
** next, in 64 bits. So it is the first step with an error whose error counts. And a run of the real
** thing, to be compared with it.
*/
#ifndef SQA_EXPRESSION_MODEL_H
#define SQA_EXPRESSION_MODEL_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/expression_bind.h"

/* What a step or an argument has: an integer, or n elements */
struct model_value {
    bool is_integer;
    size_t n;
    int64_t *x; /* one where it is an integer */
};

struct model_outcome {
    enum sqa_status status;
    struct sqa_error error;
    struct model_value results[2];
};

static int64_t model_shift(int64_t x, bool left, uint64_t count) {
    for (count = count > 64 ? 64 : count; count > 0; count--)
        x = left ? (int64_t)((uint64_t)x << 1) : x >> 1;
    return x;
}

static enum sqa_status model_divide(int64_t x, int64_t y, bool floors, bool remains, int64_t *r) {
    if (y == 0)
        return SQA_DIVISION;
    if (y == -1) {
        *r = 0;
        return remains ? SQA_OK : __builtin_sub_overflow(0, x, r) ? SQA_OVERFLOW : SQA_OK;
    }
    const bool adjusts = floors && x % y != 0 && (x < 0) != (y < 0);
    *r = remains ? x % y + (adjusts ? y : 0) : x / y - adjusts;
    return SQA_OK;
}

static enum sqa_status model_power(int64_t x, int64_t y, int64_t *r) {
    if (y < 0)
        return SQA_EXPONENT;
    *r = x == 0 ? y == 0 : x == -1 && y % 2 != 0 ? -1 : 1;
    for (; y > 0 && (x > 1 || x < -1); y--) {
        if (__builtin_mul_overflow(*r, x, r))
            return SQA_OVERFLOW;
    }
    return SQA_OK;
}

/* One element of a step, of its inputs' elements */
static enum sqa_status model_element(enum sqa_operation operation, const int64_t in[3],
                                     int64_t *r) {
    const int64_t x = in[0], y = in[1];
    *r = 0;
    switch (operation) {
    case SQA_OPERATION_add:
        return __builtin_add_overflow(x, y, r) ? SQA_OVERFLOW : SQA_OK;
    case SQA_OPERATION_sub:
        return __builtin_sub_overflow(x, y, r) ? SQA_OVERFLOW : SQA_OK;
    case SQA_OPERATION_mul:
        return __builtin_mul_overflow(x, y, r) ? SQA_OVERFLOW : SQA_OK;
    case SQA_OPERATION_div:
    case SQA_OPERATION_mod:
        return model_divide(x, y, false, operation == SQA_OPERATION_mod, r);
    case SQA_OPERATION_floor_div:
    case SQA_OPERATION_floor_mod:
        return model_divide(x, y, true, operation == SQA_OPERATION_floor_mod, r);
    case SQA_OPERATION_pow:
        return model_power(x, y, r);
    case SQA_OPERATION_least:
        return *r = x < y ? x : y, SQA_OK;
    case SQA_OPERATION_greatest:
        return *r = x > y ? x : y, SQA_OK;
    case SQA_OPERATION_bit_and:
    case SQA_OPERATION_and:
        return *r = x & y, SQA_OK;
    case SQA_OPERATION_bit_or:
    case SQA_OPERATION_or:
        return *r = x | y, SQA_OK;
    case SQA_OPERATION_bit_xor:
        return *r = x ^ y, SQA_OK;
    case SQA_OPERATION_shl:
    case SQA_OPERATION_shr:
        return *r = model_shift(x, (operation == SQA_OPERATION_shl) == (y >= 0),
                                y < 0 ? 0 - (uint64_t)y : (uint64_t)y),
               SQA_OK;
    case SQA_OPERATION_eq:
        return *r = x == y, SQA_OK;
    case SQA_OPERATION_ne:
        return *r = x != y, SQA_OK;
    case SQA_OPERATION_lt:
        return *r = x < y, SQA_OK;
    case SQA_OPERATION_le:
        return *r = x <= y, SQA_OK;
    case SQA_OPERATION_abs:
        return x >= 0 ? (*r = x, SQA_OK) : __builtin_sub_overflow(0, x, r) ? SQA_OVERFLOW : SQA_OK;
    case SQA_OPERATION_popcount:
        for (int bit = 0; bit < 64; bit++)
            *r += x >> bit & 1;
        return SQA_OK;
    case SQA_OPERATION_sign:
        return *r = (x > 0) - (x < 0), SQA_OK;
    case SQA_OPERATION_clip:
        return *r = x < y ? y : x > in[2] ? in[2] : x, SQA_OK;
    case SQA_OPERATION_where:
        return *r = x != 0 ? y : in[2], SQA_OK;
    case SQA_OPERATION_between:
        return *r = y <= x && x <= in[2], SQA_OK;
    default:
        abort();
    }
}

static void model_fail(struct model_outcome *o, enum sqa_status status, int64_t a, int64_t b) {
    if (o->status == SQA_OK) {
        o->status = status;
        o->error = (struct sqa_error){a, b};
    }
}

/* Is x among the items of an IN? Items are steps, or the elements of the second input. */
static int64_t model_is_in(const struct sqa_expression *e, const struct sqa_expression_step *step,
                           const struct model_value *values, int64_t x) {
    if (step->inputs == 2) {
        const struct model_value *set = &values[step->input[1]];
        for (size_t i = 0; i < set->n; i++)
            if (set->x[i] == x)
                return 1;
    }
    for (unsigned i = 0; i < step->items; i++)
        if (values[e->items[step->first + i]].x[0] == x)
            return 1;
    return 0;
}

/* What has to be an integer, or an array, and is not */
static void model_check_kinds(const struct sqa_expression *e,
                              const struct sqa_expression_step *step,
                              const struct model_value *values, struct model_outcome *o) {
    for (unsigned i = 0; i < step->items; i++)
        if (!values[e->items[step->first + i]].is_integer)
            model_fail(o, SQA_EXPRESSION_INTEGER, e->steps[e->items[step->first + i]].at, 0);
    if (step->operation == SQA_OPERATION_isin && step->inputs == 2 &&
        values[step->input[1]].is_integer)
        model_fail(o, SQA_EXPRESSION_ARRAY, e->steps[step->input[1]].at, 0);
    if (step->operation != SQA_OPERATION_clip)
        return;
    for (unsigned i = 1; i <= 2; i++)
        if (!values[step->input[i]].is_integer)
            model_fail(o, SQA_EXPRESSION_INTEGER, e->steps[step->input[i]].at, 0);
    if (o->status == SQA_OK && values[step->input[1]].x[0] > values[step->input[2]].x[0])
        model_fail(o, SQA_EXPRESSION_BOUNDS, values[step->input[1]].x[0],
                   values[step->input[2]].x[0]);
}

static void model_step(const struct sqa_expression *e, unsigned k, struct model_value *values,
                       struct model_outcome *o) {
    const struct sqa_expression_step *step = &e->steps[k];
    const unsigned inputs = step->operation == SQA_OPERATION_isin ? 1 : step->inputs;
    struct model_value *v = &values[k];
    v->is_integer = true;
    v->n = 1;
    model_check_kinds(e, step, values, o);
    for (unsigned i = 0; i < inputs; i++)
        v->is_integer &= values[step->input[i]].is_integer;
    if (!v->is_integer && step->operation == SQA_OPERATION_where &&
        values[step->input[0]].is_integer)
        model_fail(o, SQA_EXPRESSION_ARRAY, e->steps[step->input[0]].at, 0);
    for (unsigned i = 0, found = 0; i < inputs; i++) {
        const struct model_value *in = &values[step->input[step->is_swapped ? 1 - i : i]];
        if (in->is_integer)
            continue;
        if (found > 0 && in->n != v->n)
            model_fail(o, SQA_LENGTHS, (int64_t)v->n, (int64_t)in->n);
        v->n = found++ == 0 ? in->n : v->n;
    }
    v->x = malloc((v->n + 1) * sizeof *v->x);
    for (size_t i = 0; i < v->n && o->status == SQA_OK; i++) {
        int64_t in[3] = {0, 0, 0};
        for (unsigned j = 0; j < inputs; j++)
            in[j] = values[step->input[j]].x[values[step->input[j]].is_integer ? 0 : i];
        if (step->operation == SQA_OPERATION_isin)
            v->x[i] = model_is_in(e, step, values, in[0]);
        else
            model_fail(o, model_element((enum sqa_operation)step->operation, in, &v->x[i]),
                       (int64_t)i + 1, 0);
    }
}

/*
** Computes an expression. results borrow from values, SQA_EXPRESSION_STEPS of them, for
** model_free().
*/
static struct model_outcome model_run(const struct sqa_expression *e,
                                      const struct model_value *arguments,
                                      struct model_value *values) {
    struct model_outcome o = {.status = SQA_OK};
    memset(values, 0, SQA_EXPRESSION_STEPS * sizeof *values);
    for (unsigned k = 0; k < e->count && o.status == SQA_OK; k++) {
        const struct sqa_expression_step *step = &e->steps[k];
        if (step->operation == SQA_OPERATION_argument) {
            const struct model_value *from = &arguments[step->value];
            values[k] = (struct model_value){from->is_integer, from->n,
                                             malloc((from->n + 1) * sizeof(int64_t))};
            memcpy(values[k].x, from->x, from->n * sizeof(int64_t));
        } else if (step->operation == SQA_OPERATION_integer) {
            values[k] = (struct model_value){true, 1, malloc(sizeof(int64_t))};
            values[k].x[0] = step->value;
        } else {
            model_step(e, k, values, &o);
        }
    }
    for (int i = 0; i <= (e->outermost == SQA_OUTERMOST_filter); i++) {
        const unsigned k = i == 0 ? e->result : e->mask;
        if (o.status != SQA_OK)
            break;
        o.results[i] = values[k];
        if (values[k].is_integer)
            model_fail(&o, SQA_EXPRESSION_ARRAY, e->steps[k].at, 0);
        if (i == 1)
            if (values[k].n != values[e->result].n)
                model_fail(&o, SQA_LENGTHS, (int64_t)values[e->result].n, (int64_t)values[k].n);
    }
    return o;
}

static void model_free(struct model_value *values) {
    for (unsigned k = 0; k < SQA_EXPRESSION_STEPS; k++)
        free(values[k].x);
}

/* ---- The real thing */

static void *real_sort(void *context, const struct sqa_array *array) {
    const struct sqa_kernels *kernels = context;
    static int64_t *sorted[64]; /* kept until the next ones take their places */
    static unsigned next;
    int64_t *scratch = malloc((array->count + 1) * 8);
    free(sorted[next % 64]);
    int64_t *copy = sorted[next++ % 64] = malloc((array->count + 1) * 8);
    sqa_array_copy(kernels, array, 0, array->count, copy, 8);
    kernels->sort[SQA_INDEX_64](copy, array->count, scratch, NULL);
    free(scratch);
    return copy;
}

static int64_t real_element(const void *data, unsigned width, size_t i) {
    const struct sqa_view view = {data, i + 1, width};
    return sqa_view_get(&view, i);
}

/* The whole array: what sqa_result_started() does. dst has room for 8 bytes an element. */
static enum sqa_status real_array(const struct sqa_kernels *kernels, struct sqa_elementwise *e,
                                  void *dst, struct sqa_error *error) {
    while (e->done < e->count) {
        const unsigned before = sqa_elementwise_width(e);
        const enum sqa_status status = sqa_elementwise_run(e, dst, error);
        if (status == SQA_WIDEN)
            sqa_convert_in_place(kernels, dst, e->done, before, e->last.width, NULL);
        else if (status != SQA_OK)
            return status;
    }
    return SQA_OK;
}

/*
** Runs an expression in memory of exactly the size asked for; NULL if it does as the model says,
** else what is different.
*/
static const char *real_compare(const struct sqa_expression *x, const struct sqa_kernels *kernels,
                                const struct sqa_operand *arguments,
                                const struct model_outcome *expected) {
    const struct sqa_expression_call call = {x, kernels, arguments, real_sort, (void *)kernels};
    const size_t size = sqa_expression_room(&call);
    void *memory = NULL;
    struct sqa_elementwise e;
    struct sqa_source results[2];
    struct sqa_error error = {0, 0};
    const char *difference = NULL;
    if (posix_memalign(&memory, 64, size) != 0)
        abort();
    enum sqa_status status = sqa_expression_bind(&call, memory, &e, results, &error);
    const bool is_array = status == SQA_OK && e.failed < 0 && x->outermost == SQA_OUTERMOST_none &&
                          results[0].stage != NULL;
    if (is_array) {
        unsigned char *dst = malloc(e.count * 8 + 8);
        status = real_array(kernels, &e, dst, &error);
        for (size_t i = 0; i < e.count && status == SQA_OK && expected->status == SQA_OK; i++)
            if (real_element(dst, sqa_elementwise_width(&e), i) != expected->results[0].x[i])
                difference = "an element of the array";
        free(dst);
    }
    while (!is_array && status == SQA_OK && e.done < e.count && difference == NULL) {
        size_t n = 0;
        status = sqa_elementwise_block(&e, &n, &error);
        for (int s = 0; s <= (x->outermost == SQA_OUTERMOST_filter) && n > 0; s++) {
            const unsigned width = sqa_source_width(&results[s]);
            const void *data =
                sqa_source_read(&results[s], kernels, e.done, 0, n, width, false, e.conversions);
            for (size_t i = 0; i < n && expected->status == SQA_OK; i++)
                if (real_element(data, width, i) != expected->results[s].x[e.done + i])
                    difference = "an element of a block";
        }
        e.done += n;
    }
    if (status != expected->status)
        difference = "the status";
    else if (status != SQA_OK && (error.a != expected->error.a ||
                                  ((status == SQA_LENGTHS || status == SQA_EXPRESSION_BOUNDS) &&
                                   error.b != expected->error.b)))
        difference = "the figures of the error";
    else if (status == SQA_OK && e.count != expected->results[0].n)
        difference = "the length";
    free(memory);
    return difference;
}

#endif
