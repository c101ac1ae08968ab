/*
** For each of many values the ascending keys that come with it, in little memory: the gaps between
** them as varints, in chunks that grow with their number. Of the pool; no key of a value is below
** the one before. There is room for 2 GiB of chunks, as a place in them has 31 bits.
*/
#ifndef SQA_GAPS_H
#define SQA_GAPS_H

#include "kernel/kernels.h"
#include "memory/pool.h"

#include <stdbool.h>
#include <stdint.h>

/* A value, its keys, and where the gaps are */
struct sqa_gap_list {
    int64_t value, first, last;
    uint32_t n;          /* keys; 0: the place is free */
    uint32_t head, tail; /* the first chunk; where the next gap goes */
    uint32_t room;       /* bytes that are left there */
    uint32_t chunk;      /* size of the last chunk */
};

struct sqa_gaps {
    struct sqa_pool *pool;
    struct sqa_gap_list *lists; /* a hash table by value, with room for `places`, a power of 2 */
    size_t places, values;
    unsigned char **pages;
    uint32_t page_count, page_room;
    uint32_t next; /* where unused memory begins, in the last page */
    uint32_t
        unused[16]; /* chunks that were given up, by the power of 2 that is their size; 0: none */
    uint64_t chunk_bytes; /* in chunks that are in use */
};

/* All zero but for the pool. Clearing gives everything back. */
void sqa_gaps_clear(struct sqa_gaps *gaps);

/* Adds a key to the list of a value, once if it comes again. False without memory. */
bool sqa_gaps_add(struct sqa_gaps *gaps, int64_t value, int64_t key);
/* Bytes that are in use */
uint64_t sqa_gaps_size(const struct sqa_gaps *gaps);

/*
** Gives the places in gaps->lists of all values, ascending, as memory that sqa_pool_give() takes;
** NULL without it.
*/
uint32_t *sqa_gaps_order(const struct sqa_gaps *gaps, const struct sqa_kernels *kernels);
/*
** Gives up the lists of all values >= bound. False without memory, and then they are still there.
*/
bool sqa_gaps_give_up(struct sqa_gaps *gaps, int64_t bound);

/* A walk over the keys of a list: all fields but these are the walk's. */
struct sqa_gap_walk {
    const struct sqa_gaps *gaps;
    const struct sqa_gap_list *list;
    uint32_t done, at, end, chunk;
    int64_t key;
};
void sqa_gap_walk_begin(struct sqa_gap_walk *walk, const struct sqa_gaps *gaps,
                        const struct sqa_gap_list *list);
bool sqa_gap_walk_next(struct sqa_gap_walk *walk, int64_t *key);

#endif
