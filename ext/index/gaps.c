#include "index/gaps.h"

#include <string.h>

/*
** Memory is allocated in pages. A place is a number of 32 bits: the upper ones are the index of the
** page, the others the offset in the page. A chunk of 2^k bytes is aligned to its size and begins
** with the place of the next chunk, which is twice as large, up to CHUNK_MOST.
*/
enum {
    PAGE_BITS = 20,
    PAGE_BYTES = 1 << PAGE_BITS,
    PAGES_MOST = 1 << (31 - PAGE_BITS),
    LINK = 4, /* bytes of the place of the next chunk */
    CHUNK_LEAST = 16,
    CHUNK_MOST = 4096,
    PLACES_LEAST = 1024
};

static unsigned char *memory_at(const struct sqa_gaps *gaps, uint32_t place) {
    return gaps->pages[place >> PAGE_BITS] + (place & (PAGE_BYTES - 1));
}

static uint32_t get_link(const struct sqa_gaps *gaps, uint32_t chunk) {
    uint32_t next;
    memcpy(&next, memory_at(gaps, chunk), sizeof next);
    return next;
}

static void put_link(struct sqa_gaps *gaps, uint32_t chunk, uint32_t next) {
    memcpy(memory_at(gaps, chunk), &next, sizeof next);
}

void sqa_gaps_clear(struct sqa_gaps *gaps) {
    struct sqa_pool *pool = gaps->pool;
    for (uint32_t i = 0; i < gaps->page_count; i++)
        sqa_pool_give(gaps->pages[i]);
    sqa_pool_give(gaps->pages);
    sqa_pool_give(gaps->lists);
    *gaps = (struct sqa_gaps){.pool = pool};
}

uint64_t sqa_gaps_size(const struct sqa_gaps *gaps) {
    return gaps->chunk_bytes + (uint64_t)gaps->places * sizeof gaps->lists[0];
}

/* ---- Chunks */

static bool add_page(struct sqa_gaps *gaps) {
    if (gaps->page_count == PAGES_MOST)
        return false;
    if (gaps->page_count == gaps->page_room) {
        const uint32_t room = gaps->page_room == 0 ? 64 : 2 * gaps->page_room;
        void *pages = gaps->pages == NULL
                          ? sqa_pool_take(gaps->pool, room * sizeof(void *))
                          : sqa_pool_grow(gaps->pool, gaps->pages,
                                          gaps->page_count * sizeof(void *), room * sizeof(void *));
        if (pages == NULL)
            return false;
        gaps->pages = pages;
        gaps->page_room = room;
    }
    unsigned char *page = sqa_pool_take(gaps->pool, PAGE_BYTES);
    if (page == NULL)
        return false;
    gaps->next = gaps->page_count << PAGE_BITS;
    gaps->next += gaps->page_count == 0 ? CHUNK_LEAST : 0; /* no chunk is at place 0 */
    gaps->pages[gaps->page_count++] = page;
    return true;
}

static void give_chunk(struct sqa_gaps *gaps, uint32_t chunk, uint32_t size) {
    uint32_t *const unused = &gaps->unused[__builtin_ctz(size)];
    put_link(gaps, chunk, *unused);
    *unused = chunk;
}

/*
** Returns a chunk of this size that was given up, or half of one that is twice as large, or 0 if
** there is none.
*/
static uint32_t used_chunk(struct sqa_gaps *gaps, uint32_t size) {
    for (uint32_t have = size; have <= CHUNK_MOST; have *= 2) {
        const uint32_t chunk = gaps->unused[__builtin_ctz(have)];
        if (chunk == 0)
            continue;
        gaps->unused[__builtin_ctz(have)] = get_link(gaps, chunk);
        while (have > size) {
            have /= 2;
            give_chunk(gaps, chunk + have, have);
        }
        return chunk;
    }
    return 0;
}

/* Returns the place of a chunk, or 0 when out of memory. */
static uint32_t take_chunk(struct sqa_gaps *gaps, uint32_t size) {
    uint32_t chunk = used_chunk(gaps, size);
    if (chunk == 0) {
        chunk = (gaps->next + size - 1) & ~(size - 1);
        if (gaps->page_count == 0 || chunk + size > gaps->page_count << PAGE_BITS) {
            if (!add_page(gaps))
                return 0;
            chunk = (gaps->next + size - 1) & ~(size - 1);
        }
        gaps->next = chunk + size;
    }
    put_link(gaps, chunk, 0);
    gaps->chunk_bytes += size;
    return chunk;
}

static uint32_t next_size(uint32_t size) {
    return size < CHUNK_MOST ? 2 * size : CHUNK_MOST;
}

/* Makes room after the last byte of the list. */
static bool extend(struct sqa_gaps *gaps, struct sqa_gap_list *list) {
    const uint32_t size = list->head == 0 ? CHUNK_LEAST : next_size(list->chunk);
    const uint32_t chunk = take_chunk(gaps, size);
    if (chunk == 0)
        return false;
    if (list->head == 0)
        list->head = chunk;
    else
        put_link(gaps, list->tail - list->chunk, chunk);
    list->chunk = size;
    list->tail = chunk + LINK;
    list->room = size - LINK;
    return true;
}

static bool put_gap(struct sqa_gaps *gaps, struct sqa_gap_list *list, uint64_t gap) {
    do {
        if (list->room == 0 && !extend(gaps, list))
            return false;
        *memory_at(gaps, list->tail++) = (unsigned char)(gap > 127 ? gap | 128 : gap);
        list->room--;
        gap >>= 7;
    } while (gap > 0);
    return true;
}

/* ---- The table of lists */

/* Returns the place of the table for a value: with its list, or a free one. */
static struct sqa_gap_list *find(struct sqa_gap_list *lists, size_t places, int64_t value) {
    const uint64_t hash = (uint64_t)value * 0x9e3779b97f4a7c15;
    size_t at = (size_t)(hash >> 32) & (places - 1);
    while (lists[at].n > 0 && lists[at].value != value)
        at = (at + 1) & (places - 1);
    return &lists[at];
}

/*
** Moves the lists to a new table with so many places. Unless `all` is true, gives up the lists of
** values that are not below `bound`.
*/
static bool move_lists(struct sqa_gaps *gaps, size_t places, bool all, int64_t bound) {
    struct sqa_gap_list *lists =
        sqa_pool_take(gaps->pool, (uint64_t)places * sizeof gaps->lists[0]);
    if (lists == NULL)
        return false;
    memset(lists, 0, places * sizeof lists[0]);
    for (size_t i = 0; i < gaps->places; i++) {
        const struct sqa_gap_list *list = &gaps->lists[i];
        if (list->n == 0)
            continue;
        if (all || list->value < bound) {
            *find(lists, places, list->value) = *list;
            continue;
        }
        gaps->values--;
        for (uint32_t chunk = list->head, size = CHUNK_LEAST; chunk != 0;) {
            const uint32_t next = get_link(gaps, chunk);
            gaps->chunk_bytes -= size;
            give_chunk(gaps, chunk, size);
            chunk = next;
            size = next_size(size);
        }
    }
    sqa_pool_give(gaps->lists);
    gaps->lists = lists;
    gaps->places = places;
    return true;
}

/* The table gets smaller, too, because otherwise it alone could use up the budget. */
bool sqa_gaps_give_up(struct sqa_gaps *gaps, int64_t bound) {
    size_t kept = 0, places = PLACES_LEAST;
    for (size_t i = 0; i < gaps->places; i++)
        kept += gaps->lists[i].n > 0 && gaps->lists[i].value < bound;
    while (places < 2 * kept)
        places *= 2;
    return move_lists(gaps, places, false, bound);
}

bool sqa_gaps_add(struct sqa_gaps *gaps, int64_t value, int64_t key) {
    if (gaps->values >= gaps->places / 2 &&
        !move_lists(gaps, gaps->places == 0 ? PLACES_LEAST : 2 * gaps->places, true, 0))
        return false;
    struct sqa_gap_list *list = find(gaps->lists, gaps->places, value);
    if (list->n == 0) {
        *list = (struct sqa_gap_list){.value = value, .first = key, .last = key, .n = 1};
        gaps->values++;
        return true;
    }
    if (list->last == key)
        return true;
    const uint64_t gap = (uint64_t)key - (uint64_t)list->last;
    list->last = key;
    list->n++;
    return put_gap(gaps, list, gap);
}

uint32_t *sqa_gaps_order(const struct sqa_gaps *gaps, const struct sqa_kernels *kernels) {
    const size_t n = gaps->values;
    int64_t *values = sqa_pool_take(gaps->pool, (uint64_t)n * sizeof *values);
    uint32_t *places = sqa_pool_take(gaps->pool, (uint64_t)n * sizeof *places);
    uint32_t *order = sqa_pool_take(gaps->pool, (uint64_t)n * sizeof *order);
    uint32_t *scratch = sqa_pool_take(gaps->pool, (uint64_t)n * sizeof *scratch);
    const bool has_memory = values != NULL && places != NULL && order != NULL && scratch != NULL;
    if (has_memory) {
        size_t found = 0;
        for (size_t i = 0; i < gaps->places; i++) {
            if (gaps->lists[i].n > 0) {
                values[found] = gaps->lists[i].value;
                places[found++] = (uint32_t)i;
            }
        }
        kernels->argsort[3](order, values, n, false, scratch, NULL);
        for (size_t i = 0; i < n; i++)
            order[i] = places[order[i] - 1];
    }
    sqa_pool_give(values);
    sqa_pool_give(places);
    sqa_pool_give(scratch);
    if (!has_memory)
        sqa_pool_give(order);
    return has_memory ? order : NULL;
}

/* ---- Walking */

void sqa_gap_walk_begin(struct sqa_gap_walk *walk, const struct sqa_gaps *gaps,
                        const struct sqa_gap_list *list) {
    *walk = (struct sqa_gap_walk){.gaps = gaps, .list = list, .key = list->first};
    walk->chunk = CHUNK_LEAST;
    walk->at = list->head + LINK;
    walk->end = list->head + CHUNK_LEAST;
}

bool sqa_gap_walk_next(struct sqa_gap_walk *walk, int64_t *key) {
    if (walk->done == walk->list->n)
        return false;
    uint64_t gap = 0;
    unsigned char byte = 128;
    for (unsigned shift = 0; walk->done > 0 && byte > 127; shift += 7) {
        if (walk->at == walk->end) {
            const uint32_t next = get_link(walk->gaps, walk->end - walk->chunk);
            walk->chunk = next_size(walk->chunk);
            walk->at = next + LINK;
            walk->end = next + walk->chunk;
        }
        byte = *memory_at(walk->gaps, walk->at++);
        gap |= (uint64_t)(byte & 127) << shift;
    }
    walk->key = (int64_t)((uint64_t)walk->key + gap);
    walk->done++;
    *key = walk->key;
    return true;
}
