/*
** Sorting and partitioning in plain C. No branch depends on the elements, because half of such
** branches would be mispredicted, each at the cost of a dozen steps. Included by sort_tpl.h and
** uses its parameters.
*/

#if defined(SQA_AVX2) && BITS < 32
#define MOST_FEW 128 /* the most elements that the sorting network can sort */

/*
** Sorts from[0..n), n <= MOST_FEW, at any address, into to[0..n), which may be the same memory. The
** elements are converted to 32 bits and sorted in registers.
*/
static void NAME(sort_network)(const void *from, T *to, size_t n) {
    const NAME(any) *x = from;
    int32_t wide[MOST_FEW];
    wide[0] = 0; /* for n = 0, where nothing else initializes it */
    for (size_t i = 0; i < n; i++)
        wide[i] = x[i];
    KERNEL(sort_network_32)(wide, wide, n);
    for (size_t i = 0; i < n; i++)
        to[i] = (T)wide[i];
}

static void NAME(sort_few)(T *a, T *b, size_t n) {
    (void)b;
    NAME(sort_network)(a, a, n);
}
#else
#define MOST_FEW (BITS == 64 ? 320 : 80) /* measured: merging is the fastest up to this size */

/*
** Merges the sorted halves of a[0..n) into b, from both ends at once. Neither end can use up a
** half before they meet, so no step has to check for that. (The parity merge of quadsort, I. van
** den Hoven, 2021.)
*/
static void NAME(sort_merge)(const T *a, T *b, size_t n) {
    const size_t half = n / 2;
    size_t left = 0, right = half, left_end = half, right_end = n;
    for (size_t i = 0; i < half; i++) {
        const bool low = a[right] < a[left];
        b[i] = low ? a[right] : a[left];
        right += low;
        left += !low;
        const bool high = a[left_end - 1] > a[right_end - 1];
        b[n - 1 - i] = high ? a[left_end - 1] : a[right_end - 1];
        left_end -= high;
        right_end -= !high;
    }
    if (n % 2 != 0)
        b[half] = left < left_end ? a[left] : a[right];
}

static inline void NAME(sort_pair)(T *a, T *b) {
    const T x = *a, y = *b;
    *a = x < y ? x : y;
    *b = x < y ? y : x;
}

/* Sorts a[0..n) into b if into_b, otherwise into a. The contents of the other one are lost. */
static void NAME(sort_small)(T *a, T *b, size_t n, bool into_b) {
    if (n > 4) {
        const size_t half = n / 2;
        NAME(sort_small)(a, b, half, !into_b);
        NAME(sort_small)(a + half, b + half, n - half, !into_b);
        NAME(sort_merge)(into_b ? a : b, into_b ? b : a, n);
        return;
    }
    if (n == 4) {
        NAME(sort_pair)(a, a + 1);
        NAME(sort_pair)(a + 2, a + 3);
        NAME(sort_pair)(a, a + 2);
        NAME(sort_pair)(a + 1, a + 3);
        NAME(sort_pair)(a + 1, a + 2);
    } else if (n >= 2) {
        NAME(sort_pair)(a, a + 1);
        if (n == 3) {
            NAME(sort_pair)(a + 1, a + 2);
            NAME(sort_pair)(a, a + 1);
        }
    }
    for (size_t i = 0; into_b && i < n; i++)
        b[i] = a[i];
}

static void NAME(sort_few)(T *a, T *b, size_t n) {
    NAME(sort_small)(a, b, n, false);
}
#endif

/* Sorts a[0..n) with b as scratch memory. */
static void NAME(sort_any)(T *a, T *b, size_t n, struct sqa_poll *poll) {
    if (n <= MOST_FEW)
        NAME(sort_few)(a, b, n);
#if BITS == 8
    else
        NAME(sort_count)(a, n, poll);
#else
#if BITS == 16
    else if (n >= COUNT_MIN)
        NAME(sort_count)(a, b, n, poll);
#endif
    else
        NAME(sort_radix)(a, b, n, poll);
#endif
}

#if BITS > 8
/* Splits a[0..n): elements <= pivot go to a[0..low), the others to b[low..n). Returns low. */
static size_t NAME(sort_partition)(T *a, T *b, size_t n, T pivot, struct sqa_poll *poll) {
    size_t low = 0;
    for (size_t at = 0, m; (m = sqa_next_run(n, at, poll)) > 0; at += m) {
        for (size_t i = at; i < at + m; i++) {
            const T x = a[i];
            a[low] = x;
            b[n - 1 - i + low] = x;
            low += x <= pivot;
        }
    }
    return low;
}
#endif

#undef MOST_FEW
