#include "core/roaring.h"
#include "core/roaring_layout.h"

enum roaring_kind { ROARING_ARRAY, ROARING_BITSET, ROARING_RUNS };

struct roaring_container {
    enum roaring_kind kind;
    uint64_t base;  /* is added to the elements, which have 16 bits */
    uint32_t count; /* number of elements, 1 to 65536 */
    const unsigned char *data;
    uint32_t runs; /* number of runs; a run is its start and its length - 1, u16 each */
};

/* Iterates over the containers. */
struct roaring_walk {
    const unsigned char *data;
    size_t size, at; /* at: offset of the next byte, or of the wrong byte after a failure */
    bool failed;
    uint64_t maps; /* number of 32-bit bitmaps that are left */
    uint64_t high; /* the upper bits of the elements of the current bitmap */
    bool has_high; /* true for the 64-bit format */
    bool is_first; /* true if no bitmap has been read yet */
    /* of the current bitmap */
    size_t start;
    uint32_t containers, index;
    const unsigned char *runs;    /* a bit for each container, which is set for runs; or NULL */
    const unsigned char *keys;    /* for each container key and count - 1, u16 each */
    const unsigned char *offsets; /* for each container its offset, u32; or NULL */
};

static uint32_t roaring_load16(const unsigned char *at) {
    return (uint32_t)at[0] | (uint32_t)at[1] << 8;
}
static uint32_t roaring_load32(const unsigned char *at) {
    uint32_t x;
    memcpy(&x, at, sizeof x);
    return x;
}

static bool roaring_fail(struct roaring_walk *w, size_t at) {
    w->failed = true;
    w->at = at;
    return false;
}

/* Returns the next n bytes and skips them. Returns NULL if there are fewer. */
static const unsigned char *roaring_take(struct roaring_walk *w, size_t n) {
    if (w->failed || w->size - w->at < n) {
        (void)roaring_fail(w, w->size);
        return NULL;
    }
    w->at += n;
    return w->data + w->at - n;
}

static void roaring_walk_begin(struct roaring_walk *w, const struct sqa_roaring *roaring,
                               unsigned bits) {
    *w = (struct roaring_walk){.data = roaring->data,
                               .size = roaring->size,
                               .maps = 1,
                               .has_high = bits == 64,
                               .is_first = true};
    if (bits == 64) {
        const unsigned char *count = roaring_take(w, 8);
        if (count != NULL)
            memcpy(&w->maps, count, 8);
    }
}

/* Reads the cookie, the number of containers, and which of them have runs. */
static bool roaring_read_cookie(struct roaring_walk *w) {
    const unsigned char *cookie = roaring_take(w, 4), *count;
    w->runs = NULL;
    if (cookie == NULL)
        return false;
    if (roaring_load16(cookie) == SQA_ROARING_RUN_COOKIE) {
        w->containers = roaring_load16(cookie + 2) + 1;
        w->runs = roaring_take(w, (w->containers + 7) / 8);
        return w->runs != NULL;
    }
    if (roaring_load32(cookie) != SQA_ROARING_COOKIE)
        return roaring_fail(w, w->start);
    count = roaring_take(w, 4);
    if (count == NULL)
        return false;
    w->containers = roaring_load32(count);
    return w->containers <= SQA_ROARING_CONTAINERS || roaring_fail(w, w->start + 4);
}

/* Reads the header of a 32-bit bitmap. */
static bool roaring_read_map(struct roaring_walk *w) {
    if (w->has_high) {
        const unsigned char *high = roaring_take(w, 4);
        if (high == NULL)
            return false;
        if (!w->is_first && roaring_load32(high) <= w->high >> 32)
            return roaring_fail(w, w->at - 4);
        w->high = (uint64_t)roaring_load32(high) << 32;
    }
    w->is_first = false;
    w->start = w->at;
    w->index = 0;
    if (!roaring_read_cookie(w))
        return false;
    w->keys = roaring_take(w, (size_t)w->containers * 4);
    w->offsets = NULL;
    if (w->runs == NULL || w->containers >= SQA_ROARING_NO_OFFSETS)
        w->offsets = roaring_take(w, (size_t)w->containers * 4);
    return !w->failed;
}

static bool roaring_read_container(struct roaring_walk *w, struct roaring_container *c) {
    const uint32_t i = w->index++;
    const unsigned char *key = w->keys + (size_t)i * 4;
    *c = (struct roaring_container){ROARING_ARRAY, w->high | (uint64_t)roaring_load16(key) << 16,
                                    roaring_load16(key + 2) + 1, NULL, 0};
    if (i > 0 && roaring_load16(key) <= roaring_load16(key - 4))
        return roaring_fail(w, (size_t)(key - w->data));
    if (w->offsets != NULL && roaring_load32(w->offsets + (size_t)i * 4) != w->at - w->start)
        return roaring_fail(w, (size_t)(w->offsets - w->data) + (size_t)i * 4);
    if (w->runs != NULL && (w->runs[i / 8] >> i % 8 & 1) != 0) {
        const unsigned char *runs = roaring_take(w, 2);
        if (runs == NULL)
            return false;
        c->kind = ROARING_RUNS;
        c->runs = roaring_load16(runs);
        c->data = roaring_take(w, (size_t)c->runs * 4);
    } else {
        c->kind = c->count > SQA_ROARING_ARRAY_MOST ? ROARING_BITSET : ROARING_ARRAY;
        c->data = roaring_take(w, c->kind == ROARING_BITSET ? SQA_ROARING_BITSET_BYTES
                                                            : (size_t)c->count * 2);
    }
    return c->data != NULL;
}

/*
** Moves to the next container. Returns false at the end, and with walk->failed after an error,
** such as additional bytes at the end.
*/
static bool roaring_walk_next(struct roaring_walk *w, struct roaring_container *c) {
    while (!w->failed && w->index == w->containers && w->maps > 0) {
        w->maps--;
        if (!roaring_read_map(w))
            return false;
    }
    if (w->failed)
        return false;
    if (w->index < w->containers)
        return roaring_read_container(w, c);
    return w->at < w->size ? roaring_fail(w, w->at) : false;
}

static bool roaring_array_is_sound(struct roaring_walk *w, const struct roaring_container *c) {
    for (uint32_t i = 1; i < c->count; i++) {
        if (roaring_load16(c->data + (size_t)i * 2) <= roaring_load16(c->data + (size_t)i * 2 - 2))
            return roaring_fail(w, (size_t)(c->data - w->data) + (size_t)i * 2);
    }
    return true;
}

static bool roaring_runs_are_sound(struct roaring_walk *w, const struct roaring_container *c) {
    uint32_t end = 0, count = 0; /* end: the next run must not begin before it */
    for (uint32_t i = 0; i < c->runs; i++) {
        const unsigned char *run = c->data + (size_t)i * 4;
        const uint32_t start = roaring_load16(run), length = roaring_load16(run + 2) + 1;
        if (start < end || start + length > 65536)
            return roaring_fail(w, (size_t)(run - w->data));
        end = start + length;
        count += length;
    }
    return count == c->count || roaring_fail(w, (size_t)(c->data - w->data) - 2);
}

static bool roaring_container_is_sound(const struct sqa_kernels *kernels, struct roaring_walk *w,
                                       const struct roaring_container *c) {
    if (c->kind == ROARING_ARRAY)
        return roaring_array_is_sound(w, c);
    if (c->kind == ROARING_RUNS)
        return roaring_runs_are_sound(w, c);
    return kernels->ones[0](c->data, SQA_ROARING_BITSET_BYTES) == c->count ||
           roaring_fail(w, (size_t)(c->data - w->data));
}

/* Return the smallest and the largest element of a valid container. */
static uint32_t roaring_first_of(const struct roaring_container *c) {
    uint32_t i = 0;
    if (c->kind != ROARING_BITSET)
        return roaring_load16(c->data);
    while ((c->data[i / 8] >> i % 8 & 1) == 0)
        i++;
    return i;
}
static uint32_t roaring_last_of(const struct roaring_container *c) {
    const unsigned char *end =
        c->data + (c->kind == ROARING_ARRAY ? (size_t)c->count * 2 : (size_t)c->runs * 4);
    uint32_t i = 65535;
    if (c->kind == ROARING_ARRAY)
        return roaring_load16(end - 2);
    if (c->kind == ROARING_RUNS)
        return roaring_load16(end - 4) + roaring_load16(end - 2);
    while ((c->data[i / 8] >> i % 8 & 1) == 0)
        i--;
    return i;
}

/*
** Checks the bitmap in the format with so many bits. On failure w->at is the offset of the wrong
** byte.
*/
static enum sqa_status roaring_scan(const struct sqa_kernels *kernels, struct sqa_roaring *roaring,
                                    unsigned bits, struct roaring_walk *w,
                                    struct sqa_error *error) {
    struct roaring_container c;
    roaring_walk_begin(w, roaring, bits);
    roaring->bits = bits;
    roaring->count = roaring->sig = 0;
    while (roaring_walk_next(w, &c)) {
        if (!roaring_container_is_sound(kernels, w, &c))
            return SQA_ROARING;
        if (c.base > INT64_MAX) {
            *error = (struct sqa_error){(int64_t)roaring->count + 1,
                                        (int64_t)(c.base + roaring_first_of(&c))};
            return SQA_UNSIGNED;
        }
        roaring->count += c.count;
        roaring->sig = c.base + roaring_last_of(&c);
        if (sqa_stopped(roaring->poll))
            return SQA_INTERRUPT;
    }
    return w->failed ? SQA_ROARING : SQA_OK;
}

enum sqa_status sqa_roaring_scan(const struct sqa_kernels *kernels, struct sqa_roaring *roaring,
                                 struct sqa_error *error) {
    struct roaring_walk w32, w64;
    enum sqa_status status = roaring_scan(kernels, roaring, 32, &w32, error);
    if (status != SQA_ROARING)
        return status;
    status = roaring_scan(kernels, roaring, 64, &w64, error);
    if (status == SQA_ROARING) /* reports the error of the format in which more bytes are valid */
        *error = (struct sqa_error){(int64_t)(w32.at > w64.at ? w32.at : w64.at) + 1, 0};
    return status;
}

/* Stores the n elements of 16 bits, added to base, as elements of `width` bytes. */
static void roaring_store_array(const struct sqa_kernels *kernels,
                                const struct roaring_container *c, unsigned char *dst,
                                unsigned width) {
    int64_t elements[SQA_BLOCK];
    for (uint32_t at = 0, n; at < c->count; at += n) {
        n = c->count - at < SQA_BLOCK ? c->count - at : SQA_BLOCK;
        for (uint32_t i = 0; i < n; i++)
            elements[i] = (int64_t)(c->base + roaring_load16(c->data + (size_t)(at + i) * 2));
        const struct sqa_view view = {(const unsigned char *)elements, n, sizeof elements[0]};
        sqa_view_copy(kernels, &view, 0, n, dst + (size_t)at * width, width);
    }
}

static void roaring_store_runs(const struct sqa_kernels *kernels, const struct roaring_container *c,
                               unsigned char *dst, unsigned width) {
    for (uint32_t i = 0; i < c->runs; i++) {
        const unsigned char *run = c->data + (size_t)i * 4;
        const size_t length = roaring_load16(run + 2) + 1;
        kernels->series[sqa_width_index(width)](dst, (int64_t)(c->base + roaring_load16(run)), 1,
                                                length);
        dst += length * width;
    }
}

void sqa_roaring_store(const struct sqa_kernels *kernels, const struct sqa_roaring *roaring,
                       void *dst, unsigned width) {
    unsigned char *to = dst;
    struct roaring_container c;
    struct roaring_walk w;
    roaring_walk_begin(&w, roaring, roaring->bits);
    while (roaring_walk_next(&w, &c) && !sqa_stopped(roaring->poll)) {
        if (c.kind == ROARING_ARRAY)
            roaring_store_array(kernels, &c, to, width);
        else if (c.kind == ROARING_RUNS)
            roaring_store_runs(kernels, &c, to, width);
        else
            (void)kernels->bit_positions[sqa_width_index(width)](
                to, c.data, SQA_ROARING_BITSET_BYTES * 8, (int64_t)c.base);
        to += (size_t)c.count * width;
    }
}
