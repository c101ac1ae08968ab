/*
** core/query: random queries are compared with a recursive model, in memory of exactly the
** requested sizes.
*/
#include <stdlib.h>

#include "core/query.h"
#include "core/random.h"
#include "kernel/dispatch.h"
#include "unit.h"

static struct sqa_random generator;

static size_t below(size_t bound) {
    return (size_t)sqa_random_below(&generator, bound);
}

static void *allocate(uint64_t size) {
    void *memory = malloc(size > 0 ? (size_t)size : 1);
    if (memory == NULL)
        abort();
    return memory;
}

/*
** A random query, written and answered at once: the integers 0 to 7 are there where bit i of
** `there` is set.
*/
static char text[1 << 20];
static size_t length;

static void put(const char *symbol) {
    if (length + 100 > sizeof text)
        abort();
    while (below(8) == 0)
        text[length++] = " \t\n\r"[below(4)];
    for (; *symbol != 0; symbol++)
        text[length++] = *symbol;
}

static bool random_query(unsigned there, int depth);

static bool random_factor(unsigned there, int depth) {
    if (below(3) == 0) {
        put("!");
        return !random_factor(there, depth);
    }
    if (depth > 0 && below(2) == 0) {
        put("(");
        const bool answer = random_query(there, depth - 1);
        put(")");
        return answer;
    }
    static const char *const integers[] = {"0", "1", "-2", "3", "40", "-5", "6", "70"};
    const size_t i = below(8);
    put(integers[i]);
    return (there >> i & 1) != 0;
}

static bool random_term(unsigned there, int depth) {
    bool answer = random_factor(there, depth);
    while (below(3) == 0) {
        put("&");
        answer &= random_factor(there, depth);
    }
    return answer;
}

static bool random_query(unsigned there, int depth) {
    bool answer = random_term(there, depth);
    while (below(3) == 0) {
        put("|");
        answer |= random_term(there, depth);
    }
    return answer;
}

static bool is_there(unsigned there, int64_t x) {
    static const int64_t integers[] = {0, 1, -2, 3, 40, -5, 6, 70};
    for (unsigned i = 0; i < 8; i++) {
        if (integers[i] == x)
            return (there >> i & 1) != 0;
    }
    return false;
}

/* Does the query at text[0..length) compile, in exact memory, to a program with this answer? */
static bool answers(const struct sqa_kernels *kernels, unsigned there, bool expected) {
    char *copy = allocate(length);
    memcpy(copy, text, length);
    struct sqa_query query = {.text = copy, .size = length};
    struct sqa_error error;
    bool right = sqa_query_scan(&query, &error) == SQA_OK;
    if (right) {
        void *memory = allocate(sqa_query_program_size(&query));
        void *work = allocate(sqa_query_work_size(&query));
        struct sqa_program *program = sqa_query_compile(&query, kernels, memory, work);
        free(work);
        free(copy);
        copy = NULL;
        right = program->operands <= query.operands && program->steps <= query.steps;
        for (size_t i = 0; i < program->operands; i++) {
            right &= i == 0 || program->operand[i - 1] < program->operand[i];
            program->marks[i] = is_there(there, program->operand[i]);
        }
        right &= sqa_program_run(program, program->marks, NULL) == expected;
        free(memory);
    }
    free(copy);
    return right;
}

/*
** Every proper prefix of a query either is one, or fails with an offset inside it or just behind.
*/
static bool prefixes_are_safe(void) {
    bool right = true;
    for (size_t n = 0; n < length; n++) {
        char *copy = allocate(n);
        memcpy(copy, text, n);
        struct sqa_query query = {.text = copy, .size = n};
        struct sqa_error error = {0, 0};
        if (sqa_query_scan(&query, &error) != SQA_OK)
            right &= error.a >= 1 && error.a <= (int64_t)n + 1;
        free(copy);
    }
    return right;
}

int main(void) {
    const struct sqa_kernels *kernels = sqa_kernels_choose(NULL);
    generator = sqa_random_seeded(1);
    for (int depth = 0; depth < 8; depth++) {
        bool right = true, safe = true;
        for (int round = 0; round < 3000 && right && safe; round++) {
            const unsigned there = (unsigned)below(256);
            length = 0;
            const bool expected = random_query(there, depth);
            right = answers(kernels, there, expected);
            safe = round % 20 != 0 || length > 1000 || prefixes_are_safe();
            if (!right || !safe)
                printf("# %.*s\n", (int)length, text);
        }
        ok(right, "random queries, %d levels of brackets", depth);
        ok(safe, "their prefixes");
    }
    return done();
}
