#include "core/expression.h"

#include <string.h>

#include "core/expression_token.h"

/* The precedence of operators, from weak to strong */
enum expression_binding {
    BINDS_NOTHING,
    BINDS_OR,
    BINDS_AND,
    BINDS_NOT,
    BINDS_EQUAL,
    BINDS_LESS,
    BINDS_BITS,
    BINDS_SUM,
    BINDS_PRODUCT,
    BINDS_SIGN
};

struct expression_reader {
    struct sqa_expression *expression;
    struct sqa_token token; /* the next one */
    const char *text;
    size_t size;
    unsigned nesting;
    enum sqa_status status; /* the first failure; after one the steps are undefined */
    struct sqa_error error;
};

static unsigned read_expression(struct expression_reader *r, enum expression_binding least);

/* ---- Tokens */

static void fail_at(struct expression_reader *r, enum sqa_status status, size_t at) {
    if (r->status == SQA_OK) {
        r->status = status;
        r->error.a = (int64_t)at;
    }
    r->token.kind = SQA_TOKEN_END; /* moves to the end, so that all loops stop */
}

static void advance_token(struct expression_reader *r) {
    struct sqa_token next = {.kind = SQA_TOKEN_END};
    const enum sqa_status status =
        sqa_token_next(&next, r->text, r->size, r->token.at + r->token.size - 1);
    if (r->status != SQA_OK)
        return;
    r->token = next;
    if (status != SQA_OK)
        fail_at(r, status, next.at);
}

static bool accept_token(struct expression_reader *r, enum sqa_token_kind kind) {
    if (r->status != SQA_OK || r->token.kind != kind)
        return false;
    advance_token(r);
    return true;
}

static void expect_token(struct expression_reader *r, enum sqa_token_kind kind,
                         enum sqa_status otherwise) {
    if (!accept_token(r, kind))
        fail_at(r, otherwise, r->token.at);
}

/* ---- Steps */

static bool same_items(const struct sqa_expression *x, const struct sqa_expression_step *a,
                       const struct sqa_expression_step *b) {
    return a->items == b->items &&
           memcmp(x->items + a->first, x->items + b->first, a->items * sizeof x->items[0]) == 0;
}

/* Returns the step that is equal to the given one. Adds it if there is none yet. */
static unsigned add_step(struct expression_reader *r, const struct sqa_expression_step *step) {
    struct sqa_expression *x = r->expression;
    if (r->status != SQA_OK)
        return 0;
    for (unsigned k = 0; k < x->count; k++) {
        const struct sqa_expression_step *other = &x->steps[k];
        if (other->operation == step->operation && other->inputs == step->inputs &&
            other->value == step->value && other->is_swapped == step->is_swapped &&
            memcmp(other->input, step->input, step->inputs * sizeof step->input[0]) == 0 &&
            same_items(x, other, step))
            return k;
    }
    if (x->count == SQA_EXPRESSION_STEPS) {
        fail_at(r, SQA_EXPRESSION_SIZE, step->at);
        return 0;
    }
    x->steps[x->count] = *step;
    return x->count++;
}

static unsigned add_integer(struct expression_reader *r, size_t at, int64_t value) {
    const struct sqa_expression_step step = {
        .operation = SQA_OPERATION_integer, .at = (uint32_t)at, .value = value};
    return add_step(r, &step);
}

static unsigned add_unary(struct expression_reader *r, enum sqa_operation operation, size_t at,
                          unsigned a) {
    const struct sqa_expression_step step = {
        .operation = (uint8_t)operation, .inputs = 1, .input = {(uint16_t)a}, .at = (uint32_t)at};
    return add_step(r, &step);
}

static unsigned add_binary(struct expression_reader *r, enum sqa_operation operation, size_t at,
                           unsigned a, unsigned b) {
    const struct sqa_expression_step step = {.operation = (uint8_t)operation,
                                             .inputs = 2,
                                             .input = {(uint16_t)a, (uint16_t)b},
                                             .at = (uint32_t)at};
    return add_step(r, &step);
}

static unsigned add_ternary(struct expression_reader *r, enum sqa_operation operation, size_t at,
                            unsigned a, unsigned b, unsigned c) {
    const struct sqa_expression_step step = {.operation = (uint8_t)operation,
                                             .inputs = 3,
                                             .input = {(uint16_t)a, (uint16_t)b, (uint16_t)c},
                                             .at = (uint32_t)at};
    return add_step(r, &step);
}

/* Adds a > b as b < a. The order of the operands in the text is kept for error messages. */
static unsigned add_swapped(struct expression_reader *r, enum sqa_operation operation, size_t at,
                            unsigned a, unsigned b) {
    const struct sqa_expression_step step = {.operation = (uint8_t)operation,
                                             .inputs = 2,
                                             .is_swapped = true,
                                             .input = {(uint16_t)b, (uint16_t)a},
                                             .at = (uint32_t)at};
    return add_step(r, &step);
}

static unsigned add_not(struct expression_reader *r, size_t at, unsigned a) {
    return add_binary(r, SQA_OPERATION_eq, at, a, add_integer(r, at, 0));
}

/* Returns the step that makes a mask of a value, whose elements are true if they are not 0. */
static unsigned add_truth(struct expression_reader *r, size_t at, unsigned a) {
    return r->status == SQA_OK && sqa_operation_is_mask(r->expression->steps[a].operation)
               ? a
               : add_binary(r, SQA_OPERATION_ne, at, a, add_integer(r, at, 0));
}

/* ---- Operands */

static const struct expression_function {
    const char *name;
    unsigned arguments;
    enum sqa_operation operation;
} expression_functions[] = {
    {"abs", 1, SQA_OPERATION_abs},
    {"sign", 1, SQA_OPERATION_sign},
    {"popcount", 1, SQA_OPERATION_popcount},
    {"least", 2, SQA_OPERATION_least},
    {"greatest", 2, SQA_OPERATION_greatest},
    {"floor_div", 2, SQA_OPERATION_floor_div},
    {"floor_mod", 2, SQA_OPERATION_floor_mod},
    {"pow", 2, SQA_OPERATION_pow},
    {"clip", 3, SQA_OPERATION_clip},
    {"where", 3, SQA_OPERATION_where},
};
enum { EXPRESSION_FUNCTIONS = sizeof expression_functions / sizeof expression_functions[0] };

static enum sqa_outermost outermost_of(const struct expression_reader *r) {
    for (int i = 1; i <= SQA_OUTERMOST_filter; i++) {
        if (r->token.kind == SQA_TOKEN_WORD &&
            sqa_token_is(&r->token, r->text, sqa_outermost_name((enum sqa_outermost)i)))
            return (enum sqa_outermost)i;
    }
    return SQA_OUTERMOST_none;
}

/* Reads the arguments of a function, of which there must be so many, in brackets. */
static void read_function_arguments(struct expression_reader *r, unsigned count,
                                    unsigned arguments[]) {
    expect_token(r, SQA_TOKEN_OPEN, SQA_EXPRESSION_OPEN);
    for (unsigned i = 0; i < count; i++) {
        if (i > 0)
            expect_token(r, SQA_TOKEN_COMMA, SQA_EXPRESSION_COMMA);
        arguments[i] = read_expression(r, BINDS_OR);
    }
    expect_token(r, SQA_TOKEN_CLOSE, SQA_EXPRESSION_CLOSE);
}

static unsigned read_function(struct expression_reader *r, const struct expression_function *f) {
    const size_t at = r->token.at;
    unsigned a[SQA_INPUTS] = {0};
    advance_token(r);
    read_function_arguments(r, f->arguments, a);
    return f->arguments == 1   ? add_unary(r, f->operation, at, a[0])
           : f->arguments == 2 ? add_binary(r, f->operation, at, a[0], a[1])
                               : add_ternary(r, f->operation, at, a[0], a[1], a[2]);
}

static unsigned read_letter(struct expression_reader *r) {
    const size_t at = r->token.at;
    const unsigned letter = (unsigned)(r->text[at - 1] | 0x20) - 'a';
    struct sqa_expression_step step = {
        .operation = SQA_OPERATION_argument, .at = (uint32_t)at, .value = letter};
    if (letter >= r->expression->letters) {
        r->error.b = r->expression->letters;
        fail_at(r, SQA_EXPRESSION_LETTER, at);
        return 0;
    }
    advance_token(r);
    return add_step(r, &step);
}

static unsigned read_word(struct expression_reader *r) {
    if (r->token.size == 1)
        return read_letter(r);
    for (int i = 0; i < EXPRESSION_FUNCTIONS; i++) {
        if (sqa_token_is(&r->token, r->text, expression_functions[i].name))
            return read_function(r, &expression_functions[i]);
    }
    fail_at(r,
            outermost_of(r) != SQA_OUTERMOST_none ? SQA_EXPRESSION_INSIDE : SQA_EXPRESSION_FUNCTION,
            r->token.at);
    return 0;
}

/* Reads an integer. 2^63 is only valid after a minus. */
static unsigned read_integer(struct expression_reader *r, size_t at, bool is_negative) {
    const uint64_t magnitude = r->token.value;
    const size_t digits = r->token.at;
    if (r->token.is_decimal && magnitude > (uint64_t)INT64_MAX + is_negative) {
        fail_at(r, SQA_TEXT_RANGE, digits);
        return 0;
    }
    advance_token(r);
    return add_integer(r, at, (int64_t)(is_negative ? 0 - magnitude : magnitude));
}

static unsigned read_operand(struct expression_reader *r) {
    const struct sqa_token first = r->token;
    switch (first.kind) {
    case SQA_TOKEN_INTEGER:
        return read_integer(r, first.at, false);
    case SQA_TOKEN_WORD:
        return read_word(r);
    case SQA_TOKEN_OPEN: {
        advance_token(r);
        const unsigned value = read_expression(r, BINDS_OR);
        expect_token(r, SQA_TOKEN_CLOSE, SQA_EXPRESSION_CLOSE);
        return value;
    }
    case SQA_TOKEN_PLUS:
        advance_token(r);
        return read_expression(r, BINDS_SIGN);
    case SQA_TOKEN_MINUS:
        advance_token(r);
        if (r->token.kind == SQA_TOKEN_INTEGER)
            return read_integer(r, first.at, true);
        const unsigned negated = read_expression(r, BINDS_SIGN);
        return add_binary(r, SQA_OPERATION_sub, first.at, add_integer(r, first.at, 0), negated);
    case SQA_TOKEN_TILDE:
        advance_token(r);
        const unsigned inverted = read_expression(r, BINDS_SIGN);
        return add_binary(r, SQA_OPERATION_bit_xor, first.at, add_integer(r, first.at, -1),
                          inverted);
    case SQA_TOKEN_NOT:
        advance_token(r);
        return add_not(r, first.at, read_expression(r, BINDS_NOT));
    default:
        fail_at(r, SQA_EXPRESSION_OPERAND, first.at);
        return 0;
    }
}

/* ---- Operators */

static const struct expression_operator {
    enum sqa_token_kind token;
    enum expression_binding binding;
    enum sqa_operation operation;
    bool is_swapped;
} expression_operators[] = {
    {SQA_TOKEN_OR, BINDS_OR, SQA_OPERATION_or, false},
    {SQA_TOKEN_AND, BINDS_AND, SQA_OPERATION_and, false},
    {SQA_TOKEN_EQUAL, BINDS_EQUAL, SQA_OPERATION_eq, false},
    {SQA_TOKEN_NOT_EQUAL, BINDS_EQUAL, SQA_OPERATION_ne, false},
    {SQA_TOKEN_LESS, BINDS_LESS, SQA_OPERATION_lt, false},
    {SQA_TOKEN_LESS_EQUAL, BINDS_LESS, SQA_OPERATION_le, false},
    {SQA_TOKEN_GREATER, BINDS_LESS, SQA_OPERATION_lt, true},
    {SQA_TOKEN_GREATER_EQUAL, BINDS_LESS, SQA_OPERATION_le, true},
    {SQA_TOKEN_AMPERSAND, BINDS_BITS, SQA_OPERATION_bit_and, false},
    {SQA_TOKEN_BAR, BINDS_BITS, SQA_OPERATION_bit_or, false},
    {SQA_TOKEN_LEFT, BINDS_BITS, SQA_OPERATION_shl, false},
    {SQA_TOKEN_RIGHT, BINDS_BITS, SQA_OPERATION_shr, false},
    {SQA_TOKEN_PLUS, BINDS_SUM, SQA_OPERATION_add, false},
    {SQA_TOKEN_MINUS, BINDS_SUM, SQA_OPERATION_sub, false},
    {SQA_TOKEN_STAR, BINDS_PRODUCT, SQA_OPERATION_mul, false},
    {SQA_TOKEN_SLASH, BINDS_PRODUCT, SQA_OPERATION_div, false},
    {SQA_TOKEN_PERCENT, BINDS_PRODUCT, SQA_OPERATION_mod, false},
};
enum { EXPRESSION_OPERATORS = sizeof expression_operators / sizeof expression_operators[0] };

static unsigned read_operator(struct expression_reader *r, const struct expression_operator *o,
                              unsigned left) {
    const size_t at = r->token.at;
    const bool is_logical = o->binding <= BINDS_AND;
    advance_token(r);
    if (is_logical)
        left = add_truth(r, at, left);
    unsigned right = read_expression(r, (enum expression_binding)(o->binding + 1));
    if (is_logical)
        right = add_truth(r, at, right);
    return o->is_swapped ? add_swapped(r, o->operation, at, left, right)
                         : add_binary(r, o->operation, at, left, right);
}

static unsigned read_between(struct expression_reader *r, size_t at, unsigned value) {
    advance_token(r);
    const unsigned lo = read_expression(r, BINDS_NOT);
    expect_token(r, SQA_TOKEN_AND, SQA_EXPRESSION_AND);
    return add_ternary(r, SQA_OPERATION_between, at, value, lo, read_expression(r, BINDS_LESS));
}

/* Reads the list after IN. Its items are stored together, after those of lists inside of it. */
static unsigned read_list(struct expression_reader *r, size_t at, unsigned value) {
    struct sqa_expression *x = r->expression;
    uint16_t items[SQA_EXPRESSION_STEPS];
    unsigned count = 0;
    do {
        if (count == SQA_EXPRESSION_STEPS) {
            fail_at(r, SQA_EXPRESSION_SIZE, r->token.at);
            return 0;
        }
        items[count++] = (uint16_t)read_expression(r, BINDS_OR);
    } while (accept_token(r, SQA_TOKEN_COMMA));
    expect_token(r, SQA_TOKEN_CLOSE, SQA_EXPRESSION_CLOSE);
    if (x->item_count + count > SQA_EXPRESSION_ITEMS)
        fail_at(r, SQA_EXPRESSION_SIZE, at);
    if (r->status != SQA_OK)
        return 0;
    memcpy(x->items + x->item_count, items, count * sizeof items[0]);
    const struct sqa_expression_step step = {.operation = SQA_OPERATION_isin,
                                             .inputs = 1,
                                             .input = {(uint16_t)value},
                                             .first = (uint16_t)x->item_count,
                                             .items = (uint16_t)count,
                                             .at = (uint32_t)at};
    x->item_count += count;
    return add_step(r, &step);
}

static unsigned read_in(struct expression_reader *r, size_t at, unsigned value) {
    advance_token(r);
    if (accept_token(r, SQA_TOKEN_OPEN))
        return read_list(r, at, value);
    if (r->token.kind == SQA_TOKEN_WORD && r->token.size == 1)
        return add_binary(r, SQA_OPERATION_isin, at, value, read_letter(r));
    fail_at(r, SQA_EXPRESSION_LIST, r->token.at);
    return 0;
}

/* Reads [NOT] BETWEEN or [NOT] IN. */
static unsigned read_condition(struct expression_reader *r, unsigned value) {
    const size_t at = r->token.at;
    const bool is_not = accept_token(r, SQA_TOKEN_NOT);
    if (r->token.kind == SQA_TOKEN_BETWEEN)
        value = read_between(r, at, value);
    else if (r->token.kind == SQA_TOKEN_IN)
        value = read_in(r, at, value);
    else
        fail_at(r, SQA_EXPRESSION_BETWEEN, r->token.at);
    return is_not ? add_not(r, at, value) : value;
}

/* Returns the next operator if its precedence is at least `least`, or NULL. */
static const struct expression_operator *next_operator(const struct expression_reader *r,
                                                       enum expression_binding least) {
    for (int i = 0; i < EXPRESSION_OPERATORS; i++) {
        const struct expression_operator *o = &expression_operators[i];
        if (o->token == r->token.kind && o->binding >= least)
            return o;
    }
    return NULL;
}

/*
** Reads a value with the operators that bind at least as strongly as `least`. A prefix operator
** such as NOT may follow an operator that binds more strongly: as in SQLite, 1 + NOT a = b is
** 1 + (NOT (a = b)).
*/
static unsigned read_expression(struct expression_reader *r, enum expression_binding least) {
    if (r->status != SQA_OK)
        return 0;
    if (r->nesting == SQA_EXPRESSION_NESTING) {
        fail_at(r, SQA_EXPRESSION_DEEP, r->token.at);
        return 0;
    }
    r->nesting++;
    unsigned value = read_operand(r);
    for (;;) {
        const enum sqa_token_kind kind = r->token.kind;
        const struct expression_operator *o = next_operator(r, least);
        if (o != NULL)
            value = read_operator(r, o, value);
        else if (least <= BINDS_EQUAL &&
                 (kind == SQA_TOKEN_NOT || kind == SQA_TOKEN_BETWEEN || kind == SQA_TOKEN_IN))
            value = read_condition(r, value);
        else
            break;
    }
    r->nesting--;
    return value;
}

static void read_outermost(struct expression_reader *r) {
    struct sqa_expression *x = r->expression;
    unsigned a[2] = {0, 0};
    x->outermost = outermost_of(r);
    if (x->outermost == SQA_OUTERMOST_none) {
        x->result = read_expression(r, BINDS_OR);
    } else {
        advance_token(r);
        read_function_arguments(r, x->outermost == SQA_OUTERMOST_filter ? 2 : 1, a);
        x->result = a[0];
        x->mask = a[1];
    }
    if (r->status == SQA_OK && r->token.kind != SQA_TOKEN_END)
        fail_at(r,
                x->outermost != SQA_OUTERMOST_none ? SQA_EXPRESSION_END : SQA_EXPRESSION_OPERATOR,
                r->token.at);
}

/* ---- Blocks */

static bool needs_block(const struct sqa_expression *x, unsigned k) {
    const unsigned operation = x->steps[k].operation;
    const bool is_array = x->outermost == SQA_OUTERMOST_none && k == x->result;
    return operation != SQA_OPERATION_argument && operation != SQA_OPERATION_integer && !is_array;
}

/* Assigns a block to each step, which is in use until the last step that reads it. */
static void assign_blocks(struct expression_reader *r) {
    struct sqa_expression *x = r->expression;
    unsigned last_use[SQA_EXPRESSION_STEPS] = {0}, used_until[SQA_EXPRESSION_BLOCKS] = {0};
    for (unsigned k = 0; k < x->count; k++) {
        for (unsigned i = 0; i < x->steps[k].inputs; i++)
            last_use[x->steps[k].input[i]] = k;
    }
    last_use[x->result] = x->count;
    if (x->outermost == SQA_OUTERMOST_filter)
        last_use[x->mask] = x->count;
    for (unsigned k = 0; k < x->count; k++) {
        unsigned b = 0;
        x->steps[k].block = SQA_EXPRESSION_BLOCKS;
        if (!needs_block(x, k))
            continue;
        while (b < SQA_EXPRESSION_BLOCKS - SQA_INPUTS && b < x->blocks && used_until[b] >= k)
            b++;
        if (b == SQA_EXPRESSION_BLOCKS - SQA_INPUTS) {
            fail_at(r, SQA_EXPRESSION_SCRATCH, x->steps[k].at);
            return;
        }
        used_until[b] = last_use[k];
        x->steps[k].block = (uint8_t)b;
        x->blocks = b + 1 > x->blocks ? b + 1 : x->blocks;
    }
}

enum sqa_status sqa_expression_compile(struct sqa_expression *expression, const char *text,
                                       size_t size, unsigned arguments, struct sqa_error *error) {
    struct expression_reader r = {.expression = expression, .text = text, .size = size};
    expression->count = expression->item_count = expression->blocks = 0;
    expression->result = expression->mask = 0;
    expression->letters = arguments;
    r.token = (struct sqa_token){.kind = SQA_TOKEN_END, .at = 1};
    if (size > SQA_EXPRESSION_TEXT) {
        *error = (struct sqa_error){SQA_EXPRESSION_TEXT + 1, 0};
        return SQA_EXPRESSION_SIZE;
    }
    advance_token(&r);
    read_outermost(&r);
    if (r.status == SQA_OK)
        assign_blocks(&r);
    *error = r.error;
    return r.status;
}

const char *sqa_operation_name(enum sqa_operation operation) {
#define X(name) #name,
    static const char *const names[] = {SQA_EXPRESSION_BINARY(X) SQA_EXPRESSION_COMPARE(X)
                                            SQA_EXPRESSION_OTHER(X)};
#undef X
    return names[operation];
}

const char *sqa_outermost_name(enum sqa_outermost outermost) {
#define X(name) #name,
    static const char *const names[] = {SQA_EXPRESSION_OUTERMOST(X)};
#undef X
    return names[outermost];
}
