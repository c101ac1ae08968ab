/*
** Any bytes as a query, such as 1 & (2 | !3), after a byte with the number of elements of a set and
** a byte for each. A recursive reader has to agree on what is a query, and on its answer for that
** set, which each set of kernels marks.
*/
#define _POSIX_C_SOURCE 200809L
#include "fuzz.h"

#include "core/query.h"
#include "kernel/dispatch.h"

/*
** query = term { '|' term }; term = factor { '&' factor }; factor = { '!' } ( integer | '(' query
** ')' )
*/

struct plain {
    const char *at, *end;
    bool wrong;
    const int8_t *set;
    size_t count;
};

static char peek(struct plain *p) {
    while (p->at < p->end && (*p->at == ' ' || *p->at == '\t' || *p->at == '\n' || *p->at == '\r'))
        p->at++;
    return p->at < p->end ? *p->at : '\0';
}

static bool digit(const struct plain *p) {
    return p->at < p->end && *p->at >= '0' && *p->at <= '9';
}

static bool plain_integer(struct plain *p) {
    const bool negative = peek(p) == '-';
    int64_t x = 0;
    p->at += negative;
    const char *first = p->at;
    for (; digit(p); p->at++) {
        const int64_t one = *p->at - '0';
        if (__builtin_mul_overflow(x, 10, &x) ||
            __builtin_add_overflow(x, negative ? -one : one, &x))
            p->wrong = true;
    }
    p->wrong |= p->at == first || (p->at - first > 1 && *first == '0');
    for (size_t i = 0; i < p->count; i++)
        if (p->set[i] == x)
            return true;
    return false;
}

static bool plain_query(struct plain *p);

static bool plain_factor(struct plain *p) {
    bool negated = false, answer;
    for (; peek(p) == '!'; p->at++)
        negated = !negated;
    if (peek(p) != '(') {
        answer = plain_integer(p);
    } else {
        p->at++;
        answer = plain_query(p);
        if (peek(p) == ')')
            p->at++;
        else
            p->wrong = true;
    }
    return answer != negated;
}

static bool plain_term(struct plain *p) {
    bool answer = plain_factor(p);
    while (!p->wrong && peek(p) == '&') {
        p->at++;
        answer &= plain_factor(p);
    }
    return answer;
}

static bool plain_query(struct plain *p) {
    bool answer = plain_term(p);
    while (!p->wrong && peek(p) == '|') {
        p->at++;
        answer |= plain_term(p);
    }
    return answer;
}

static bool run(const struct sqa_kernels *kernels, const struct sqa_query *query,
                const struct plain *plain) {
    const struct fuzz_memory memory = fuzz_room((size_t)sqa_query_program_size(query), 8);
    const struct fuzz_memory work = fuzz_room((size_t)sqa_query_work_size(query), 8);
    const struct fuzz_memory set = fuzz_copy(plain->set, plain->count, 0);
    struct sqa_program *program = sqa_query_compile(query, kernels, memory.data, work.data);
    free(work.block);
    must(program->operands <= query->operands && program->steps <= query->steps);
    const struct fuzz_memory narrow = fuzz_room(program->operands, 0);
    size_t few = 0; /* operands that fit a byte, as the elements of the set */
    for (size_t i = 0; i < program->operands; i++) {
        const int64_t x = program->operand[i];
        must(i == 0 || program->operand[i - 1] < x);
        program->marks[i] = 0;
        if (x == (int8_t)x)
            narrow.data[few++] = (unsigned char)x;
    }
    const struct fuzz_memory marks = fuzz_room(few, 0);
    memset(marks.data, 0, few);
    kernels->mark[0](marks.data, set.data, plain->count, narrow.data, few);
    for (size_t i = 0, at = 0; i < program->operands; i++) {
        const int64_t x = program->operand[i];
        if (x == (int8_t)x)
            program->marks[i] = marks.data[at++];
    }
    const bool answer = sqa_program_run(program, program->marks, NULL);
    free(memory.block);
    free(set.block);
    free(narrow.block);
    free(marks.block);
    return answer;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct fuzz_input input = {data, size};
    const struct fuzz_input set = fuzz_part(&input, fuzz_byte(&input));
    const struct fuzz_memory copy = fuzz_copy(input.at, input.size, 0);
    const char *const text = (char *)copy.data;
    struct sqa_query query = {.text = text, .size = input.size};
    struct sqa_error error = {0, 0};
    const enum sqa_status status = sqa_query_scan(&query, &error);
    struct plain plain = {
        .at = text, .end = text + input.size, .set = (const int8_t *)set.at, .count = set.size};
    const bool answer = plain_query(&plain);
    plain.wrong |= peek(&plain) != '\0' || plain.at < plain.end;
    must((status != SQA_OK) == plain.wrong);
    if (status != SQA_OK) {
        char message[200];
        sqa_status_text(status, &error, message, sizeof message);
        must(error.a >= 1 && (size_t)error.a <= input.size + 1);
    } else {
        const struct sqa_kernels *sets[SQA_ISA_MOST];
        const size_t n = sqa_kernels_list(sets);
        for (size_t i = 0; i < n; i++)
            must(run(sets[i], &query, &plain) == answer);
    }
    free(copy.block);
    return 0;
}
