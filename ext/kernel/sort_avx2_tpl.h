/*
** Quicksort with vectors, for 32 and 64 bits. Included by sort_tpl.h and uses its parameters.
**
** Partitioning with a table of permutations is from S. Gueron and V. Krasnov (see sort_tables.h).
** Sorting small inputs as a matrix of vectors is from M. Blacher, J. Giesen, P. Sanders and J.
** Wassenberg, "Vectorized and performance-portable quicksort" (2022), whose vqsort is the
** implementation to compare with. Because scratch memory is available, partitioning is not done
** in place, which is simpler and faster.
*/
#if BITS == 32
#define LANES               8
#define LANE_NUMBERS        _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7)
#define SPLITS              sort_splits_32
#define SET1(x)             _mm256_set1_epi32(x)
#define LOAD_SOME(p, lanes) _mm256_maskload_epi32(p, lanes)
#define GREATER(v, w)       _mm256_cmpgt_epi32(v, w)
#define MASK(v)             ((unsigned)_mm256_movemask_ps(_mm256_castsi256_ps(v)))
#define CHOOSE(v, w, lanes) _mm256_blendv_epi8(v, w, lanes)
#define LANES_MIN(v, w)     _mm256_min_epi32(v, w)
#define LANES_MAX(v, w)     _mm256_max_epi32(v, w)
#else
#define LANES               4
#define LANE_NUMBERS        _mm256_setr_epi64x(0, 1, 2, 3)
#define SPLITS              sort_splits_64
#define SET1(x)             _mm256_set1_epi64x(x)
#define LOAD_SOME(p, lanes) _mm256_maskload_epi64((const long long *)(p), lanes)
#define GREATER(v, w)       _mm256_cmpgt_epi64(v, w)
#define MASK(v)             ((unsigned)_mm256_movemask_pd(_mm256_castsi256_pd(v)))
/* blendv_epi8 is not used because gcc 12 adds a comparison of bytes before it. */
#define CHOOSE(v, w, lanes)                                                                        \
    _mm256_castpd_si256(_mm256_blendv_pd(_mm256_castsi256_pd(v), _mm256_castsi256_pd(w),           \
                                         _mm256_castsi256_pd(lanes)))
#define LANES_MIN(v, w) CHOOSE(v, w, GREATER(v, w))
#define LANES_MAX(v, w) CHOOSE(w, v, GREATER(v, w))
#endif
#define LOAD(p)     _mm256_loadu_si256((const __m256i *)(p))
#define STORE(p, v) _mm256_storeu_si256((__m256i *)(p), v)

/* As many rows as there are vector registers, and how many elements they hold */
#define ROWS_MAX    16
#define NETWORK_MAX (ROWS_MAX * LANES)

#define INLINE __attribute__((always_inline)) static inline

/*
** Returns the lanes of v in reverse order within each group of 2, 4 or 8. Groups of 0 or 1 change
** nothing.
*/
INLINE __m256i NAME(sort_mirror)(__m256i v, int group) {
#if BITS == 32
    return group < 2    ? v
           : group == 2 ? _mm256_shuffle_epi32(v, 0xb1)
           : group == 4 ? _mm256_shuffle_epi32(v, 0x1b)
                        : _mm256_permutevar8x32_epi32(v, _mm256_setr_epi32(7, 6, 5, 4, 3, 2, 1, 0));
#else
    return group < 2    ? v
           : group == 2 ? _mm256_shuffle_epi32(v, 0x4e)
                        : _mm256_permute4x64_epi64(v, 0x1b);
#endif
}

INLINE void NAME(sort_pair)(__m256i *v, __m256i *w) {
    const __m256i low = LANES_MIN(*v, *w);
    *w = LANES_MAX(*v, *w);
    *v = low;
}

/*
** Returns the smaller of v and w in lanes whose number has a 0 in `bit`, and the larger one in
** the other lanes.
*/
INLINE __m256i NAME(sort_lanes)(__m256i v, __m256i w, int bit) {
    const __m256i low = LANES_MIN(v, w), high = LANES_MAX(v, w);
#if BITS == 32
    return bit == 1   ? _mm256_blend_epi32(low, high, 0xaa)
           : bit == 2 ? _mm256_blend_epi32(low, high, 0xcc)
                      : _mm256_blend_epi32(low, high, 0xf0);
#else
    return bit == 1 ? _mm256_blend_epi32(low, high, 0xcc) : _mm256_blend_epi32(low, high, 0xf0);
#endif
}

/*
** The network is bitonic merging (K. E. Batcher, "Sorting networks and their applications",
** 1968). Of two sorted sequences, the first element of one is compared with the last one of the
** other, the second with the last but one, and so on. Then none of the smaller elements exceeds
** one of the larger elements, and both the smaller and the larger ones are bitonic: they rise and
** then fall, or the reverse. Comparing the halves of a bitonic sequence element by element gives
** two such sequences of half the length. At length 1 everything is sorted.
**
** This is one step, applied to every run of `run` rows. If group is 0, each row is compared with
** the one half a run away. Otherwise each row is compared with its mirror image in the run, with
** the lanes mirrored in groups.
*/
INLINE void NAME(sort_step)(__m256i *v, int rows, int run, int group) {
    const int half = run / 2;
    SORT_UNROLL
    for (int i = 0; i < rows / 2; i++) {
        const int row = i % half;
        __m256i *const x = v + i / half * run + row;
        __m256i *const y = group == 0 ? x + half : x + run - 1 - 2 * row;
        *y = NAME(sort_mirror)(*y, group);
        NAME(sort_pair)(x, y);
    }
}

/* Sorts columns in runs of `run` rows. They must be sorted in runs of run / 2 rows. */
INLINE void NAME(sort_join_rows)(__m256i *v, int rows, int run) {
    NAME(sort_step)(v, rows, run, 1);
    if (run >= 16)
        NAME(sort_step)(v, rows, 8, 0);
    if (run >= 8)
        NAME(sort_step)(v, rows, 4, 0);
    if (run >= 4)
        NAME(sort_step)(v, rows, 2, 0);
}

/*
** Merges groups of group / 2 columns, each sorted when read row by row, into groups of `group`
** columns. The descending half is in the upper lanes, reversed, so that the element half a
** sequence away is in the mirrored lane. The steps continue down to single rows, and then between
** lanes.
*/
INLINE void NAME(sort_join_columns)(__m256i *v, int rows, int group) {
    if (rows >= 16)
        NAME(sort_step)(v, rows, 16, group);
    if (rows >= 8)
        NAME(sort_step)(v, rows, 8, group);
    if (rows >= 4)
        NAME(sort_step)(v, rows, 4, group);
    if (rows >= 2)
        NAME(sort_step)(v, rows, 2, group);
    SORT_UNROLL
    for (int i = 0; i < rows; i++) {
        v[i] = NAME(sort_lanes)(v[i], NAME(sort_mirror)(v[i], group), group / 2);
        if (group == 8)
            v[i] = NAME(sort_lanes)(v[i], _mm256_shuffle_epi32(v[i], 0x4e), 2);
        if (group >= 4)
            v[i] = NAME(sort_lanes)(v[i], NAME(sort_mirror)(v[i], 2), 1);
    }
}

/*
** Sorts n elements with rows / 2 * LANES < n <= rows * LANES. Unused elements of the rows are
** filled with the largest value.
*/
INLINE void NAME(sort_rows)(const T *from, T *to, int n, int rows) {
    __m256i v[ROWS_MAX];
    SORT_UNROLL
    for (int i = 0; i < rows; i++) {
        if (i < rows / 2) {
            v[i] = LOAD(from + i * LANES);
        } else {
            const __m256i present = GREATER(SET1(n - i * LANES), LANE_NUMBERS);
            const T *const p = i * LANES < n ? from + i * LANES : from;
            v[i] = CHOOSE(SET1(SORT_MAX), LOAD_SOME(p, present), present);
        }
    }
    if (rows >= 2)
        NAME(sort_join_rows)(v, rows, 2);
    if (rows >= 4)
        NAME(sort_join_rows)(v, rows, 4);
    if (rows >= 8)
        NAME(sort_join_rows)(v, rows, 8);
    if (rows >= 16)
        NAME(sort_join_rows)(v, rows, 16);
    NAME(sort_join_columns)(v, rows, 2);
    NAME(sort_join_columns)(v, rows, 4);
    if (LANES == 8)
        NAME(sort_join_columns)(v, rows, 8);
    SORT_UNROLL
    for (int i = 0; i < rows; i++) {
        const int left = n - i * LANES;
        if (i < rows / 2 || left >= LANES) {
            STORE(to + i * LANES, v[i]);
        } else if (left > 0) {
            T last[LANES];
            STORE(last, v[i]);
            memcpy(to + i * LANES, last, (size_t)left * sizeof(T));
        }
    }
}

/* Sorts from[0..n), n <= NETWORK_MAX, into to[0..n), which may be the same memory. */
static void NAME(sort_network)(const T *from, T *to, size_t size) {
    const int n = (int)size;
    if (n <= LANES)
        NAME(sort_rows)(from, to, n, 1);
    else if (n <= 2 * LANES)
        NAME(sort_rows)(from, to, n, 2);
    else if (n <= 4 * LANES)
        NAME(sort_rows)(from, to, n, 4);
    else if (n <= 8 * LANES)
        NAME(sort_rows)(from, to, n, 8);
    else
        NAME(sort_rows)(from, to, n, 16);
}

/*
** Splits a[0..n): elements <= pivot go to a[0..low), the others to b[low..n). Returns low. Whole
** vectors are written to both; the elements of a vector that do not belong there are overwritten
** by the next one. In a, this never overwrites elements that have not been read.
*/
static size_t NAME(sort_partition)(T *a, T *b, size_t n, T pivot, struct sqa_poll *poll) {
    const __m256i pivots = SET1(pivot);
    size_t low = 0, high = n, i = 0;
    for (size_t end = n < SQA_RUN ? n : SQA_RUN;; end = n - i < SQA_RUN ? n : i + SQA_RUN) {
        for (; i + LANES <= end; i += LANES) {
            const __m256i v = LOAD(a + i);
            const unsigned larger = MASK(GREATER(v, pivots));
            const __m128i order = _mm_loadl_epi64((const __m128i *)(SPLITS + larger));
            const __m256i split = _mm256_permutevar8x32_epi32(v, _mm256_cvtepu8_epi32(order));
            STORE(a + low, split);
            STORE(b + high - LANES, split);
            const size_t count = (size_t)_mm_popcnt_u32(larger);
            low += LANES - count;
            high -= count;
        }
        if (end == n)
            break;
        if (sqa_stopped(poll))
            return low;
    }
    for (; i < n; i++) {
        const T x = a[i];
        a[low] = x;
        b[high - 1] = x;
        low += x <= pivot;
        high -= x > pivot;
    }
    return low;
}

/*
** Returns the median of a sample. A larger sample is used for more elements, because a better
** split saves more there.
*/
static T NAME(sort_pivot)(const T *a, size_t n) {
    T sample[64];
    const size_t count = n < 512 ? 8 : n < 4096 ? 16 : n < 65536 ? 32 : 64;
    for (size_t i = 0; i < count; i++)
        sample[i] = a[n / count * i];
    NAME(sort_network)(sample, sample, count);
    return sample[count / 2];
}

/*
** Sorts a[0..n), whose elements are at most max, into b if into_b, otherwise into a. The contents
** of the other one are lost. The smaller part is sorted by recursion, so that the depth is less
** than log2 n. If `rounds` partitions are not enough, which needs bad luck or an adversary, radix
** sort does the rest; so the time is always O(n log n).
*/
static void NAME(sort_quick)(T *a, T *b, size_t n, bool into_b, T max, unsigned rounds,
                             struct sqa_poll *poll) {
    const size_t few = SQA_RUN / 16; /* sorting so few takes less time than a run does elsewhere */
    while (n > NETWORK_MAX) {
        if (n > few && sqa_stopped(poll))
            return;
        if (rounds-- == 0 || max == SORT_MIN) {
            NAME(sort_radix)(a, b, n, poll);
            if (into_b)
                NAME(sort_copy)(b, a, n, poll);
            return;
        }
        const T pivot = NAME(sort_pivot)(a, n);
        /* there may be many equal elements, which are sorted once they are separated */
        if (pivot == max) {
            max--;
            const size_t low = NAME(sort_partition)(a, b, n, max, poll);
            if (!into_b)
                NAME(sort_copy)(a + low, b + low, n - low, poll);
            n = low;
            continue;
        }
        const size_t low = NAME(sort_partition)(a, b, n, pivot, poll);
        if (low <= n / 2) {
            NAME(sort_quick)(a, b, low, into_b, pivot, rounds, poll);
            T *const rest = b + low;
            b = a + low;
            a = rest;
            n -= low;
            into_b = !into_b;
        } else {
            NAME(sort_quick)(b + low, a + low, n - low, !into_b, max, rounds, poll);
            n = low;
            max = pivot;
        }
    }
    NAME(sort_network)(a, into_b ? b : a, n);
}

/* Sorts a[0..n) with b as scratch memory. */
static void NAME(sort_any)(T *a, T *b, size_t n, struct sqa_poll *poll) {
    NAME(sort_quick)(a, b, n, false, SORT_MAX, SORT_ROUNDS(n), poll);
}

#undef LANES
#undef LANE_NUMBERS
#undef SPLITS
#undef SET1
#undef LOAD_SOME
#undef GREATER
#undef MASK
#undef LANES_MIN
#undef LANES_MAX
#undef CHOOSE
#undef LOAD
#undef STORE
#undef ROWS_MAX
#undef NETWORK_MAX
#undef INLINE
