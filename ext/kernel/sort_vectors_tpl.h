/*
** Quicksort with vectors, for 32 and 64 bits. Included by sort_tpl.h and uses its parameters.
**
** Partitioning with a table of permutations is from S. Gueron and V. Krasnov (see sort_tables.h).
** Sorting small inputs as a matrix of vectors is from M. Blacher, J. Giesen, P. Sanders and J.
** Wassenberg, "Vectorized and performance-portable quicksort" (2022), whose vqsort is the
** implementation to compare with. Because scratch memory is available, partitioning is not done
** in place, which is simpler and faster.
**
** These macros differ between vectors of 8 elements of 32 bits, of 4 elements of 64 bits and, with
** AVX-512, of 8 elements of 64 bits:
**   LARGER(v, w)              a bit for each lane, 1 where that of v is larger
**   MIRROR_2(v) to MIRROR_8   the lanes in reverse order in each group of 2 to 8
**   SWAP_2(v)                 each two lanes exchanged with the next two
**   BLEND(v, w, lanes)        the lanes of w whose bit in the constant `lanes` is 1, others of v
**   LOAD_FIRST(p, n)          n elements at p, and SORT_MAX in the other lanes. n may be 0 or less,
**                             or more than LANES.
**   SPLIT(v, larger)          the lanes whose bit is 0, then the others, each in order
*/
#if BITS == 64 && defined(SQA_AVX512)
#define VECTOR             __m512i
#define LANES              8
#define SET1(x)            _mm512_set1_epi64(x)
#define LOAD(p)            _mm512_loadu_si512(p)
#define STORE(p, v)        _mm512_storeu_si512(p, v)
#define LARGER(v, w)       ((unsigned)_mm512_cmpgt_epi64_mask(v, w))
#define LANES_MIN(v, w)    _mm512_min_epi64(v, w)
#define LANES_MAX(v, w)    _mm512_max_epi64(v, w)
#define MIRROR_2(v)        _mm512_permutex_epi64(v, 0xb1)
#define MIRROR_4(v)        _mm512_permutex_epi64(v, 0x1b)
#define MIRROR_8(v)        _mm512_permutexvar_epi64(_mm512_setr_epi64(7, 6, 5, 4, 3, 2, 1, 0), v)
#define SWAP_2(v)          _mm512_permutex_epi64(v, 0x4e)
#define BLEND(v, w, lanes) _mm512_mask_mov_epi64(v, lanes, w)
#define LOAD_FIRST(p, n)                                                                           \
    _mm512_mask_loadu_epi64(SET1(SORT_MAX), NAME(first_lanes)((size_t)((n) > 0 ? (n) : 0)), p)
#define SPLIT(v, larger)                                                                           \
    _mm512_permutexvar_epi64(                                                                      \
        _mm512_cvtepu8_epi64(_mm_loadl_epi64((const __m128i *)(sort_splits_32 + (larger)))), v)
#else
#define VECTOR      __m256i
#define LOAD(p)     _mm256_loadu_si256((const __m256i *)(p))
#define STORE(p, v) _mm256_storeu_si256((__m256i *)(p), v)
#if BITS == 32
#define LANES              8
#define SET1(x)            _mm256_set1_epi32(x)
#define GREATER(v, w)      _mm256_cmpgt_epi32(v, w)
#define LARGER(v, w)       ((unsigned)_mm256_movemask_ps(_mm256_castsi256_ps(GREATER(v, w))))
#define LANES_MIN(v, w)    _mm256_min_epi32(v, w)
#define LANES_MAX(v, w)    _mm256_max_epi32(v, w)
#define MIRROR_2(v)        _mm256_shuffle_epi32(v, 0xb1)
#define MIRROR_4(v)        _mm256_shuffle_epi32(v, 0x1b)
#define MIRROR_8(v)        _mm256_permutevar8x32_epi32(v, _mm256_setr_epi32(7, 6, 5, 4, 3, 2, 1, 0))
#define SWAP_2(v)          _mm256_shuffle_epi32(v, 0x4e)
#define BLEND(v, w, lanes) _mm256_blend_epi32(v, w, lanes)
#define PRESENT(n)                                                                                 \
    _mm256_cmpgt_epi32(_mm256_set1_epi32(n), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7))
#define LOAD_FIRST(p, n)    CHOOSE(SET1(SORT_MAX), _mm256_maskload_epi32(p, PRESENT(n)), PRESENT(n))
#define CHOOSE(v, w, lanes) _mm256_blendv_epi8(v, w, lanes)
#define SPLITS              sort_splits_32
#else
#define LANES           4
#define SET1(x)         _mm256_set1_epi64x(x)
#define GREATER(v, w)   _mm256_cmpgt_epi64(v, w)
#define LARGER(v, w)    ((unsigned)_mm256_movemask_pd(_mm256_castsi256_pd(GREATER(v, w))))
#define LANES_MIN(v, w) CHOOSE(v, w, GREATER(v, w))
#define LANES_MAX(v, w) CHOOSE(w, v, GREATER(v, w))
#define MIRROR_2(v)     _mm256_shuffle_epi32(v, 0x4e)
#define MIRROR_4(v)     _mm256_permute4x64_epi64(v, 0x1b)
#define MIRROR_8(v)     (v)
#define SWAP_2(v)       (v)
#define BLEND(v, w, lanes)                                                                         \
    _mm256_castpd_si256(_mm256_blend_pd(_mm256_castsi256_pd(v), _mm256_castsi256_pd(w), (lanes)&15))
#define PRESENT(n) _mm256_cmpgt_epi64(_mm256_set1_epi64x(n), _mm256_setr_epi64x(0, 1, 2, 3))
#define LOAD_FIRST(p, n)                                                                           \
    CHOOSE(SET1(SORT_MAX), _mm256_maskload_epi64((const long long *)(p), PRESENT(n)), PRESENT(n))
/* blendv_epi8 is not used because gcc 12 adds a comparison of bytes before it. */
#define CHOOSE(v, w, lanes)                                                                        \
    _mm256_castpd_si256(_mm256_blendv_pd(_mm256_castsi256_pd(v), _mm256_castsi256_pd(w),           \
                                         _mm256_castsi256_pd(lanes)))
#define SPLITS sort_splits_64
#endif
#define SPLIT(v, larger)                                                                           \
    _mm256_permutevar8x32_epi32(                                                                   \
        v, _mm256_cvtepu8_epi32(_mm_loadl_epi64((const __m128i *)(SPLITS + (larger)))))
#endif

/* As many rows as there are vector registers, and how many elements they hold */
#define ROWS_MAX    16
#define NETWORK_MAX (ROWS_MAX * LANES)

#define INLINE __attribute__((always_inline)) static inline

/*
** Returns the lanes of v in reverse order within each group of 2, 4 or 8. Groups of 0 or 1 change
** nothing.
*/
INLINE VECTOR NAME(sort_mirror)(VECTOR v, int group) {
    return group < 2 ? v : group == 2 ? MIRROR_2(v) : group == 4 ? MIRROR_4(v) : MIRROR_8(v);
}

INLINE void NAME(sort_pair)(VECTOR *v, VECTOR *w) {
    const VECTOR low = LANES_MIN(*v, *w);
    *w = LANES_MAX(*v, *w);
    *v = low;
}

/*
** Returns the smaller of v and w in lanes whose number has a 0 in `bit`, and the larger one in
** the other lanes.
*/
INLINE VECTOR NAME(sort_lanes)(VECTOR v, VECTOR w, int bit) {
    const VECTOR low = LANES_MIN(v, w), high = LANES_MAX(v, w);
    return bit == 1   ? BLEND(low, high, 0xaa)
           : bit == 2 ? BLEND(low, high, 0xcc)
                      : BLEND(low, high, 0xf0);
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
INLINE void NAME(sort_step)(VECTOR *v, int rows, int run, int group) {
    const int half = run / 2;
    SORT_UNROLL
    for (int i = 0; i < rows / 2; i++) {
        const int row = i % half;
        VECTOR *const x = v + i / half * run + row;
        VECTOR *const y = group == 0 ? x + half : x + run - 1 - 2 * row;
        *y = NAME(sort_mirror)(*y, group);
        NAME(sort_pair)(x, y);
    }
}

/* Sorts columns in runs of `run` rows. They must be sorted in runs of run / 2 rows. */
INLINE void NAME(sort_join_rows)(VECTOR *v, int rows, int run) {
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
INLINE void NAME(sort_join_columns)(VECTOR *v, int rows, int group) {
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
            v[i] = NAME(sort_lanes)(v[i], SWAP_2(v[i]), 2);
        if (group >= 4)
            v[i] = NAME(sort_lanes)(v[i], NAME(sort_mirror)(v[i], 2), 1);
    }
}

/*
** Sorts n elements with rows / 2 * LANES < n <= rows * LANES. Unused elements of the rows are
** filled with the largest value.
*/
INLINE void NAME(sort_rows)(const T *from, T *to, int n, int rows) {
    VECTOR v[ROWS_MAX];
    SORT_UNROLL
    for (int i = 0; i < rows; i++) {
        if (i < rows / 2) {
            v[i] = LOAD(from + i * LANES);
        } else {
            const T *const p = i * LANES < n ? from + i * LANES : from;
            v[i] = LOAD_FIRST(p, n - i * LANES);
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
    const VECTOR pivots = SET1(pivot);
    size_t low = 0, high = n, i = 0;
    for (size_t end = n < SQA_RUN ? n : SQA_RUN;; end = n - i < SQA_RUN ? n : i + SQA_RUN) {
        for (; i + LANES <= end; i += LANES) {
            const VECTOR v = LOAD(a + i);
            const unsigned larger = LARGER(v, pivots);
            const VECTOR split = SPLIT(v, larger);
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

#undef VECTOR
#undef LANES
#undef SET1
#undef LOAD
#undef STORE
#undef GREATER
#undef LARGER
#undef LANES_MIN
#undef LANES_MAX
#undef MIRROR_2
#undef MIRROR_4
#undef MIRROR_8
#undef SWAP_2
#undef BLEND
#undef PRESENT
#undef LOAD_FIRST
#undef CHOOSE
#undef SPLITS
#undef SPLIT
#undef ROWS_MAX
#undef NETWORK_MAX
#undef INLINE
