/*
** sqlite-array: integer arrays as values in SQLite. The public C interface.
**
** An array is a BLOB:
**
**     byte  0      1      2       3       4..7               8..
**           0xA1   0x41   codec   width   count, u32 LE      count elements, two's complement, LE
**
** codec 0 is plain. width is 1, 2, 4 or 8 bytes an element: the narrowest that holds every element
** (1 where there is none). Two plain arrays are equal exactly when their blobs are.
**
** codec 1 is packed, as array_pack() makes it of one element or more. width is that of the plain
** array. Elements are in blocks of 1,024; the last block may be shorter. Behind the header stand
** four lists with an entry for each block:
**
**     form         1 byte: bit 0 says how the elements follow from offsets, integers >= 0. 0: an
**                  element is base + offset. 1: the first element is base + offset, each other one
**                  the one before it + step + offset. Bits 1 and 2: 0 no exceptions, 1 each has 2
**                  bytes, 2 it has 4, 3 it has 8. Bits 3 to 7 are 0.
**     bits         1 byte: how many bits of each offset are stored, 0 to 64
**     exceptions   1 byte: the bytes of all exceptions, divided by 2
**     base         width bytes, two's complement, LE
**
** and behind these lists the contents of each block:
**
**     step         width bytes, two's complement, LE; only where bit 0 of form is 1
**     offsets      their lowest bits. In a last block of n < 1,024 elements (n * bits + 7) / 8
**                  bytes: bit b of offset i is bit i * bits + b of them, where bit j is bit j % 8
**                  of byte j / 8.
**                  In a block of 1,024 elements 128 * bits bytes, which are rows of 128 bytes;
**                  each row has S = 128 / L lanes of L bytes, LE. Lane i % S has the bits of
**                  offset i. Its bits are numbered through the rows, bit j is bit j % (8 * L) in
**                  row j / (8 * L); bit b of offset i is bit i / S * bits + b of its lane. L is
**                  the least of 1, 2, 4 and 8 with bits + e + s < 8 * L, or 8; e is 0, 6, 22 or 54
**                  for exceptions of 0, 2, 4 or 8 bytes, and s is 10 where bit 0 of form is 1,
**                  else 0.
**     exceptions   integers, LE: bits 0 to 9 are the place of an offset in the block, from 0, and
**                  what is above them are the bits of this offset above its lowest. Places ascend.
**
** All is computed modulo 2^(8 * width), and the result read as signed. Equal arrays have equal
** packed blobs; what takes no fewer bytes packed remains plain. The columns of an array_store's
** NAME_chunks are such arrays, too.
**
** Below the entry point are helpers for an application that makes and reads arrays in C or C++:
**
**     int64_t v[] = {1, 2, 300};
**     rc = sqlite_array_bind(stmt, 1, v, 3);
**     ...
**     sqlite_array_view a;
**     rc = sqlite_array_column(stmt, 0, &a);
**     for (i = 0; rc == SQLITE_OK && i < a.count; i++)
**         printf("%lld\n", (long long)sqlite_array_get(&a, i));
**
** They are complete here: nothing of the extension has to be linked, or even loaded.
*/
#ifndef SQLITE_ARRAY_H
#define SQLITE_ARRAY_H

#include <stddef.h>
#include <stdint.h>

#include "sqlite3.h"

#define SQLITE_ARRAY_VERSION "0.1.0"

/* What the library exports. Define it otherwise before this header where that is wanted. */
#ifndef SQLITE_ARRAY_API
#if defined(_WIN32) && defined(SQLITE3EXT_H) && !defined(SQLITE_CORE)
#define SQLITE_ARRAY_API __declspec(dllexport)
#elif defined(__GNUC__) && !defined(_WIN32)
#define SQLITE_ARRAY_API __attribute__((visibility("default")))
#else
#define SQLITE_ARRAY_API
#endif
#endif

#ifdef __cplusplus
extern "C" {
#endif

/*
** Registers the functions with a connection: SQLITE_OK; or an error code, and then *error_message
** may hold a text, the caller's to free by sqlite3_free(). api is NULL where the program is linked
** with the extension (-DSQLITE_CORE). The second one registers those that read and write files.
*/
struct sqlite3_api_routines;
SQLITE_ARRAY_API int sqlite3_array_init(sqlite3 *db, char **error_message,
                                        const struct sqlite3_api_routines *api);
SQLITE_ARRAY_API int sqlite3_arrayfile_init(sqlite3 *db, char **error_message,
                                            const struct sqlite3_api_routines *api);

/*
** Registers the functions of sqlite3_array_init() with a connection and, through
** sqlite3_auto_extension(), with every connection that the process opens later, until
** sqlite3_reset_auto_extension(): SQLITE_OK_LOAD_PERMANENTLY, so that SQLite does not unload the
** library with this connection; or an error, as above. Functions that read and write files are not
** registered in this way: a connection should have them because its user asked for them.
*/
SQLITE_ARRAY_API int sqlite3_array_register(sqlite3 *db, char **error_message,
                                            const struct sqlite3_api_routines *api);

/* Reading */

/* An array inside somebody else's memory, which must outlive it and must not change. */
typedef struct sqlite_array_view {
    const unsigned char
        *data;      /* what follows the header: of a plain array the elements, at any address */
    size_t count;   /* elements */
    unsigned width; /* bytes a plain element: 1, 2, 4 or 8 */
    unsigned codec; /* 0: plain, 1: packed */
    size_t size;    /* bytes at data */
} sqlite_array_view;

/*
** The functions as far as sqlite_array_read() are for those behind it. An unsigned integer of size
** <= 8 bytes:
*/
static inline uint64_t sqlite_array_word(const unsigned char *at, unsigned size) {
    uint64_t x = 0;
    unsigned i;
    for (i = 0; i < size; i++)
        x |= (uint64_t)at[i] << (8 * i);
    return x;
}

/* x modulo 2^(8 * width), read as signed */
static inline int64_t sqlite_array_signed(uint64_t x, unsigned width) {
    const uint64_t sign = (uint64_t)1 << (8 * width - 1);
    x &= UINT64_MAX >> (64 - 8 * width);
    return (int64_t)((x ^ sign) - sign);
}

/* One element of width bytes at an address */
static inline int64_t sqlite_array_load(const unsigned char *at, unsigned width) {
    return sqlite_array_signed(sqlite_array_word(at, width), width);
}

/* A block of a packed array */
typedef struct sqlite_array_block {
    size_t n; /* elements */
    unsigned width, is_steps, bits;
    uint64_t base, step;
    const unsigned char *offsets, *exceptions;
    unsigned exceptions_size, exception_size; /* bytes of all, and of each */
} sqlite_array_block;

/*
** Fills *block with block k of a packed array, whose contents begin at byte *at of the array's
** data, and moves *at to their end. Gives 0 where the lists say what they cannot, or the contents
** would go on past the array's end.
*/
static inline int sqlite_array_block_read(const sqlite_array_view *array, size_t k, size_t *at,
                                          sqlite_array_block *block) {
    const size_t blocks = array->count / 1024 + (array->count % 1024 != 0);
    const unsigned form = array->data[k], step_size = form & 1 ? array->width : 0;
    size_t size;
    block->n = array->count - k * 1024 < 1024 ? array->count - k * 1024 : 1024;
    block->width = array->width;
    block->is_steps = form & 1;
    block->bits = array->data[blocks + k];
    block->base = sqlite_array_word(array->data + 3 * blocks + k * array->width, array->width);
    block->exceptions_size = 2u * array->data[2 * blocks + k];
    block->exception_size = (1u << (form >> 1 & 3)) & ~1u;
    if (form > 7 || block->bits > 64)
        return 0;
    if (block->exception_size == 0 ? block->exceptions_size != 0
                                   : block->exceptions_size == 0 || block->bits == 64 ||
                                         block->exceptions_size % block->exception_size != 0)
        return 0;
    size = (block->n * block->bits + 7) / 8;
    if (step_size + size + block->exceptions_size > array->size - *at)
        return 0;
    block->step = sqlite_array_word(array->data + *at, step_size);
    block->offsets = array->data + *at + step_size;
    block->exceptions = block->offsets + size;
    *at += step_size + size + block->exceptions_size;
    return 1;
}

/* The stored bits of offset i of a block */
static inline uint64_t sqlite_array_offset(const sqlite_array_block *block, size_t i) {
    const unsigned bits = block->bits;
    const uint64_t ones = bits == 0 ? 0 : UINT64_MAX >> (64 - bits);
    const unsigned above = block->exception_size > 0 ? 8 * block->exception_size - 10 : 0;
    const unsigned need = bits + above + (block->is_steps ? 10 : 0);
    const unsigned lane = need < 8 ? 1 : need < 16 ? 2 : need < 32 ? 4 : 8;
    const unsigned char *at;
    unsigned skip, size;
    uint64_t x;
    if (bits == 0)
        return 0;
    if (block->n < 1024) {
        at = block->offsets + i * bits / 8;
        skip = (unsigned)(i * bits % 8);
        size = (skip + bits + 7) / 8;
        x = sqlite_array_word(at, size < 8 ? size : 8) >> skip;
        return (size > 8 ? x | (uint64_t)at[8] << (64 - skip) : x) & ones;
    }
    skip = (unsigned)(i / (128 / lane)) * bits;
    at = block->offsets + skip / (8 * lane) * 128 + i % (128 / lane) * lane;
    skip %= 8 * lane;
    x = sqlite_array_word(at, lane) >> skip;
    if (skip + bits > 8 * lane)
        x |= sqlite_array_word(at + 128, lane) << (8 * lane - skip);
    return x & ones;
}

/* Fills values with the n elements of a block. */
static inline void sqlite_array_block_decode(const sqlite_array_block *block, int64_t *values) {
    const uint64_t ones = block->bits == 0 ? 0 : UINT64_MAX >> (64 - block->bits);
    uint64_t before = block->base - block->step;
    size_t i;
    for (i = 0; i < block->n; i++)
        values[i] = (int64_t)sqlite_array_offset(block, i);
    for (i = 0; i < block->exceptions_size; i += block->exception_size) {
        const uint64_t x = sqlite_array_word(block->exceptions + i, block->exception_size);
        if (x % 1024 < block->n)
            values[x % 1024] =
                (int64_t)(((uint64_t)values[x % 1024] & ones) | x / 1024 << block->bits);
    }
    for (i = 0; i < block->n; i++) {
        const uint64_t x =
            (block->is_steps ? before + block->step : block->base) + (uint64_t)values[i];
        values[i] = sqlite_array_signed(x, block->width);
        before = x;
    }
}

/* Block k of a packed array that sqlite_array_read() has given */
static inline sqlite_array_block sqlite_array_block_at(const sqlite_array_view *array, size_t k) {
    const size_t blocks = array->count / 1024 + (array->count % 1024 != 0);
    size_t at = blocks * (3 + array->width), i;
    sqlite_array_block block = {0, 0, 0, 0, 0, 0, NULL, NULL, 0, 0};
    for (i = 0; i <= k; i++)
        (void)sqlite_array_block_read(array, i, &at, &block);
    return block;
}

/*
** Validates size bytes at blob: SQLITE_OK, and *array borrows them; or SQLITE_MISMATCH, they are no
** array of a codec known here, and *array is unchanged. blob may be NULL if size is 0.
*/
static inline int sqlite_array_read(const void *blob, size_t size, sqlite_array_view *array) {
    const unsigned char *bytes = (const unsigned char *)blob;
    sqlite_array_view read;
    sqlite_array_block block;
    size_t blocks, at, k;
    uint64_t count;
    if (size < 8 || bytes[0] != 0xA1 || bytes[1] != 0x41 || bytes[2] > 1)
        return SQLITE_MISMATCH;
    read.codec = bytes[2];
    read.width = bytes[3];
    if (read.width != 1 && read.width != 2 && read.width != 4 && read.width != 8)
        return SQLITE_MISMATCH;
    count = sqlite_array_word(bytes + 4, 4);
    read.count = (size_t)count;
    read.data = bytes + 8;
    read.size = size - 8;
    if (read.codec == 0 && 8 + count * read.width != size)
        return SQLITE_MISMATCH;
    if (read.codec == 1) {
        blocks = read.count / 1024 + (read.count % 1024 != 0);
        if (blocks == 0 || (uint64_t)blocks * (3 + read.width) > read.size)
            return SQLITE_MISMATCH;
        at = blocks * (3 + read.width);
        for (k = 0; k < blocks; k++) {
            if (!sqlite_array_block_read(&read, k, &at, &block))
                return SQLITE_MISMATCH;
        }
        if (at != read.size)
            return SQLITE_MISMATCH;
    }
    *array = read;
    return SQLITE_OK;
}

/*
** Element i, from 0; i < array->count, which is not checked. Of a packed array a block is decoded
** for it: to have more than a few, decode all.
*/
static inline int64_t sqlite_array_get(const sqlite_array_view *array, size_t i) {
    int64_t values[1024];
    sqlite_array_block block;
    if (array->codec == 0)
        return sqlite_array_load(array->data + i * array->width, array->width);
    block = sqlite_array_block_at(array, i / 1024);
    sqlite_array_block_decode(&block, values);
    return values[i % 1024];
}

/* Fills values, the caller's, with all array->count elements. */
static inline void sqlite_array_decode(const sqlite_array_view *array, int64_t *values) {
    const unsigned char *data = array->data;
    const size_t n = array->count;
    size_t i;
    if (array->codec == 1) {
        const size_t blocks = n / 1024 + (n % 1024 != 0);
        size_t at = blocks * (3 + array->width);
        sqlite_array_block block;
        for (i = 0; i < blocks; i++) {
            (void)sqlite_array_block_read(array, i, &at, &block);
            sqlite_array_block_decode(&block, values + i * 1024);
        }
        return;
    }
    switch (array->width) { /* compilers make one load of each of these */
    case 1:
        for (i = 0; i < n; i++)
            values[i] = sqlite_array_load(data + i, 1);
        break;
    case 2:
        for (i = 0; i < n; i++)
            values[i] = sqlite_array_load(data + 2 * i, 2);
        break;
    case 4:
        for (i = 0; i < n; i++)
            values[i] = sqlite_array_load(data + 4 * i, 4);
        break;
    default:
        for (i = 0; i < n; i++)
            values[i] = sqlite_array_load(data + 8 * i, 8);
    }
}

/* Making */

/* Bytes an element of the array of these values: the narrowest width that holds every one. */
static inline unsigned sqlite_array_width(const int64_t *values, size_t count) {
    uint64_t bits = 0; /* of all values, without the copies of their signs */
    size_t i;
    for (i = 0; i < count; i++)
        bits |= (uint64_t)(values[i] < 0 ? ~values[i] : values[i]);
    return bits < 0x80 ? 1 : bits < 0x8000 ? 2 : bits < 0x80000000 ? 4 : 8;
}

/* Bytes of the array of these values, or 0 if they are too many: more than 2^32-1. */
static inline uint64_t sqlite_array_size(const int64_t *values, size_t count) {
#if SIZE_MAX > 0xffffffff
    if (count > 0xffffffff)
        return 0;
#endif
    return 8 + (uint64_t)count * sqlite_array_width(values, count);
}

/*
** Fills blob, the caller's, with the array of count <= 2^32-1 values: as many bytes as
** sqlite_array_size() says, which is what it returns too.
*/
static inline uint64_t sqlite_array_encode(void *blob, const int64_t *values, size_t count) {
    const unsigned width = sqlite_array_width(values, count);
    unsigned char *to = (unsigned char *)blob;
    size_t i;
    unsigned b;
    *to++ = 0xA1;
    *to++ = 0x41;
    *to++ = 0;
    *to++ = (unsigned char)width;
    for (b = 0; b < 4; b++)
        *to++ = (unsigned char)(((uint64_t)count >> (8 * b)) & 0xff);
    for (i = 0; i < count; i++) {
        for (b = 0; b < width; b++)
            *to++ = (unsigned char)(((uint64_t)values[i] >> (8 * b)) & 0xff);
    }
    return 8 + (uint64_t)count * width;
}

/*
** With a statement. Not there inside a loadable extension (after sqlite3ext.h), which reaches
** SQLite only through a pointer that it has yet to define.
*/
#ifndef SQLITE3EXT_H

/*
** Binds the array of these values to a parameter: SQLITE_OK, SQLITE_TOOBIG, SQLITE_NOMEM, or what
** sqlite3_bind_blob64() says. The values remain the caller's and may change at once: SQLite owns
** the copy.
*/
static inline int sqlite_array_bind(sqlite3_stmt *stmt, int parameter, const int64_t *values,
                                    size_t count) {
    const uint64_t size = sqlite_array_size(values, count);
    void *blob;
    if (size == 0)
        return SQLITE_TOOBIG;
    blob = sqlite3_malloc64(size);
    if (blob == NULL)
        return SQLITE_NOMEM;
    sqlite_array_encode(blob, values, count);
    return sqlite3_bind_blob64(stmt, parameter, blob, size, sqlite3_free); /* frees it always */
}

/*
** The array in a result column, from 0: SQLITE_OK, and *array borrows it until the statement is
** stepped, reset or finalized, or the column is read as text; SQLITE_MISMATCH, it is NULL or no
** array; SQLITE_NOMEM.
*/
static inline int sqlite_array_column(sqlite3_stmt *stmt, int column, sqlite_array_view *array) {
    const void *blob;
    size_t size;
    if (sqlite3_column_type(stmt, column) != SQLITE_BLOB)
        return SQLITE_MISMATCH;
    blob = sqlite3_column_blob(stmt, column);
    size = (size_t)sqlite3_column_bytes(stmt, column);
    if (blob == NULL && sqlite3_errcode(sqlite3_db_handle(stmt)) == SQLITE_NOMEM)
        return SQLITE_NOMEM;
    return sqlite_array_read(blob, size, array);
}

#endif

#ifdef __cplusplus
}
#endif

#endif
