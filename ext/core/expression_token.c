#include "core/expression_token.h"

#include <string.h>

static bool is_decimal_digit(char c) {
    return c >= '0' && c <= '9';
}

static bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_blank(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Returns the value of a hexadecimal digit, or -1. */
static int hexadecimal(char c) {
    return is_decimal_digit(c)                      ? c - '0'
           : (c | 0x20) >= 'a' && (c | 0x20) <= 'f' ? (c | 0x20) - 'a' + 10
                                                    : -1;
}

/* Reads a number in text[from..size). */
static enum sqa_status read_number_token(struct sqa_token *token, const char *text, size_t size,
                                         size_t from) {
    size_t at = from;
    bool fits = true;
    token->kind = SQA_TOKEN_INTEGER;
    token->is_decimal = !(size - from > 2 && text[from] == '0' && (text[from + 1] | 0x20) == 'x' &&
                          hexadecimal(text[from + 2]) >= 0);
    if (token->is_decimal) {
        for (; at < size && is_decimal_digit(text[at]); at++)
            fits &=
                !__builtin_mul_overflow(token->value, 10, &token->value) &&
                !__builtin_add_overflow(token->value, (uint64_t)(text[at] - '0'), &token->value);
    } else {
        for (at = from + 2; at < size && hexadecimal(text[at]) >= 0; at++) {
            fits &= token->value >> 60 == 0;
            token->value = token->value << 4 | (uint64_t)hexadecimal(text[at]);
        }
    }
    token->size = at - from;
    if (!fits)
        return SQA_TEXT_RANGE;
    if (at < size && text[at] == '.')
        return SQA_TEXT_FRACTION;
    if (at + 1 < size && (text[at] | 0x20) == 'e' &&
        (is_decimal_digit(text[at + 1]) || text[at + 1] == '-'))
        return SQA_TEXT_EXPONENT;
    return SQA_OK;
}

bool sqa_token_is(const struct sqa_token *token, const char *text, const char *word) {
    if (strlen(word) != token->size)
        return false;
    for (size_t i = 0; i < token->size; i++) {
        const char c = text[token->at - 1 + i];
        if ((is_letter(c) ? c | 0x20 : c) != word[i])
            return false;
    }
    return true;
}

static void read_word_token(struct sqa_token *token, const char *text, size_t size, size_t from) {
    static const struct {
        const char *word;
        enum sqa_token_kind kind;
    } words[] = {{"and", SQA_TOKEN_AND},
                 {"or", SQA_TOKEN_OR},
                 {"not", SQA_TOKEN_NOT},
                 {"between", SQA_TOKEN_BETWEEN},
                 {"in", SQA_TOKEN_IN}};
    size_t at = from;
    while (at < size && (is_letter(text[at]) || is_decimal_digit(text[at]) || text[at] == '_'))
        at++;
    token->kind = SQA_TOKEN_WORD;
    token->size = at - from;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (sqa_token_is(token, text, words[i].word))
            token->kind = words[i].kind;
    }
}

/* The signs. If one begins like another, the longer one comes first. */
static const struct expression_sign {
    char text[3];
    enum sqa_token_kind kind;
} expression_signs[] = {
    {"<<", SQA_TOKEN_LEFT},          {">>", SQA_TOKEN_RIGHT},     {"<=", SQA_TOKEN_LESS_EQUAL},
    {">=", SQA_TOKEN_GREATER_EQUAL}, {"<>", SQA_TOKEN_NOT_EQUAL}, {"!=", SQA_TOKEN_NOT_EQUAL},
    {"==", SQA_TOKEN_EQUAL},         {"=", SQA_TOKEN_EQUAL},      {"<", SQA_TOKEN_LESS},
    {">", SQA_TOKEN_GREATER},        {"(", SQA_TOKEN_OPEN},       {")", SQA_TOKEN_CLOSE},
    {",", SQA_TOKEN_COMMA},          {"+", SQA_TOKEN_PLUS},       {"-", SQA_TOKEN_MINUS},
    {"*", SQA_TOKEN_STAR},           {"/", SQA_TOKEN_SLASH},      {"%", SQA_TOKEN_PERCENT},
    {"&", SQA_TOKEN_AMPERSAND},      {"|", SQA_TOKEN_BAR},        {"~", SQA_TOKEN_TILDE},
};

enum sqa_status sqa_token_next(struct sqa_token *token, const char *text, size_t size,
                               size_t from) {
    while (from < size && is_blank(text[from]))
        from++;
    *token = (struct sqa_token){.kind = SQA_TOKEN_END, .at = from + 1};
    if (from == size)
        return SQA_OK;
    if (is_decimal_digit(text[from]))
        return read_number_token(token, text, size, from);
    if (is_letter(text[from])) {
        read_word_token(token, text, size, from);
        return SQA_OK;
    }
    for (size_t i = 0; i < sizeof expression_signs / sizeof expression_signs[0]; i++) {
        const char *const sign = expression_signs[i].text;
        const size_t n = strlen(sign);
        if (n <= size - from && memcmp(text + from, sign, n) == 0) {
            token->kind = expression_signs[i].kind;
            token->size = n;
            return SQA_OK;
        }
    }
    token->kind = SQA_TOKEN_UNKNOWN;
    token->size = 1;
    return SQA_OK;
}
