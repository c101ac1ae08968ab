/*
** The kernels of kernels.def in nanoseconds an element, in each set that this machine has: 1,024
** elements in the nearest cache, which is how most kernels are called. Each shape has a function
** here, run_<shape>(), that calls a kernel once.
*/
#define _POSIX_C_SOURCE 200809L
#include "bench.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "core/random.h"
#include "kernel/dispatch.h"

enum { N = SQA_BLOCK, SLACK = 64, SMALL_SET = 64 };

/* What kernels read and write: elements of the width that is measured, if nothing else is said. */
static struct {
    unsigned width;
    int64_t a[N + SLACK];      /* products of two fit the width, and need all of it */
    int64_t b[N + SLACK];      /* the same, but positive and small */
    int64_t mixed[N + SLACK];  /* every other one is 0 */
    int64_t random[N + SLACK]; /* of the whole range */
    int64_t sorted[N + SLACK]; /* the same, with duplicates */
    int64_t set[N + SLACK], other[N + SLACK];
    size_t set_size;
    uint8_t mask[N + SLACK];
    uint32_t place[N + SLACK];
    int64_t at[N + SLACK]; /* 64 bits, whatever the width */
    int64_t dst[2 * N + 2 * SLACK], scratch[5 * N + 2 * SLACK];
    uint32_t order[N + SLACK], order_scratch[N + SLACK];
    unsigned char packed[9 * N + SLACK];
    struct sqa_acc acc;
    struct sqa_wide wide;
    int64_t running;
    volatile uint64_t sink;
} d;

static void put(void *data, size_t i, int64_t x) {
    const int8_t x1 = (int8_t)x;
    const int16_t x2 = (int16_t)x;
    const int32_t x4 = (int32_t)x;
    const void *const from[] = {&x1, &x2, &x4, &x};
    memcpy((char *)data + i * d.width, from[sqa_width_index(d.width)], d.width);
}

static void make_data(unsigned width) {
    struct sqa_random random = sqa_random_seeded(width);
    const unsigned bits = 8 * width;
    const int64_t factor = width == 8 ? 3000000000 : width == 4 ? 46000 : width == 2 ? 180 : 11;
    int64_t x = 0, y = 0, z = -sqa_width_most(width);
    memset(&d, 0, sizeof d);
    d.width = width;
    for (size_t i = 0; i < N; i++) {
        put(d.a, i, (int64_t)sqa_random_below(&random, (uint64_t)(2 * factor)) - factor);
        put(d.b, i, 1 + (int64_t)sqa_random_below(&random, 10));
        put(d.random, i, (int64_t)sqa_random_next(&random) >> (64 - bits));
        d.mask[i] = sqa_random_next(&random) >> 63 != 0;
        put(d.mixed, i, d.mask[i]);
        d.place[i] = (uint32_t)sqa_random_below(&random, N);
        d.at[i] = (int64_t)sqa_random_below(&random, 100);
        put(d.sorted, i, z);
        z += (int64_t)sqa_random_below(&random, width == 1 ? 2 : 3) /
             (width == 1 && i % 4 > 0 ? 2 : 1);
        if (width > 1 || (x < 110 && y < 110)) {
            x += 1 + (int64_t)sqa_random_below(&random, 3);
            y += 1 + (int64_t)sqa_random_below(&random, 3);
            put(d.set, i, x);
            put(d.other, i, y);
            d.set_size = i + 1;
        }
    }
    for (size_t i = 0; i < sizeof d.packed; i++)
        d.packed[i] = (unsigned char)sqa_random_next(&random);
}

/* The operands of the three forms of a kernel begin at the same addresses. */
static void run_binary(sqa_binary_fn *f) {
    f(d.dst, d.a, d.b, N, &d.acc);
}
static void run_unary(sqa_unary_fn *f) {
    f(d.dst, d.a, N, &d.acc);
}
static void run_clip(sqa_clip_fn *f) {
    f(d.dst, d.a, -5, 8, N, &d.acc);
}
static void run_blend(sqa_blend_fn *f) {
    f(d.dst, d.mask, d.a, d.b, N, &d.acc);
}
static void run_series(sqa_series_fn *f) {
    f(d.dst, 7, 3, N);
}
static void run_compare(sqa_compare_fn *f) {
    f((uint8_t *)d.dst, d.a, d.b, N);
}
static void run_between(sqa_between_fn *f) {
    f((uint8_t *)d.dst, d.a, -5, 8, N);
}
static void run_convert(sqa_convert_fn *f) {
    f(d.dst, d.random, N);
}
static void run_sig(sqa_sig_fn *f) {
    d.sink += f(d.a, N);
}
static void run_sum(sqa_sum_fn *f) {
    f(d.a, N, &d.wide);
}
static void run_dot(sqa_dot_fn *f) {
    f(d.a, d.b, N, &d.wide);
}
static void run_extreme(sqa_extreme_fn *f) {
    d.sink += (uint64_t)f(d.a, N);
}
static void run_search(sqa_search_fn *f) {
    d.sink += f(d.a, 100, N);
}
static void run_mismatch(sqa_mismatch_fn *f) {
    d.sink += f(d.a, d.a, N);
}
static void run_scan(sqa_scan_fn *f) {
    d.running = 0;
    f(d.dst, d.b, N, &d.running, &d.acc);
}
static void run_add_wrapping(sqa_add_wrapping_fn *f) {
    f(d.dst, 7, N);
}
static void run_add_ramp(sqa_add_ramp_fn *f) {
    f(d.dst, 7, 3, N);
}
static void run_cumsum_wrapping(sqa_cumsum_wrapping_fn *f) {
    f(d.dst, N, 3, &d.running);
}
static void run_filter(sqa_filter_fn *f) {
    d.sink += f(d.dst, d.a, d.mask, N);
}
static void run_positions(sqa_positions_fn *f) {
    d.sink += f(d.dst, d.mixed, 1, N);
}
static void run_stride(sqa_stride_fn *f) {
    f(d.dst, (const char *)d.a + (N - 1) * d.width, -1, N);
}
static void run_ascending(sqa_ascending_fn *f) {
    d.sink += f(d.set, d.set_size);
}
static void run_unique(sqa_unique_fn *f) {
    d.sink += f(d.dst, d.sorted, N);
}
static void run_changes(sqa_changes_fn *f) {
    d.sink += f(d.sorted, N);
}
static void run_mode(sqa_mode_fn *f) {
    d.sink += (uint64_t)f(d.sorted, N, NULL);
}
static void run_isin(sqa_isin_fn *f) {
    f((uint8_t *)d.dst, d.a, N, d.set, SMALL_SET);
}
static void run_mark(sqa_mark_fn *f) {
    f((uint8_t *)d.dst, d.a, N, d.set, SMALL_SET);
}
static void run_merge(sqa_merge_fn *f) {
    d.sink += f(d.dst, d.set, d.set_size, d.other, d.set_size);
}
static void run_common(sqa_common_fn *f) {
    d.sink += f(d.set, d.set_size, d.other, d.set_size);
}
static void run_distinct(sqa_distinct_fn *f) {
    d.sink += f(d.dst, d.a, N, d.scratch, NULL);
}
static void run_distinct_range(sqa_distinct_range_fn *f) {
    memset(d.scratch, 0, 64);
    d.sink += f(d.dst, d.b, N, 1, (uint64_t *)d.scratch);
}
static void run_set_of_few(sqa_set_of_few_fn *f) {
    for (size_t at = 0; at < N; at += SQA_FEW)
        d.sink += f(d.dst, (const char *)d.random + at * d.width, SQA_FEW);
}
static void run_among(sqa_among_fn *f) {
    for (size_t at = 0; at < N; at += SQA_FEW)
        f((uint8_t *)d.dst, (const char *)d.a + at * d.width, SQA_FEW, d.b, SQA_FEW);
}
static void run_sort(sqa_sort_fn *f) {
    memcpy(d.dst, d.random, N * d.width);
    f(d.dst, N, d.scratch, NULL);
}
static void run_nth(sqa_nth_fn *f) {
    memcpy(d.dst, d.random, N * d.width);
    d.sink += (uint64_t)f(d.dst, N, N / 2, d.scratch, NULL);
}
static void run_descent(sqa_descent_fn *f) {
    d.sink += f(d.sorted, N);
}
static void run_argsort(sqa_argsort_fn *f) {
    f(d.order, d.random, N, false, d.order_scratch, NULL);
}
static void run_rank(sqa_rank_fn *f) {
    for (uint32_t i = 0; i < N; i++)
        d.order[i] = i + 1;
    d.sink += f((uint32_t *)d.dst, d.order, d.sorted, N, NULL);
}
static void run_bound(sqa_bound_fn *f) {
    f(d.dst, d.sorted, N, d.at, N, false);
}
static void run_match(sqa_match_fn *f) {
    d.sink += f(d.a, N, d.set, 8, NULL);
}
static void run_fold(sqa_fold_fn *f) {
    f(d.dst, d.a, N);
}
static void run_gather_sum(sqa_gather_sum_fn *f) {
    f((uint64_t *)d.dst, d.a, N);
}
static void run_tally(sqa_tally_fn *f) {
    memset(d.dst, 0, 800);
    f(d.dst, d.at, N);
}
static void run_repeat(sqa_repeat_fn *f) {
    f(d.dst, d.a, N / 8, 8);
}
static void run_places(sqa_places_fn *f) {
    f((uint32_t *)d.dst, d.b, N, 100, 0);
}
static void run_gather(sqa_gather_fn *f) {
    f(d.dst, d.a, d.place, N);
}
static void run_scatter(sqa_scatter_fn *f) {
    f(d.dst, d.place, d.a, N);
}
static void run_scatter_add(sqa_scatter_add_fn *f) {
    memset(d.dst, 0, sizeof d.dst);
    d.sink += f(d.dst, d.place, d.mixed, N);
}
static void run_moving_sum(sqa_moving_sum_fn *f) {
    struct sqa_wide rest = {{0}};
    d.sink += f(d.dst, d.b, d.b, N, &rest);
}
static void run_moving(sqa_moving_fn *f) {
    f(d.dst, d.a, N - SQA_WINDOW + 1, SQA_WINDOW);
}
static void run_moving_join(sqa_moving_join_fn *f) {
    f(d.dst, d.a, N / 2, 2 * SQA_WINDOW, d.a, d.b);
}
static void run_convolve(sqa_convolve_fn *f) {
    memset(d.dst, 0, sizeof d.dst);
    f(d.dst, d.b, d.b, N - 8, 8);
}
static void run_ones(sqa_ones_fn *f) {
    d.sink += f(d.random, N);
}
static void run_bit_positions(sqa_bit_positions_fn *f) {
    d.sink += f(d.dst, d.packed, N, 1);
}
static void run_bit_put(sqa_bit_put_fn *f) {
    f((unsigned char *)d.dst, d.b, N, 1, true);
}
static void run_bit_filter(sqa_bit_filter_fn *f) {
    d.sink += f(d.dst, d.b, N, d.packed, 1, true);
}
static void run_elias_fano(sqa_elias_fano_fn *f) {
    d.sink += f(d.dst, d.packed, N * 5 / 8 + N * 2 / 8, N, 5, 1);
}
static void run_pack(sqa_pack_fn *f) {
    f((unsigned char *)d.dst, d.random, d.width * 5);
}
static void run_unpack(sqa_unpack_fn *f) {
    f(d.dst, d.packed, d.width * 5);
}
static void run_pack_tail(sqa_pack_tail_fn *f) {
    f((unsigned char *)d.dst, d.random, N, d.width * 5);
}
static void run_unpack_tail(sqa_unpack_tail_fn *f) {
    f(d.dst, d.packed, N, d.width * 5);
}
static void run_wider(sqa_wider_fn *f) {
    d.sink += f(d.random, N, d.width * 5);
}
static void run_steps(sqa_steps_fn *f) {
    f(d.dst, d.a, N);
}

enum { SETS_MOST = SQA_ISA_MOST };
static const struct sqa_kernels *sets[SETS_MOST];
static size_t set_count;

static void show(const char *name, double seconds[SETS_MOST]) {
    printf("%-20s %2u bits", name, 8 * d.width);
    for (size_t s = set_count; s-- > 0;)
        printf(" %9.3f", 1e9 * seconds[s] / N);
    for (size_t s = set_count - 1; s-- > 0;)
        printf("  %5.2f", seconds[s + 1] / seconds[s]);
    printf("\n");
    fflush(stdout);
}

/*
** Seconds that the processor has worked for this process: they are the same on a machine that has
** other work.
*/
static double processor_time(void) {
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/*
** The sets in turns, and the shortest time of each: what disturbs the machine disturbs all of them.
*/
#define MEASURE(kernel, shape)                                                                     \
    if (only == NULL || strstr(#kernel, only) != NULL) {                                           \
        double least[SETS_MOST] = {1, 1, 1, 1};                                                    \
        make_data(width);                                                                          \
        for (int round = 0; round < 40; round++) {                                                 \
            for (size_t s = 0; s < set_count; s++) {                                               \
                enum { REPEAT = 20 };                                                              \
                const double begin = processor_time();                                             \
                for (int i = 0; i < REPEAT; i++)                                                   \
                    run_##shape(sets[s]->kernel[index]);                                           \
                const double seconds = (processor_time() - begin) / REPEAT;                        \
                least[s] = seconds < least[s] ? seconds : least[s];                                \
            }                                                                                      \
        }                                                                                          \
        show(#kernel, least);                                                                      \
    }

static void measure_width(unsigned width, const char *only) {
    const unsigned index = sqa_width_index(width);
#define SQA_KERNEL(name, shape) MEASURE(name, shape)
#include "kernel/kernels.def"
}

void bench_kernels(const char *only) {
    set_count = sqa_kernels_list(sets);
    printf("\n%-28s", "Kernels, ns an element");
    for (size_t s = set_count; s-- > 0;)
        printf(" %9s", sets[s]->isa);
    printf("  each against the one before\n");
    for (unsigned width = 1; width <= 8; width *= 2)
        measure_width(width, only);
}
