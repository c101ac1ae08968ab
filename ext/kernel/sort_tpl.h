/*
** Sorting and selection. Parameters (all_tpl.h undefines them):
**
**     T        int8_t, int16_t, int32_t or int64_t
**     U        the unsigned type of the same width
**     BITS     the width: 8, 16, 32 or 64
**     NAME(x)  the name of function x of this width
**
** Input that is already sorted or reversed is detected in one pass. Anything else is sorted by
** sort_any: by quicksort if there are vectors for it (sort_vectors_tpl.h), otherwise by merging for
** few elements and by counting or radix for many (sort_plain_tpl.h, sort_radix_tpl.h). nth uses
** the partitioning of the same file.
*/
#include <stdbool.h>
#include <string.h>

#if defined(SQA_AVX2)
#include <immintrin.h>

#include "kernel/sort_tables.h"
#endif

#define SORT_MAX ((T)((U)-1 >> 1))
#define SORT_MIN ((T)(-SORT_MAX - 1))

/* The number of partitions of n elements after which the pivots count as bad: twice log2 n */
#define SORT_ROUNDS(n) (2 * (64 - (unsigned)__builtin_clzll((n) | 1)))

#include "kernel/sort_radix_tpl.h"
#if defined(SQA_AVX2) && BITS >= 32
#include "kernel/sort_vectors_tpl.h"
#else
#include "kernel/sort_plain_tpl.h"
#endif

/*
** Returns true if a[0..n) never decreases; with `down`, never increases. Works in blocks, which
** vectorize.
*/
static inline bool NAME(sort_is_monotone)(const T *a, size_t n, bool down) {
    enum { BLOCK = 64 };
    size_t i = 1;
    for (; i + BLOCK <= n; i += BLOCK) {
        U broken = 0;
        for (size_t j = i; j < i + BLOCK; j++)
            broken |= (U)(down ? a[j] > a[j - 1] : a[j] < a[j - 1]);
        if (broken)
            return false;
    }
    for (; i < n; i++) {
        if (down ? a[i] > a[i - 1] : a[i] < a[i - 1])
            return false;
    }
    return true;
}

static inline bool NAME(sort_is_run)(const T *a, size_t n, bool down, struct sqa_poll *poll) {
    for (size_t at = 0, m; (m = sqa_next_run(n - 1, at, poll)) > 0; at += m) {
        if (!NAME(sort_is_monotone)(a + at, m + 1, down))
            return false;
    }
    return true;
}

/* Returns eight bytes of elements in reverse order. */
static inline uint64_t NAME(sort_mirror8)(uint64_t x) {
#if BITS == 8
    return __builtin_bswap64(x);
#elif BITS == 16
    x = (x & 0x0000ffff0000ffff) << 16 | (x >> 16 & 0x0000ffff0000ffff);
    return x << 32 | x >> 32;
#elif BITS == 32
    return x << 32 | x >> 32;
#else
    return x;
#endif
}

static void NAME(sort_reverse)(T *a, size_t n, struct sqa_poll *poll) {
    enum { STEP = 64 / BITS };
    size_t low = 0, high = n;
    for (; high - low >= 2 * STEP; low += STEP) {
        high -= STEP;
        if (high % SQA_RUN < STEP && sqa_stopped(poll))
            return;
        uint64_t x, y;
        memcpy(&x, a + low, sizeof(x));
        memcpy(&y, a + high, sizeof(y));
        x = NAME(sort_mirror8)(x);
        y = NAME(sort_mirror8)(y);
        memcpy(a + low, &y, sizeof(y));
        memcpy(a + high, &x, sizeof(x));
    }
    for (; high - low >= 2; low++) {
        high--;
        const T x = a[low];
        a[low] = a[high];
        a[high] = x;
    }
}

static void NAME(sort)(void *array, size_t n, void *scratch, struct sqa_poll *poll) {
    T *const a = array;
    const size_t tiny = 32; /* for so few elements, checking takes as long as sorting */
    if (n < 2 || (n > tiny && NAME(sort_is_run)(a, n, false, poll)))
        return;
    if (n > tiny && NAME(sort_is_run)(a, n, true, poll))
        NAME(sort_reverse)(a, n, poll);
    else
        NAME(sort_any)(a, scratch, n, poll);
}

#if BITS == 8
/* For 8 bits, sorting by counting is as fast as selecting. */
static int64_t NAME(nth)(void *array, size_t n, size_t k, void *scratch, struct sqa_poll *poll) {
    NAME(sort_any)(array, scratch, n, poll);
    return ((const T *)array)[k];
}
#else
/*
** Quickselect. The pivot is taken from a sample: its rank there is that of k, moved away from the
** nearer end by two standard deviations (in a sample of root^2 elements at most root). So k is
** most likely in the smaller part, and most of the elements are dropped (R. W. Floyd and R. L.
** Rivest, "Expected time bounds for selection", 1975).
*/
static int64_t NAME(nth)(void *array, size_t n, size_t k, void *scratch, struct sqa_poll *poll) {
    T *a = array, *const b = scratch, max = SORT_MAX;
    const size_t few = 128; /* so few elements are sorted in the same time */
    for (unsigned rounds = SORT_ROUNDS(n); n > few && rounds > 0; rounds--) {
        T sample[256], spare[256];
        const size_t root = n < 16384 ? 8 : 16, count = root * root, step = n / count;
        for (size_t i = 0; i < count; i++)
            sample[i] = a[step * i];
        NAME(sort_any)(sample, spare, count, NULL);
        /* root moves the rank towards the farther end, so it stays inside the sample */
        const size_t scaled = k / (step + 1);
        const size_t rank = k < n / 2 ? scaled + root : scaled - root;
        if (max == SORT_MIN)
            return max;
        /* no element is greater than the pivot, so elements equal to it are separated */
        const bool top = sample[rank] == max;
        const T pivot = (T)(sample[rank] - top);
        const size_t low = NAME(sort_partition)(a, b, n, pivot, poll);
        NAME(sort_copy)(a + low, b + low, n - low, poll);
        if (sqa_was_stopped(poll))
            return max;
        if (k < low) {
            n = low;
            max = pivot;
        } else if (top) {
            return max;
        } else {
            a += low;
            n -= low;
            k -= low;
        }
    }
    NAME(sort_any)(a, b, n, poll);
    return a[k];
}
#endif

#undef SORT_MAX
#undef SORT_MIN
#undef SORT_ROUNDS
#undef KEY
#undef COUNT_MIN
