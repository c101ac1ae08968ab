/*
** Template: kernels that read vectors and return one value. Parameters T, U, W, BITS, NAME as in
** map_tpl.h.
*/

/*
** Number of elements that are summed in 64-bit lanes before the lanes are added to the 256-bit
** sum.
*/
#define CHUNK SQA_BLOCK

#if BITS < 64

static void NAME(sum)(const void *a, size_t n, struct sqa_wide *w) {
    const T *x = a;
    while (n > 0) {
        /* the sum of 2^30 elements of 32 bits fits 64 bits */
        const size_t m = n < ((size_t)1 << 30) ? n : (size_t)1 << 30;
        int64_t sum = 0;
        for (size_t i = 0; i < m; i++)
            sum += x[i];
        sqa_wide_add(w, sum);
        x += m;
        n -= m;
    }
}

#else

/*
** A 64-bit sum of up to CHUNK numbers is exact if each of them is within +-2^52. The same pass
** checks this, by collecting a biased copy of each number with OR. If it is not so, the chunk is
** summed again in halves of 32 bits.
*/
static void NAME(sum)(const void *a, size_t n, struct sqa_wide *w) {
    const T *x = a;
    const uint64_t bias = (uint64_t)1 << 52;
    while (n > 0) {
        const size_t m = n < CHUNK ? n : CHUNK;
        uint64_t sum = 0, seen = 0;
        for (size_t i = 0; i < m; i++) {
            sum += (uint64_t)x[i];
            seen |= (uint64_t)x[i] + bias;
        }
        if (seen >> 53 == 0) {
            sqa_wide_add(w, (int64_t)sum);
        } else {
            /* the lower and upper halves of x + 2^63, which is not negative */
            uint64_t low = 0, high = 0;
            for (size_t i = 0; i < m; i++) {
                const uint64_t biased = (uint64_t)x[i] ^ (uint64_t)1 << 63;
                low += (uint32_t)biased;
                high += biased >> 32;
            }
            sqa_wide_add(w, (int64_t)low);
            sqa_wide_add_shifted32(w, (int64_t)high - (int64_t)m * ((int64_t)1 << 31));
        }
        x += m;
        n -= m;
    }
}

#endif

/*
** Products of 8-bit and 16-bit elements are summed directly, those of 32-bit elements in halves,
** those of 64-bit elements one by one.
*/
static void NAME(dot)(const void *a, const void *b, size_t n, struct sqa_wide *w) {
    const T *x = a, *y = b;
#if BITS < 32
    while (n > 0) {
        const size_t m = n < CHUNK ? n : CHUNK;
        int64_t sum = 0;
        for (size_t i = 0; i < m; i++)
            sum += (int32_t)x[i] * (int32_t)y[i];
        sqa_wide_add(w, sum);
        x += m;
        y += m;
        n -= m;
    }
#elif BITS == 32
    while (n > 0) {
        const size_t m = n < CHUNK ? n : CHUNK;
        const uint64_t bias = (uint64_t)1 << 62; /* makes all products positive */
        uint64_t low = 0, high = 0;
        for (size_t i = 0; i < m; i++) {
            const uint64_t p = (uint64_t)((int64_t)x[i] * y[i]) + bias;
            low += (uint32_t)p;
            high += p >> 32;
        }
        sqa_wide_add(w, (int64_t)low);
        sqa_wide_add_shifted32(w, (int64_t)high - (int64_t)m * ((int64_t)1 << 30));
        x += m;
        y += m;
        n -= m;
    }
#else
    for (size_t i = 0; i < n; i++)
        sqa_wide_add_product(w, x[i], y[i]);
#endif
}

static void NAME(sumsq)(const void *a, size_t n, struct sqa_wide *w) {
    NAME(dot)(a, a, n, w);
}

/*
** The extreme of each of COLUMNS columns, then that of these: comparisons of one column wait for
** each other, those of several vectors do not. 1,024 elements of 8 bytes on Zen 4, base, avx2,
** avx512: 0.55, 0.19, 0.075 ns each by one vector of columns, 0.20, 0.10, 0.055 by these.
*/
#define COLUMNS (BITS == 8 ? 1 : 1024 / BITS)
#define EXTREME(name, op)                                                                          \
    static int64_t NAME(name)(const void *a, size_t n) {                                           \
        const T *x = a;                                                                            \
        T r = x[0], column[COLUMNS];                                                               \
        size_t i = 0;                                                                              \
        if (n >= COLUMNS) {                                                                        \
            memcpy(column, x, sizeof column);                                                      \
            for (i = COLUMNS; i + COLUMNS <= n; i += COLUMNS) {                                    \
                for (size_t j = 0; j < COLUMNS; j++)                                               \
                    column[j] = x[i + j] op column[j] ? x[i + j] : column[j];                      \
            }                                                                                      \
            for (size_t j = 0; j < COLUMNS; j++)                                                   \
                r = column[j] op r ? column[j] : r;                                                \
        }                                                                                          \
        for (; i < n; i++)                                                                         \
            r = x[i] op r ? x[i] : r;                                                              \
        return r;                                                                                  \
    }
EXTREME(min, <)
EXTREME(max, >)

/* Counts in lanes of the width of T, for as many elements as such a lane can count. */
static size_t NAME(count)(const void *a, int64_t v, size_t n) {
    const T *x = a;
    const T t = (T)v;
    const size_t most = BITS == 8 ? UINT8_MAX : UINT16_MAX;
    size_t total = 0;
    while (n > 0) {
        const size_t m = n < most ? n : most;
        U c = 0;
        for (size_t i = 0; i < m; i++)
            c = (U)(c + (x[i] == t));
        total += c;
        x += m;
        n -= m;
    }
    return total;
}

/*
** Moves i on, by `step` elements that are tested without a branch in between, until one of the next
** ones is a hit. Where few are left, or to find the one, smaller steps follow. GCC unrolls 16 steps
** before it could vectorize them, unless it is told not to; 64 it unrolls afterwards.
*/
#define NOT_UNROLLED _Pragma("GCC unroll 1")
#define SKIP(step, unrolling, HIT)                                                                 \
    for (; i + (step) <= n; i += (step)) {                                                         \
        U hit = 0;                                                                                 \
        unrolling for (size_t j = 0; j < (step); j++) hit |= (U)(HIT);                             \
        if (hit != 0)                                                                              \
            break;                                                                                 \
    }

static size_t NAME(find)(const void *a, int64_t v, size_t n) {
    const T *x = a;
    const T t = (T)v;
    size_t i = 0;
    SKIP(64, , x[i + j] == t)
    SKIP(16, NOT_UNROLLED, x[i + j] == t)
    while (i < n && x[i] != t)
        i++;
    return i;
}

static size_t NAME(mismatch)(const void *a, const void *b, size_t n) {
    const T *x = a, *y = b;
    size_t i = 0;
    SKIP(64, , x[i + j] ^ y[i + j])
    SKIP(16, NOT_UNROLLED, x[i + j] ^ y[i + j])
    while (i < n && x[i] == y[i])
        i++;
    return i;
}

#undef CHUNK
#undef COLUMNS
#undef EXTREME
#undef SKIP
#undef NOT_UNROLLED
