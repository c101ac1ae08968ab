/*
** Template: kernels for moving windows and for convolution. Parameters T, W, BITS, NAME as in
** map_tpl.h.
*/

/*
** Each sum depends on the previous one by a single addition. Sums of up to 2^32 elements of 32
** bits fit 64 bits; sums of 64-bit elements have 128 bits.
*/
static size_t NAME(moving_sum)(int64_t *dst, const void *enter, const void *leave, size_t n,
                               struct sqa_wide *rest) {
    int64_t *restrict r = dst;
    const T *restrict in = enter, *restrict out = leave;
#if BITS < 64
    int64_t sum = (int64_t)rest->limb[0];
    for (size_t i = 0; i < n; i++) {
        r[i] = sum + in[i];
        sum += (int64_t)in[i] - out[i];
    }
    *rest = (struct sqa_wide){{0}};
    sqa_wide_add(rest, sum);
    return n;
#else
    uint64_t low = rest->limb[0], high = rest->limb[1], misfits = 0;
    size_t i = 0;
    for (; i < n && misfits == 0; i++) {
        const uint64_t x = (uint64_t)in[i], y = (uint64_t)out[i], change = x - y;
        const uint64_t sign_x = (uint64_t)(in[i] >> 63), sign_y = (uint64_t)(out[i] >> 63);
        const uint64_t result = low + x;
        r[i] = (int64_t)result;
        misfits = (high + sign_x + (result < x)) ^ (uint64_t)((int64_t)result >> 63);
        low += change;
        high += sign_x - sign_y - (x < y) + (low < change);
    }
    *rest = (struct sqa_wide){{0}};
    sqa_wide_add128(rest, (int64_t)high, low);
    return misfits != 0 ? i - 1 : n;
#endif
}

/*
** The passes compute the extremes of 1, 2, 4, ... elements from each position on, each from the
** result of the one before. Two overlapping ones give the extreme of w elements, as in a sparse
** table (Bender, Farach-Colton: "The LCA Problem Revisited", 2000). So there are log2(w) passes,
** all of them vectorized and in the cache.
**
** _join: a row counts as part of the window at i as soon as the window reaches the end of the
** row.
*/
#define MOVING(name, op)                                                                           \
    static void NAME(name)(void *dst, const void *a, size_t n, size_t w) {                         \
        T buffers[2][SQA_BLOCK];                                                                   \
        const T *x = a;                                                                            \
        size_t span = 1, length = n + w - 1;                                                       \
        for (unsigned i = 0; 2 * span <= w; i ^= 1, span *= 2) {                                   \
            T *restrict r = buffers[i];                                                            \
            const T *restrict from = x;                                                            \
            length -= span;                                                                        \
            for (size_t j = 0; j < length; j++)                                                    \
                r[j] = from[j] op from[j + span] ? from[j] : from[j + span];                       \
            x = r;                                                                                 \
        }                                                                                          \
        T *restrict r = dst;                                                                       \
        const T *restrict first = x, *restrict last = x + (w - span);                              \
        for (size_t j = 0; j < n; j++)                                                             \
            r[j] = first[j] op last[j] ? first[j] : last[j];                                       \
    }                                                                                              \
                                                                                                   \
    static void NAME(name##_join)(void *dst, const void *a, size_t n, size_t w, const void *rows,  \
                                  const void *between) {                                           \
        T *restrict r = dst;                                                                       \
        const T *restrict first = a, *restrict last = first + (w - SQA_WINDOW);                    \
        const T *restrict row = rows, *restrict g = between;                                       \
        const size_t turn = SQA_WINDOW - w % SQA_WINDOW;                                           \
        for (size_t k = 0, i = 0; i < n; k++) {                                                    \
            const size_t start = i, left = n - start;                                              \
            const size_t end = start + (left < SQA_WINDOW ? left : SQA_WINDOW);                    \
            T best = g[k];                                                                         \
            for (int part = 0; part < 2; part++) {                                                 \
                const size_t stop = part == 0 && left > turn ? start + turn : end;                 \
                for (; i < stop; i++) {                                                            \
                    const T x = first[i] op last[i] ? first[i] : last[i];                          \
                    r[i] = x op best ? x : best;                                                   \
                }                                                                                  \
                if (i < end) {                                                                     \
                    const T next = row[k + w / SQA_WINDOW];                                        \
                    best = next op best ? next : best;                                             \
                }                                                                                  \
            }                                                                                      \
        }                                                                                          \
    }

MOVING(moving_min, <)
MOVING(moving_max, >)

#undef MOVING

/* Handles four taps at a time, so that a sum is loaded and stored once for four products. */
static void NAME(convolve)(void *dst, const void *a, const void *taps, size_t n, size_t m) {
    W *restrict r = dst;
    const T *restrict x = a, *restrict t = taps;
    size_t j = 0;
    for (; j + 4 <= m; j += 4) {
        const W t0 = t[j], t1 = t[j + 1], t2 = t[j + 2], t3 = t[j + 3];
        for (size_t i = 0; i < n; i++)
            r[i] = (W)(r[i] + x[i + j] * t0 + x[i + j + 1] * t1 + x[i + j + 2] * t2 +
                       x[i + j + 3] * t3);
    }
    for (; j < m; j++) {
        const W t0 = t[j];
        for (size_t i = 0; i < n; i++)
            r[i] = (W)(r[i] + x[i + j] * t0);
    }
}
