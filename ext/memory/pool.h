/*
** The only code that allocates. One pool per connection hands out buffers of SQLite's memory, takes
** them back, keeps some for the next request, and counts everything.
**
** Why: glibc returns a large freed block to the kernel at once, and the page faults of a fresh one
** cost ten times the arithmetic done in it.
**
** A pool is used by one connection, under that connection's mutex. It is reference-counted: its
** owner and each buffer that is out hold it, so a buffer may outlive the functions it came from.
*/
#ifndef SQA_POOL_H
#define SQA_POOL_H

#include <stddef.h>
#include <stdint.h>

/* Results up to this many bytes are built in sqa_pool_small() and copied by SQLite. */
#define SQA_SMALL (32 * 1024)

#define SQA_POOL_BYTES (64LL << 20) /* default of pool_limit: 64 MiB */

struct sqa_pool;

/* What a pool has seen since it was made. Bytes, unless said otherwise. */
struct sqa_pool_stats {
    int64_t live_bytes;   /* in buffers handed out now */
    int64_t peak_bytes;   /* the most live_bytes has been */
    int64_t pooled_bytes; /* in buffers kept for reuse now */
    int64_t takes;        /* buffers asked for: a count */
    int64_t hits;         /* of these, how many a kept buffer has served */
    int64_t misses;       /* of these, how many had to be allocated or were refused */
    int64_t trims;        /* times that kept buffers were freed early, for a limit or by request */
    int64_t copied_bytes; /* elements copied because their address was not aligned */
    int64_t pool_limit;   /* the most pooled_bytes may be */
    int64_t result_limit; /* the most one result may be, beside SQLite's own limit */
};

/*
** Gives a pool held once, or NULL without memory. at_end, if it is not NULL, is called when the pool has freed
** everything and will not call SQLite any more.
*/
struct sqa_pool *sqa_pool_new(void (*at_end)(void));
/* Takes one hold; with the last of them (owner and buffers) the pool and what it keeps are freed. */
void sqa_pool_release(struct sqa_pool *pool);

/*
** Gives a buffer of at least size bytes, contents undefined, or NULL without memory, which there is never for 2^40 bytes. The byte at
** offset 8, an array's first element, is 64-byte aligned. Goes back by sqa_pool_give().
*/
void *sqa_pool_take(struct sqa_pool *pool, uint64_t size);
/* Takes a buffer back (NULL is allowed): of the type that sqlite3_result_blob64() wants. */
void sqa_pool_give(void *buffer);
/*
** Takes buffer and gives one of at least size bytes that begins with its first `keep` bytes; on
** failure gives NULL, and buffer stays the caller's.
*/
void *sqa_pool_grow(struct sqa_pool *pool, void *buffer, size_t keep, uint64_t size);
/* Bytes that buffer, taken from a pool, has room for. */
uint64_t sqa_pool_capacity(const void *buffer);

/* Borrowed: the one buffer of SQA_SMALL bytes, offset 8 aligned; for the current SQL call only. */
void *sqa_pool_small(struct sqa_pool *pool);

/* Frees all kept buffers; the bytes freed. */
int64_t sqa_pool_trim(struct sqa_pool *pool);

/* Borrowed, for reading; also for adding to copied_bytes and setting result_limit. */
struct sqa_pool_stats *sqa_pool_stats(struct sqa_pool *pool);
void sqa_pool_set_limit(struct sqa_pool *pool, int64_t pool_limit);

/*
** Objects: structures that live as long as a connection, a virtual table or a cursor. Zeroed; NULL
** without memory. Go back by sqa_object_free() (NULL is allowed).
*/
void *sqa_object_new(size_t size);
void sqa_object_free(void *object);

/* Gives a message that SQLite will free (sqlite3_vtab.zErrMsg), or NULL without memory. */
char *sqa_message(const char *format, ...) __attribute__((format(printf, 1, 2)));
/*
** SQL text, likewise: with the conversions of SQLite (%w, %Q), which compilers cannot check. add takes a
** text and gives it with more behind; NULL stays NULL.
*/
char *sqa_sql(const char *format, ...);
char *sqa_sql_add(char *text, const char *format, ...);

#endif
