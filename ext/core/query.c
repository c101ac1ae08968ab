#include "core/query.h"

#include <string.h>

enum {
    HAS = SQA_STEP_HAS,
    NOT = SQA_STEP_NOT,
    AND = SQA_STEP_AND,
    OR = SQA_STEP_OR
}; /* bits of a step that hold the operation */
enum { OPERATION_BITS = 2 };
#define MOST_STEPS ((size_t)1 << 30)

static uint32_t step(unsigned operation, size_t argument) {
    return (uint32_t)argument << OPERATION_BITS | operation;
}

static unsigned operation_of(uint32_t code) {
    return code & 3;
}

static size_t argument_of(uint32_t code) {
    return code >> OPERATION_BITS;
}

/* Reading: scan and compile use the same function to read symbols. */

enum symbol {
    END = 0,
    INTEGER = 'i',
    WRONG = '?', /* any other symbol is the character itself: ! & | ( ) */
};

struct reader {
    const char *at, *end;
    const char *start; /* start of the last symbol */
    int64_t integer;   /* value of the last symbol if it is an integer */
    bool in_range;     /* true if the value fits 64 bits */
    struct sqa_poll *poll;
};

static struct reader reader_of(const struct sqa_query *query) {
    return (struct reader){
        .at = query->text, .end = query->text + query->size, .poll = query->poll};
}

static bool next_is_digit(const struct reader *r) {
    return r->at < r->end && *r->at >= '0' && *r->at <= '9';
}

/* Moves to the next byte. Asks the poll regularly; if it stops the work, moves to the end. */
static void advance(struct reader *r) {
    if ((uintptr_t)++r->at % SQA_RUN == 0 && sqa_stopped(r->poll))
        r->at = r->end;
}

/*
** Reads the digits at r->at, of which there must be at least one, as the digits of a number with
** this sign.
*/
static void read_digits(struct reader *r, bool negative) {
    uint64_t magnitude = 0;
    bool over = false;
    for (; next_is_digit(r); advance(r)) {
        over |= __builtin_mul_overflow(magnitude, 10, &magnitude);
        over |= __builtin_add_overflow(magnitude, (uint64_t)(*r->at - '0'), &magnitude);
    }
    r->in_range = !over && magnitude <= (uint64_t)INT64_MAX + negative;
    r->integer = (int64_t)(negative ? 0 - magnitude : magnitude);
}

static enum symbol read_symbol(struct reader *r) {
    while (r->at < r->end && (*r->at == ' ' || *r->at == '\t' || *r->at == '\n' || *r->at == '\r'))
        advance(r);
    r->start = r->at;
    if (r->at == r->end)
        return END;
    if (*r->at != '\0' && strchr("!&|()", *r->at) != NULL) {
        advance(r);
        return (enum symbol) * r->start;
    }
    const bool negative = *r->at == '-';
    r->at += negative;
    if (!next_is_digit(r))
        return WRONG;
    const bool zero = *r->at == '0';
    const char *first = r->at;
    read_digits(r, negative);
    if (sqa_was_stopped(r->poll))
        return END;
    return zero && r->at - first > 1 ? WRONG : INTEGER;
}

enum sqa_status sqa_query_scan(struct sqa_query *query, struct sqa_error *error) {
    struct reader r = reader_of(query);
    enum sqa_status status = SQA_OK;
    size_t open = 0;
    bool operand_next = true, negated = false; /* according to the symbol before */
    query->operands = query->steps = query->depth = 0;
    for (enum symbol s; status == SQA_OK && (s = read_symbol(&r)) != END;) {
        const bool begins = s == INTEGER || s == '(' || s == '!';
        if (begins != operand_next || s == WRONG || (s == ')' && open == 0)) {
            status = operand_next ? SQA_QUERY_OPERAND : SQA_QUERY_OPERATOR;
        } else if (s == '(') {
            open++;
            query->depth = open > query->depth ? open : query->depth;
        } else if (s == ')') {
            open--;
        } else if (s != '!' || !negated) { /* several ! in a row become at most one step */
            query->steps++;
        }
        if (s == INTEGER) {
            query->operands++;
            if (!r.in_range)
                status = SQA_TEXT_RANGE;
        }
        /* unreached: SQLite limits a text to 10^9 bytes, which need fewer steps */
        if (query->steps >= MOST_STEPS)
            status = SQA_QUERY_SIZE;
        negated = s == '!';
        operand_next = s == '!' || s == '(' || s == '&' || s == '|';
    }
    if (status == SQA_OK && operand_next)
        status = query->operands == 0 && open == 0 && query->steps == 0 ? SQA_QUERY_EMPTY
                                                                        : SQA_QUERY_OPERAND;
    if (status == SQA_OK && open > 0)
        status = SQA_QUERY_CLOSED;
    if (sqa_was_stopped(query->poll))
        status = SQA_INTERRUPT;
    error->a = r.start - query->text + 1;
    error->b = 0;
    return status;
}

/* Compiling */

/*
** The unresolved jumps in one level of brackets: those of the current term and those of the
** query, whose targets are not known yet. Each list is linked through the targets in the steps
** and ends with NONE.
*/
struct level {
    uint32_t ands, ors;
};
#define NONE ((uint32_t)(MOST_STEPS - 1))

/* Sets the target of all jumps in the list. */
static void land(uint32_t *code, uint32_t list, size_t target, struct sqa_poll *poll) {
    for (size_t n = 1; list != NONE && (n % SQA_RUN > 0 || !sqa_stopped(poll)); n++) {
        const uint32_t next = (uint32_t)argument_of(code[list]);
        code[list] = step(operation_of(code[list]), target);
        list = next;
    }
}

/*
** Fills code and values, with operands numbered in the order of the text, and returns the number
** of steps. If a bracket is negated, this is recorded in the highest bit of `ands` of the level
** outside.
*/
static size_t compile(const struct sqa_query *query, uint32_t *code, int64_t *values,
                      struct level *outside) {
    const uint32_t not_bit = (uint32_t)1 << 31;
    struct reader r = reader_of(query);
    struct level level = {NONE, NONE};
    size_t at = 0, operands = 0, open = 0;
    bool negate = false;
    for (enum symbol s; (s = read_symbol(&r)) != END;) {
        switch ((int)s) {
        case '!':
            negate = !negate;
            break;
        case '(':
            outside[open] = level;
            outside[open++].ands |= negate ? not_bit : 0;
            level = (struct level){NONE, NONE};
            negate = false;
            break;
        case '&':
            code[at] = step(AND, level.ands);
            level.ands = (uint32_t)at++;
            break;
        case '|':
            land(code, level.ands, at, r.poll);
            code[at] = step(OR, level.ors);
            level = (struct level){NONE, (uint32_t)at++};
            break;
        default: /* the end of an operand: an integer or a closing bracket */
            if (s == INTEGER) {
                values[operands] = r.integer;
                code[at++] = step(HAS, operands++);
            } else {
                land(code, level.ands, at, r.poll);
                land(code, level.ors, at, r.poll);
                level = outside[--open];
                negate = (level.ands & not_bit) != 0;
                level.ands &= ~not_bit;
            }
            if (negate)
                code[at++] = step(NOT, 0);
            negate = false;
        }
    }
    land(code, level.ands, at, r.poll);
    land(code, level.ors, at, r.poll);
    return at;
}

uint64_t sqa_query_program_size(const struct sqa_query *query) {
    return sizeof(struct sqa_program) + (uint64_t)query->operands * (sizeof(int64_t) + 1) +
           (uint64_t)query->steps * sizeof(uint32_t);
}

uint64_t sqa_query_work_size(const struct sqa_query *query) {
    return (uint64_t)query->operands * 2 * sizeof(int64_t) +
           (uint64_t)query->depth * sizeof(struct level);
}

struct sqa_program *sqa_query_compile(const struct sqa_query *query,
                                      const struct sqa_kernels *kernels, void *memory, void *work) {
    const unsigned wide = sqa_width_index(8);
    const size_t operands = query->operands;
    struct sqa_program *program = memory;
    program->operand = (int64_t *)(program + 1);
    program->code = (uint32_t *)(program->operand + operands);
    program->marks = (uint8_t *)(program->code + query->steps);
    int64_t *const values = work, *const scratch = values + operands;
    program->steps = compile(query, program->code, values, (struct level *)(scratch + operands));

    for (size_t at = 0, n; (n = sqa_next_run(operands, at, query->poll)) > 0; at += n)
        memcpy(program->operand + at, values + at, n * sizeof *values);
    kernels->sort[wide](program->operand, operands, scratch, query->poll);
    if (sqa_was_stopped(query->poll))
        return program; /* the code is not complete */
    size_t kept = 0;
    for (size_t at = 0, n; (n = sqa_next_run(operands, at, query->poll)) > 0; at += n) {
        if (at > 0 && program->operand[kept - 1] == program->operand[at])
            kept--; /* a chunk that begins with the last kept operand writes it again */
        kept += kernels->unique[wide](program->operand + kept, program->operand + at, n);
    }
    program->operands = kept;

    /* Replaces the number of each operand in the text by its index in the sorted operands. */
    int64_t *const places = scratch;
    for (size_t at = 0, n; (n = sqa_next_run(operands, at, query->poll)) > 0; at += n)
        kernels->bound[wide](places + at, program->operand, program->operands, values + at, n,
                             false);
    for (size_t at = 0, n; (n = sqa_next_run(program->steps, at, query->poll)) > 0; at += n) {
        for (size_t i = at; i < at + n; i++) {
            if (operation_of(program->code[i]) == HAS)
                program->code[i] = step(HAS, (size_t)places[argument_of(program->code[i])]);
        }
    }
    return program;
}

enum sqa_query_operation sqa_program_step(const struct sqa_program *program, size_t i,
                                          size_t *argument) {
    *argument = argument_of(program->code[i]);
    return (enum sqa_query_operation)operation_of(program->code[i]);
}

bool sqa_program_run(const struct sqa_program *program, const uint8_t *marks,
                     struct sqa_poll *poll) {
    bool bit = false;
    for (size_t at = 0; at < program->steps;) {
        if (at % SQA_RUN == SQA_RUN - 1 && sqa_stopped(poll))
            break;
        const uint32_t code = program->code[at++];
        switch (operation_of(code)) {
        case HAS:
            bit = marks[argument_of(code)] != 0;
            break;
        case NOT:
            bit = !bit;
            break;
        default:
            if (bit == (operation_of(code) == OR))
                at = argument_of(code);
        }
    }
    return bit;
}
