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
    SQA_TOKEN_UNKNOWN /* a byte that no expression has */
};

struct sqa_token {
    enum sqa_token_kind kind;
    size_t at, size; /* its first byte, from 1, and its bytes */
    uint64_t value;  /* of an integer, without a sign */
    bool is_decimal; /* it is, and not hexadecimal */
};

/*
** Reads the first token of `text`, which has `size` bytes, behind its first `from` bytes. On
** failure token->at is the byte, from 1: SQA_TEXT_FRACTION, SQA_TEXT_EXPONENT, SQA_TEXT_RANGE.
*/
SQA_MUST_CHECK enum sqa_status sqa_token_next(struct sqa_token *token, const char *text,
                                              size_t size, size_t from);

/* Is a token of the text this word, which is in small letters? In any case of letters */
bool sqa_token_is(const struct sqa_token *token, const char *text, const char *word);

#endif
