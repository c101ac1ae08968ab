/*
** Template: kernels on sets with AVX-512. Included by set_tpl.h and uses its parameters; what it
** uses of vectors is in avx512_tpl.h.
*/

/*
** Compares each vector with itself moved up by a lane. If dst is a, the element before a vector may
** have been overwritten, so it comes from the vector before.
*/
static size_t NAME(unique)(void *dst, const void *a, size_t n) {
    T *r = dst;
    const NAME(any) *x = a;
    if (n == 0)
        return 0;
    const __m512i numbers = NAME(lane_numbers)();
    const __m512i one_down = V(sub)(numbers, V_SET1(1)); /* lane 0 is not used */
    __m512i before = V_SET1(x[0]);
    size_t kept = 1, i = 1;
    r[0] = x[0];
    for (; i + V_LANES <= n; i += V_LANES) {
        const __m512i v = _mm512_loadu_si512((const void *)(x + i));
        const LANE_MASK differs = V_COMPARE(cmpneq)(
            v, V(mask_permutexvar)(before, (LANE_MASK) ~(LANE_MASK)1, one_down, v));
        kept += NAME(put_lanes)(r + kept, v, differs, false);
        before = V(permutexvar)(V_SET1(V_LANES - 1), v);
    }
    if (i < n) {
        const LANE_MASK present = NAME(first_lanes)(n - i);
        const __m512i v = V(maskz_loadu)(present, (const void *)(x + i));
        const LANE_MASK differs = V_COMPARE(cmpneq)(
            v, V(mask_permutexvar)(before, (LANE_MASK) ~(LANE_MASK)1, one_down, v));
        kept += NAME(put_lanes)(r + kept, v, differs & present, true);
    }
    return kept;
}

#if BITS > 8
/* Returns a bit for each lane of v that equals one of w. */
SQA_INLINE LANE_MASK NAME(lanes_in)(__m512i v, __m512i w, __m512i numbers) {
    LANE_MASK found = 0;
    _Pragma("GCC unroll 32") for (int k = 0; k < V_LANES; k++) {
        const __m512i turned = V(permutexvar)(V(add)(numbers, V_SET1((T)k)), w);
        found |= V_COMPARE(cmpeq)(v, turned);
    }
    return found;
}

/*
** Keeps the elements of a that are in b, or those that are not. A vector of a and one of b are
** compared, all lanes with all; then the one with the smaller last element is done, and the next
** one of its set takes its place. dst has room for n elements.
*/
SQA_INLINE size_t NAME(members)(T *dst, const NAME(any) * a, size_t n, const NAME(any) * b,
                                size_t m, bool in) {
    const __m512i numbers = NAME(lane_numbers)();
    const LANE_MASK flip = in ? 0 : (LANE_MASK)UINT64_MAX;
    size_t i = 0, j = 0, k = 0;
    LANE_MASK found = 0; /* lanes of the vector of a at i that are in vectors of b before j */
    while (i + V_LANES <= n && j + V_LANES <= m) {
        const __m512i v = _mm512_loadu_si512((const void *)(a + i));
        const __m512i w = _mm512_loadu_si512((const void *)(b + j));
        const T x = a[i + V_LANES - 1], y = b[j + V_LANES - 1];
        found |= NAME(lanes_in)(v, w, numbers);
        const LANE_MASK keep = x <= y ? found ^ flip : 0;
        if (dst != NULL)
            (void)NAME(put_lanes)(dst + k, v, keep, false);
        k += NAME(lane_count)(keep);
        found = x <= y ? 0 : found;
        i += x <= y ? V_LANES : 0;
        j += y <= x ? V_LANES : 0;
    }
    while (i < n) {
        const size_t left = n - i < V_LANES ? n - i : V_LANES;
        const LANE_MASK present = NAME(first_lanes)(left);
        const __m512i v = V(maskz_loadu)(present, (const void *)(a + i));
        for (const T x = a[i + left - 1]; j < m; j += V_LANES) {
            const size_t some = m - j < V_LANES ? m - j : V_LANES;
            const __m512i w =
                V(mask_loadu)(V_SET1(b[j]), NAME(first_lanes)(some), (const void *)(b + j));
            found |= NAME(lanes_in)(v, w, numbers);
            if (b[j + some - 1] > x)
                break;
        }
        const LANE_MASK keep = (found ^ flip) & present;
        if (dst != NULL)
            (void)NAME(put_lanes)(dst + k, v, keep, true);
        k += NAME(lane_count)(keep);
        found = 0;
        i += left;
    }
    return k;
}
#endif
