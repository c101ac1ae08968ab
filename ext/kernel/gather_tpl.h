/*
** Template: kernels that read or write at given positions, and one that repeats elements.
** Parameters T, U, BITS, NAME as in map_tpl.h.
*/

#define T_ANY PASTE(PASTE(sqa_int, BITS), _any)

/*
** For few repetitions the input is read once for each repetition, because short inner loops would
** cost more than the stores.
*/
static void NAME(repeat)(void *dst, const void *a, size_t n, size_t times) {
    T *restrict r = dst;
    const T *restrict x = a;
    if (times < 8) {
        for (size_t j = 0; j < times; j++) {
            for (size_t i = 0; i < n; i++)
                r[i * times + j] = x[i];
        }
        return;
    }
    for (size_t i = 0; i < n; i++, r += times) {
        for (size_t j = 0; j < times; j++)
            r[j] = x[i];
    }
}

/*
** The position is index - 1 or index + count. Both become at least count for an index that is
** outside. For the narrow types 32 bits suffice: if -index > count, index + count becomes 2^32 +
** index + count, which is at least 2^31.
*/
static void NAME(places)(uint32_t *dst, const void *index, size_t n, size_t count,
                         uint32_t outside) {
#if BITS == 64
    typedef uint64_t place;
#else
    typedef uint32_t place;
#endif
    const T *restrict x = index;
    uint32_t *restrict r = dst;
    const place limit = (place)count;
    for (size_t i = 0; i < n; i++) {
        const place at = (place)x[i] + (x[i] < 0 ? limit : (place)-1);
        r[i] = at < limit ? (uint32_t)at : outside;
    }
}

static void NAME(gather)(void *dst, const void *a, const uint32_t *place, size_t n) {
    T *restrict r = dst;
    const T_ANY *restrict x = a;
    const uint32_t *restrict at = place;
    for (size_t i = 0; i < n; i++)
        r[i] = x[at[i]];
}

static void NAME(scatter)(void *dst, const uint32_t *place, const void *a, size_t n) {
    T *restrict r = dst;
    const T *restrict x = a;
    const uint32_t *restrict at = place;
    for (size_t i = 0; i < n; i++)
        r[at[i]] = x[i];
}

static size_t NAME(scatter_add)(void *dst, const uint32_t *place, const void *a, size_t n) {
    T *restrict r = dst;
    const T *restrict x = a;
    const uint32_t *restrict at = place;
    size_t i = 0;
    for (T sum; i < n && !__builtin_add_overflow(r[at[i]], x[i], &sum); i++)
        r[at[i]] = sum;
    return i;
}

#undef T_ANY
