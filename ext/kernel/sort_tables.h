/*
** For sort_vectors_tpl.h: permutations that split a vector. Lanes whose mask bit is 0 move to the
** front, those whose bit is 1 to the back, both in order. AVX2 has no instruction for this; a
** table indexed by the mask is the usual substitute (S. Gueron and V. Krasnov, "Fast quicksort
** implementation using AVX instructions", The Computer Journal, 2016). An entry has eight lane
** numbers of one byte each, for _mm256_permutevar8x32_epi32. The preprocessor generates the
** entries, and the compiler computes them.
*/
#ifndef SQA_SORT_TABLES_H
#define SQA_SORT_TABLES_H

#include <stdint.h>

/*
** Placed before a loop with a constant number of steps over an array of vectors, so that the
** array is kept in registers
*/
#if !defined(__clang__)
#define SORT_UNROLL _Pragma("GCC unroll 16")
#elif __has_feature(address_sanitizer) || __has_feature(undefined_behavior_sanitizer)
#define SORT_UNROLL /* with the sanitizers' checks it would compile for minutes */
#else
#define SORT_UNROLL _Pragma("clang loop unroll(full)")
#endif

/* The position to which lane i of `lanes` moves for mask m < 2^lanes */
#define SORT_ONES_BELOW(m, i) __builtin_popcount((m) & ((1u << (i)) - 1))
#define SORT_PLACE(m, i, lanes)                                                                    \
    ((m) >> (i)&1 ? (lanes)-__builtin_popcount(m) + SORT_ONES_BELOW(m, i)                          \
                  : (i)-SORT_ONES_BELOW(m, i))

/* The entry for a vector of 32-bit lanes */
#define SORT_LANE_32(m, i) ((uint64_t)(i) << 8 * SORT_PLACE(m, i, 8))
#define SORT_SPLIT_32(m)                                                                           \
    (SORT_LANE_32(m, 0) | SORT_LANE_32(m, 1) | SORT_LANE_32(m, 2) | SORT_LANE_32(m, 3) |           \
     SORT_LANE_32(m, 4) | SORT_LANE_32(m, 5) | SORT_LANE_32(m, 6) | SORT_LANE_32(m, 7))

/*
** The entry for a vector of 64-bit lanes, each of which consists of the 32-bit lanes 2i and 2i +
** 1
*/
#define SORT_LANE_64(m, i) ((uint64_t)(2 * (i) | (2 * (i) + 1) << 8) << 16 * SORT_PLACE(m, i, 4))
#define SORT_SPLIT_64(m)                                                                           \
    (SORT_LANE_64(m, 0) | SORT_LANE_64(m, 1) | SORT_LANE_64(m, 2) | SORT_LANE_64(m, 3))

/* The entries of 4, 16 and 64 masks from m on */
#define SORT_4(entry, m) entry(m), entry((m) + 1), entry((m) + 2), entry((m) + 3)
#define SORT_16(entry, m)                                                                          \
    SORT_4(entry, m), SORT_4(entry, (m) + 4), SORT_4(entry, (m) + 8), SORT_4(entry, (m) + 12)
#define SORT_64(entry, m)                                                                          \
    SORT_16(entry, m), SORT_16(entry, (m) + 16), SORT_16(entry, (m) + 32), SORT_16(entry, (m) + 48)

static const uint64_t sort_splits_32[256] = {SORT_64(SORT_SPLIT_32, 0), SORT_64(SORT_SPLIT_32, 64),
                                             SORT_64(SORT_SPLIT_32, 128),
                                             SORT_64(SORT_SPLIT_32, 192)};
static const uint64_t sort_splits_64[16] = {SORT_16(SORT_SPLIT_64, 0)};

#endif
