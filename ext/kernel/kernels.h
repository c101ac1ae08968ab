/*
** The types of the kernels, what they compute, and the table of all kernels.
**
** A kernel is a loop over elements of one type. It borrows its inputs, fills memory of the
** caller, never allocates, keeps no state and cannot fail. Each kernel exists for int8_t,
** int16_t, int32_t and int64_t (called T below; pointers to elements are void, so that all four
** have the same type) and once for each instruction set. Unless stated otherwise, pointers are
** aligned for T, n may be 0, and outputs do not overlap inputs.
**
** Most kernels are fast enough to be called for one run of elements (see poll.h), and callers
** that have more call them once for each run. Kernels that need all elements at once take a poll,
** which may be NULL.
*/
#ifndef SQA_KERNELS_H
#define SQA_KERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernel/poll.h"
#include "kernel/wide.h"

/*
** The largest number of elements in one call of an elementwise, compare, blend or positions
** kernel.
*/
#define SQA_BLOCK  1024
/* The longest window of the kernels moving_min and moving_max. */
#define SQA_WINDOW 64

/* What an elementwise kernel reports. Kernels only set bits, and never clear them. */
enum sqa_fault {
    SQA_FAULT_OVERFLOW = 1, /* a result does not fit T; this element of dst is undefined */
    SQA_FAULT_DIVISION = 2, /* a divisor was 0 */
    SQA_FAULT_EXPONENT = 4  /* an exponent was negative */
};
/*
** The significance of an integer is the set of bits that differ from its sign: x, or ~x if x is
** negative. sig is the OR of the significances of the results, or a smaller value that gives the
** same width. sqa_sig_width(sig) is the width that the results need. The caller passes the value
** of earlier results.
*/
struct sqa_acc {
    uint64_t sig;
    unsigned fault; /* bits of enum sqa_fault */
};

/* dst[i] = a[i] op b[i]; for kernels named _vs, b is one T; for kernels named _sv, a is one T */
typedef void sqa_binary_fn(void *dst, const void *a, const void *b, size_t n, struct sqa_acc *acc);
/* dst[i] = op a[i] */
typedef void sqa_unary_fn(void *dst, const void *a, size_t n, struct sqa_acc *acc);
/* dst[i] = a[i] limited to the range from lo to hi (both fit T, lo <= hi) */
typedef void sqa_clip_fn(void *dst, const void *a, int64_t lo, int64_t hi, size_t n,
                         struct sqa_acc *acc);
/* dst[i] = mask[i] ? a[i] : b[i]; the elements of mask are 0 or 1 */
typedef void sqa_blend_fn(void *dst, const uint8_t *mask, const void *a, const void *b, size_t n,
                          struct sqa_acc *acc);
/* dst[i] = start + i * step modulo 2^64; all results must fit T */
typedef void sqa_series_fn(void *dst, int64_t start, int64_t step, size_t n);

/* dst[i] = a[i] op b[i] ? 1 : 0; _vs and _sv as in sqa_binary_fn */
typedef void sqa_compare_fn(uint8_t *dst, const void *a, const void *b, size_t n);
/* dst[i] = lo <= a[i] && a[i] <= hi; lo and hi need not fit T */
typedef void sqa_between_fn(uint8_t *dst, const void *a, int64_t lo, int64_t hi, size_t n);

/*
** Converts n elements of 8, 16, 32 or 64 bits at src, which may have any address, to T. Narrowing
** cuts off the higher bits.
*/
typedef void sqa_convert_fn(void *dst, const void *src, size_t n);
/* Returns the significance (see struct sqa_acc) of n elements. */
typedef uint64_t sqa_sig_fn(const void *a, size_t n);

/* sum: *w += sum of a[i]. sumsq: *w += sum of a[i] * a[i]. Both are exact for every n. */
typedef void sqa_sum_fn(const void *a, size_t n, struct sqa_wide *w);
/* *w += sum of a[i] * b[i], exact for every n */
typedef void sqa_dot_fn(const void *a, const void *b, size_t n, struct sqa_wide *w);
/* Returns the smallest or largest element; n > 0. */
typedef int64_t sqa_extreme_fn(const void *a, size_t n);
/*
** count: returns how many elements equal v. find: returns the index (from 0) of the first element
** that does, or n. v fits T.
*/
typedef size_t sqa_search_fn(const void *a, int64_t v, size_t n);
/* Returns the first index (from 0) with a[i] != b[i], or n. */
typedef size_t sqa_mismatch_fn(const void *a, const void *b, size_t n);

/*
** Copies the elements a[i] with mask[i] != 0 to the front of dst and returns their number. dst must
** have room for n elements, and all of it may be written. dst == a is allowed.
*/
typedef size_t sqa_filter_fn(void *dst, const void *a, const uint8_t *mask, size_t n);
/*
** Writes the indexes base + i of all a[i] != 0 to dst and returns their number. dst must have
** room for n elements, and all of it may be written.
*/
typedef size_t sqa_positions_fn(int64_t *dst, const void *a, int64_t base, size_t n);

/*
** dst[i] = a[i * step] for i < n. a may have any address. step is in elements and may be
** negative.
*/
typedef void sqa_stride_fn(void *dst, const void *a, ptrdiff_t step, size_t n);

/*
** The following kernels work on sets: elements in strictly ascending order, unless stated
** otherwise. All inputs may have any address. This one returns the first i > 0 with a[i] <=
** a[i-1], or n if there is none, which means that a is a set.
*/
typedef size_t sqa_ascending_fn(const void *a, size_t n);
/*
** Copies a, which is sorted, to dst without duplicates and returns the number of elements. dst
** must have room for n elements; dst == a is allowed.
*/
typedef size_t sqa_unique_fn(void *dst, const void *a, size_t n);
/* Returns the most frequent element of a, which is sorted; the smallest one of several. n > 0. */
typedef int64_t sqa_mode_fn(const void *a, size_t n, struct sqa_poll *poll);
/* Returns the number of i > 0 with a[i] != a[i-1]. */
typedef size_t sqa_changes_fn(const void *a, size_t n);
/* dst[i] = 1 if a[i] is among the m elements of set, else 0. set may have duplicates. */
typedef void sqa_isin_fn(uint8_t *dst, const void *a, size_t n, const void *set, size_t m);
/*
** Sets marks[j] to 1 if set[j] is among the elements of a, which may be in any order. Other marks
** are unchanged. set has m elements.
*/
typedef void sqa_mark_fn(uint8_t *marks, const void *a, size_t n, const void *set, size_t m);
/*
** Writes a set to dst and returns its number of elements: those of a or b (unite), of both
** (intersect), of a but not b (except), of exactly one (symdiff). dst must have room for n + m
** elements; for intersect, as many as the smaller set has; for except, n. All of this room may be
** written.
*/
typedef size_t sqa_merge_fn(void *dst, const void *a, size_t n, const void *b, size_t m);
/* Returns the number of elements that both sets have. */
typedef size_t sqa_common_fn(const void *a, size_t n, const void *b, size_t m);

/*
** Copies a to dst without repeated elements, in the order of first occurrence, and returns their
** number. a may have any address, dst must have room for n elements, and scratch, which is
** aligned for T, for sqa_distinct_room(n) elements. Returns SIZE_MAX if hashes collide too often,
** which means that the elements were chosen to do so; then the caller must use a method with
** comparisons. This does not happen for 8 and 16 bits, which need neither hashes nor scratch.
*/
typedef size_t sqa_distinct_fn(void *dst, const void *a, size_t n, void *scratch,
                               struct sqa_poll *poll);
static inline uint64_t sqa_distinct_room(uint64_t n) {
    /* a copy of the hashes and a hash table, which is for all elements if n is small */
    return n + (n < 2048 ? 4 * n : 8192 + n / 64) + 128;
}
/*
** Does the same with `seen`, a bitmap with a bit for every integer from lo, the smallest element,
** to the largest one. All bits must be 0 at first.
*/
typedef size_t sqa_distinct_range_fn(void *dst, const void *a, size_t n, int64_t lo,
                                     uint64_t *seen);

/*
** The largest number of elements for set_of_few and among_few. Their inputs may be in any order
** and have any address.
*/
#define SQA_FEW 64
/*
** Copies n <= SQA_FEW elements to dst, sorted and without duplicates, and returns their number.
** dst must have room for n elements; dst == a is allowed.
*/
typedef size_t sqa_set_of_few_fn(void *dst, const void *a, size_t n);
/*
** dst[i] = 1 if a[i] is among the m elements of b, else 0, for n <= SQA_FEW. Takes O(n * m) time.
*/
typedef void sqa_among_fn(uint8_t *dst, const void *a, size_t n, const void *b, size_t m);

/*
** Sorts a[0..n) in ascending order, in place. scratch, which is aligned for T, must have room for
** n elements; its contents are lost.
*/
typedef void sqa_sort_fn(void *a, size_t n, void *scratch, struct sqa_poll *poll);
/*
** Returns the element that would be a[k] if a[0..n) were sorted, k < n. Afterwards no element
** before index k is greater than a[k], and none after it is less. scratch as in sqa_sort_fn.
*/
typedef int64_t sqa_nth_fn(void *a, size_t n, size_t k, void *scratch, struct sqa_poll *poll);

/*
** The running sum, product, minimum or maximum: dst[i] = *running op a[0] op a[1] ... op a[i].
** *running must fit T and becomes the last result. After an overflow dst and *running are
** undefined. n <= SQA_BLOCK.
*/
typedef void sqa_scan_fn(void *dst, const void *a, size_t n, int64_t *running, struct sqa_acc *acc);

/* x[i] = x[i] + addend in place, modulo 2^(bits of T). addend need not fit T. */
typedef void sqa_add_wrapping_fn(void *x, int64_t addend, size_t n);
/* x[i] = x[i] + start + i * step in place, modulo 2^(bits of T) */
typedef void sqa_add_ramp_fn(void *x, int64_t start, int64_t step, size_t n);
/*
** x[i] = *running + the sum of x[j] + step over all j <= i, in place, modulo 2^(bits of T).
** *running need not fit T and becomes the last result.
*/
typedef void sqa_cumsum_wrapping_fn(void *x, size_t n, int64_t step, int64_t *running);

/*
** Returns the first i > 0 with a[i] < a[i-1], or n if there is none, which means that a is sorted
** in ascending order.
*/
typedef size_t sqa_descent_fn(const void *a, size_t n);
/*
** Fills order with the positions (from 1) of a's elements in ascending or descending order; equal
** elements keep their order. a may have any address, n < 2^32. scratch must have room for n
** positions.
*/
typedef void sqa_argsort_fn(uint32_t *order, const void *a, size_t n, bool descending,
                            uint32_t *scratch, struct sqa_poll *poll);
/*
** dst[i] = the dense rank (from 1) of a[i]. order is the result of argsort for a. Returns the
** largest rank.
*/
typedef uint32_t sqa_rank_fn(uint32_t *dst, const uint32_t *order, const void *a, size_t n,
                             struct sqa_poll *poll);

/*
** dst[i] = how many elements of a[0..m) are less than v[i]; with `right`, less or equal. a is
** sorted in ascending order and may have any address. v[i] need not fit T.
*/
typedef void sqa_bound_fn(int64_t *dst, const void *a, size_t m, const int64_t *v, size_t n,
                          bool right);
/*
** Returns the index (from 0) of the first occurrence of b[0..m), m > 0, in a[0..n), or n. Both
** may have any address. Takes O(n + m) time.
*/
typedef size_t sqa_match_fn(const void *a, size_t n, const void *b, size_t m,
                            struct sqa_poll *poll);

/*
** dst[i] = the smaller (least_into) or the larger (greatest_into) of dst[i] and a[i]; dst[i] &
** a[i] (and_into), dst[i] | a[i] (or_into), dst[i] & ~a[i] (and_not_into)
*/
typedef void sqa_fold_fn(void *dst, const void *a, size_t n);
/* dst[i] += a[i] (add_into) or dst[i] -= a[i] (sub_into), modulo 2^64 */
typedef void sqa_gather_sum_fn(uint64_t *dst, const void *a, size_t n);
/* counts[at[i]]++. The counts have type T and must not overflow it. */
typedef void sqa_tally_fn(void *counts, const int64_t *at, size_t n);

/* dst[i] = a[i / times] for i < n * times */
typedef void sqa_repeat_fn(void *dst, const void *a, size_t n, size_t times);

/*
** dst[i] = the position (from 0) of the element with index[i] (from 1; negative ones count from
** the end) in an array of `count` < 2^32 elements, or `outside` if there is none.
*/
typedef void sqa_places_fn(uint32_t *dst, const void *index, size_t n, size_t count,
                           uint32_t outside);
/* dst[i] = a[place[i]]; a may have any address */
typedef void sqa_gather_fn(void *dst, const void *a, const uint32_t *place, size_t n);
/* dst[place[i]] = a[i], in order of i */
typedef void sqa_scatter_fn(void *dst, const uint32_t *place, const void *a, size_t n);
/*
** dst[place[i]] += a[i], in order of i, until a sum does not fit T. Returns the number of sums
** that were stored.
*/
typedef size_t sqa_scatter_add_fn(void *dst, const uint32_t *place, const void *a, size_t n);

/*
** dst[i] = *rest + enter[i]; then *rest += enter[i] - leave[i]. *rest is a sum of fewer than 2^32
** elements. Returns the index (from 0) of the first dst[i] that does not fit 64 bits, after which
** *rest is undefined, or n.
*/
typedef size_t sqa_moving_sum_fn(int64_t *dst, const void *enter, const void *leave, size_t n,
                                 struct sqa_wide *rest);
/* dst[i] = the minimum or maximum of a[i .. i+w-1]; 1 <= w <= SQA_WINDOW, n + w - 1 <= SQA_BLOCK */
typedef void sqa_moving_fn(void *dst, const void *a, size_t n, size_t w);
/*
** Computes the extremes of windows of w > SQA_WINDOW elements from those of shorter ones. a[i] is
** the extreme of SQA_WINDOW elements from i on. rows[k] = a[k * SQA_WINDOW] is the extreme of row
** k, which has SQA_WINDOW elements. between[k] is the extreme of the w / SQA_WINDOW - 1 rows
** after row k. dst[i] becomes the extreme of w elements from i on, i < n.
*/
typedef void sqa_moving_join_fn(void *dst, const void *a, size_t n, size_t w, const void *rows,
                                const void *between);
/*
** dst[i] += the sum of a[i + j] * taps[j] over all j < m. The elements of dst have twice the
** width of T (8 bytes for int64_t). The absolute values of dst[i] and of the products must not
** overflow it together.
*/
typedef void sqa_convolve_fn(void *dst, const void *a, const void *taps, size_t n, size_t m);

/* Returns the number of bits that are 1 in n elements, which may have any address. */
typedef size_t sqa_ones_fn(const void *a, size_t n);
/*
** Kernels for bitmaps: bit i is bit i % 8 of byte i / 8, and stands for the integer base + i.
** This one writes the integers of those of the first n bits that are 1 to dst, in ascending order
** and modulo 2^(bits of T), and returns their number. dst must have room for them.
*/
typedef size_t sqa_bit_positions_fn(void *dst, const unsigned char *bits, size_t n, int64_t base);
/* Sets the bits of the integers at[i] to 1 (one) or 0 (not one). All of these bits must exist. */
typedef void sqa_bit_put_fn(unsigned char *bits, const void *at, size_t n, int64_t base, bool one);
/*
** Copies those at[i] whose bit is 1 (one) or 0 (not one) to the front of dst and returns their
** number. All of these bits must exist. dst must have room for n elements, and all of it may be
** written; dst == at is allowed.
*/
typedef size_t sqa_bit_filter_fn(void *dst, const void *at, size_t n, const unsigned char *bits,
                                 int64_t base, bool one);
/*
** Decodes an Elias-Fano code: dst[i] = base + x[i] modulo 2^(bits of T), for n ascending 64-bit
** integers x. First data contains the low_bits (at most 63) lowest bits of each x[i], one after
** the other from bit 0 on. Then, from the next whole byte to the end of data, it contains bits of
** which those with the numbers (x[i] >> low_bits) + i are 1. size is the number of bytes of data
** and must be large enough for the low bits. Returns how many integers were found, which is less
** than n if fewer of these bits are 1. SQA_ELIAS_FANO_SLACK bytes after data may be read.
*/
#define SQA_ELIAS_FANO_SLACK 8
typedef size_t sqa_elias_fano_fn(void *dst, const unsigned char *data, size_t size, size_t n,
                                 unsigned low_bits, int64_t base);

/*
** Writes the `bits` <= (bits of T) lowest bits of each of the SQA_BLOCK elements of a to dst, 128
** * bits bytes. Rows have 128 bytes, and so lanes = 1024 / (bits of T) elements. Bit b of element
** i = row * lanes + lane becomes bit row * bits + b of the lane. The bits of a lane are those of
** the lane's T in row 0 of dst, then those in row 1, and so on. dst may have any address.
*/
typedef void sqa_pack_fn(unsigned char *dst, const void *a, unsigned bits);
/* Does the reverse: dst[i] >= 0 if `bits` is less than the bits of T. data may have any address. */
typedef void sqa_unpack_fn(void *dst, const unsigned char *data, unsigned bits);
/*
** Writes the `bits` <= (bits of T) lowest bits of each of n <= SQA_BLOCK elements of a to dst,
** one after the other from bit 0 of byte 0 on: (n * bits + 7) / 8 bytes. Bits after the last one
** are 0. dst may have any address.
*/
typedef void sqa_pack_tail_fn(unsigned char *dst, const void *a, size_t n, unsigned bits);
/* Does the reverse. data may have any address. */
typedef void sqa_unpack_tail_fn(void *dst, const unsigned char *data, size_t n, unsigned bits);
/* Returns how many of n elements, read as unsigned, need more than `bits` < (bits of T) bits. */
typedef size_t sqa_wider_fn(const void *a, size_t n, unsigned bits);
/* dst[i] = a[i + 1] - a[i] for i + 1 < n, modulo 2^(bits of T) */
typedef void sqa_steps_fn(void *dst, const void *a, size_t n);

/*
** A set of kernels: for each name in kernels.def the kernels for the four widths, indexed by
** sqa_width_index().
*/
struct sqa_kernels {
    const char *isa; /* name of the set: "base", "avx2" or "avx512" */
#define SQA_KERNEL(name, shape) sqa_##shape##_fn *name[4];
#include "kernel/kernels.def"
};

/* Returns 0, 1, 2 or 3 for a width of 1, 2, 4 or 8 bytes. */
static inline unsigned sqa_width_index(unsigned width) {
    return (unsigned)__builtin_ctz(width);
}

/* The same index by the bits of an element */
enum { SQA_INDEX_8, SQA_INDEX_16, SQA_INDEX_32, SQA_INDEX_64 };

/* Returns the largest integer of `width` bytes. The smallest one is its negative minus one. */
static inline int64_t sqa_width_most(unsigned width) {
    return (int64_t)(UINT64_MAX >> (65 - 8 * width));
}

/* Returns the narrowest width that holds integers with this significance. */
static inline unsigned sqa_sig_width(uint64_t sig) {
    return sig <= INT8_MAX ? 1 : sig <= INT16_MAX ? 2 : sig <= INT32_MAX ? 4 : 8;
}

/* Returns the significance of one integer: its bits that differ from its sign. */
static inline uint64_t sqa_sig(int64_t x) {
    return (uint64_t)(x < 0 ? ~x : x);
}

#endif
