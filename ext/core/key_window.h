/*
** A window is the set of those keys of a posting list, or of a query's result, that are in one
** range of 65,536 integers. This file has windows and the set operations that queries need.
**
** All integers in the range of a window differ only in their lowest 16 bits. The smallest of
** them, a multiple of 65,536, is the base of the window. Up to SQA_KEY_WINDOW_FEW keys are stored
** as an array, more as a bitmap. Elements of the array are signed distances from the middle of
** the range, so that kernels for sets of int16_t can be used.
**
** The operations fill dst, which must not be a or b. All windows of an operation have the same
** base.
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
    SQA_KEY_WINDOW_FEW = 4096, /* an array of so many keys has the size of the bitmap */
};

struct sqa_key_window {
    int64_t base;
    size_t n; /* number of keys */
    bool is_bitmap;
    _Alignas(64) union {
        int16_t distance[SQA_KEY_WINDOW_FEW]; /* n ascending distances from base + 32,768 */
        uint64_t word[SQA_KEY_WINDOW / 64];   /* bit i stands for base + i */
        unsigned char byte[SQA_KEY_WINDOW / 8];
    } keys;
};

static inline int64_t sqa_window_base(int64_t key) {
    return (int64_t)((uint64_t)key & ~(uint64_t)(SQA_KEY_WINDOW - 1));
}

/* Makes the window empty and sets its base. */
static inline void sqa_window_clear(struct sqa_key_window *window, int64_t base) {
    window->base = base;
    window->n = 0;
    window->is_bitmap = false;
}

/*
** Adds n ascending keys. They must be in the range of the window and greater than all keys in it.
*/
void sqa_window_add(const struct sqa_kernels *kernels, struct sqa_key_window *window,
                    const int64_t *keys, size_t n);
/* Adds all integers from first to last, under the same conditions. */
void sqa_window_add_run(const struct sqa_kernels *kernels, struct sqa_key_window *window,
                        int64_t first, int64_t last);
/*
** Adds the keys from lo to hi of a block that is a bitmap, under the same conditions. The window
** becomes a bitmap.
*/
void sqa_window_add_bitmap(const struct sqa_kernels *kernels, struct sqa_key_window *window,
                           const struct sqa_posting_block *block, int64_t lo, int64_t hi);

/* Fill dst with the keys that are in a and b, in a or b, and in a but not in b. */
void sqa_window_and(const struct sqa_kernels *kernels, struct sqa_key_window *dst,
                    const struct sqa_key_window *a, const struct sqa_key_window *b);
void sqa_window_or(const struct sqa_kernels *kernels, struct sqa_key_window *dst,
                   const struct sqa_key_window *a, const struct sqa_key_window *b);
void sqa_window_and_not(const struct sqa_kernels *kernels, struct sqa_key_window *dst,
                        const struct sqa_key_window *a, const struct sqa_key_window *b);

bool sqa_window_has(const struct sqa_key_window *window, int64_t key);
/* Return the smallest and the largest key of a window, which must not be empty. */
int64_t sqa_window_first(const struct sqa_key_window *window);
int64_t sqa_window_last(const struct sqa_key_window *window);

/*
** Iterates over the keys of a window, which it borrows, in either direction:
**
**     struct sqa_window_walk walk;
**     for (sqa_window_walk_begin(&walk, window, backwards); sqa_window_walk_next(&walk, &key);)
*/
struct sqa_window_walk {
    const struct sqa_key_window *window;
    bool backwards;
    size_t left;   /* number of keys that are left */
    size_t at;     /* the next element of the array, or the current word of the bitmap */
    uint64_t word; /* the bits of that word that are left */
};

void sqa_window_walk_begin(struct sqa_window_walk *walk, const struct sqa_key_window *window,
                           bool backwards);
bool sqa_window_walk_next(struct sqa_window_walk *walk, int64_t *key);

#endif
