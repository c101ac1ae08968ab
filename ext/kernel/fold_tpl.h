/*
** Template: kernels that combine a vector with another one in place, and kernels that count. They
** are used by aggregates and histograms. Parameters T, NAME as in map_tpl.h.
*/

static void NAME(least_into)(void *dst, const void *a, size_t n) {
    T *restrict r = dst;
    const T *restrict x = a;
    for (size_t i = 0; i < n; i++)
        r[i] = x[i] < r[i] ? x[i] : r[i];
}

static void NAME(greatest_into)(void *dst, const void *a, size_t n) {
    T *restrict r = dst;
    const T *restrict x = a;
    for (size_t i = 0; i < n; i++)
        r[i] = x[i] > r[i] ? x[i] : r[i];
}

static void NAME(add_into)(uint64_t *dst, const void *a, size_t n) {
    uint64_t *restrict r = dst;
    const T *restrict x = a;
    for (size_t i = 0; i < n; i++)
        r[i] += (uint64_t)x[i];
}

static void NAME(sub_into)(uint64_t *dst, const void *a, size_t n) {
    uint64_t *restrict r = dst;
    const T *restrict x = a;
    for (size_t i = 0; i < n; i++)
        r[i] -= (uint64_t)x[i];
}

static void NAME(tally)(void *counts, const int64_t *at, size_t n) {
    T *restrict r = counts;
    for (size_t i = 0; i < n; i++)
        r[at[i]]++;
}
