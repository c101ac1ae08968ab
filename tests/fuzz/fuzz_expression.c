/*
** Any bytes as arguments, then an expression. What compiles gives, with each set of kernels, what a
** model gives that computes one step after the other: the same elements, or the same error.
**
**     number of arguments; for each one its kind, length, width and elements; the text
*/
#define _POSIX_C_SOURCE 200809L
#include "fuzz.h"

#include "core/random.h"
#include "../expression_model.h"
#include "kernel/dispatch.h"

enum { MOST_ARGUMENTS = 4 };

struct fuzzed_argument {
    struct model_value value;
    struct fuzz_memory memory;
};

static void make_argument(struct fuzz_input *input, struct fuzzed_argument *a,
                          struct sqa_operand *operand) {
    const unsigned kind = fuzz_byte(input), length = fuzz_byte(input);
    const unsigned width = 1u << (kind & 3);
    struct sqa_random random = sqa_random_seeded(length);
    a->value.is_integer = (kind & 12) == 12;
    a->value.n = a->value.is_integer ? 1 : length < 200 ? length % 40 : length * 9u;
    a->value.x = calloc(a->value.n + 1, sizeof *a->value.x);
    a->memory = fuzz_room(a->value.n * width, kind & 16 ? 1 : 0);
    for (size_t i = 0; i < a->value.n; i++) {
        uint64_t x = kind & 32 ? sqa_random_next(&random) >> (kind & 63) : fuzz_byte(input);
        if ((kind & 32) == 0 && x > 240)
            x = (uint64_t)1 << (x & 63);
        const int64_t shortened = (int64_t)(x << (64 - 8 * width)) >> (64 - 8 * width);
        memcpy(a->memory.data + i * width, &shortened, width);
        a->value.x[i] = shortened;
    }
    operand->is_scalar = a->value.is_integer;
    operand->scalar = a->value.x[0];
    const struct sqa_view view = {a->memory.data, a->value.n, width};
    operand->array = sqa_array_of(&view);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static struct sqa_expression expression;
    static struct model_value values[SQA_EXPRESSION_STEPS];
    static const char *const sets[] = {"base", NULL};
    struct fuzz_input input = {data, size};
    struct fuzzed_argument arguments[MOST_ARGUMENTS];
    struct sqa_operand operands[MOST_ARGUMENTS];
    const unsigned count = 1 + fuzz_below(&input, MOST_ARGUMENTS);
    struct sqa_error error = {0, 0};
    for (unsigned i = 0; i < count; i++)
        make_argument(&input, &arguments[i], &operands[i]);
    const struct fuzz_memory text = fuzz_copy(input.at, input.size, 0);
    const enum sqa_status status =
        sqa_expression_compile(&expression, (const char *)text.data, input.size, count, &error);
    if (status == SQA_OK) {
        const struct model_outcome expected =
            model_run(&expression,
                      (const struct model_value[]){
                          arguments[0].value, count > 1 ? arguments[1].value : arguments[0].value,
                          count > 2 ? arguments[2].value : arguments[0].value,
                          count > 3 ? arguments[3].value : arguments[0].value},
                      values);
        for (size_t s = 0; s < sizeof sets / sizeof *sets; s++) {
            const char *difference =
                real_compare(&expression, sqa_kernels_choose(sets[s]), operands, &expected);
            if (difference != NULL)
                (void)fprintf(stderr, "%.*s: %s\n", (int)input.size, (const char *)text.data,
                              difference);
            must(difference == NULL);
        }
        model_free(values);
    } else {
        must(error.a >= 1 && (uint64_t)error.a <= input.size + 1);
    }
    for (unsigned i = 0; i < count; i++) {
        free(arguments[i].value.x);
        free(arguments[i].memory.block);
    }
    free(text.block);
    return 0;
}
