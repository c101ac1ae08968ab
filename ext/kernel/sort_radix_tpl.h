/*
** Sorting without comparing: by counting for 8 and 16 bits, by radix for 16, 32 and 64. In time
** O(n) whatever the elements are. Included by sort_tpl.h, with its parameters.
*/

static inline void NAME(sort_copy)(T *dst, const T *a, size_t n, struct sqa_poll *poll) {
    for (size_t at = 0, m; (m = sqa_next_run(n, at, poll)) > 0; at += m)
        memcpy(dst + at, a + at, m * sizeof(T));
}

/* The number that stands for x: unsigned, in the order of the signed elements; its own inverse */
#define KEY(x) ((U)((U)(x) ^ (U)((U)1 << (BITS - 1))))

#if BITS == 8
static void NAME(sort_count)(T *a, size_t n, struct sqa_poll *poll) {
    /* Four sets of counters are used in turn: two additions to one counter have to wait for each other. */
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
/* The n from which on b has room for a 32-bit counter for each value, wherever it begins */
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
** Least significant byte first. All bytes are counted in one pass ahead, as their counts do not
** depend on the order; a byte that all elements share needs no pass of its own.
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
        return; /* the counts have not become places */
    T *from = a, *to = b;
    for (int byte = 0; byte < BITS / 8; byte++) {
        if (at[byte][KEY(a[0]) >> 8 * byte & 255] == n)
            continue;
        size_t start = 0; /* from counts to where the elements with that byte begin */
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
