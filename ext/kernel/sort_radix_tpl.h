/*
** Sorting without comparisons: by counting for 8 and 16 bits, and by radix for 16, 32 and 64
** bits. Takes O(n) time for any elements. Included by sort_tpl.h and uses its parameters.
*/

static inline void NAME(sort_copy)(T *dst, const T *a, size_t n, struct sqa_poll *poll) {
    for (size_t at = 0, m; (m = sqa_next_run(n, at, poll)) > 0; at += m)
        memcpy(dst + at, a + at, m * sizeof(T));
}

/* Converts x to an unsigned number with the same order. The reverse conversion is the same. */
#define KEY(x) ((U)((U)(x) ^ (U)((U)1 << (BITS - 1))))

#if BITS == 8
static void NAME(sort_count)(T *a, size_t n, struct sqa_poll *poll) {
    /*
    ** Four sets of counters are used in turn, because two additions to the same counter have to
    ** wait for each other.
    */
    size_t count[4][256] = {{0}};
    size_t i = 0;
    for (size_t at = 0, m; (m = sqa_next_run(n, at, poll)) > 0; at += m) {
        for (; i + 4 <= at + m; i += 4) {
            for (size_t j = 0; j < 4; j++)
                count[j][KEY(a[i + j])]++;
        }
    }
    if (sqa_was_stopped(poll))
        return;
    for (; i < n; i++)
        count[0][KEY(a[i])]++;
    for (unsigned key = 0; key < 256; key++) {
        const size_t run = count[0][key] + count[1][key] + count[2][key] + count[3][key];
        for (size_t at = 0, m; (m = sqa_next_run(run, at, poll)) > 0; at += m)
            memset(a + at, KEY(key), m);
        a += run;
    }
}
#endif

#if BITS == 16
/* From this n on, b has room for a 32-bit counter for each value, whatever its alignment */
#define COUNT_MIN (2 * 65536 + 1)

static void NAME(sort_count)(T *a, T *b, size_t n, struct sqa_poll *poll) {
    uint32_t *const count = (void *)(b + (uintptr_t)b / sizeof(T) % 2);
    memset(count, 0, 65536 * sizeof(*count));
    for (size_t at = 0, m; (m = sqa_next_run(n, at, poll)) > 0; at += m) {
        for (size_t i = at; i < at + m; i++)
            count[KEY(a[i])]++;
    }
    for (unsigned key = 0; key < 65536; key++) {
        for (size_t at = 0, m; (m = sqa_next_run(count[key], at, poll)) > 0; at += m) {
            for (size_t left = m; left > 0; left--)
                *a++ = (T)KEY(key);
        }
    }
}
#endif

#if BITS > 8
/*
** Sorts by bytes, the least significant one first. All bytes are counted in one pass beforehand,
** because the counts do not depend on the order. A byte that all elements share needs no pass.
*/
static void NAME(sort_radix)(T *a, T *b, size_t n, struct sqa_poll *poll) {
    size_t at[BITS / 8][256] = {{0}};
    for (size_t done = 0, m; (m = sqa_next_run(n, done, poll)) > 0; done += m) {
        for (size_t i = done; i < done + m; i++) {
            const U key = KEY(a[i]);
            for (int byte = 0; byte < BITS / 8; byte++)
                at[byte][key >> 8 * byte & 255]++;
        }
    }
    sqa_prefault(b, n * sizeof(T), poll);
    if (sqa_was_stopped(poll))
        return; /* after a stop the counts are incomplete */
    T *from = a, *to = b;
    for (int byte = 0; byte < BITS / 8; byte++) {
        if (at[byte][KEY(a[0]) >> 8 * byte & 255] == n)
            continue;
        /* converts counts to the positions where the elements with each byte begin */
        size_t start = 0;
        for (int value = 0; value < 256; value++) {
            const size_t count = at[byte][value];
            at[byte][value] = start;
            start += count;
        }
        for (size_t done = 0, m; (m = sqa_next_run(n, done, poll)) > 0; done += m) {
            for (size_t i = done; i < done + m; i++) {
                const T x = from[i];
                to[at[byte][KEY(x) >> 8 * byte & 255]++] = x;
            }
        }
        if (sqa_was_stopped(poll))
            return;
        T *const swap = from;
        from = to;
        to = swap;
    }
    if (from != a)
        NAME(sort_copy)(a, from, n, poll);
}
#endif
