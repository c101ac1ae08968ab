/* Elementwise functions of integers and arrays. */
#include "sql/arguments.h"
#include "functions/bodies.h"
#include "sql/result.h"

SQLITE_EXTENSION_INIT3

static enum sqa_status binary(struct sqa_call *call, struct sqa_binary_op op) {
    struct sqa_elementwise e; /* not cleared: for 16 elements that would be felt */
    e.step = sqa_step_binary;
    e.mask = false;
    e.least_width = 0;
    e.operand_count = 2;
    e.op.binary = op;
    const enum sqa_status status = sqa_arg_operands(call, e.operands);
    return status == SQA_OK ? sqa_result_elementwise(call, &e) : status;
}

#define BINARY(name)                                                                               \
    enum sqa_status fn_##name(struct sqa_call *call) {                                             \
        const struct sqa_binary_op op = SQA_OP3(call->connection->kernels, name);                  \
        return binary(call, op);                                                                   \
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

/* One array with an integer that the function itself supplies */
static enum sqa_status with_scalar(struct sqa_call *call, int64_t scalar, struct sqa_binary_op op) {
    struct sqa_elementwise e = {.step = sqa_step_binary, .operand_count = 2, .op.binary = op};
    e.operands[0] = (struct sqa_operand){.is_scalar = true, .scalar = scalar};
    const enum sqa_status status = sqa_arg_array(call, 0, &e.operands[1].view);
    return status == SQA_OK ? sqa_result_elementwise(call, &e) : status;
}

enum sqa_status fn_neg(struct sqa_call *call) { /* 0 - x */
    const struct sqa_binary_op op = SQA_OP3(call->connection->kernels, sub);
    return with_scalar(call, 0, op);
}

enum sqa_status fn_bit_not(struct sqa_call *call) { /* -1 ^ x */
    const struct sqa_binary_op op = SQA_OP3(call->connection->kernels, bit_xor);
    return with_scalar(call, -1, op);
}

static enum sqa_status unary(struct sqa_call *call, sqa_unary_fn *const *kernel) {
    struct sqa_elementwise e = {.step = sqa_step_unary, .operand_count = 1, .op.unary = kernel};
    const enum sqa_status status = sqa_arg_array(call, 0, &e.operands[0].view);
    return status == SQA_OK ? sqa_result_elementwise(call, &e) : status;
}

enum sqa_status fn_abs(struct sqa_call *call) {
    return unary(call, call->connection->kernels->abs);
}

enum sqa_status fn_popcount(struct sqa_call *call) {
    return unary(call, call->connection->kernels->popcount);
}

/* lo <= hi */
static enum sqa_status clip(struct sqa_call *call, int64_t lo, int64_t hi) {
    struct sqa_elementwise e = {.step = sqa_step_clip, .operand_count = 1};
    const enum sqa_status status = sqa_arg_array(call, 0, &e.operands[0].view);
    if (status != SQA_OK)
        return status;
    /* a bound that no element of this width can cross must not make the work wider */
    const int64_t most = sqa_width_most(e.operands[0].view.width), least = -most - 1;
    if (lo > most || hi < least) {
        lo = hi = lo > most ? lo : hi; /* all elements are on one side */
    } else {
        lo = lo < least ? least : lo;
        hi = hi > most ? most : hi;
    }
    e.op.range.lo = lo;
    e.op.range.hi = hi;
    e.least_width = sqa_sig_width(sqa_sig(lo) | sqa_sig(hi));
    return sqa_result_elementwise(call, &e);
}

/* lo and hi, arguments 2 and 3, have no integer between them. */
static enum sqa_status no_integer(struct sqa_call *call) {
    char lo[SQA_NUMBER_TEXT], hi[SQA_NUMBER_TEXT];
    double x;
    /* two integers might be rounded to one double */
    const bool crossed = (!sqa_arg_is_fraction(call, 1, &x) && !sqa_arg_is_fraction(call, 2, &x)) ||
                         sqlite3_value_double(call->argv[1]) > sqlite3_value_double(call->argv[2]);
    return sqa_fail(call, "%s (%s and %s given)",
                    crossed ? "lo is greater than hi" : "no 64-bit integer is from lo to hi",
                    sqa_number_text(call->argv[1], lo), sqa_number_text(call->argv[2], hi));
}

enum sqa_status fn_clip(struct sqa_call *call) {
    struct sqa_range from, to;
    enum sqa_status status = sqa_arg_range(call, 1, SQA_GE, &from);
    if (status == SQA_OK)
        status = sqa_arg_range(call, 2, SQA_LE, &to);
    if (status != SQA_OK)
        return status;
    const struct sqa_range range = sqa_range_both(from, to);
    return range.lo > range.hi ? no_integer(call) : clip(call, range.lo, range.hi);
}

enum sqa_status fn_sign(struct sqa_call *call) {
    return clip(call, -1, 1);
}
