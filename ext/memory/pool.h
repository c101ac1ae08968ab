/*
** The only code that allocates memory. Each connection has a pool, which allocates buffers from
** SQLite, keeps some of those that are returned for later requests, and counts everything.
**
** Buffers are kept because glibc returns a large freed block to the operating system at once, and
** the page faults of a new one take ten times as long as the arithmetic on its elements.
**
** A pool is used by one connection, under the connection's mutex. It is reference-counted by its
** owner and by each buffer in use, so a buffer may outlive the functions it came from.
*/
#ifndef SQA_POOL_H
#define SQA_POOL_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

/* Results of up to this many bytes are built in sqa_pool_small() and copied by SQLite. */
#define SQA_SMALL (32 * 1024)

#define SQA_POOL_BYTES (64LL << 20) /* default of pool_limit: 64 MiB */

struct sqa_pool;

/* Statistics of a pool since it was created. In bytes, unless stated otherwise. */
struct sqa_pool_stats {
    int64_t live_bytes;   /* in buffers that are in use */
    int64_t peak_bytes;   /* the highest value of live_bytes */
    int64_t pooled_bytes; /* in buffers that are kept for reuse */
    int64_t takes;        /* number of requests for a buffer */
    int64_t hits;         /* number of requests that a kept buffer has served */
    int64_t misses;       /* number of requests that were allocated or refused */
    /* number of times that kept buffers were freed for a limit or by request */
    int64_t trims;
    int64_t copied_bytes; /* elements that were copied because they were not aligned */
    int64_t pool_limit;   /* upper limit of pooled_bytes */
};

/*
** Returns a new pool with one reference, or NULL when out of memory. If at_end is not NULL, it is
** called after the pool has freed everything and will not call SQLite any more.
*/
struct sqa_pool *sqa_pool_new(void (*at_end)(void));
/*
** Ends one reference. After the last one, of the owner and all buffers, the pool and its kept
** buffers are freed.
*/
void sqa_pool_release(struct sqa_pool *pool);

/*
** Returns a buffer of at least `size` bytes with undefined contents, or NULL when out of memory
** and for 2^40 bytes or more. The byte at offset 8, where an array's first element is, is 64-byte
** aligned. The buffer is returned with sqa_pool_give().
*/
void *sqa_pool_take(struct sqa_pool *pool, uint64_t size);
/*
** Returns a buffer to its pool. NULL is allowed. Can be used as destructor for
** sqlite3_result_blob64().
*/
void sqa_pool_give(void *buffer);
/*
** Returns a buffer of at least `size` bytes that begins with the first `keep` bytes of `buffer`,
** which is consumed. On failure returns NULL, and `buffer` is unchanged.
*/
void *sqa_pool_grow(struct sqa_pool *pool, void *buffer, size_t keep, uint64_t size);
/* Returns the size in bytes of a buffer from a pool. */
uint64_t sqa_pool_capacity(const void *buffer);

/*
** Returns the pool's one buffer of SQA_SMALL bytes, whose offset 8 is 64-byte aligned. It may be
** used only during the current SQL call.
*/
void *sqa_pool_small(struct sqa_pool *pool);

/* Frees all kept buffers and returns how many bytes were freed. */
int64_t sqa_pool_trim(struct sqa_pool *pool);

/* Returns the statistics, which the pool owns. The caller may add to copied_bytes. */
struct sqa_pool_stats *sqa_pool_stats(struct sqa_pool *pool);
void sqa_pool_set_limit(struct sqa_pool *pool, int64_t pool_limit);

/*
** Allocates an object: a structure that lives as long as a connection, a virtual table or a
** cursor. It is zeroed. Returns NULL when out of memory. sqa_object_free() frees it; NULL is
** allowed.
*/
void *sqa_object_new(size_t size);
void sqa_object_free(void *object);

/*
** Return a message that SQLite will free, such as sqlite3_vtab.zErrMsg, or NULL when out of
** memory.
*/
char *sqa_message(const char *format, ...) __attribute__((format(printf, 1, 2)));
char *sqa_message_of(const char *format, va_list arguments) __attribute__((format(printf, 1, 0)));
/*
** Build SQL text with the conversions of SQLite (%w, %Q), which compilers cannot check. The
** result is freed with sqa_object_free() and is NULL when out of memory. add() appends to a text
** and returns the result; if the text is NULL, it returns NULL.
*/
char *sqa_sql(const char *format, ...);
char *sqa_sql_add(char *text, const char *format, ...);

#endif
