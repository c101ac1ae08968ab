#if defined(__linux__)
#define _DEFAULT_SOURCE /* NOLINT(bugprone-reserved-identifier): for madvise() */
#include <sys/mman.h>
#endif

#include "memory/pool.h"

#include <stdarg.h>
#include <stdbool.h>
#include <string.h>

#include "sqlite3ext.h"
SQLITE_EXTENSION_INIT3

enum {
    ALIGNMENT = 64, /* alignment of the first element: a cache line */
    SMALLEST = 512, /* smallest capacity; size classes above it differ by ALIGNMENT or more */
    MOST_SPARE = 32 << 10, /* a new buffer is larger than the request by less than this */
    FIRST_ELEMENT = 8,     /* offset of the first element, after the array's header */
    PAGE = 4096,
    HUGE_FROM = 4 << 20,     /* from this size on, huge pages are worth a system call */
    LOG2_MOST = 40,          /* a request of 2^40 bytes or more is refused */
    CLASSES = 8 * LOG2_MOST, /* eight size classes for each power of two */
    CLASSES_TO_SEARCH = 8,   /* a kept buffer may be up to about twice as large as requested */
    IDLE_TAKES = 4096,       /* a kept buffer that was not reused in so many requests is freed */
    LIMIT_SHARE = 8,         /* the pool keeps at most 1/8 of what is left of a heap limit */
};

/*
** The data before every buffer:
**
**     base ... padding ... [struct buffer][8 bytes of blob header][elements, 64-byte aligned]
**     ^ from sqlite3_malloc64             ^ returned by sqa_pool_take()
*/
struct buffer {
    struct sqa_pool *pool;
    void *base;
    uint64_t capacity; /* bytes after this structure */
    /* while kept: the number of takes when the buffer was returned */
    int64_t returned;
    /* while kept: list of all kept buffers in the order of their return */
    struct buffer *newer, *older;
    /* while kept: list of the kept buffers of the same size class */
    struct buffer *next, *previous;
};
_Static_assert(sizeof(struct buffer) % 8 == 0, "buffers stay 8-byte aligned");

struct sqa_pool {
    struct sqa_pool_stats stats;
    int64_t holds; /* number of references: one for the owner, one for each buffer in use */
    void (*at_end)(void);
    struct buffer *newest, *oldest;
    struct buffer *classes[CLASSES];
    void *small;
};

static struct buffer *header_of(void *memory) {
    return (struct buffer *)memory - 1;
}

static void *memory_of(struct buffer *buffer) {
    return buffer + 1;
}

/*
** Returns the size class. There are eight for each power of two, distinguished by the three bits
** after the leading one.
*/
static int class_of(uint64_t size) {
    const int log2 = 63 - __builtin_clzll(size | 8);
    const int c = 8 * log2 + (int)(size >> (log2 - 3) & 7);
    return c < CLASSES ? c : CLASSES - 1;
}

static uint64_t at_least_smallest(uint64_t size) {
    return size > SMALLEST ? size : SMALLEST;
}

/*
** Returns a request for `size` bytes rounded up: below 512 KiB to the smallest size of a class,
** from there on to a multiple of MOST_SPARE.
*/
static uint64_t rounded(uint64_t size) {
    const uint64_t wanted = at_least_smallest(size);
    const uint64_t eighth = (uint64_t)1 << (63 - __builtin_clzll(wanted)) >> 3;
    const uint64_t unit = eighth < MOST_SPARE ? eighth : MOST_SPARE;
    return (wanted + unit - 1) & ~(unit - 1);
}

/* Allocation: returns the bytes to allocate for a buffer of this capacity. */
static uint64_t gross(uint64_t capacity) {
    return capacity + sizeof(struct buffer) + ALIGNMENT;
}

/* Returns where the buffer's memory begins in an allocation at base. */
static void *memory_in(void *base) {
    const uintptr_t first = (uintptr_t)base + sizeof(struct buffer) + FIRST_ELEMENT;
    const uintptr_t aligned = (first + ALIGNMENT - 1) & ~(uintptr_t)(ALIGNMENT - 1);
    return (unsigned char *)base + (aligned - first) + sizeof(struct buffer);
}

/* Initializes the structure of a buffer in an allocation at base, and returns it. */
static struct buffer *place(struct sqa_pool *pool, void *base, uint64_t capacity) {
    struct buffer *buffer = header_of(memory_in(base));
    *buffer = (struct buffer){.pool = pool, .base = base, .capacity = capacity};
    return buffer;
}

static void unlink_kept(struct buffer *b) {
    struct sqa_pool *pool = b->pool;
    *(b->newer != NULL ? &b->newer->older : &pool->newest) = b->older;
    *(b->older != NULL ? &b->older->newer : &pool->oldest) = b->newer;
    *(b->previous != NULL ? &b->previous->next : &pool->classes[class_of(b->capacity)]) = b->next;
    if (b->next != NULL)
        b->next->previous = b->previous;
    pool->stats.pooled_bytes -= (int64_t)b->capacity;
}

static void link_kept(struct buffer *b) {
    struct sqa_pool *pool = b->pool;
    struct buffer **first = &pool->classes[class_of(b->capacity)];
    b->returned = pool->stats.takes;
    b->newer = NULL;
    b->older = pool->newest;
    *(b->older != NULL ? &b->older->newer : &pool->oldest) = b;
    pool->newest = b;
    b->previous = NULL;
    b->next = *first;
    if (b->next != NULL)
        b->next->previous = b;
    *first = b;
    pool->stats.pooled_bytes += (int64_t)b->capacity;
}

static void free_oldest(struct sqa_pool *pool) {
    struct buffer *b = pool->oldest;
    unlink_kept(b);
    sqlite3_free(b->base);
}

/*
** Frees kept buffers that have not been used for a long time, because earlier requests may have
** been larger or more numerous.
*/
static void free_idle(struct sqa_pool *pool) {
    while (pool->oldest != NULL && pool->stats.takes - pool->oldest->returned > IDLE_TAKES)
        free_oldest(pool);
}

/* Frees kept buffers, the longest unused first, until at most `most` bytes are kept. */
static void shrink(struct sqa_pool *pool, int64_t most) {
    if (pool->stats.pooled_bytes <= most)
        return;
    pool->stats.trims++;
    while (pool->stats.pooled_bytes > most)
        free_oldest(pool);
}

/*
** Returns the heap limit that the application has set, soft or hard, or 0 if there is none.
** SQLite never lets the soft limit exceed the hard one.
*/
static int64_t heap_limit(void) {
    return sqlite3_soft_heap_limit64(-1);
}

static bool crosses_heap_limit(uint64_t size) {
    const int64_t limit = heap_limit();
    return limit > 0 && (uint64_t)sqlite3_memory_used() + size >= (uint64_t)limit;
}

/*
** Evicts kept buffers until one of `size` bytes may be kept as well; returns false if it may not.
** Under a heap limit the pool keeps only a share of what others leave of it, because SQLite's own
** requests fail at that limit without asking the pool.
*/
static bool make_heap_room(struct sqa_pool *pool, int64_t size) {
    const int64_t limit = heap_limit();
    int64_t most = pool->stats.pool_limit;
    if (limit > 0) {
        const int64_t others = sqlite3_memory_used() - pool->stats.pooled_bytes - size;
        const int64_t share = others < limit ? (limit - others) / LIMIT_SHARE : 0;
        most = share < most ? share : most;
        shrink(pool, most); /* evicts even now, because the limit may be new */
    }
    if (size > most)
        return false;
    shrink(pool, most - size);
    return true;
}

/*
** Asks the operating system for huge pages in a large new buffer: one page fault for 2 MiB
** instead of 512. It is a hint, which some systems ignore. It covers all pages of the allocation:
** if the first of them had other advice, realloc() could not move the pages and would copy them.
*/
static void advise(void *base, uint64_t size) {
#ifdef MADV_HUGEPAGE
    if (size >= HUGE_FROM) {
        const uintptr_t first = (uintptr_t)base & ~(uintptr_t)(PAGE - 1);
        const uintptr_t end =
            ((uintptr_t)base + (uintptr_t)size + PAGE - 1) & ~(uintptr_t)(PAGE - 1);
        (void)madvise((void *)first, end - first, MADV_HUGEPAGE);
    }
#else
    (void)base, (void)size;
#endif
}

/*
** Calls sqlite3_malloc64(), or sqlite3_realloc64() if base is not NULL. If that fails, frees all
** kept buffers and tries again.
*/
static void *allocate(struct sqa_pool *pool, void *base, uint64_t size) {
    if (pool->stats.pooled_bytes > 0 && crosses_heap_limit(size))
        shrink(pool, 0);
    void *memory = sqlite3_realloc64(base, size);
    if (memory == NULL && pool->stats.pooled_bytes > 0) {
        shrink(pool, 0);
        memory = sqlite3_realloc64(base, size);
    }
    if (memory != NULL)
        advise(memory, size);
    return memory;
}

/*
** Returns true for sizes that cannot be allocated, such as UINT64_MAX, which stands for a size
** that has overflowed.
*/
static bool is_too_large(uint64_t size) {
    return size >> LOG2_MOST > 0;
}

/*
** Returns the capacity to allocate for a request. It is rounded up, so that the buffer can serve
** requests for a little more, and a freed one leaves a hole that fits the next one. If memory is
** short or nothing is to be kept, it is the requested size.
*/
static uint64_t capacity_for(const struct sqa_pool *pool, uint64_t size) {
    const uint64_t capacity = rounded(size);
    if (capacity <= (uint64_t)pool->stats.pool_limit && heap_limit() <= 0)
        return capacity;
    return (size + ALIGNMENT - 1) & ~(uint64_t)(ALIGNMENT - 1);
}

static void count_live(struct sqa_pool *pool, int64_t change) {
    pool->stats.live_bytes += change;
    if (pool->stats.live_bytes > pool->stats.peak_bytes)
        pool->stats.peak_bytes = pool->stats.live_bytes;
}

/*
** Returns a kept buffer of at least `size` bytes, or NULL. In the class of `size` itself some
** buffers may be too small; those of all higher classes are large enough.
*/
static struct buffer *find_kept(const struct sqa_pool *pool, uint64_t size) {
    const int first = class_of(size);
    const int end = class_of(at_least_smallest(size) - 1) + 1 + CLASSES_TO_SEARCH;
    struct buffer *b = pool->classes[first];
    while (b != NULL && b->capacity < size)
        b = b->next;
    /* unreached: c < CLASSES, because no request is so large */
    for (int c = first + 1; b == NULL && c < CLASSES && c < end; c++)
        b = pool->classes[c];
    return b;
}

struct sqa_pool *sqa_pool_new(void (*at_end)(void)) {
    struct sqa_pool *pool = sqa_object_new(sizeof *pool);
    if (pool == NULL)
        return NULL;
    void *base = sqlite3_malloc64(gross(SQA_SMALL));
    if (base == NULL) {
        sqa_object_free(pool);
        return NULL;
    }
    pool->small = memory_of(place(pool, base, SQA_SMALL));
    pool->holds = 1;
    pool->at_end = at_end;
    pool->stats.pool_limit = SQA_POOL_BYTES;
    return pool;
}

void sqa_pool_release(struct sqa_pool *pool) {
    if (--pool->holds > 0)
        return;
    shrink(pool, 0);
    sqlite3_free(header_of(pool->small)->base);
    void (*const at_end)(void) = pool->at_end;
    sqa_object_free(pool);
    if (at_end != NULL)
        at_end();
}

void *sqa_pool_take(struct sqa_pool *pool, uint64_t size) {
    pool->stats.takes++;
    struct buffer *b = is_too_large(size) ? NULL : find_kept(pool, size);
    if (b != NULL) {
        unlink_kept(b);
        pool->stats.hits++;
    } else {
        pool->stats.misses++;
        if (is_too_large(size))
            return NULL;
        const uint64_t capacity = capacity_for(pool, size);
        void *base = allocate(pool, NULL, gross(capacity));
        if (base == NULL)
            return NULL;
        b = place(pool, base, capacity);
    }
    pool->holds++;
    count_live(pool, (int64_t)b->capacity);
    return memory_of(b);
}

void sqa_pool_give(void *buffer) {
    if (buffer == NULL)
        return;
    struct buffer *b = header_of(buffer);
    struct sqa_pool *pool = b->pool;
    count_live(pool, -(int64_t)b->capacity);
    free_idle(pool);
    if (make_heap_room(pool, (int64_t)b->capacity))
        link_kept(b);
    else
        sqlite3_free(b->base);
    sqa_pool_release(pool);
}

void *sqa_pool_grow(struct sqa_pool *pool, void *buffer, size_t keep, uint64_t size) {
    struct buffer *b = header_of(buffer);
    if (b->capacity >= size)
        return buffer;
    if (is_too_large(size))
        return NULL;
    if (find_kept(pool, size) != NULL) {
        void *grown = sqa_pool_take(pool, size);
        memcpy(grown, buffer, keep);
        sqa_pool_give(buffer);
        return grown;
    }
    /* realloc() moves the pages of a large block, so old and new block do not both need memory */
    const uint64_t capacity = capacity_for(pool, size), before = b->capacity;
    const size_t offset = (size_t)((unsigned char *)buffer - (unsigned char *)b->base);
    void *base = allocate(pool, b->base, gross(capacity));
    if (base == NULL)
        return NULL;
    memmove(memory_in(base), (unsigned char *)base + offset,
            keep); /* read before place() overwrites it */
    pool->stats.takes++;
    pool->stats.misses++;
    count_live(pool, (int64_t)(capacity - before));
    return memory_of(place(pool, base, capacity));
}

uint64_t sqa_pool_capacity(const void *buffer) {
    return ((const struct buffer *)buffer - 1)->capacity;
}

void *sqa_pool_small(struct sqa_pool *pool) {
    return pool->small;
}

int64_t sqa_pool_trim(struct sqa_pool *pool) {
    const int64_t freed = pool->stats.pooled_bytes;
    shrink(pool, 0);
    return freed;
}

struct sqa_pool_stats *sqa_pool_stats(struct sqa_pool *pool) {
    return &pool->stats;
}

void sqa_pool_set_limit(struct sqa_pool *pool, int64_t pool_limit) {
    pool->stats.pool_limit = pool_limit;
    shrink(pool, pool_limit);
}

void *sqa_object_new(size_t size) {
    void *object = sqlite3_malloc64(size);
    if (object != NULL)
        memset(object, 0, size);
    return object;
}

void sqa_object_free(void *object) {
    sqlite3_free(object);
}

char *sqa_message_of(const char *format, va_list arguments) {
    return sqlite3_vmprintf(format, arguments);
}

char *sqa_message(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    char *message = sqa_message_of(format, arguments);
    va_end(arguments);
    return message;
}

char *sqa_sql(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    char *text = sqlite3_vmprintf(format, arguments);
    va_end(arguments);
    return text;
}

char *sqa_sql_add(char *text, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    char *more = sqlite3_vmprintf(format, arguments);
    va_end(arguments);
    char *both = text != NULL && more != NULL ? sqlite3_mprintf("%s%s", text, more) : NULL;
    sqlite3_free(text);
    sqlite3_free(more);
    return both;
}
