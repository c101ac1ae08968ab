/*
** sqlite-array: integer arrays as values in SQLite. The public C interface.
**
** An array is a BLOB:
**
**     byte  0      1      2       3       4..7               8..
**           0xA1   0x41   codec   width   count, u32 LE      count elements, two's complement, LE
**
** codec 0 is plain. width is 1, 2, 4 or 8 bytes an element: the narrowest that holds every element
** (1 where there is none). Two arrays are equal exactly when their blobs are.
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
#if defined(__GNUC__) && !defined(_WIN32)
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
** Registers the functions of sqlite3_array_init() with a connection and, through sqlite3_auto_extension(), with every
** connection that the process opens later, until sqlite3_reset_auto_extension(): SQLITE_OK_LOAD_PERMANENTLY, so that
** SQLite does not unload the library with this connection; or an error, as above. Functions that read and write files
** are not registered in this way: a connection should have them because its user asked for them.
*/
SQLITE_ARRAY_API int sqlite3_array_register(sqlite3 *db, char **error_message,
                                            const struct sqlite3_api_routines *api);

/* Reading */

/* An array inside somebody else's memory, which must outlive it and must not change. */
typedef struct sqlite_array_view {
    const unsigned char *data; /* the first element, at any address */
    size_t count;              /* elements */
    unsigned width;            /* bytes an element: 1, 2, 4 or 8 */
} sqlite_array_view;

/* One element of width bytes at an address: for the functions below. */
static inline int64_t sqlite_array_load(const unsigned char *at, unsigned width) {
    const uint64_t sign = (uint64_t)1 << (8 * width - 1);
    uint64_t x = 0;
    unsigned i;
    for (i = 0; i < width; i++)
        x |= (uint64_t)at[i] << (8 * i);
    return (int64_t)((x ^ sign) - sign);
}

/*
** Validates size bytes at blob: SQLITE_OK, and *array borrows them; or SQLITE_MISMATCH, they are no
** array of a codec known here, and *array is unchanged. blob may be NULL if size is 0.
*/
static inline int sqlite_array_read(const void *blob, size_t size, sqlite_array_view *array) {
    const unsigned char *bytes = (const unsigned char *)blob;
    uint64_t count;
    unsigned width;
    if (size < 8 || bytes[0] != 0xA1 || bytes[1] != 0x41 || bytes[2] != 0)
        return SQLITE_MISMATCH;
    width = bytes[3];
    if (width != 1 && width != 2 && width != 4 && width != 8)
        return SQLITE_MISMATCH;
    count = (uint32_t)sqlite_array_load(bytes + 4, 4);
    if (8 + count * width != size)
        return SQLITE_MISMATCH;
    array->data = bytes + 8;
    array->count = (size_t)count;
    array->width = width;
    return SQLITE_OK;
}

/* Element i, from 0; i < array->count, which is not checked. */
static inline int64_t sqlite_array_get(const sqlite_array_view *array, size_t i) {
    return sqlite_array_load(array->data + i * array->width, array->width);
}

/* Fills values, the caller's, with all array->count elements. */
static inline void sqlite_array_decode(const sqlite_array_view *array, int64_t *values) {
    const unsigned char *data = array->data;
    const size_t n = array->count;
    size_t i;
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
