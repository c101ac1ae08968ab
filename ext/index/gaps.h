/*
** Stores lists of ascending keys for many values in little memory. The differences between the keys
** are stored as varints in chunks, which are larger for longer lists. The memory comes from the
** pool. There is room for 2 GiB of chunks, because a place in them has 31 bits.
*/
#ifndef SQA_GAPS_H
#define SQA_GAPS_H

#include "kernel/kernels.h"
#include "memory/pool.h"

#include <stdbool.h>
#include <stdint.h>

/* The list of a value */
struct sqa_gap_list {
    int64_t value, first, last; /* the value, and its first and last key */
    uint32_t n;                 /* number of keys; 0 if this place of the hash table is free */
    uint32_t head, tail;        /* the first chunk; the place for the next byte */
    uint32_t room;              /* bytes that are left in the last chunk */
    uint32_t chunk;             /* size of the last chunk in bytes */
};

struct sqa_gaps {
    struct sqa_pool *pool;
    struct sqa_gap_list *lists;     /* a hash table by value */
    size_t places, values;          /* size of the table, a power of 2; number of lists in it */
    unsigned char **pages;          /* the memory that contains the chunks */
    uint32_t page_count, page_room; /* number of pages, and of pages that there is room for */
    uint32_t next;                  /* the first place in the last page that was never used */
    uint32_t
        unused[16]; /* chunks that were given up, by the power of 2 that is their size; 0: none */
    uint64_t chunk_bytes; /* in chunks that are in use */
};

/* Frees everything. A struct sqa_gaps whose members are 0 except the pool is an empty one. */
void sqa_gaps_clear(struct sqa_gaps *gaps);

/*
** Adds a key to the list of a value. It must not be less than the key added before; an equal one is
** ignored. Returns false when out of memory.
*/
bool sqa_gaps_add(struct sqa_gaps *gaps, int64_t value, int64_t key);
/* Returns the bytes that are in use. */
uint64_t sqa_gaps_size(const struct sqa_gaps *gaps);

/*
** Returns the indexes in gaps->lists of all lists, in ascending order of their values. The caller
** frees this memory with sqa_pool_give(). NULL when out of memory.
*/
uint32_t *sqa_gaps_order(const struct sqa_gaps *gaps, const struct sqa_kernels *kernels);
/*
** Removes the lists of all values >= bound. Returns false when out of memory; then nothing was
** removed.
*/
bool sqa_gaps_give_up(struct sqa_gaps *gaps, int64_t bound);

/* Iterates over the keys of a list. All members are private. */
struct sqa_gap_walk {
    const struct sqa_gaps *gaps;
    const struct sqa_gap_list *list;
    uint32_t done, at, end, chunk;
    int64_t key;
};
void sqa_gap_walk_begin(struct sqa_gap_walk *walk, const struct sqa_gaps *gaps,
                        const struct sqa_gap_list *list);
/* Sets *key to the next key. Returns false at the end. */
bool sqa_gap_walk_next(struct sqa_gap_walk *walk, int64_t *key);

#endif
