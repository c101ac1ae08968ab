/* The words, numbers and signs of an expression (core/expression.h). */
#ifndef SQA_EXPRESSION_TOKEN_H
#define SQA_EXPRESSION_TOKEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/status.h"

enum sqa_token_kind {
    SQA_TOKEN_END,
    SQA_TOKEN_INTEGER,
    SQA_TOKEN_WORD, /* a letter, or the name of a function */
    SQA_TOKEN_AND,
    SQA_TOKEN_OR,
    SQA_TOKEN_NOT,
    SQA_TOKEN_BETWEEN,
    SQA_TOKEN_IN,
    SQA_TOKEN_OPEN,
    SQA_TOKEN_CLOSE,
    SQA_TOKEN_COMMA,
    SQA_TOKEN_PLUS,
    SQA_TOKEN_MINUS,
    SQA_TOKEN_STAR,
    SQA_TOKEN_SLASH,
    SQA_TOKEN_PERCENT,
    SQA_TOKEN_AMPERSAND,
    SQA_TOKEN_BAR,
    SQA_TOKEN_LEFT,
    SQA_TOKEN_RIGHT,
    SQA_TOKEN_TILDE,
    SQA_TOKEN_EQUAL,
    SQA_TOKEN_NOT_EQUAL,
    SQA_TOKEN_LESS,
    SQA_TOKEN_LESS_EQUAL,
    SQA_TOKEN_GREATER,
    SQA_TOKEN_GREATER_EQUAL,
    SQA_TOKEN_UNKNOWN /* a byte that no expression contains */
};

struct sqa_token {
    enum sqa_token_kind kind;
    size_t at, size; /* number of its first byte, from 1, and how many bytes it has */
    uint64_t value;  /* the value of an integer, without a sign */
    bool is_decimal; /* true if it is not hexadecimal */
};

/*
** Reads the first token of `text`, which has `size` bytes, after its first `from` bytes. On
** failure token->at is the number of the byte, from 1. Returns SQA_OK, SQA_TEXT_FRACTION,
** SQA_TEXT_EXPONENT or SQA_TEXT_RANGE.
*/
SQA_MUST_CHECK enum sqa_status sqa_token_next(struct sqa_token *token, const char *text,
                                              size_t size, size_t from);

/* Returns true if the token is this word, in upper or lower case. `word` is in lower case. */
bool sqa_token_is(const struct sqa_token *token, const char *text, const char *word);

#endif
