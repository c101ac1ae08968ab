/*
** Windows: the keys that a list, or a query, has among 65,536 neighbouring integers, and the
** operations of queries on such sets.
**
** The integers that differ in their lowest 16 bits alone share a window; the smallest of them, a
** multiple of 65,536, is its base. A window holds up to SQA_KEY_WINDOW_FEW keys as an array, and
** more as a bitmap. An element of the array is the distance from the middle of the window, a signed
** number: so the kernels on sets of int16_t combine them.
**
** The operations fill dst, which is another window than a and b. All windows of an operation have
** the same base.
*/
#ifndef SQA_KEY_WINDOW_H
#define SQA_KEY_WINDOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/posting_block.h"
#include "kernel/kernels.h"

enum {
    SQA_KEY_WINDOW = 65536,
    SQA_KEY_WINDOW_FEW = 4096, /* as many take as much room as the bitmap */
};

struct sqa_key_window {
    int64_t base;
    size_t n; /* keys */
    bool is_bitmap;
    _Alignas(64) union {
        int16_t distance[SQA_KEY_WINDOW_FEW]; /* of n keys from base + 32,768, ascending */
        uint64_t word[SQA_KEY_WINDOW / 64];   /* bit i stands for base + i */
        unsigned char byte[SQA_KEY_WINDOW / 8];
    } keys;
};

static inline int64_t sqa_window_base(int64_t key) {
    return (int64_t)((uint64_t)key & ~(uint64_t)(SQA_KEY_WINDOW - 1));
}

/* Makes the window empty. */
static inline void sqa_window_clear(struct sqa_key_window *window, int64_t base) {
    window->base = base;
    window->n = 0;
    window->is_bitmap = false;
}

/* Adds n ascending keys, which lie in the window and above those that are in it. */
void sqa_window_add(const struct sqa_kernels *kernels, struct sqa_key_window *window,
                    const int64_t *keys, size_t n);
/* Likewise all integers from first to last. */
void sqa_window_add_run(const struct sqa_kernels *kernels, struct sqa_key_window *window,
                        int64_t first, int64_t last);
/* Likewise the keys from lo to hi of a block that is a bitmap; the window becomes one. */
void sqa_window_add_bitmap(const struct sqa_kernels *kernels, struct sqa_key_window *window,
                           const struct sqa_posting_block *block, int64_t lo, int64_t hi);

/* dst: the keys of a and b, of a or b, of a but not b */
void sqa_window_and(const struct sqa_kernels *kernels, struct sqa_key_window *dst,
                    const struct sqa_key_window *a, const struct sqa_key_window *b);
void sqa_window_or(const struct sqa_kernels *kernels, struct sqa_key_window *dst,
                   const struct sqa_key_window *a, const struct sqa_key_window *b);
void sqa_window_and_not(const struct sqa_kernels *kernels, struct sqa_key_window *dst,
                        const struct sqa_key_window *a, const struct sqa_key_window *b);

bool sqa_window_has(const struct sqa_key_window *window, int64_t key);
/* The smallest and the largest key of a window that is not empty */
int64_t sqa_window_first(const struct sqa_key_window *window);
int64_t sqa_window_last(const struct sqa_key_window *window);

/*
** A walk over the keys of a window, which it borrows, in either direction:
**
**     struct sqa_window_walk walk;
**     for (sqa_window_walk_begin(&walk, window, backwards); sqa_window_walk_next(&walk, &key);)
*/
struct sqa_window_walk {
    const struct sqa_key_window *window;
    bool backwards;
    size_t left;   /* keys that are to come */
    size_t at;     /* the next element of an array, or the word of a bitmap */
    uint64_t word; /* the bits of that word that are to come */
};

void sqa_window_walk_begin(struct sqa_window_walk *walk, const struct sqa_key_window *window,
                           bool backwards);
bool sqa_window_walk_next(struct sqa_window_walk *walk, int64_t *key);

#endif
