/*
** core/expression: what compiles and to how many steps, and random expressions against a model,
** with each set of kernels.
*/
#define _POSIX_C_SOURCE 200809L
#include "core/random.h"
#include "expression_model.h"
#include "kernel/dispatch.h"
#include "unit.h"

static struct sqa_expression expression;

static const struct {
    const char *text;
    enum sqa_status status;
    int byte; /* of an error */
} texts[] = {
    {"a", SQA_OK, 0},
    {" \t\r\n a ", SQA_OK, 0},
    {"", SQA_EXPRESSION_OPERAND, 1},
    {"  ", SQA_EXPRESSION_OPERAND, 3},
    {"a +", SQA_EXPRESSION_OPERAND, 4},
    {"* a", SQA_EXPRESSION_OPERAND, 1},
    {"a b", SQA_EXPRESSION_OPERATOR, 3},
    {"a ? b", SQA_EXPRESSION_OPERATOR, 3},
    {"a + ?", SQA_EXPRESSION_OPERAND, 5},
    {"a)", SQA_EXPRESSION_OPERATOR, 2},
    {"(a", SQA_EXPRESSION_CLOSE, 3},
    {"()", SQA_EXPRESSION_OPERAND, 2},
    {"abs a", SQA_EXPRESSION_OPEN, 5},
    {"abs(a", SQA_EXPRESSION_CLOSE, 6},
    {"least(a)", SQA_EXPRESSION_COMMA, 8},
    {"least(a, b, a)", SQA_EXPRESSION_CLOSE, 11},
    {"c", SQA_EXPRESSION_LETTER, 1},
    {"A + B", SQA_OK, 0},
    {"abc(a)", SQA_EXPRESSION_FUNCTION, 1},
    {"a + sum(a)", SQA_EXPRESSION_INSIDE, 5},
    {"sum(a) + 1", SQA_EXPRESSION_END, 8},
    {"sum(sum(a))", SQA_EXPRESSION_INSIDE, 5},
    {"SUM(a)", SQA_OK, 0},
    {"filter(a)", SQA_EXPRESSION_COMMA, 9},
    {"a BETWEEN 1 AND 2", SQA_OK, 0},
    {"a NOT BETWEEN 1 AND 2 AND b", SQA_OK, 0},
    {"a BETWEEN 1", SQA_EXPRESSION_AND, 12},
    {"a NOT LIKE 1", SQA_EXPRESSION_BETWEEN, 7},
    {"a IN 1", SQA_EXPRESSION_LIST, 6},
    {"a IN ()", SQA_EXPRESSION_OPERAND, 7},
    {"a IN b", SQA_OK, 0},
    {"a IN (1, 2,)", SQA_EXPRESSION_OPERAND, 12},
    {"a IN (1, 2", SQA_EXPRESSION_CLOSE, 11},
    {"9223372036854775807", SQA_OK, 0},
    {"9223372036854775808", SQA_TEXT_RANGE, 1},
    {"- 9223372036854775808", SQA_OK, 0},
    {"-9223372036854775809", SQA_TEXT_RANGE, 2},
    {"99999999999999999999", SQA_TEXT_RANGE, 1},
    {"0xffffffffffffffff", SQA_OK, 0},
    {"0x10000000000000000", SQA_TEXT_RANGE, 1},
    {"0x", SQA_EXPRESSION_OPERATOR, 2},
    {"1.5", SQA_TEXT_FRACTION, 1},
    {"1e3", SQA_TEXT_EXPONENT, 1},
    {"a<<b>>1<=2>=3<>4!=5==6=7", SQA_OK, 0},
    {"a < > b", SQA_EXPRESSION_OPERAND, 5},
    {"a ! b", SQA_EXPRESSION_OPERATOR, 3},
};

static enum sqa_status compile(const char *text, struct sqa_error *error) {
    char *exact = malloc(strlen(text) + 1); /* sanitizers see what is read behind it */
    memcpy(exact, text, strlen(text));
    const enum sqa_status status =
        sqa_expression_compile(&expression, exact, strlen(text), 2, error);
    free(exact);
    return status;
}

static void test_texts(void) {
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct sqa_error error = {0, 0};
        const enum sqa_status status = compile(texts[i].text, &error);
        ok(status == texts[i].status && (status == SQA_OK || error.a == texts[i].byte),
           "'%s': status %d, expected %d, at byte %d", texts[i].text, (int)status,
           (int)texts[i].status, (int)error.a);
    }
}

static unsigned steps_of(const char *text) {
    struct sqa_error error;
    return compile(text, &error) == SQA_OK ? expression.count : 0;
}

static void test_steps(void) {
    eq_int(steps_of("a + b"), 3, "two arguments and a sum");
    eq_int(steps_of("(a + b) * (a + b)"), 4, "a sum once");
    eq_int(steps_of("a - b + b - a"), 5, "but not what is in another order");
    eq_int(steps_of("a > b AND b < a"), 5, "a > b and b < a are told apart in messages");
    eq_int(steps_of("a IN (1, 2) + (a IN (1, 2))"), 5, "equal lists");
    eq_int(steps_of("-5"), 1, "a negative integer");
    steps_of("a + b + a + b + 1");
    eq_int(expression.blocks, 2, "blocks are used again");
    steps_of("sum(a)");
    eq_int(expression.blocks, 0, "an argument needs none");
    eq_int(expression.outermost, SQA_OUTERMOST_sum, "what is outermost");
}

static void test_limits(void) {
    static char text[SQA_EXPRESSION_TEXT + 10];
    struct sqa_error error;
    size_t size = 0;
    for (int i = 0; i < 300; i++)
        size += (size_t)sprintf(text + size, "%sa * %d", i > 0 ? " + " : "", i + 2);
    eq_int(compile(text, &error), SQA_EXPRESSION_SIZE, "too many steps");
    memset(text, '-', 250);
    strcpy(text + 250, "a");
    eq_int(compile(text, &error), SQA_EXPRESSION_DEEP, "too many operators before an operand");
    memset(text, '(', sizeof text - 1);
    text[SQA_EXPRESSION_TEXT] = '\0';
    eq_int(compile(text, &error), SQA_EXPRESSION_DEEP, "too many brackets");
    memset(text, ' ', SQA_EXPRESSION_TEXT + 1);
    text[SQA_EXPRESSION_TEXT + 1] = '\0';
    eq_int(compile(text, &error), SQA_EXPRESSION_SIZE, "too long");
    strcpy(text, "a+b");
    for (int i = 0; i < 14; i++) {
        char inner[2000];
        snprintf(inner, sizeof inner, "(a*%d-b)*(%.1900s)", i, text);
        strcpy(text, inner);
    }
    eq_int(compile(text, &error), SQA_EXPRESSION_SCRATCH, "too many results at a time");
    size = (size_t)sprintf(text, "a IN (1");
    for (int i = 0; i < 300; i++)
        size += (size_t)sprintf(text + size, ",1");
    strcpy(text + size, ")");
    eq_int(compile(text, &error), SQA_EXPRESSION_SIZE, "a list that is too long");
}

/* ---- Random expressions */

static struct sqa_random generator;
static char random_text[20000];
static size_t length;

static unsigned below(unsigned bound) {
    return (unsigned)sqa_random_below(&generator, bound);
}

static void put(const char *text) {
    if (length + strlen(text) + 10 < sizeof random_text) {
        strcpy(random_text + length, text);
        length += strlen(text);
    }
}

static void put_expression(int depth) {
    static const char *const operators[] = {"+", "-",  "*", "/",  "%", "&",  "|",     "<<",   ">>",
                                            "=", "<>", "<", "<=", ">", ">=", " AND ", " OR ", "+"};
    static const char *const functions[] = {"least(", "greatest(", "floor_div(", "floor_mod("};
    static const char *const unary[] = {"abs(", "sign(", "popcount(", "-(", "~(", "NOT ("};
    static const char *const leaves[] = {"a", "b",  "c",    "d",          "a", "b",
                                         "3", "-7", "1000", "5000000000", "0", "1"};
    const unsigned kind = depth == 0 ? 0 : 1 + below(12);
    put(kind == 0 ? leaves[below(12)] : kind < 6 ? "(" : kind < 7 ? unary[below(6)] : "");
    if (kind == 0)
        return;
    if (kind >= 7 && kind < 9)
        put(functions[below(4)]);
    if (kind == 9)
        put("where(");
    if (kind == 10)
        put("clip(");
    put_expression(depth - 1 - (int)below(2) * (depth > 1));
    if (kind < 6) {
        put(operators[below(18)]);
        put_expression(depth - 1);
    } else if (kind >= 7 && kind < 10) {
        put(",");
        put_expression(depth - 1);
        put(kind == 9 ? ",b" : "");
    } else if (kind == 10) {
        put(below(2) ? ",-3,99" : ",c,100000");
    } else if (kind == 11) {
        put(below(2) ? " BETWEEN -5 AND " : " NOT BETWEEN b AND ");
        put(leaves[below(12)]);
        return;
    } else if (kind == 12) {
        put(below(2) ? " IN (1, 5, -7, c)" : " IN d");
        return;
    }
    put(")");
}

enum { ARGUMENTS = 4, LONGEST = 2200 };

static void make_arguments(struct model_value values[ARGUMENTS],
                           struct sqa_operand operands[ARGUMENTS],
                           unsigned char memory[ARGUMENTS][LONGEST * 8 + 64]) {
    const size_t n = below(4) == 0 ? below(LONGEST) : below(40);
    for (int i = 0; i < ARGUMENTS; i++) {
        const unsigned width = 1u << below(4), bits = 1 + below(8 * width);
        const unsigned offset = below(3) == 0 ? 1 : 0;
        values[i].is_integer = i == 2 ? below(4) > 0 : below(9) == 0;
        values[i].n = values[i].is_integer ? 1 : below(60) == 0 ? n + 1 : n;
        for (size_t j = 0; j < values[i].n; j++) {
            const int64_t x = (int64_t)sqa_random_next(&generator) >> (64 - bits);
            values[i].x[j] = x;
            memcpy(memory[i] + offset + j * width, &x, width);
        }
        const struct sqa_view view = {memory[i] + offset, values[i].n, width};
        operands[i].is_scalar = values[i].is_integer;
        operands[i].scalar = values[i].x[0];
        operands[i].array = sqa_array_of(&view);
    }
}

static void test_random(void) {
    static const char *const outermost[] = {"", "", "", "sum(", "filter("};
    static _Alignas(64) unsigned char memory[ARGUMENTS][LONGEST * 8 + 64];
    static int64_t elements[ARGUMENTS][LONGEST + 1];
    static struct model_value values[SQA_EXPRESSION_STEPS];
    const struct sqa_kernels *sets[SQA_ISA_MOST];
    const size_t set_count = sqa_kernels_list(sets);
    const int rounds = unit_thorough() ? 100000 : 20000;
    int wrong = 0, refused = 0, fine = 0, faults = 0;
    generator = sqa_random_seeded(1);
    for (int round = 0; round < rounds; round++) {
        struct model_value arguments[ARGUMENTS];
        struct sqa_operand operands[ARGUMENTS];
        struct sqa_error error;
        const unsigned outer = below(5);
        for (int i = 0; i < ARGUMENTS; i++)
            arguments[i].x = elements[i];
        length = 0;
        put(outermost[outer]);
        put_expression((int)below(6));
        if (outer == 4) {
            put(",");
            put_expression((int)below(3));
        }
        put(outer >= 3 ? ")" : "");
        make_arguments(arguments, operands, memory);
        if (sqa_expression_compile(&expression, random_text, length, ARGUMENTS, &error) != SQA_OK) {
            refused++;
            continue;
        }
        const struct model_outcome expected = model_run(&expression, arguments, values);
        fine += expected.status == SQA_OK;
        faults += expected.status != SQA_OK;
        for (size_t s = 0; s < set_count; s++) {
            const char *difference = real_compare(&expression, sets[s], operands, &expected);
            if (difference != NULL && wrong++ < 5)
                printf("# round %d, %s: %s: %s\n", round, sets[s]->isa, random_text, difference);
        }
        model_free(values);
    }
    ok(wrong == 0 && fine > rounds / 4 && refused < rounds / 20,
       "%d random expressions, %d of them with errors; %d refused, %d wrong", fine + faults, faults,
       refused, wrong);
}

int main(void) {
    test_texts();
    test_steps();
    test_limits();
    test_random();
    return done();
}
