/*
** Template: kernels that compare each element of one vector of up to SQA_FEW elements with each
** element of another. The time is quadratic, but for so few elements it is short: a vector is
** compared at a time, no branch depends on the elements, and nothing has to be sorted. Parameters
** T, BITS, NAME as in map_tpl.h; NAME(any) of set_tpl.h, NAME(sort_any) of sort_tpl.h. Inputs may
** have any address.
**
** Measured on Zen 5 with avx2 for 16 and 64 elements of 2 bytes: set_of_few 35 and 146 ns, sort
** and unique 108 and 601 ns.
*/

#if defined(SQA_AVX2)
#define VECTOR 32 /* bytes */
#else
#define VECTOR 16
#endif
#define LANES ((size_t)(VECTOR / sizeof(T)))
typedef T NAME(few_lanes) __attribute__((vector_size(VECTOR)));
typedef uint8_t NAME(few_bytes) __attribute__((vector_size(VECTOR / sizeof(T))));

/* Loads the elements at x, of which `left` exist, into v. The other lanes become 0. */
static inline void NAME(few_load)(NAME(few_lanes) * v, const NAME(any) * x, size_t left) {
    if (left >= LANES) {
        memcpy(v, x, sizeof *v);
    } else {
        T some[LANES] = {0};
        memcpy(some, x, left * sizeof(T));
        memcpy(v, some, sizeof *v);
    }
}

#if BITS == 64 || defined(SQA_AVX2)
/* Sorts, which is faster for this width and instruction set. */
static size_t NAME(set_of_few)(void *dst, const void *a, size_t n) {
    T sorted[2 * SQA_FEW]; /* the sorting network may write so many */
#if defined(SQA_AVX2)
    NAME(sort_network)(a, sorted, n);
#else
    T spare[SQA_FEW];
    if (n > 0)
        memcpy(sorted, a, n * sizeof(T));
    NAME(sort_any)(sorted, spare, n, NULL);
#endif
#if defined(SQA_AVX512)
    return NAME(unique)(dst, sorted, n);
#else
    T *r = dst;
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        kept += i > 0 && sorted[i] != sorted[i - 1];
        r[kept] = sorted[i];
    }
    return kept + (n > 0);
#endif
}
#else
/*
** The position of an element is the number of smaller elements. Equal elements get the same
** position, and unused positions are left out at the end.
*/
static size_t NAME(set_of_few)(void *dst, const void *a, size_t n) {
    const NAME(any) *x = a;
    T places[SQA_FEW], placed[SQA_FEW] = {0}, *r = dst;
    uint64_t taken = 0;
    size_t kept = 0;
    for (size_t i = 0; i < n; i += LANES) {
        NAME(few_lanes) v, smaller = {0};
        NAME(few_load)(&v, x + i, n - i);
        /* the comparison gives -1 where it is true */
        for (size_t j = 0; j < n; j++)
            smaller -= (NAME(few_lanes)){0} + x[j] < v;
        memcpy(places + i, &smaller, sizeof smaller);
    }
    for (size_t i = 0; i < n; i++) {
        placed[places[i]] = x[i];
        taken |= (uint64_t)1 << places[i];
    }
    for (size_t i = 0; i < n; i++) {
        r[kept] = placed[i];
        kept += taken >> i & 1;
    }
    return kept;
}
#endif

static void NAME(among_few)(uint8_t *dst, const void *a, size_t n, const void *b, size_t m) {
    const NAME(any) *x = a, *y = b;
    uint8_t found[SQA_FEW];
    for (size_t i = 0; i < n; i += LANES) {
        NAME(few_lanes) v, hit = {0};
        NAME(few_load)(&v, x + i, n - i);
        for (size_t j = 0; j < m; j++)
            hit |= (NAME(few_lanes)){0} + y[j] == v;
        const NAME(few_bytes) bytes = __builtin_convertvector(hit, NAME(few_bytes)) & 1;
        memcpy(found + i, &bytes, sizeof bytes);
    }
    if (n > 0)
        memcpy(dst, found, n);
}

#undef LANES
#undef VECTOR
