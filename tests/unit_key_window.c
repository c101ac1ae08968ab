/*
** core/key_window: sets of keys of every density, built from every kind of block. Operations and
** iteration are compared with those on plain sets of bits.
*/
#include <stdlib.h>

#include "core/key_window.h"
#include "core/random.h"
#include "kernel/dispatch.h"
#include "unit.h"

static const struct sqa_kernels *kernels;
static struct sqa_random random_state;
static int wrong;

static size_t below(size_t bound) {
    return (size_t)sqa_random_below(&random_state, bound);
}

static void expect(bool right, const char *what, size_t a, size_t b) {
    if (!right && ++wrong < 4)
        printf("# %s: of %zu and %zu keys\n", what, a, b);
}

/* The model: a byte for each integer of the window */
struct model {
    unsigned char has[SQA_KEY_WINDOW];
    size_t n;
};

/* Adds keys to both, in order, by a random one of the ways there are. */
static void make(struct sqa_key_window *window, struct model *model, int64_t base) {
    static int64_t keys[SQA_KEY_WINDOW];
    const unsigned sparse = 1u << below(14);
    memset(model, 0, sizeof *model);
    sqa_window_clear(window, base);
    for (size_t at = below(8) == 0 ? 0 : below(1000); at < SQA_KEY_WINDOW;) {
        const size_t length = 1 + below(below(2) == 0 ? 50 : 20000);
        const size_t end = at + length < SQA_KEY_WINDOW ? at + length : SQA_KEY_WINDOW;
        const unsigned way = (unsigned)below(4);
        size_t n = 0;
        for (size_t i = at; i < end && way > 0; i++) {
            if (way == 1 || below(sparse) == 0) {
                keys[n++] = base + (int64_t)i;
                model->has[i] = 1;
            }
        }
        if (way == 1) {
            sqa_window_add_run(kernels, window, keys[0], keys[n - 1]);
        } else if (way == 2 && n > 0 && n <= SQA_BLOCK_KEYS) {
            static unsigned char bytes[1 << 18];
            struct sqa_posting_block block;
            const size_t size = sqa_block_encode(bytes, keys, n);
            if (size <= SQA_BLOCK_BYTES && sqa_block_open(&block, keys[0], bytes, size) &&
                block.codec == SQA_BLOCK_BITMAP) { /* all of it, or a part */
                const int64_t lo = keys[below(2) * below(n)], hi = keys[n - 1];
                for (size_t i = 0; i < n; i++)
                    model->has[(size_t)(keys[i] - base)] = keys[i] >= lo;
                sqa_window_add_bitmap(kernels, window, &block, lo, hi);
            } else {
                sqa_window_add(kernels, window, keys, n);
            }
        } else {
            sqa_window_add(kernels, window, keys, n);
        }
        at = end + below(below(2) == 0 ? 2 : 30000);
    }
    for (size_t i = 0; i < SQA_KEY_WINDOW; i++)
        model->n += model->has[i];
}

static void compare(const struct sqa_key_window *window, const struct model *model,
                    const char *what, size_t a, size_t b) {
    struct sqa_window_walk walk;
    int64_t key = 0;
    expect(window->n == model->n, what, a, b);
    for (int backwards = 0; backwards < 2; backwards++) {
        size_t at = backwards ? SQA_KEY_WINDOW : 0;
        sqa_window_walk_begin(&walk, window, backwards);
        for (size_t found = 0; found < model->n; found++) {
            while (!model->has[backwards ? --at : at++])
                ;
            const int64_t expected = window->base + (int64_t)(backwards ? at : at - 1);
            if (!sqa_window_walk_next(&walk, &key) || key != expected) {
                expect(false, what, a, b);
                break;
            }
            if (found == 0)
                expect(key == (backwards ? sqa_window_last(window) : sqa_window_first(window)),
                       "ends", a, b);
        }
        expect(!sqa_window_walk_next(&walk, &key), what, a, b);
    }
    for (int i = 0; i < 2000; i++) {
        const size_t at = below(SQA_KEY_WINDOW);
        expect(sqa_window_has(window, window->base + (int64_t)at) == model->has[at], "has", a, b);
    }
}

/* Adds n keys, `step` apart. */
static void add_spread(struct sqa_key_window *window, struct model *model, size_t first,
                       size_t step, size_t n) {
    for (size_t i = 0; i < n; i++) {
        const int64_t key = window->base + (int64_t)(first + i * step);
        model->n += !model->has[first + i * step];
        model->has[first + i * step] = 1;
        sqa_window_add(kernels, window, &key, 1);
    }
}

/* Arrays of keys that are too long for an array together, or with a run */
static void test_borders(void) {
    enum { NEARLY = SQA_KEY_WINDOW_FEW - 10 };
    static struct sqa_key_window a, b, dst;
    static struct model of_a, of_b;
    memset(&of_a, 0, sizeof of_a);
    memset(&of_b, 0, sizeof of_b);
    sqa_window_clear(&a, 0);
    sqa_window_clear(&b, 0);
    add_spread(&a, &of_a, 0, 7, NEARLY);
    add_spread(&b, &of_b, 3, 7, NEARLY);
    sqa_window_or(kernels, &dst, &a, &b);
    for (size_t i = 0; i < NEARLY; i++)
        of_b.has[7 * i] = 1;
    of_b.n += NEARLY;
    compare(&dst, &of_b, "a long union", a.n, b.n);
    sqa_window_add_run(kernels, &a, 7 * NEARLY, 7 * NEARLY + 49);
    for (size_t i = 0; i < 50; i++)
        of_a.has[7 * NEARLY + i] = 1;
    of_a.n += 50;
    compare(&a, &of_a, "a run behind many", a.n, 50);
    ok(wrong == 0, "arrays become bitmaps, %s", kernels->isa);
    wrong = 0;
}

static void test_windows(void) {
    static struct sqa_key_window a, b, dst;
    static struct model of_a, of_b, expected;
    const int64_t bases[] = {sqa_window_base(INT64_MIN), sqa_window_base(INT64_MAX), 0, -65536};
    for (int repeat = 0; repeat < 200; repeat++) {
        const int64_t base = bases[repeat % 4];
        make(&a, &of_a, base);
        make(&b, &of_b, base);
        compare(&a, &of_a, "made", a.n, 0);
        for (int op = 0; op < 3; op++) {
            expected.n = 0;
            for (size_t i = 0; i < SQA_KEY_WINDOW; i++) {
                expected.has[i] = op == 0   ? of_a.has[i] & of_b.has[i]
                                  : op == 1 ? of_a.has[i] | of_b.has[i]
                                            : of_a.has[i] & !of_b.has[i];
                expected.n += expected.has[i];
            }
            (op == 0   ? sqa_window_and
             : op == 1 ? sqa_window_or
                       : sqa_window_and_not)(kernels, &dst, &a, &b);
            expect(dst.base == base, "base", a.n, b.n);
            compare(&dst, &expected, op == 0 ? "and" : op == 1 ? "or" : "and not", a.n, b.n);
        }
    }
    ok(wrong == 0, "windows are sets, %s", kernels->isa);
    wrong = 0;
}

int main(void) {
    const struct sqa_kernels *sets[SQA_ISA_MOST];
    const size_t count = sqa_kernels_list(sets);
    for (size_t s = 0; s < count; s++) {
        kernels = sets[s];
        random_state = sqa_random_seeded(7);
        test_windows();
        test_borders();
    }
    return done();
}
