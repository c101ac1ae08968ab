/*
** Template: kernels that keep a part of their input. Parameters T, NAME as in map_tpl.h. They
** have no branch: every element is written, and the output position increases only for those that
** are kept.
*/

static size_t NAME(filter)(void *dst, const void *a, const uint8_t *mask, size_t n) {
    T *r = dst;
    const T *x = a;
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        r[kept] = x[i];
        kept += mask[i];
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

/* The source may have any address. */
static inline void NAME(stride_by)(T *restrict r, const unsigned char *from, ptrdiff_t step,
                                   size_t n) {
    for (size_t i = 0; i < n; i++)
        memcpy(&r[i], from + (ptrdiff_t)i * step * (ptrdiff_t)sizeof(T), sizeof(T));
}

/* A separate loop for step -1, which is frequent, so that the compiler vectorizes it. */
static void NAME(stride)(void *dst, const void *a, ptrdiff_t step, size_t n) {
    if (step == -1)
        NAME(stride_by)(dst, a, -1, n);
    else
        NAME(stride_by)(dst, a, step, n);
}
