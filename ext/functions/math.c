/* Elementwise functions of integers and arrays. */
#include "functions/bodies.h"
#include "sql/arguments.h"
#include "sql/result.h"

SQLITE_EXTENSION_INIT3

/*
** The result is an elementwise operation. The tables hold its kernels for two arrays, an array
** and an integer, and an integer and an array. They are three arguments, not a struct, which
** would be written to memory and read again for each row.
*/
static void result_binary(struct sqa_call *call, sqa_binary_fn *const *vector_vector,
                          sqa_binary_fn *const *vector_scalar,
                          sqa_binary_fn *const *scalar_vector) {
    struct sqa_elementwise e;
    sqa_elementwise_init(&e, sqa_compute_binary, 2);
    e.node.op.binary.vv = vector_vector;
    e.node.op.binary.vs = vector_scalar;
    e.node.op.binary.sv = scalar_vector;
    sqa_arg_operands(call, &e.operands[0], &e.operands[1]);
    sqa_result_elementwise(call, &e);
}

#define BINARY(name)                                                                               \
    void sqa_fn_##name(struct sqa_call *call) {                                                    \
        const struct sqa_kernels *kernels = call->connection->kernels;                             \
        result_binary(call, kernels->name##_vv, kernels->name##_vs, kernels->name##_sv);           \
    }
BINARY(add)
BINARY(sub)
BINARY(mul)
BINARY(div)
BINARY(mod)
BINARY(floor_div)
BINARY(floor_mod)
BINARY(pow)
BINARY(least)
BINARY(greatest)
BINARY(bit_and)
BINARY(bit_or)
BINARY(bit_xor)
BINARY(shl)
BINARY(shr)

/*
** The result is an elementwise operation of an array, the only SQL argument, and an integer given
** here.
*/
static void result_with(struct sqa_call *call, int64_t scalar,
                        sqa_binary_fn *const *scalar_vector) {
    struct sqa_elementwise e;
    sqa_elementwise_init(&e, sqa_compute_binary, 2);
    e.node.op.binary.sv = scalar_vector;
    e.operands[0].is_scalar = true;
    e.operands[0].scalar = scalar;
    sqa_arg_array_to(call, 0, &e.operands[1].array);
    sqa_result_elementwise(call, &e);
}

void sqa_fn_neg(struct sqa_call *call) { /* -x = 0 - x */
    result_with(call, 0, call->connection->kernels->sub_sv);
}

void sqa_fn_bit_not(struct sqa_call *call) { /* ~x = -1 ^ x */
    result_with(call, -1, call->connection->kernels->bit_xor_sv);
}

static void result_unary(struct sqa_call *call, sqa_unary_fn *const *kernel) {
    struct sqa_elementwise e;
    sqa_elementwise_init(&e, sqa_compute_unary, 1);
    e.node.op.unary = kernel;
    sqa_arg_array_to(call, 0, &e.operands[0].array);
    sqa_result_elementwise(call, &e);
}

void sqa_fn_abs(struct sqa_call *call) {
    result_unary(call, call->connection->kernels->abs);
}

void sqa_fn_popcount(struct sqa_call *call) {
    result_unary(call, call->connection->kernels->popcount);
}

/* The result is argument 1 with each element limited to the range from lo to hi; lo <= hi. */
static void result_clip(struct sqa_call *call, int64_t lo, int64_t hi) {
    struct sqa_elementwise e;
    sqa_elementwise_init(&e, sqa_compute_clip, 1);
    sqa_arg_array_to(call, 0, &e.operands[0].array);
    e.node.op.range.lo = lo;
    e.node.op.range.hi = hi;
    sqa_result_elementwise(call, &e);
}

/* Fails because there is no integer between arguments 2 and 3, lo and hi. */
static void fail_without_integer(struct sqa_call *call) {
    char lo[SQA_NUMBER_TEXT], hi[SQA_NUMBER_TEXT];
    double x;
    /* two integers are not compared as doubles, since rounding could make them equal */
    const bool crossed = (!sqa_arg_is_fraction(call, 1, &x) && !sqa_arg_is_fraction(call, 2, &x)) ||
                         sqlite3_value_double(call->argv[1]) > sqlite3_value_double(call->argv[2]);
    sqa_fail(call, "%s (%s and %s given)",
             crossed ? "lo is greater than hi" : "no 64-bit integer is from lo to hi",
             sqa_number_text(call->argv[1], lo), sqa_number_text(call->argv[2], hi));
}

void sqa_fn_clip(struct sqa_call *call) {
    const struct sqa_range from = sqa_arg_range(call, 1, SQA_GE);
    const struct sqa_range range = sqa_range_both(from, sqa_arg_range(call, 2, SQA_LE));
    if (range.lo > range.hi && !sqa_failed(call))
        fail_without_integer(call);
    result_clip(call, range.lo, range.hi);
}

void sqa_fn_sign(struct sqa_call *call) {
    result_clip(call, -1, 1);
}
