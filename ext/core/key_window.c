#include "core/key_window.h"

#include <string.h>

enum { MIDDLE = SQA_KEY_WINDOW / 2, WORDS = SQA_KEY_WINDOW / 64 };

/* The index of the kernels for distances and for words in tables of kernels */
enum { OF_DISTANCES = 1, OF_WORDS = 3 };

static unsigned window_place_of(const struct sqa_key_window *window, int64_t key) {
    return (unsigned)((uint64_t)key - (uint64_t)window->base);
}

static void become_bitmap(const struct sqa_kernels *kernels, struct sqa_key_window *window) {
    int16_t distance[SQA_KEY_WINDOW_FEW];
    if (window->is_bitmap)
        return;
    memcpy(distance, window->keys.distance, window->n * sizeof *distance);
    memset(window->keys.byte, 0, sizeof window->keys.byte);
    kernels->bit_put[OF_DISTANCES](window->keys.byte, distance, window->n, -MIDDLE, true);
    window->is_bitmap = true;
}

/*
** Converts distances from the base to distances from the middle, or back, by flipping the highest
** bit.
*/
static void centre(int16_t *distance, size_t n) {
    const uint64_t four = 0x8000800080008000;
    size_t i = 0;
    for (; i + 4 <= n; i += 4) {
        uint64_t word;
        memcpy(&word, distance + i, sizeof word);
        word ^= four;
        memcpy(distance + i, &word, sizeof word);
    }
    for (; i < n; i++)
        distance[i] = (int16_t)(distance[i] ^ INT16_MIN);
}

void sqa_window_add(const struct sqa_kernels *kernels, struct sqa_key_window *window,
                    const int64_t *keys, size_t n) {
    int16_t part[SQA_BLOCK];
    if (!window->is_bitmap && window->n + n <= SQA_KEY_WINDOW_FEW) {
        kernels->from64[OF_DISTANCES](window->keys.distance + window->n, keys, n);
        centre(window->keys.distance + window->n, n);
        window->n += n;
        return;
    }
    become_bitmap(kernels, window);
    for (size_t at = 0; at < n; at += SQA_BLOCK) {
        const size_t m = n - at < SQA_BLOCK ? n - at : SQA_BLOCK;
        kernels->from64[OF_DISTANCES](part, keys + at, m);
        centre(part, m);
        kernels->bit_put[OF_DISTANCES](window->keys.byte, part, m, -MIDDLE, true);
    }
    window->n += n;
}

/* Sets bits `from` to `to` of the bitmap. */
static void put_range(uint64_t *word, unsigned from, unsigned to) {
    const uint64_t low = UINT64_MAX << from % 64, high = UINT64_MAX >> (63 - to % 64);
    if (from / 64 == to / 64) {
        word[from / 64] |= low & high;
        return;
    }
    word[from / 64] |= low;
    for (unsigned w = from / 64 + 1; w < to / 64; w++)
        word[w] = UINT64_MAX;
    word[to / 64] |= high;
}

void sqa_window_add_run(const struct sqa_kernels *kernels, struct sqa_key_window *window,
                        int64_t first, int64_t last) {
    enum { FEW = 64 };
    const unsigned from = window_place_of(window, first), to = window_place_of(window, last);
    const size_t n = to - from + 1;
    if (n <= FEW && !window->is_bitmap && window->n + n <= SQA_KEY_WINDOW_FEW) {
        for (unsigned i = from; i <= to; i++)
            window->keys.distance[window->n++] = (int16_t)((int)i - MIDDLE);
        return;
    }
    become_bitmap(kernels, window);
    put_range(window->keys.word, from, to);
    window->n += n;
}

/* Returns 64 bits from bit `at` on of a bitmap of `size` bytes. Bits after its end are 0. */
static uint64_t read_bits(const unsigned char *bits, size_t size, size_t at) {
    const size_t byte = at / 8, left = size - byte;
    const unsigned shift = at % 8;
    uint64_t word = 0;
    memcpy(&word, bits + byte, left < 8 ? left : 8);
    word >>= shift;
    if (shift > 0 && left > 8)
        word |= (uint64_t)bits[byte + 8] << (64 - shift);
    return word;
}

void sqa_window_add_bitmap(const struct sqa_kernels *kernels, struct sqa_key_window *window,
                           const struct sqa_posting_block *block, int64_t lo, int64_t hi) {
    const unsigned from = window_place_of(window, lo), to = window_place_of(window, hi);
    size_t source = (size_t)((uint64_t)lo - (uint64_t)block->first);
    become_bitmap(kernels, window);
    for (unsigned at = from; at <= to;) { /* at most up to the end of a word of the window */
        const unsigned room = 64 - at % 64, n = to - at + 1 < room ? to - at + 1 : room;
        const uint64_t bits =
            read_bits(block->payload, block->payload_size, source) & (UINT64_MAX >> (64 - n));
        window->keys.word[at / 64] |= bits << at % 64;
        window->n += kernels->ones[OF_WORDS](&bits, 1);
        at += n;
        source += n;
    }
}

/* Fills dst with those elements of the array a whose bit in the bitmap b is set, or is not set. */
static void filter(const struct sqa_kernels *kernels, struct sqa_key_window *dst,
                   const struct sqa_key_window *a, const struct sqa_key_window *b, bool one) {
    sqa_window_clear(dst, a->base);
    dst->n = kernels->bit_filter[OF_DISTANCES](dst->keys.distance, a->keys.distance, a->n,
                                               b->keys.byte, -MIDDLE, one);
}

/* Makes dst a copy of a window that is a bitmap. */
static void copy_bitmap(struct sqa_key_window *dst, const struct sqa_key_window *a) {
    sqa_window_clear(dst, a->base);
    dst->is_bitmap = true;
    memcpy(dst->keys.byte, a->keys.byte, sizeof dst->keys.byte);
}

static void count(const struct sqa_kernels *kernels, struct sqa_key_window *dst) {
    dst->n = kernels->ones[OF_WORDS](dst->keys.word, WORDS);
}

void sqa_window_and(const struct sqa_kernels *kernels, struct sqa_key_window *dst,
                    const struct sqa_key_window *a, const struct sqa_key_window *b) {
    if (a->is_bitmap && b->is_bitmap) {
        copy_bitmap(dst, a);
        kernels->and_into[OF_WORDS](dst->keys.word, b->keys.word, WORDS);
        count(kernels, dst);
    } else if (a->is_bitmap) {
        filter(kernels, dst, b, a, true);
    } else if (b->is_bitmap) {
        filter(kernels, dst, a, b, true);
    } else {
        sqa_window_clear(dst, a->base);
        dst->n = kernels->intersect[OF_DISTANCES](dst->keys.distance, a->keys.distance, a->n,
                                                  b->keys.distance, b->n);
    }
}

void sqa_window_or(const struct sqa_kernels *kernels, struct sqa_key_window *dst,
                   const struct sqa_key_window *a, const struct sqa_key_window *b) {
    const struct sqa_key_window *const bitmap = a->is_bitmap ? a : b, *const other =
                                                                          a->is_bitmap ? b : a;
    if (!bitmap->is_bitmap && a->n + b->n <= SQA_KEY_WINDOW_FEW) {
        sqa_window_clear(dst, a->base);
        dst->n = kernels->unite[OF_DISTANCES](dst->keys.distance, a->keys.distance, a->n,
                                              b->keys.distance, b->n);
        return;
    }
    copy_bitmap(dst, bitmap);
    if (!bitmap->is_bitmap) { /* the two arrays together are too long for an array */
        memset(dst->keys.byte, 0, sizeof dst->keys.byte);
        kernels->bit_put[OF_DISTANCES](dst->keys.byte, bitmap->keys.distance, bitmap->n, -MIDDLE,
                                       true);
    }
    if (other->is_bitmap)
        kernels->or_into[OF_WORDS](dst->keys.word, other->keys.word, WORDS);
    else
        kernels->bit_put[OF_DISTANCES](dst->keys.byte, other->keys.distance, other->n, -MIDDLE,
                                       true);
    count(kernels, dst);
}

void sqa_window_and_not(const struct sqa_kernels *kernels, struct sqa_key_window *dst,
                        const struct sqa_key_window *a, const struct sqa_key_window *b) {
    if (a->is_bitmap) {
        copy_bitmap(dst, a);
        if (b->is_bitmap)
            kernels->and_not_into[OF_WORDS](dst->keys.word, b->keys.word, WORDS);
        else
            kernels->bit_put[OF_DISTANCES](dst->keys.byte, b->keys.distance, b->n, -MIDDLE, false);
        count(kernels, dst);
    } else if (b->is_bitmap) {
        filter(kernels, dst, a, b, false);
    } else {
        sqa_window_clear(dst, a->base);
        dst->n = kernels->except[OF_DISTANCES](dst->keys.distance, a->keys.distance, a->n,
                                               b->keys.distance, b->n);
    }
}

bool sqa_window_has(const struct sqa_key_window *window, int64_t key) {
    const unsigned place = window_place_of(window, key);
    if (window->is_bitmap)
        return (window->keys.word[place / 64] >> place % 64 & 1) != 0;
    const int distance = (int)place - MIDDLE;
    size_t from = 0;
    for (size_t left = window->n; left > 0;) {
        const size_t half = left - left / 2;
        from += window->keys.distance[from + half - 1] < distance ? half : 0;
        left -= half;
    }
    return from < window->n && window->keys.distance[from] == distance;
}

int64_t sqa_window_first(const struct sqa_key_window *window) {
    struct sqa_window_walk walk;
    int64_t key = window->base;
    sqa_window_walk_begin(&walk, window, false);
    (void)sqa_window_walk_next(&walk, &key);
    return key;
}

int64_t sqa_window_last(const struct sqa_key_window *window) {
    struct sqa_window_walk walk;
    int64_t key = window->base;
    sqa_window_walk_begin(&walk, window, true);
    (void)sqa_window_walk_next(&walk, &key);
    return key;
}

void sqa_window_walk_begin(struct sqa_window_walk *walk, const struct sqa_key_window *window,
                           bool backwards) {
    walk->window = window;
    walk->backwards = backwards;
    walk->left = window->n;
    walk->at = 0;
    walk->word = 0;
    if (window->is_bitmap) {
        walk->at = backwards ? WORDS - 1 : 0;
        walk->word = window->keys.word[walk->at];
    } else if (backwards) {
        walk->at = window->n;
    }
}

bool sqa_window_walk_next(struct sqa_window_walk *walk, int64_t *key) {
    const struct sqa_key_window *const window = walk->window;
    if (walk->left == 0)
        return false;
    walk->left--;
    if (!window->is_bitmap) {
        const int distance = window->keys.distance[walk->backwards ? --walk->at : walk->at++];
        *key = window->base + (distance + MIDDLE);
        return true;
    }
    while (walk->word == 0)
        walk->word = window->keys.word[walk->backwards ? --walk->at : ++walk->at];
    const unsigned bit = walk->backwards ? 63 - (unsigned)__builtin_clzll(walk->word)
                                         : (unsigned)__builtin_ctzll(walk->word);
    walk->word &= ~((uint64_t)1 << bit);
    *key = window->base + (int64_t)(walk->at * 64 + bit);
    return true;
}
