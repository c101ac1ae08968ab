/*
** Template: kernels that keep a part of their input. Parameters T, NAME as in map_tpl.h. They
** have no branch: every element is written, and the output position increases only for those that
** are kept.
*/

#ifdef SQA_AVX512

static size_t NAME(filter)(void *dst, const void *a, const uint8_t *mask, size_t n) {
    T *r = dst;
    const T *x = a;
    size_t kept = 0, i = 0;
    for (; i + V_LANES <= n; i += V_LANES) {
        const LANE_MASK keep = NAME(lanes_set)(mask + i, (LANE_MASK)UINT64_MAX);
        kept += NAME(put_lanes)(r + kept, _mm512_loadu_si512(x + i), keep, false);
    }
    if (i < n) {
        const LANE_MASK present = NAME(first_lanes)(n - i);
        const __m512i v = V(maskz_loadu)(present, x + i);
        kept += NAME(put_lanes)(r + kept, v, NAME(lanes_set)(mask + i, present), true);
    }
    return kept;
}

/* Positions have 64 bits, eight of them are a vector. */
static size_t NAME(positions)(int64_t *dst, const void *a, int64_t base, size_t n) {
    const T *x = a;
    const __m512i numbers = _mm512_setr_epi64(0, 1, 2, 3, 4, 5, 6, 7);
    size_t kept = 0;
    for (size_t i = 0; i < n; i += V_LANES) {
        const __m512i v = V(maskz_loadu)(NAME(first_lanes)(n - i), x + i);
        uint64_t found = V_COMPARE(test)(v, v);
        for (size_t at = i; found != 0; at += 8, found >>= 8) {
            const __mmask8 some = (__mmask8)found;
            const size_t count = (size_t)__builtin_popcount(some);
            const __m512i places = _mm512_add_epi64(numbers, _mm512_set1_epi64(base + (int64_t)at));
            const __m512i front = _mm512_maskz_compress_epi64(some, places);
            if (at + 8 <= n)
                _mm512_storeu_si512(dst + kept, front);
            else
                _mm512_mask_storeu_epi64(dst + kept, (__mmask8)((1u << count) - 1), front);
            kept += count;
        }
    }
    return kept;
}

#else

static size_t NAME(filter)(void *dst, const void *a, const uint8_t *mask, size_t n) {
    T *r = dst;
    const T *x = a;
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        r[kept] = x[i];
        kept += mask[i] != 0;
    }
    return kept;
}

static size_t NAME(positions)(int64_t *dst, const void *a, int64_t base, size_t n) {
    const T *x = a;
    size_t kept = 0, i = 0;
    for (; i + 8 <= n; i += 8) {
        /* the masks of eight elements; if few are selected, usually 0 */
        uint64_t words[sizeof(T)], any = 0;
        memcpy(words, x + i, sizeof words);
        for (size_t j = 0; j < sizeof(T); j++)
            any |= words[j];
        for (size_t j = i; any != 0 && j < i + 8; j++) {
            dst[kept] = base + (int64_t)j;
            kept += x[j] != 0;
        }
    }
    for (; i < n; i++) {
        dst[kept] = base + (int64_t)i;
        kept += x[i] != 0;
    }
    return kept;
}

#endif

/* The source may have any address. */
static inline void NAME(stride_by)(T *restrict r, const unsigned char *from, ptrdiff_t step,
                                   size_t n) {
    for (size_t i = 0; i < n; i++)
        memcpy(&r[i], from + (ptrdiff_t)i * step * (ptrdiff_t)sizeof(T), sizeof(T));
}

/*
** A separate loop for step -1, which is frequent, so that the compiler vectorizes it. It does not
** do so for single bytes, which are reversed in words.
*/
static void NAME(stride)(void *dst, const void *a, ptrdiff_t step, size_t n) {
#if BITS == 8
    unsigned char *r = dst;
    const unsigned char *x = a;
    for (; step == -1 && n >= 8; n -= 8, r += 8, x -= 8) {
        uint64_t word;
        memcpy(&word, x - 7, sizeof word);
        word = __builtin_bswap64(word);
        memcpy(r, &word, sizeof word);
    }
    dst = r;
    a = x;
#endif
    if (step == -1)
        NAME(stride_by)(dst, a, -1, n);
    else
        NAME(stride_by)(dst, a, step, n);
}
