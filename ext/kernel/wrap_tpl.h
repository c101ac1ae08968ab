/*
** Template: arithmetic modulo 2^BITS, in place. Codecs use it because it is defined for every
** input, so that a damaged array gives wrong integers and nothing worse. Parameters T, U, NAME as
** in map_tpl.h.
*/

static void NAME(add_wrapping)(void *x, int64_t addend, size_t n) {
    T *r = x;
    for (size_t i = 0; i < n; i++)
        r[i] = (T)(U)((U)r[i] + (U)addend);
}

static void NAME(add_ramp)(void *x, int64_t start, int64_t step, size_t n) {
    T *r = x;
    const U increment = (U)step;
    U addend = (U)start;
    for (size_t i = 0; i < n; i++) {
        r[i] = (T)(U)((U)r[i] + addend);
        addend = (U)(addend + increment);
    }
}

/* Only one addition per element depends on the previous element. */
static inline U NAME(cumsum_wrapping_plain)(T *r, size_t n, U step, U sum) {
    for (size_t i = 0; i < n; i++) {
        sum = (U)(sum + (U)((U)r[i] + step));
        r[i] = (T)sum;
    }
    return sum;
}

#ifdef SQA_AVX2
/*
** Does the same with vectors (prefix_tpl.h). n must be a multiple of the elements in a vector.
** Measured on Zen 4 for 1,024 elements, in ns each: 0.05 instead of 0.39 for 8 bits, 0.09 instead
** of 0.46 for 16 bits, 0.15 instead of 0.46 for 32 bits; 0.28 both ways for 64 bits.
*/
static inline U NAME(cumsum_wrapping_vectors)(T *r, size_t n, U step, U sum) {
    _Alignas(32) U lanes[32 / sizeof(T)];
    for (size_t i = 0; i < 32 / sizeof(T); i++)
        lanes[i] = step;
    const __m256i steps = _mm256_load_si256((const __m256i *)lanes);
    struct NAME(prefix) prefix = NAME(prefix_begin)((T)sum);
    for (size_t i = 0; i < n; i += 32 / sizeof(T)) {
        __m256i *const at = (__m256i *)(r + i);
        const __m256i v = PASTE(_mm256_add_epi, BITS)(_mm256_loadu_si256(at), steps);
        _mm256_storeu_si256(at, NAME(prefix_next)(&prefix, v));
    }
    return (U)NAME(prefix_end)(&prefix);
}
#endif

static void NAME(cumsum_wrapping)(void *x, size_t n, int64_t step, int64_t *running) {
    T *r = x;
    U sum = (U)*running;
    size_t done = 0;
#ifdef SQA_AVX2
    done = n - n % (32 / sizeof(T));
    sum = NAME(cumsum_wrapping_vectors)(r, done, (U)step, sum);
#endif
    *running = (T)NAME(cumsum_wrapping_plain)(r + done, n - done, (U)step, sum);
}
