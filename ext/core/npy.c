/*
** Reads the header as what it is, a literal of Python's syntax: keys in any order, single or
** double quotes, blanks and line feeds between tokens, a comma after the last entry. The cursor
** never moves past the end of the header, and checks that there is a byte before it reads it.
*/
#include "core/npy.h"

#include <stdio.h>
#include <string.h>

static const unsigned char npy_magic[6] = {0x93, 'N', 'U', 'M', 'P', 'Y'};
enum { AT_MAJOR = 6, AT_MINOR = 7, AT_SIZE = 8 };
enum { MOST_HEADER = 1 << 20 }; /* in bytes; NumPy's default limit is 10,000 */

const char *const sqa_npy_dtypes[] = {[SQA_INT8] = "int8",     [SQA_INT16] = "int16",
                                      [SQA_INT32] = "int32",   [SQA_INT64] = "int64",
                                      [SQA_UINT8] = "uint8",   [SQA_UINT16] = "uint16",
                                      [SQA_UINT32] = "uint32", [SQA_UINT64] = "uint64",
                                      [SQA_BOOL] = "bool",     NULL};

struct cursor {
    const unsigned char *start, *at, *end;
};

/*
** Skips blanks and returns the next byte without consuming it. Returns 0 at the end and for a
** NUL, which is invalid everywhere.
*/
static unsigned char peek(struct cursor *c) {
    while (c->at < c->end && (*c->at == ' ' || *c->at == '\t' || *c->at == '\n' || *c->at == '\r'))
        c->at++;
    return c->at < c->end ? *c->at : 0;
}

static bool take_byte(struct cursor *c, unsigned char byte) {
    if (peek(c) != byte)
        return false;
    c->at++;
    return true;
}

/* Consumes the word if the following bytes are equal to it. Does not check what follows. */
static bool take_word(struct cursor *c, const char *word) {
    const size_t n = strlen(word);
    (void)peek(c);
    if ((size_t)(c->end - c->at) < n || memcmp(c->at, word, n) != 0)
        return false;
    c->at += n;
    return true;
}

/* Consumes a string in quotes, without escapes, and returns its n bytes. */
static bool take_string(struct cursor *c, const unsigned char **text, size_t *n) {
    const unsigned char quote = peek(c);
    if (quote != '\'' && quote != '"')
        return false;
    *text = ++c->at;
    while (c->at < c->end && *c->at != quote && *c->at != '\\')
        c->at++;
    *n = (size_t)(c->at - *text);
    return c->at < c->end && *c->at++ == quote;
}

/*
** Consumes a number that is not negative. Returns UINT64_MAX if it is too large. An L after it is
** accepted, because Python 2 wrote one. As in Python 3, only 0 may begin with 0.
*/
static bool take_number(struct cursor *c, uint64_t *x) {
    const unsigned char first = peek(c);
    if (first < '0' || first > '9')
        return false;
    *x = 0;
    for (; c->at < c->end && *c->at >= '0' && *c->at <= '9'; c->at++) {
        if (first == '0' && *c->at != '0')
            return false;
        *x = sqa_add_size(sqa_mul_size(*x, 10), *c->at - (unsigned)'0');
    }
    if (c->at < c->end && *c->at == 'L')
        c->at++;
    return true;
}

static bool equal(const unsigned char *text, size_t n, const char *word) {
    return strlen(word) == n && memcmp(text, word, n) == 0;
}

/* Stores the type as text for the error message. */
static void describe(struct sqa_npy *npy, const unsigned char *text, size_t n) {
    size_t i = 0;
    for (; i < n && i + 1 < sizeof npy->descr; i++)
        npy->descr[i] = text[i] >= ' ' && text[i] <= '~' ? (char)text[i] : '?';
    npy->descr[i] = 0;
}

/* Reads a type such as <i8: an optional byte order, a kind and a width. */
static bool read_type(struct sqa_npy *npy, const unsigned char *text, size_t n) {
    npy->big = n > 0 && text[0] == '>';
    if (n > 0 && (text[0] == '<' || text[0] == '>' || text[0] == '=' || text[0] == '|')) {
        text++;
        n--;
    }
    if (n != 2 || (text[1] != '1' && text[1] != '2' && text[1] != '4' && text[1] != '8'))
        return false;
    const unsigned index = sqa_width_index((unsigned)(text[1] - '0'));
    if (text[0] == 'b' && index == 0)
        npy->dtype = SQA_BOOL;
    else if (text[0] == 'i')
        npy->dtype = (enum sqa_dtype)(SQA_INT8 + index);
    else if (text[0] == 'u')
        npy->dtype = (enum sqa_dtype)(SQA_UINT8 + index);
    else
        return false;
    return true;
}

static enum sqa_status take_type(struct cursor *c, struct sqa_npy *npy) {
    const unsigned char *text;
    size_t n;
    const unsigned char first = peek(c);
    if (first == '[') { /* a structured type: a list of names and types */
        const unsigned char *const last = memchr(c->at, ']', (size_t)(c->end - c->at));
        describe(npy, c->at, (size_t)((last == NULL ? c->end : last + 1) - c->at));
        return SQA_NPY_TYPE;
    }
    if (!take_string(c, &text, &n))
        return SQA_NPY_SYNTAX;
    describe(npy, text - 1, n + 2);
    return read_type(npy, text, n) ? SQA_OK : SQA_NPY_TYPE;
}

static enum sqa_status take_shape(struct cursor *c, struct sqa_npy_shape *shape,
                                  struct sqa_error *error) {
    if (!take_byte(c, '('))
        return SQA_NPY_SYNTAX;
    bool more = true; /* a comma or the opening bracket precedes */
    for (shape->dimensions = 0; !take_byte(c, ')'); shape->dimensions++) {
        uint64_t length;
        if (!more || !take_number(c, &length))
            return SQA_NPY_SYNTAX;
        if (shape->dimensions == SQA_NPY_DIMENSIONS_MOST) {
            error->a = SQA_NPY_DIMENSIONS_MOST;
            return SQA_NPY_DIMENSIONS;
        }
        if (length > INT64_MAX) {
            error->a = (int64_t)shape->dimensions + 1;
            return SQA_NPY_LENGTH;
        }
        shape->lengths[shape->dimensions] = (int64_t)length;
        more = take_byte(c, ',');
    }
    return shape->dimensions == 1 && !more ? SQA_NPY_SYNTAX
                                           : SQA_OK; /* (3) is a number, not a tuple */
}

/* Bits for the keys, each of which must occur once */
enum { DESCR = 1, ORDER = 2, SHAPE = 4 };

static enum sqa_status take_entry(struct cursor *c, struct sqa_npy *npy, unsigned *seen,
                                  bool *fortran, struct sqa_error *error) {
    const unsigned char *key;
    size_t n;
    if (!take_string(c, &key, &n))
        return SQA_NPY_SYNTAX;
    const unsigned which = equal(key, n, "descr")           ? DESCR
                           : equal(key, n, "fortran_order") ? ORDER
                           : equal(key, n, "shape")         ? SHAPE
                                                            : 0;
    if (which == 0 || (*seen & which) != 0 || !take_byte(c, ':'))
        return SQA_NPY_SYNTAX;
    *seen |= which;
    if (which == DESCR)
        return take_type(c, npy);
    if (which == SHAPE)
        return take_shape(c, &npy->shape, error);
    *fortran = take_word(c, "True");
    return *fortran || take_word(c, "False") ? SQA_OK : SQA_NPY_SYNTAX;
}

/* Returns true if C order and Fortran order differ for this shape. */
static bool has_order(const struct sqa_npy_shape *shape) {
    unsigned longer = 0;
    for (unsigned d = 0; d < shape->dimensions; d++)
        longer += shape->lengths[d] > 1;
    return longer > 1;
}

static enum sqa_status take_dictionary(struct cursor *c, struct sqa_npy *npy,
                                       struct sqa_error *error) {
    unsigned seen = 0;
    bool fortran = false;
    if (!take_byte(c, '{'))
        return SQA_NPY_SYNTAX;
    bool more = true;
    while (!take_byte(c, '}')) {
        const enum sqa_status status =
            more ? take_entry(c, npy, &seen, &fortran, error) : SQA_NPY_SYNTAX;
        if (status != SQA_OK)
            return status;
        more = take_byte(c, ',');
    }
    (void)peek(c);
    if (seen != (DESCR | ORDER | SHAPE) || c->at != c->end)
        return SQA_NPY_SYNTAX;
    if (fortran && has_order(&npy->shape)) {
        error->a = npy->shape.dimensions;
        return SQA_NPY_FORTRAN;
    }
    npy->count = sqa_npy_count(&npy->shape);
    return SQA_OK;
}

uint64_t sqa_npy_count(const struct sqa_npy_shape *shape) {
    uint64_t count = 1;
    for (unsigned d = 0; d < shape->dimensions; d++) {
        if (shape->lengths[d] == 0)
            return 0;
        count = sqa_mul_size(count, (uint64_t)shape->lengths[d]);
    }
    return count;
}

/* Returns true, and fills error, if fewer bytes are given than needed. */
static bool is_short(size_t size, uint64_t needed, struct sqa_error *error) {
    *error = (struct sqa_error){(int64_t)size, (int64_t)needed};
    return size < needed;
}

bool sqa_npy_recognise(const void *bytes, size_t size) {
    return size >= sizeof npy_magic && memcmp(bytes, npy_magic, sizeof npy_magic) == 0;
}

enum sqa_status sqa_npy_read(const void *bytes, size_t size, struct sqa_npy *npy,
                             struct sqa_error *error) {
    const unsigned char *const b = bytes;
    *npy = (struct sqa_npy){.dtype = SQA_INT8};
    if (size > 0 && memcmp(b, npy_magic, size < sizeof npy_magic ? size : sizeof npy_magic) != 0)
        return SQA_NPY_MAGIC;
    if (is_short(size, AT_SIZE, error))
        return SQA_NPY_SHORT;
    if (b[AT_MAJOR] < 1 || b[AT_MAJOR] > 3 || b[AT_MINOR] != 0) {
        *error = (struct sqa_error){b[AT_MAJOR], b[AT_MINOR]};
        return SQA_NPY_VERSION;
    }
    const unsigned size_bytes = b[AT_MAJOR] == 1 ? 2 : 4;
    if (is_short(size, AT_SIZE + size_bytes, error))
        return SQA_NPY_SHORT;
    uint64_t length = 0;
    for (unsigned i = 0; i < size_bytes; i++)
        length |= (uint64_t)b[AT_SIZE + i] << 8 * i;
    npy->offset = AT_SIZE + size_bytes + length; /* cannot overflow, it is far below 2^64 */
    if (is_short(size, npy->offset, error))
        return SQA_NPY_SHORT;
    if (length > MOST_HEADER) {
        *error = (struct sqa_error){(int64_t)length, MOST_HEADER};
        return SQA_NPY_LONG;
    }
    struct cursor c = {b, b + AT_SIZE + size_bytes, b + npy->offset};
    const enum sqa_status status = take_dictionary(&c, npy, error);
    if (status == SQA_NPY_SYNTAX)
        error->a = c.at - c.start + 1;
    return status;
}

/* Appends the shape, as Python prints a tuple, to n characters of text. Returns the new length. */
static size_t write_shape(char *text, size_t n, const struct sqa_npy_shape *shape) {
    text[n++] = '(';
    for (unsigned d = 0; d < shape->dimensions; d++)
        n += (size_t)snprintf(text + n, SQA_NPY_HEADER_MOST - n, "%s%lld", d > 0 ? ", " : "",
                              (long long)shape->lengths[d]);
    if (shape->dimensions == 1)
        text[n++] = ',';
    text[n++] = ')';
    return n;
}

/*
** Returns the number of blanks that NumPy appends so that the first dimension can grow to 21
** digits.
*/
static size_t room_to_grow(const struct sqa_npy_shape *shape) {
    enum { DIGITS_MOST = 21 };
    return shape->dimensions == 0
               ? 0
               : DIGITS_MOST - (size_t)snprintf(NULL, 0, "%lld", (long long)shape->lengths[0]);
}

size_t sqa_npy_write(void *bytes, enum sqa_dtype dtype, bool big,
                     const struct sqa_npy_shape *shape) {
    enum { PREFIX = AT_SIZE + 2, ALIGNMENT = 64 };
    unsigned char *const b = bytes;
    const unsigned width = sqa_dtype_width(dtype);
    const char kind = dtype == SQA_BOOL ? 'b' : sqa_dtype_unsigned(dtype) ? 'u' : 'i';
    char text[SQA_NPY_HEADER_MOST];
    size_t n =
        (size_t)snprintf(text, sizeof text, "{'descr': '%c%c%u', 'fortran_order': False, 'shape': ",
                         width == 1 ? '|'
                         : big      ? '>'
                                    : '<',
                         kind, width);
    n = write_shape(text, n, shape);
    n += (size_t)snprintf(text + n, sizeof text - n, ", }");
    /* includes the line feed; if this is a multiple of ALIGNMENT already, NumPy adds ALIGNMENT */
    const size_t least = PREFIX + n + room_to_grow(shape) + 1;
    const size_t size = (least / ALIGNMENT + 1) * ALIGNMENT;
    memset(b, ' ', size);
    memcpy(b, npy_magic, sizeof npy_magic);
    b[AT_MAJOR] = 1;
    b[AT_MINOR] = 0;
    b[AT_SIZE] = (unsigned char)((size - PREFIX) & 0xff);
    b[AT_SIZE + 1] = (unsigned char)((size - PREFIX) >> 8);
    memcpy(b + PREFIX, text, n);
    b[size - 1] = '\n';
    return size;
}

void sqa_npy_write_flat(void *bytes, enum sqa_dtype dtype, bool big, uint64_t count) {
    const struct sqa_npy_shape shape = {1, {(int64_t)count}};
    (void)sqa_npy_write(bytes, dtype, big, &shape);
}
