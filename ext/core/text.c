/*
** Arrays as text. The function read_text() has the grammar for both scan and store, so that the
** two passes always agree.
**
** A number ends at the first byte that is not a digit, so a separator must not begin with a
** digit. Blanks around numbers are skipped, but a separator may itself begin with blanks; so it
** is searched for from the last digit of the number on. A separator of only blanks matches any
** sequence of blanks that contains it: '1 2 3 ' split at ' ' has three numbers.
*/
#include "core/text.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

static const uint64_t powers_of_ten[] = {
    1u,
    10u,
    100u,
    1000u,
    10000u,
    100000u,
    1000000u,
    10000000u,
    100000000u,
    1000000000u,
    10000000000u,
    100000000000u,
    1000000000000u,
    10000000000000u,
    100000000000000u,
    1000000000000000u,
    10000000000000000u,
    100000000000000000u,
    1000000000000000000u,
    10000000000000000000u,
};

/* Reading */

enum { NO_GAP = -1 };

/*
** Skips blanks. This and the loops below ask the poll once in so many bytes; if it stops the work
** they return the end of the text.
*/
static inline const char *skip_blanks(const char *p, const char *end, struct sqa_poll *poll) {
    while (p < end && (*p == ' ' || *p == '\t' || *p == '\n' || *p == '\r')) {
        if ((uintptr_t)++p % SQA_RUN == 0 && sqa_stopped(poll))
            return end;
    }
    return p;
}

/*
** Returns up to eight bytes at p, the first one as the lowest byte, each XORed with '0', so that
** digits become 0 to 9. Numbers are read eight bytes at a time, because a loop over bytes would
** mispredict the end of each number.
*/
static inline uint64_t load_digits(const char *p, const char *end) {
    uint64_t w = 0;
    if (end - p >= 8)
        memcpy(&w, p, 8);
    else
        for (unsigned i = 0; p + i < end; i++)
            w |= (uint64_t)(unsigned char)p[i] << (8 * i);
    return w ^ 0x3030303030303030u;
}

/* Returns how many bytes of w, from the lowest on, are digits. */
static inline unsigned leading_digits(uint64_t w) {
    /*
    ** The high bit of a byte is set if it is not a digit. Carries can only affect bytes after the
    ** first such byte.
    */
    const uint64_t other = (w | (w + 0x7676767676767676u)) & 0x8080808080808080u;
    return other ? (unsigned)__builtin_ctzll(other) / 8 : 8;
}

/* Returns the value of the first n digits of w, 0 < n <= 8. */
static inline uint64_t join_digits(uint64_t w, unsigned n) {
    /* leading zeros make eight digits; then pairs are joined, then fours, then all */
    w <<= 64 - 8 * n;
    w = (w * 10 + (w >> 8)) & 0x00ff00ff00ff00ffu;
    w = (w * 100 + (w >> 16)) & 0x0000ffff0000ffffu;
    return (w * 10000 + (w >> 32)) & 0xffffffffu;
}

/*
** Reads integers of up to seven digits that are followed at once by `gap`, a byte or NO_GAP, at
** most `most` of them, into x. Returns how many; *at moves after the last gap and the blanks behind
** it, and their significance is added to *sig. Stops before anything else. Most elements of most
** texts are such numbers: of a text of 16 it takes a third of the instructions of read_element().
*/
static inline size_t read_short(const char **at, const char *end, int gap, int64_t *x, size_t most,
                                uint64_t *sig, struct sqa_poll *poll) {
    const char *p = *at;
    uint64_t all = 0;
    size_t n = 0;
    while (n < most && end - p >= 8) {
        uint64_t w = load_digits(p, end);
        const unsigned sign = (w & 0xff) == ('-' ^ '0');
        w >>= 8 * sign; /* the zeros that come in cannot be the gap */
        const unsigned digits = leading_digits(w);
        const bool leads_with_zero = digits > 1 && (w & 0xff) == 0;
        if (digits == 0 || digits == 8 || leads_with_zero ||
            (int)(w >> 8 * digits & 0xff) != (gap ^ '0'))
            break;
        /* changes the sign without a branch, which would often be mispredicted */
        x[n] = ((int64_t)join_digits(w, digits) ^ -(int64_t)sign) + sign;
        all |= sqa_sig(x[n++]);
        p += sign + digits + 1;
        if (p < end && *p <= ' ')
            p = skip_blanks(p, end, poll);
    }
    *at = p;
    *sig |= all;
    return n;
}

/*
** Returns true if the word at p is null, in upper or lower case. A longer word such as `nullable`
** does not count.
*/
static bool is_null(const char *p, const char *end) {
    static const char word[4] = {'n', 'u', 'l', 'l'};
    for (size_t i = 0; i < sizeof word; i++)
        if (p + i == end || (p[i] | 0x20) != word[i])
            return false;
    p += sizeof word;
    return p == end || (*p | 0x20) < 'a' || (*p | 0x20) > 'z';
}

/*
** Reads the integer at *at and moves *at after it; on failure *at is unchanged. Inlined because
** it is called for each element, and reading a text would take a sixth longer otherwise.
*/
static inline __attribute__((always_inline)) enum sqa_status
read_number(const char **at, const char *end, int64_t *x, struct sqa_poll *poll) {
    const char *p = *at;
    uint64_t w = load_digits(p, end), magnitude = 0;
    const bool negative = (w & 0xff) == ('-' ^ '0');
    const char *const first = p + negative;
    unsigned n;
    if (negative)
        w &= ~(uint64_t)0xff; /* the sign becomes a leading zero */
    while ((n = leading_digits(w)) > 0) {
        /* may overflow after 19 digits, which is checked below */
        magnitude = magnitude * powers_of_ten[n] + join_digits(w, n);
        p += n;
        if (n < 8 || ((uintptr_t)p % SQA_RUN < 8 && sqa_stopped(poll)))
            break;
        w = load_digits(p, end);
    }
    if (p <= first)
        return !negative && is_null(first, end) ? SQA_TEXT_NULL : SQA_TEXT_NUMBER;
    if (p - first > 1 && *first == '0')
        return SQA_TEXT_ZERO;
    if (p - first > 19 || magnitude > (uint64_t)INT64_MAX + negative)
        return SQA_TEXT_RANGE;
    *x = (int64_t)(negative ? 0 - magnitude : magnitude);
    *at = p;
    return SQA_OK;
}

static bool is_digit(const char *p, const char *end) {
    return p < end && *p >= '0' && *p <= '9';
}

/*
** Called after read_number() has failed at p: returns what is wrong there, such as another kind
** of number or a nested array. In a bracketed text p is before the end.
*/
static enum sqa_status why_no_integer(const char *p, const char *end, bool bracketed) {
    const bool plus = p < end && *p == '+', minus = p < end && *p == '-';
    const char *const first = p + (plus || minus);
    if (plus && is_digit(first, end))
        return SQA_TEXT_PLUS;
    if (first < end && *first == '.' && is_digit(first + 1, end))
        return SQA_TEXT_FRACTION;
    if (bracketed && (*p == '[' || *p == '{'))
        return SQA_TEXT_NESTED;
    return SQA_TEXT_NUMBER;
}

/*
** Returns SQA_OK if the number whose digits end at p is an integer; otherwise what kind of number
** it is.
*/
static enum sqa_status rest_of_number(const char *p, const char *end) {
    if (p == end)
        return SQA_OK;
    if (*p == '.')
        return SQA_TEXT_FRACTION;
    if (*p != 'e' && *p != 'E')
        return SQA_OK;
    p++;
    if (p < end && (*p == '+' || *p == '-'))
        p++;
    return is_digit(p, end) ? SQA_TEXT_EXPONENT : SQA_OK;
}

/*
** Reads the integer in quotes at *at and moves *at after the closing quote; on failure *at is the
** position of the error.
*/
static __attribute__((noinline)) enum sqa_status read_quoted(const char **at, const char *end,
                                                             int64_t *x, struct sqa_poll *poll) {
    const char *p = ++*at;
    enum sqa_status status = read_number(&p, end, x, poll);
    if (status == SQA_TEXT_NULL || status == SQA_TEXT_NUMBER)
        return why_no_integer(p, end, false);
    if (status == SQA_OK)
        status = rest_of_number(p, end);
    if (status != SQA_OK)
        return status;
    *at = p;
    if (p == end || *p != '"')
        return SQA_TEXT_QUOTE;
    ++*at;
    return SQA_OK;
}

/* Returns true if there is a separator at p, which must be before end. */
static inline bool at_separator(const struct sqa_text *t, const char *p, const char *end) {
    return *p == *t->separator &&
           (t->separator_size == 1 || ((size_t)(end - p) >= t->separator_size &&
                                       memcmp(p, t->separator, t->separator_size) == 0));
}

/*
** Returns where the separator begins: at p, or in the blanks between `behind` and p. Returns NULL
** if there is none. A separator that begins with blanks and does not end with blanks must begin
** exactly so many bytes before p as it has leading blanks. Without this rule, many blanks in a
** long separator would cost as many long comparisons.
*/
static const char *find_separator(const struct sqa_text *t, const char *behind, const char *p,
                                  const char *end) {
    const char *const separator_end = t->separator + t->separator_size;
    const char *const solid = skip_blanks(t->separator, separator_end, NULL);
    if (solid < separator_end) {
        const ptrdiff_t blanks = solid - t->separator;
        return blanks <= p - behind && at_separator(t, p - blanks, end) ? p - blanks : NULL;
    }
    size_t compared = 0;
    for (const char *s = behind; s < p; s++) {
        if (at_separator(t, s, end))
            return s;
        compared += t->separator_size;
        if (compared >= SQA_RUN) {
            compared = 0;
            if (sqa_stopped(t->poll))
                break;
        }
    }
    return NULL;
}

/*
** Moves *at from the end of a number to the next number and sets *more to true, or to the end of
** the text. `close` is the expected closing bracket, 0 if the text has a separator. On failure
** *at is the first byte that is not blank.
*/
static inline enum sqa_status read_gap(const struct sqa_text *t, char close, const char **at,
                                       const char *end, bool *more) {
    const char *behind = *at;
    const char *p = *at = skip_blanks(behind, end, t->poll);
    if (close) {
        if (p == end)
            return SQA_TEXT_UNCLOSED;
        if (*p != ',' && *p != close)
            return SQA_TEXT_COMMA;
        *more = *p++ == ',';
    } else {
        *more = p < end;
        if (!*more)
            return SQA_OK;
        const char *const s = at_separator(t, p, end) ? p : find_separator(t, behind, p, end);
        if (s == NULL)
            return SQA_TEXT_SEPARATOR;
        p = s + t->separator_size;
    }
    *at = skip_blanks(p, end, t->poll);
    return SQA_OK;
}

/*
** Reads the element at *at and what follows it: moves *at and sets *more as read_gap() does. On
** failure *at is the position of the error.
*/
static inline enum sqa_status read_element(const struct sqa_text *t, char close, const char **at,
                                           const char *end, int64_t *x, bool *more) {
    const char *const start = *at;
    if (start == end && close)
        return SQA_TEXT_UNCLOSED;
    enum sqa_status status = read_number(at, end, x, t->poll);
    if (status == SQA_TEXT_NUMBER)
        status = close == ']' && *start == '"' ? read_quoted(at, end, x, t->poll)
                                               : why_no_integer(start, end, close != 0);
    if (status != SQA_OK)
        return status;
    const char *const behind = *at;
    status = read_gap(t, close, at, end, more);
    if (status == SQA_OK)
        return SQA_OK;
    /* for numbers such as 1.0 and 1e3 the message is about the number, not about what follows it */
    const enum sqa_status rest = rest_of_number(behind, end);
    if (rest == SQA_OK)
        return status;
    *at = start;
    return rest;
}

/*
** Reads the whole text, and sets count and sig of t. The elements go to t->kept, block by block,
** and from there to dst if that is not NULL. On failure *at is the position of the error.
*/
static enum sqa_status read_text(struct sqa_text *t, const struct sqa_kernels *kernels, void *dst,
                                 unsigned width, const char **at) {
    const char *const end = t->text + t->size;
    const char *p = skip_blanks(t->text, end, t->poll);
    char close = 0;
    bool more = p < end;
    enum sqa_status status = SQA_OK;
    /* a separator of a blank is only to be looked for backwards */
    int gap = t->separator_size == 1 && *t->separator > ' ' ? *t->separator : NO_GAP;

    t->count = 0;
    t->sig = 0;
    if (!t->separator) {
        if (p == end)
            status = SQA_TEXT_EMPTY;
        else if (*p != '[' && *p != '{')
            status = SQA_TEXT_START;
        if (status != SQA_OK)
            goto done;
        close = *p == '[' ? ']' : '}';
        gap = ',';
        p = skip_blanks(p + 1, end, t->poll);
        more = p == end || *p != close;
        if (!more)
            p = skip_blanks(p + 1, end, t->poll);
    }
    while (more) {
        size_t n = 0;
        while (more && n < SQA_TEXT_KEPT) {
            /* not tried for each element, which would take longer where all numbers are long */
            if (n % 8 == 0)
                n += read_short(&p, end, gap, t->kept + n, SQA_TEXT_KEPT - n, &t->sig, t->poll);
            if (n == SQA_TEXT_KEPT)
                break;
            status = read_element(t, close, &p, end, &t->kept[n], &more);
            if (status != SQA_OK)
                goto done;
            t->sig |= sqa_sig(t->kept[n++]);
        }
        if (dst != NULL)
            kernels->from64[sqa_width_index(width)]((unsigned char *)dst + t->count * width,
                                                    t->kept, n);
        t->count += n;
        if (t->count % SQA_RUN == 0 && sqa_stopped(t->poll))
            break;
    }
    if (p < end)
        status = SQA_TEXT_TRAILING;
done:
    *at = p;
    return sqa_was_stopped(t->poll) ? SQA_INTERRUPT : status;
}

enum sqa_status sqa_text_scan(struct sqa_text *text, struct sqa_error *error) {
    const char *at;
    const enum sqa_status status = read_text(text, NULL, NULL, 0, &at);
    if (status != SQA_OK)
        *error = (struct sqa_error){.a = at - text->text + 1};
    return status;
}

void sqa_text_store(const struct sqa_kernels *kernels, const struct sqa_text *text, void *dst,
                    unsigned width) {
    if (text->count <= SQA_TEXT_KEPT) {
        kernels->from64[sqa_width_index(width)](dst, text->kept, text->count);
        return;
    }
    struct sqa_text again = *text;
    const char *at;
    const enum sqa_status status = read_text(&again, kernels, dst, width, &at);
    assert(sqa_was_stopped(text->poll) || (status == SQA_OK && again.count == text->count));
    (void)status;
}

/* Writing */

static inline uint64_t magnitude_of(int64_t x) {
    return x < 0 ? 0 - (uint64_t)x : (uint64_t)x;
}

/*
** Returns the number of decimal digits of x, at least 1. It is estimated with log10(2) =
** 1233/4096 and corrected by one comparison.
*/
static inline unsigned count_digits(uint64_t x) {
    /*
    ** For 0 to have one digit, the lowest bit is set. This changes nothing else, because all
    ** powers of ten but 1 are even.
    */
    x |= 1;
    const unsigned n = (64 - (unsigned)__builtin_clzll(x)) * 1233 >> 12;
    return n + (x >= powers_of_ten[n]);
}

static inline char *write_number(char *dst, int64_t x) {
    static const char pairs[] = "00010203040506070809"
                                "10111213141516171819"
                                "20212223242526272829"
                                "30313233343536373839"
                                "40414243444546474849"
                                "50515253545556575859"
                                "60616263646566676869"
                                "70717273747576777879"
                                "80818283848586878889"
                                "90919293949596979899";
    uint64_t rest = magnitude_of(x);
    if (x < 0)
        *dst++ = '-';
    char *const end = dst + count_digits(rest);
    char *p = end;
    for (; rest >= 100; rest /= 100)
        memcpy(p -= 2, pairs + 2 * (rest % 100), 2);
    if (rest >= 10)
        memcpy(p - 2, pairs + 2 * rest, 2);
    else
        p[-1] = (char)('0' + rest);
    return end;
}

static inline char *write_bytes(char *dst, const char *src, size_t n) {
    if (n == 1) /* faster than memcpy() for the usual separator of one byte */
        *dst = *src;
    else if (n > 0)
        memcpy(dst, src, n);
    return dst + n;
}

uint64_t sqa_text_length(const struct sqa_kernels *kernels, const struct sqa_array *array,
                         const struct sqa_text_form *form, struct sqa_poll *poll) {
    uint64_t length = strlen(form->open) + strlen(form->close);
    struct sqa_reader reader;
    if (array->count > 0)
        length += (uint64_t)(array->count - 1) * form->separator_size;
    sqa_reader_init(&reader, kernels, array, 8, poll);
    while (sqa_reader_next(&reader)) {
        const int64_t *x = reader.data;
        for (size_t i = 0; i < reader.n; i++)
            length += (x[i] < 0) + count_digits(magnitude_of(x[i]));
    }
    return length;
}

void sqa_text_write(const struct sqa_kernels *kernels, const struct sqa_array *array,
                    const struct sqa_text_form *form, char *dst, struct sqa_poll *poll) {
    struct sqa_reader reader;
    dst = write_bytes(dst, form->open, strlen(form->open));
    sqa_reader_init(&reader, kernels, array, 8, poll);
    while (sqa_reader_next(&reader)) {
        const int64_t *x = reader.data;
        for (size_t i = 0; i < reader.n; i++) {
            if (reader.at + i > 0)
                dst = write_bytes(dst, form->separator, form->separator_size);
            dst = write_number(dst, x[i]);
        }
    }
    write_bytes(dst, form->close, strlen(form->close));
}
