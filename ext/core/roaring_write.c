#include "core/roaring.h"
#include "core/roaring_layout.h"

/* The elements of one container, whose bits above the lowest 16 are equal */
struct roaring_part {
    size_t at;
    uint32_t count, runs;
    uint64_t high; /* the bits above the lowest 16 */
};

/* A 32-bit bitmap: the number of its containers and their total size */
struct roaring_map {
    uint64_t high; /* the bits above the lowest 32 */
    uint32_t containers;
    bool has_runs;
    uint64_t bytes; /* bytes of all containers */
    size_t end;     /* index after its last element */
};

static struct roaring_part roaring_part_at(const struct sqa_view *set, size_t at) {
    struct roaring_part part = {at, 0, 0, (uint64_t)sqa_view_get(set, at) >> 16};
    uint64_t before = 0;
    for (size_t i = at; i < set->count; i++) {
        const uint64_t x = (uint64_t)sqa_view_get(set, i);
        if (x >> 16 != part.high)
            break;
        part.runs += part.count == 0 || x != before + 1;
        part.count++;
        before = x;
    }
    return part;
}

static uint32_t roaring_runs_size(const struct roaring_part *part) {
    return 2 + 4 * part->runs;
}
static uint32_t roaring_plain_size(const struct roaring_part *part) {
    return part->count > SQA_ROARING_ARRAY_MOST ? SQA_ROARING_BITSET_BYTES : 2 * part->count;
}
static bool roaring_is_runs(const struct roaring_part *part) {
    return roaring_runs_size(part) <= roaring_plain_size(part);
}
static uint32_t roaring_part_size(const struct roaring_part *part) {
    return roaring_is_runs(part) ? roaring_runs_size(part) : roaring_plain_size(part);
}

/*
** Describes the bitmap that begins with the element at index `at`. It has no containers if there
** are no elements.
*/
static struct roaring_map roaring_map_at(const struct sqa_view *set, size_t at,
                                         struct sqa_poll *poll) {
    struct roaring_map map = {.end = at};
    while (map.end < set->count && !sqa_stopped(poll)) {
        const struct roaring_part part = roaring_part_at(set, map.end);
        if (map.containers == 0)
            map.high = part.high >> 16;
        if (part.high >> 16 != map.high)
            break;
        map.containers++;
        map.has_runs |= roaring_is_runs(&part);
        map.bytes += roaring_part_size(&part);
        map.end += part.count;
    }
    return map;
}

static bool roaring_has_offsets(const struct roaring_map *map) {
    return !map->has_runs || map->containers >= SQA_ROARING_NO_OFFSETS;
}

static uint64_t roaring_header_size(const struct roaring_map *map) {
    const uint64_t n = map->containers;
    return (map->has_runs ? 4 + (n + 7) / 8 : 8) + n * 4 + (roaring_has_offsets(map) ? n * 4 : 0);
}

uint64_t sqa_roaring_size(const struct sqa_view *set, unsigned bits, struct sqa_poll *poll) {
    struct roaring_map map = roaring_map_at(set, 0, poll);
    uint64_t size = bits == 64 ? 8 : roaring_header_size(&map) + map.bytes;
    for (; bits == 64 && map.containers > 0; map = roaring_map_at(set, map.end, poll))
        size += 4 + roaring_header_size(&map) + map.bytes;
    return size;
}

static void roaring_put16(unsigned char *to, uint32_t x) {
    to[0] = (unsigned char)(x & 0xff);
    to[1] = (unsigned char)(x >> 8 & 0xff);
}
static void roaring_put32(unsigned char *to, uint32_t x) {
    memcpy(to, &x, sizeof x);
}

static uint32_t roaring_low16(const struct sqa_view *set, size_t i) {
    return (uint32_t)((uint64_t)sqa_view_get(set, i) & 0xffff);
}

static void roaring_write_runs(const struct sqa_view *set, const struct roaring_part *part,
                               unsigned char *to) {
    roaring_put16(to, part->runs);
    to += 2;
    for (uint32_t i = 0, n; i < part->count; i += n, to += 4) {
        const uint32_t start = roaring_low16(set, part->at + i);
        for (n = 1; i + n < part->count && roaring_low16(set, part->at + i + n) == start + n;)
            n++;
        roaring_put16(to, start);
        roaring_put16(to + 2, n - 1);
    }
}

static void roaring_write_part(const struct sqa_view *set, const struct roaring_part *part,
                               unsigned char *to) {
    if (roaring_is_runs(part)) {
        roaring_write_runs(set, part, to);
    } else if (part->count > SQA_ROARING_ARRAY_MOST) {
        memset(to, 0, SQA_ROARING_BITSET_BYTES);
        for (uint32_t i = 0; i < part->count; i++) {
            const uint32_t x = roaring_low16(set, part->at + i);
            to[x / 8] = (unsigned char)(to[x / 8] | 1u << x % 8);
        }
    } else {
        for (uint32_t i = 0; i < part->count; i++)
            roaring_put16(to + (size_t)i * 2, roaring_low16(set, part->at + i));
    }
}

/* Writes the bitmap that begins with the element at index `at` to dst, and returns its end. */
static unsigned char *roaring_write_map(const struct sqa_view *set, size_t at,
                                        const struct roaring_map *map, unsigned char *dst,
                                        struct sqa_poll *poll) {
    unsigned char *runs = dst + 4, *keys = dst + 8, *to = dst + roaring_header_size(map);
    if (map->has_runs) {
        keys = runs + (map->containers + 7) / 8;
        memset(runs, 0, (map->containers + 7) / 8);
        roaring_put16(dst, SQA_ROARING_RUN_COOKIE);
        roaring_put16(dst + 2, map->containers - 1);
    } else {
        roaring_put32(dst, SQA_ROARING_COOKIE);
        roaring_put32(dst + 4, map->containers);
    }
    unsigned char *const offsets = keys + (size_t)map->containers * 4;
    for (uint32_t i = 0; i < map->containers && !sqa_stopped(poll); i++) {
        const struct roaring_part part = roaring_part_at(set, at);
        roaring_put16(keys + (size_t)i * 4, (uint32_t)(part.high & 0xffff));
        roaring_put16(keys + (size_t)i * 4 + 2, part.count - 1);
        if (roaring_is_runs(&part))
            runs[i / 8] = (unsigned char)(runs[i / 8] | 1u << i % 8);
        if (roaring_has_offsets(map))
            roaring_put32(offsets + (size_t)i * 4, (uint32_t)(to - dst));
        roaring_write_part(set, &part, to);
        to += roaring_part_size(&part);
        at += part.count;
    }
    return to;
}

void sqa_roaring_write(const struct sqa_view *set, unsigned bits, unsigned char *dst,
                       struct sqa_poll *poll) {
    struct roaring_map map = roaring_map_at(set, 0, poll);
    if (bits == 32) {
        (void)roaring_write_map(set, 0, &map, dst, poll);
        return;
    }
    unsigned char *const count = dst;
    uint64_t maps = 0;
    dst += 8;
    for (size_t at = 0; map.containers > 0 && !sqa_was_stopped(poll);
         map = roaring_map_at(set, at, poll)) {
        roaring_put32(dst, (uint32_t)map.high);
        dst = roaring_write_map(set, at, &map, dst + 4, poll);
        at = map.end;
        maps++;
    }
    memcpy(count, &maps, sizeof maps);
}
