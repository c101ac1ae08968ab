#include "store/definition.h"

#include <stdbool.h>
#include <string.h>

#include "sqlite3ext.h"

SQLITE_EXTENSION_INIT3

static bool is_blank_character(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool is_digit_character(char c) {
    return c >= '0' && c <= '9';
}

/*
** Returns true for the characters that a bare name in SQL may contain. The first one cannot be a
** digit.
*/
static bool is_word_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit_character(c) || c == '_' ||
           c == '$' || (unsigned char)c >= 0x80;
}

/* Returns the end of the comment at s, or s if there is none. */
static const char *skip_comment(const char *s) {
    if (s[0] == '-' && s[1] == '-')
        return s + strcspn(s, "\n");
    if (s[0] != '/' || s[1] != '*')
        return s;
    const char *end = strstr(s + 2, "*/");
    return end == NULL ? s + strlen(s) : end + 2;
}

const char *sqa_definition_skip(const char *s) {
    for (const char *before = NULL; s != before;) {
        before = s;
        while (is_blank_character(*s))
            s++;
        s = skip_comment(s);
    }
    return s;
}

/* Returns the closing quote for an opening one, or 0 if c is not a quote. */
static char closing_quote(char c) {
    return c == '[' ? ']' : c == '"' || c == '\'' || c == '`' ? c : 0;
}

/* Returns the end of the name or word at s, bare or quoted, or s if there is none. */
static const char *word_end(const char *s) {
    const char *const start = s;
    const char quote = closing_quote(*s);
    if (quote == 0) {
        while (!is_digit_character(*start) && is_word_character(*s))
            s++;
        return s;
    }
    for (s++; *s != quote || (quote != ']' && s[1] == quote); s++) {
        if (*s == 0) /* unreached: SQLite has found the end of the quotes */
            return start;
        s += *s == quote; /* it is doubled */
    }
    return s + 1;
}

const char *sqa_definition_name(const char *s, char *name) {
    const char quote = closing_quote(*s);
    const char *end = word_end(s);
    if (end == s)
        return NULL;
    const char *from = quote == 0 ? s : s + 1, *to = quote == 0 ? end : end - 1;
    for (; from < to; from++) {
        *name++ = *from;
        from += quote != 0 && quote != ']' && *from == quote; /* a quote in the name is doubled */
    }
    *name = 0;
    return sqa_definition_skip(end);
}

static bool is_word(const char *s, const char *end, const char *word) {
    return strlen(word) == (size_t)(end - s) && sqlite3_strnicmp(s, word, (int)(end - s)) == 0;
}

/*
** Returns true for words that cannot be part of a type: those that begin a constraint, and HIDDEN,
** which would make a column of a virtual table hidden.
*/
static bool ends_type(const char *s, const char *end) {
    static const char *const words[] = {
        "NOT",        "NULL", "DEFAULT",   "PRIMARY",    "UNIQUE", "CHECK", "COLLATE",
        "REFERENCES", "AS",   "GENERATED", "CONSTRAINT", "ON",     "HIDDEN"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (is_word(s, end, words[i]))
            return true;
    }
    return false;
}

static bool contains_int(const char *s, const char *end) {
    for (; end - s >= 3; s++) {
        if (sqlite3_strnicmp(s, "INT", 3) == 0)
            return true;
    }
    return false;
}

/* Appends a blank and the characters from s to `end` to type. Returns the new end of type. */
static char *append(char *type, const char *s, const char *end) {
    *type++ = ' ';
    memcpy(type, s, (size_t)(end - s));
    type += end - s;
    *type = 0;
    return type;
}

/* Returns the end of the numbers in brackets at s, as in INT(11), or s if there are none. */
static const char *size_end(const char *s) {
    const size_t size = *s == '(' ? 1 + strspn(s + 1, "0123456789+-., ") : 0;
    return size > 1 && s[size] == ')' ? s + size + 1 : s;
}

size_t sqa_definition_room(const char *definition) {
    return 2 * strlen(definition) + sizeof " INTEGER NOT NULL";
}

const char *sqa_definition_type(const char *s, char *type) {
    static const char integer[] = "INTEGER", not_null[] = "NOT NULL";
    const char *const start = s, *end;
    char *at = type;
    bool is_integer = false;
    for (; (end = word_end(s)) != s && !ends_type(s, end); s = sqa_definition_skip(end)) {
        is_integer |= contains_int(s, end);
        at = append(at, s, end);
    }
    if (s == start) {
        at = append(at, integer, integer + strlen(integer));
    } else if (!is_integer) {
        return start;
    } else if ((end = size_end(s)) != s) {
        at = append(at, s, end);
        s = sqa_definition_skip(end);
    }
    if (is_word(s, word_end(s), "NOT")) {
        const char *null = sqa_definition_skip(s + strlen("NOT"));
        end = word_end(null);
        if (!is_word(null, end, "NULL"))
            return s;
        s = sqa_definition_skip(end);
    }
    (void)append(at, not_null, not_null + strlen(not_null));
    return *s == 0 ? NULL : s;
}
