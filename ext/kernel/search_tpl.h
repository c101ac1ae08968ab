/*
** Template: searches for positions. Parameters T, U, NAME as in map_tpl.h; NAME(any) of
** set_tpl.h. Inputs may have any address.
*/

/* Number of searches that are made in parallel, so that their cache misses overlap. */
#define LANES 8

/*
** Searches for n <= LANES values. Elements are compared as 64-bit integers because a value may be
** outside T.
*/
static inline void NAME(bound_lanes)(int64_t *dst, const NAME(any) * x, size_t m, const int64_t *v,
                                     size_t n, bool right) {
    size_t at[LANES] = {0};
    for (size_t left = m; left > 0;) {
        const size_t half = left - left / 2; /* at least 1 */
        for (size_t j = 0; j < n; j++) {     /* has no branch, which would be mispredicted */
            const int64_t y = x[at[j] + half - 1];
            at[j] += half & (0 - (size_t)((y < v[j]) | ((y == v[j]) & right)));
        }
        left -= half;
    }
    for (size_t j = 0; j < n; j++)
        dst[j] = (int64_t)at[j];
}

static void NAME(bound)(int64_t *dst, const void *a, size_t m, const int64_t *v, size_t n,
                        bool right) {
    size_t i = 0;
    for (; i + LANES <= n; i += LANES)
        NAME(bound_lanes)(dst + i, a, m, v + i, LANES, right);
    NAME(bound_lanes)(dst + i, a, m, v + i, n - i, right);
}

#undef LANES

/*
** Returns the start of the largest suffix of b[0..m), m > 0, and sets *period to its period. With
** `least` the order of the elements is reversed.
*/
static size_t NAME(largest_suffix)(const NAME(any) * b, size_t m, bool least, size_t *period,
                                   struct sqa_poll *poll) {
    /* b[start+k..] is compared with b[rival+k..]; the first k elements are equal */
    size_t start = 0, rival = 1, k = 0;
    *period = 1;
    for (size_t steps = 1; rival + k < m; steps++) {
        if (steps % SQA_RUN == 0 && sqa_stopped(poll))
            break;
        const T x = b[start + k], y = b[rival + k];
        if (x == y) {
            if (++k == *period) {
                rival += k;
                k = 0;
            }
            /* the rival is smaller, and so are all suffixes that begin within it */
        } else if ((y < x) != least) {
            rival += k + 1;
            k = 0;
            *period = rival - start;
        } else {
            start = rival++;
            k = 0;
            *period = 1;
        }
    }
    return start;
}

/* Returns the first position from i on and below m where a and b differ, or m if there is none. */
static inline size_t NAME(differ)(const NAME(any) * a, const NAME(any) * b, size_t i, size_t m,
                                  struct sqa_poll *poll) {
    while (i < m) {
        const size_t end = m - i < SQA_RUN ? m : i + SQA_RUN;
        while (i < end && a[i] == b[i])
            i++;
        if (i < end || (i < m && sqa_stopped(poll)))
            break;
    }
    return i;
}

/*
** The Two-Way algorithm (Crochemore, Perrin: "Two-way string-matching", JACM 38(3), 1991). It
** needs at most about 2n comparisons for any elements, and no table. b is cut at a critical
** position. Its right part is compared forwards, then its left part backwards. After a mismatch
** on the right, the window moves past the elements that matched; after one on the left, by the
** period. If all of b has this period, the elements that stay in the window are known to match
** (`known`) and are not compared again. 0 < m <= n.
*/
static size_t NAME(two_way)(const NAME(any) * a, size_t n, const NAME(any) * b, size_t m,
                            struct sqa_poll *poll) {
    size_t period, other_period;
    size_t cut = NAME(largest_suffix)(b, m, false, &period, poll);
    const size_t other_cut = NAME(largest_suffix)(b, m, true, &other_period, poll);
    if (sqa_was_stopped(poll))
        return n; /* the cuts are undefined after a stop */
    if (other_cut > cut) {
        cut = other_cut;
        period = other_period;
    }
    /* the period is not longer than the right part, so memcmp() does not read past b */
    const bool periodic = memcmp(b, b + period, cut * sizeof(T)) == 0;
    if (!periodic)
        period = (cut > m - cut ? cut : m - cut) + 1;
    size_t known = 0, work = 0;
    for (size_t at = 0; at <= n - m;) {
        if (work >= SQA_RUN) {
            work = 0;
            if (sqa_stopped(poll))
                break;
        }
        size_t i = NAME(differ)(a + at, b, cut > known ? cut : known, m, poll);
        work += i - cut + 1;
        if (i < m) {
            at += i - cut + 1;
            known = 0;
            continue;
        }
        for (i = cut; i > known && a[at + i - 1] == b[i - 1]; i--) {
            if (i % SQA_RUN == 0 && sqa_stopped(poll))
                break;
        }
        if (i <= known)
            return at;
        work += cut - i;
        at += period;
        known = periodic ? m - period : 0;
    }
    return n;
}

#define STEP 64

/*
** As long as b[0] is rare, it is searched for in steps without a branch, and b is compared at
** each place. If these comparisons take too long, the Two-Way algorithm takes over.
*/
static size_t NAME(match)(const void *a, size_t n, const void *b, size_t m, struct sqa_poll *poll) {
    const NAME(any) *x = a, *y = b;
    if (m > n)
        return n;
    const T first = y[0];
    const size_t ends = n - m + 1; /* the number of positions where b could begin */
    size_t i = 0, work = 0, asked = 0;
    while (i < ends) {
        if (i + work - asked >= SQA_RUN) {
            asked = i + work;
            if (sqa_stopped(poll))
                break;
        }
        const size_t end = ends - i < SQA_RUN ? ends : i + SQA_RUN;
        for (; i + STEP <= end; i += STEP) {
            U hit = 0;
            for (size_t j = 0; j < STEP; j++)
                hit |= (U)(x[i + j] == first);
            if (hit != 0)
                break;
        }
        while (i < end && x[i] != first)
            i++;
        if (i == end)
            continue;
        const size_t same = NAME(differ)(x + i, y, 1, m, poll);
        if (same == m)
            return i;
        work += same + STEP / 8;
        if (work > 4 * (i + STEP))
            return i + NAME(two_way)(x + i, n - i, y, m, poll);
        i++;
    }
    return n;
}

#undef STEP
