/*
** The shapes of the kernels, their contracts, and the table of them.
**
** A kernel is a typed loop: it borrows its inputs, fills what its caller owns, never allocates, keeps
** no state and cannot fail. Each exists for int8_t, int16_t, int32_t and int64_t ("T" below; element
** pointers are void so that the four share a type) and once per instruction set. Unless said
** otherwise pointers are aligned for T, n may be 0, and outputs do not overlap inputs.
**
** Most take their time for one run of elements, so callers with more call them run by run. Those that
** have to see all elements at once take a poll (see poll.h), NULL where nothing is to stop them.
*/
#ifndef SQA_KERNELS_H
#define SQA_KERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernel/poll.h"
#include "kernel/wide.h"

/* The most elements one call of an elementwise, compare, blend or positions kernel is given. */
#define SQA_BLOCK  1024
/* The longest window that the kernels moving_min and moving_max take as a whole. */
#define SQA_WINDOW 64

/* What a run of an elementwise kernel has seen; kernels only ever set bits. */
enum sqa_fault {
    SQA_FAULT_OVERFLOW = 1, /* a result does not fit T; that element of dst is unspecified */
    SQA_FAULT_DIVISION = 2, /* a divisor was 0 */
    SQA_FAULT_EXPONENT = 4  /* an exponent was negative */
};
/*
** The significance of an integer is the bits in which it differs from its sign: x, or ~x where x is negative. sig is
** the OR of the results' significance, or less where that gives the same width; sqa_sig_width() of it is the width
** that they need. A caller passes what it knows of earlier results.
*/
struct sqa_acc {
    uint64_t sig;
    unsigned fault; /* bits of enum sqa_fault */
};

/* dst[i] = a[i] op b[i]; _vs: b points to one T; _sv: a points to one T. */
typedef void sqa_binary_fn(void *dst, const void *a, const void *b, size_t n, struct sqa_acc *acc);
/* dst[i] = op a[i] */
typedef void sqa_unary_fn(void *dst, const void *a, size_t n, struct sqa_acc *acc);
/* dst[i] = a[i] limited to lo..hi (both fit T, lo <= hi) */
typedef void sqa_clip_fn(void *dst, const void *a, int64_t lo, int64_t hi, size_t n,
                         struct sqa_acc *acc);
/* dst[i] = mask[i] ? a[i] : b[i]; mask holds 0 and 1 */
typedef void sqa_blend_fn(void *dst, const uint8_t *mask, const void *a, const void *b, size_t n,
                          struct sqa_acc *acc);
/* dst[i] = start + i * step modulo 2^64, all of which fit T */
typedef void sqa_series_fn(void *dst, int64_t start, int64_t step, size_t n);

/* dst[i] = a[i] op b[i] ? 1 : 0, with _vs and _sv as above */
typedef void sqa_compare_fn(uint8_t *dst, const void *a, const void *b, size_t n);
/* dst[i] = lo <= a[i] && a[i] <= hi (any lo and hi) */
typedef void sqa_between_fn(uint8_t *dst, const void *a, int64_t lo, int64_t hi, size_t n);

/*
** dst (elements of T) from n elements of 8, 16, 32 or 64 bits at src, at any address. Narrowing keeps
** the low bits.
*/
typedef void sqa_convert_fn(void *dst, const void *src, size_t n);
/* The significance (as in struct sqa_acc) of n elements */
typedef uint64_t sqa_sig_fn(const void *a, size_t n);

/* sum: *w += sum of a[i]; sumsq: *w += sum of a[i] * a[i]; exact for every n */
typedef void sqa_sum_fn(const void *a, size_t n, struct sqa_wide *w);
/* *w += sum of a[i] * b[i], exact for every n */
typedef void sqa_dot_fn(const void *a, const void *b, size_t n, struct sqa_wide *w);
/* The smallest or largest element; n > 0 */
typedef int64_t sqa_extreme_fn(const void *a, size_t n);
/* count: how many elements equal v; find: index (from 0) of the first that does, n if none. v fits T. */
typedef size_t sqa_search_fn(const void *a, int64_t v, size_t n);
/* Index (from 0) of the first i with a[i] != b[i], n if there is none */
typedef size_t sqa_mismatch_fn(const void *a, const void *b, size_t n);

/*
** Copies the a[i] with mask[i] == 1 (mask holds 0 and 1) to the front of dst; returns how many.
** dst has room for n elements, all of which may be written; dst == a is allowed.
*/
typedef size_t sqa_filter_fn(void *dst, const void *a, const uint8_t *mask, size_t n);
/* The indexes base + i of the a[i] != 0, into dst (room for n, all of which may be written); how many. */
typedef size_t sqa_positions_fn(int64_t *dst, const void *a, int64_t base, size_t n);

/* dst[i] = a[i * step], for i < n; a at any address, step counts elements and may be negative */
typedef void sqa_stride_fn(void *dst, const void *a, ptrdiff_t step, size_t n);

/*
** Sets, all at any address: sorted strictly ascending, where a kernel says no less.
** The first i > 0 with a[i] <= a[i-1], n if there is none: a is a set
*/
typedef size_t sqa_ascending_fn(const void *a, size_t n);
/* The set of sorted a, which may have duplicates: its length. dst has room for n; dst == a is allowed. */
typedef size_t sqa_unique_fn(void *dst, const void *a, size_t n);
/* The most frequent element of sorted a, which may have duplicates, the smallest on a tie; n > 0 */
typedef int64_t sqa_mode_fn(const void *a, size_t n, struct sqa_poll *poll);
/* How many i > 0 have a[i] != a[i-1] */
typedef size_t sqa_changes_fn(const void *a, size_t n);
/* dst[i] = a[i] is among the m elements of set (duplicates in it do no harm) */
typedef void sqa_isin_fn(uint8_t *dst, const void *a, size_t n, const void *set, size_t m);
/* marks[j] becomes 1 where set[j], of m elements, is among a (in any order); others stay as they are */
typedef void sqa_mark_fn(uint8_t *marks, const void *a, size_t n, const void *set, size_t m);
/*
** dst: the elements of set a or set b (unite), of both (intersect), of a alone (except), of one alone
** (symdiff); how many. dst has room, all of which may be written, for n + m elements; that of intersect
** for the smaller of both, that of except for n.
*/
typedef size_t sqa_merge_fn(void *dst, const void *a, size_t n, const void *b, size_t m);
/* How many elements both sets have */
typedef size_t sqa_common_fn(const void *a, size_t n, const void *b, size_t m);

/*
** dst: the elements of a as they first occur; how many. a at any address, dst with room for n. scratch
** is aligned for T and has room for sqa_distinct_room(n) elements. SIZE_MAX: the elements were chosen
** to defeat hashing, and it has to be done by comparing; not for 8 and 16 bits.
*/
typedef size_t sqa_distinct_fn(void *dst, const void *a, size_t n, void *scratch,
                               struct sqa_poll *poll);
static inline uint64_t sqa_distinct_room(uint64_t n) {
    /* a copy, and a hash table: for all elements where there are few, else for a part of them */
    return n + (n < 2048 ? 4 * n : 8192 + n / 64) + 128;
}
/* The same with a bit of `seen`, all 0 at first, for every integer from lo, the smallest, to the largest */
typedef size_t sqa_distinct_range_fn(void *dst, const void *a, size_t n, int64_t lo,
                                     uint64_t *seen);

/* The most elements that set_of_few and among_few are given: such as may be in any order, at any address. */
#define SQA_FEW 64
/* dst: the set of n <= SQA_FEW elements; its length. dst has room for n; dst == a is allowed. */
typedef size_t sqa_set_of_few_fn(void *dst, const void *a, size_t n);
/* dst[i] = a[i], n <= SQA_FEW of them, is among the m elements of b. Time n * m. */
typedef void sqa_among_fn(uint8_t *dst, const void *a, size_t n, const void *b, size_t m);

/*
** Sorts a[0..n) ascending in place. scratch is aligned for T and has room for n elements; its
** contents are lost.
*/
typedef void sqa_sort_fn(void *a, size_t n, void *scratch, struct sqa_poll *poll);
/*
** The k-th smallest of a[0..n), k from 0, k < n. On return a is reordered so that everything
** before index k is <= a[k] and everything after is >= a[k]. scratch as for sort.
*/
typedef int64_t sqa_nth_fn(void *a, size_t n, size_t k, void *scratch, struct sqa_poll *poll);

/*
** The running sum, product, smallest or largest: dst[i] = *running op a[0] op a[1] and so on to a[i]. *running fits T
** and becomes the last of them. After an overflow dst and *running are unspecified. n <= SQA_BLOCK.
*/
typedef void sqa_scan_fn(void *dst, const void *a, size_t n, int64_t *running, struct sqa_acc *acc);

/* In place and modulo 2^bits of T: x[i] = x[i] + addend, of which the low bits count */
typedef void sqa_add_wrapping_fn(void *x, int64_t addend, size_t n);
/* In place and modulo 2^bits of T: x[i] = x[i] + start + i * step */
typedef void sqa_add_ramp_fn(void *x, int64_t start, int64_t step, size_t n);
/*
** In place and modulo 2^bits of T: x[i] = *running + the sum of x[j] + step over j <= i. *running, of which the low
** bits count, becomes the last of them.
*/
typedef void sqa_cumsum_wrapping_fn(void *x, size_t n, int64_t step, int64_t *running);

/* The first i > 0 with a[i] < a[i-1], n if there is none: a is sorted ascending */
typedef size_t sqa_descent_fn(const void *a, size_t n);
/*
** order: the positions from 1 of a's elements (at any address, n < 2^32) in ascending or descending
** order; equal ones keep theirs. scratch has room for n positions.
*/
typedef void sqa_argsort_fn(uint32_t *order, const void *a, size_t n, bool descending,
                            uint32_t *scratch, struct sqa_poll *poll);
/* dst[i] = a[i]'s dense rank from 1, given argsort's order of a; the largest of them */
typedef uint32_t sqa_rank_fn(uint32_t *dst, const uint32_t *order, const void *a, size_t n,
                             struct sqa_poll *poll);

/*
** dst[i] = how many of a[0..m), which is sorted ascending and at any address, are below v[i]; `right`:
** not above v[i]. v[i] need not fit T.
*/
typedef void sqa_bound_fn(int64_t *dst, const void *a, size_t m, const int64_t *v, size_t n,
                          bool right);
/* Index (from 0) of the first b[0..m), m > 0, inside a[0..n); n if none. Both at any address. Time O(n + m). */
typedef size_t sqa_match_fn(const void *a, size_t n, const void *b, size_t m,
                            struct sqa_poll *poll);

/*
** dst[i] = the smaller (least_into) or larger (greatest_into) of dst[i] and a[i]; those bits of dst[i] that a[i] has
** too (and_into), that one of them has (or_into), that a[i] has not (and_not_into)
*/
typedef void sqa_fold_fn(void *dst, const void *a, size_t n);
/* dst[i] += a[i] (add_into) or -= (sub_into), modulo 2^64 */
typedef void sqa_gather_sum_fn(uint64_t *dst, const void *a, size_t n);
/* counts[at[i]]++: counts of T, which no count leaves */
typedef void sqa_tally_fn(void *counts, const int64_t *at, size_t n);

/* dst[i] = a[i / times], for i < n * times */
typedef void sqa_repeat_fn(void *dst, const void *a, size_t n, size_t times);

/*
** dst[i] = the place from 0 of the element with this index (1-based, negative from the end) among
** count < 2^32; `outside` where there is none.
*/
typedef void sqa_places_fn(uint32_t *dst, const void *index, size_t n, size_t count,
                           uint32_t outside);
/* dst[i] = a[place[i]], a at any address */
typedef void sqa_gather_fn(void *dst, const void *a, const uint32_t *place, size_t n);
/* dst[place[i]] = a[i], in order of i */
typedef void sqa_scatter_fn(void *dst, const uint32_t *place, const void *a, size_t n);
/* dst[place[i]] += a[i], in order of i until a sum does not fit T; how many were added */
typedef size_t sqa_scatter_add_fn(void *dst, const uint32_t *place, const void *a, size_t n);

/*
** dst[i] = *rest + enter[i], and *rest += enter[i] - leave[i]; *rest is a sum of fewer than 2^32 elements.
** Index (from 0) of the first dst[i] that does not fit 64 bits, after which *rest is unspecified; n if
** all do.
*/
typedef size_t sqa_moving_sum_fn(int64_t *dst, const void *enter, const void *leave, size_t n,
                                 struct sqa_wide *rest);
/* dst[i] = the extreme of a[i .. i+w-1]; 1 <= w <= SQA_WINDOW, n + w - 1 <= SQA_BLOCK */
typedef void sqa_moving_fn(void *dst, const void *a, size_t n, size_t w);
/*
** Windows of w > SQA_WINDOW from shorter ones. a[i] is the extreme of SQA_WINDOW elements from i on,
** rows[k] = a[k * SQA_WINDOW] that of a row of them, between[k] that of the w / SQA_WINDOW - 1 rows after
** row k. dst[i] = the extreme of the w elements from i on, i < n.
*/
typedef void sqa_moving_join_fn(void *dst, const void *a, size_t n, size_t w, const void *rows,
                                const void *between);
/*
** dst[i] += the sum of a[i + j] * taps[j] over all j < m. dst's elements have twice the width of T (8
** bytes for int64_t), and what is in them plus the magnitudes of the products does not leave it.
*/
typedef void sqa_convolve_fn(void *dst, const void *a, const void *taps, size_t n, size_t m);

/* How many bits of n elements at any address are 1 */
typedef size_t sqa_ones_fn(const void *a, size_t n);
/*
** Bitmaps: bit i is bit i % 8 of byte i / 8, and stands for the integer base + i.
** dst: the integers whose bit is 1 among the n bits at `bits`, ascending, modulo 2^(bits of T); how many. dst has room for them.
*/
typedef size_t sqa_bit_positions_fn(void *dst, const unsigned char *bits, size_t n, int64_t base);
/* The bits of the integers at[i], all of which have one, become 1 (one) or 0 (not). */
typedef void sqa_bit_put_fn(unsigned char *bits, const void *at, size_t n, int64_t base, bool one);
/*
** Copies the at[i], all of which have a bit, whose bit is 1 (one) or 0 (not) to the front of dst; how many. dst has
** room for n elements, all of which may be written; dst == at is allowed.
*/
typedef size_t sqa_bit_filter_fn(void *dst, const void *at, size_t n, const unsigned char *bits,
                                 int64_t base, bool one);
/*
** Elias-Fano: dst[i] = base + x[i] modulo 2^(bits of T), for n ascending integers x of 64 bits. The low_bits (at most 63)
** lowest bits of the x[i] stand one behind the other from bit 0 of data on; then, from the next whole byte to the
** end of data (size bytes, no fewer than the low bits need), the bits (x[i] >> low_bits) + i are 1. Gives how many
** it has found, which is fewer than n where fewer of these bits are 1. The SQA_ELIAS_FANO_SLACK bytes behind data may
** be read.
*/
#define SQA_ELIAS_FANO_SLACK 8
typedef size_t sqa_elias_fano_fn(void *dst, const unsigned char *data, size_t size, size_t n,
                                 unsigned low_bits, int64_t base);

/*
** dst: the `bits` <= (bits of T) lowest bits of each of the SQA_BLOCK elements of a, 128 * bits bytes. Of element
** i = row * lanes + lane, where a row has lanes = 1024 / (bits of T), bit b is bit (row * bits + b) of the lane:
** the lane's bits are those of its T in row 0 of dst, then those in row 1, and so on. Each row is 128 bytes. dst at any address.
*/
typedef void sqa_pack_fn(unsigned char *dst, const void *a, unsigned bits);
/* The reverse: dst[i] >= 0 for bits below those of T. data at any address. */
typedef void sqa_unpack_fn(void *dst, const unsigned char *data, unsigned bits);
/*
** dst: the `bits` <= (bits of T) lowest bits of each of n <= SQA_BLOCK elements of a one behind the other, from bit 0 of
** byte 0 on; (n * bits + 7) / 8 bytes, of which the bits behind the last are 0. dst at any address.
*/
typedef void sqa_pack_tail_fn(unsigned char *dst, const void *a, size_t n, unsigned bits);
/* The reverse; data at any address */
typedef void sqa_unpack_tail_fn(void *dst, const unsigned char *data, size_t n, unsigned bits);
/* How many of n elements need more than `bits` < (bits of T) bits, read as unsigned */
typedef size_t sqa_wider_fn(const void *a, size_t n, unsigned bits);
/* dst[i] = a[i + 1] - a[i] for i + 1 < n, modulo 2^(bits of T) */
typedef void sqa_steps_fn(void *dst, const void *a, size_t n);

/* One set of kernels: for each name of kernels.def the four widths, indexed by sqa_width_index(). */
struct sqa_kernels {
    const char *isa; /* "base", "avx2" */
#define SQA_KERNEL(name, shape) sqa_##shape##_fn *name[4];
#include "kernel/kernels.def"
};

/* 0, 1, 2, 3 for a width of 1, 2, 4, 8 bytes */
static inline unsigned sqa_width_index(unsigned width) {
    return (unsigned)__builtin_ctz(width);
}

enum { SQA_INDEX_64 = 3 }; /* of the kernels for 8 bytes */

/* The largest integer of width bytes; the smallest is one below its negative. */
static inline int64_t sqa_width_most(unsigned width) {
    return (int64_t)(UINT64_MAX >> (65 - 8 * width));
}

/* The narrowest width whose elements have no significant bits but those in sig */
static inline unsigned sqa_sig_width(uint64_t sig) {
    return sig <= INT8_MAX ? 1 : sig <= INT16_MAX ? 2 : sig <= INT32_MAX ? 4 : 8;
}

/* The significance of one number: its bits without the copies of its sign */
static inline uint64_t sqa_sig(int64_t x) {
    return (uint64_t)(x < 0 ? ~x : x);
}

#endif
