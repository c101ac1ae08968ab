/*
** Template: removes repeated elements from a vector and keeps the order. Parameters T, U, BITS,
** NAME as in map_tpl.h; NAME(any) of set_tpl.h. Inputs may have any address.
*/

/* Bit i of seen tells whether the integer lo + i has occurred. All elements are such integers. */
static size_t NAME(distinct_range)(void *dst, const void *a, size_t n, int64_t lo, uint64_t *seen) {
    T *r = dst;
    const NAME(any) *x = a;
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        const T v = x[i];
        const uint64_t at = (uint64_t)v - (uint64_t)lo;
        const uint64_t word = seen[at >> 6], bit = (uint64_t)1 << (at & 63);
        seen[at >> 6] = word | bit;
        r[kept] = v;
        kept += (word & bit) == 0;
    }
    return kept;
}

#if BITS < 32

static size_t NAME(distinct)(void *dst, const void *a, size_t n, void *scratch,
                             struct sqa_poll *poll) {
    uint64_t seen[(1 << BITS) / 64];
    const int64_t least = -(1 << (BITS - 1));
    size_t kept = 0;
    (void)scratch;
    memset(seen, 0, sizeof seen);
    for (size_t at = 0, m; (m = sqa_next_run(n, at, poll)) > 0; at += m)
        kept += NAME(distinct_range)((T *)dst + kept, (const NAME(any) *)a + at, m, least, seen);
    return kept;
}

#else

/*
** A single hash table for all elements would cause a cache miss for each one. So the elements are
** first distributed to buckets whose hash tables fit the cache. The hash function is a bijection,
** so the hashes are distributed in place of the elements. Within a bucket they keep their order.
** A second pass over the input visits the buckets' entries in the same order and finds there
** whether each element was new. Measured for 10^6 different elements of 32 bits on Zen 4: 6 ns an
** element; 8 ns with tables of half the size; 25 ns with a single table.
*/

/*
** Multiplications by odd numbers, and a XOR with the shifted value: each step is a bijection. The
** constants are those of MurmurHash3.
*/
static inline U NAME(hash)(T x) {
#if BITS == 32
    U h = (U)x * 0x85ebca6bu;
    h ^= h >> 15;
    return h * 0xc2b2ae35u;
#else
    U h = (U)x * 0xff51afd7ed558ccdu;
    h ^= h >> 32;
    return h * 0xc4ceb9fe1a85ec53u;
#endif
}

/*
** Replaces each hash of one bucket by 1 where it occurs first, and by 0 elsewhere. The table has
** 1 << table_bits entries; `empty` is a value that is not a hash of this bucket. Returns false if
** the table becomes too full, or if there are so many collisions that it would take too long.
*/
static bool NAME(distinct_bucket)(U *s, size_t n, unsigned bucket_bits, U *table,
                                  unsigned table_bits, U empty) {
    const size_t mask = ((size_t)1 << table_bits) - 1;
    const size_t most = mask - mask / 4, patience = 16 * n + 256;
    size_t used = 0, probes = 0;
    for (size_t i = 0; i <= mask; i++)
        table[i] = empty;
    for (size_t i = 0; i < n; i++) {
        const U h = s[i];
        size_t at = (size_t)((U)(h << bucket_bits) >> (BITS - table_bits));
        /* one branch for both cases, because which of them ends the loop is unpredictable */
        while ((table[at] != h) & (table[at] != empty)) {
            at = (at + 1) & mask;
            probes++;
        }
        const bool is_new = table[at] == empty;
        used += is_new;
        if (used == most || probes > patience)
            return false;
        table[at] = h;
        s[i] = is_new;
    }
    return true;
}

static size_t NAME(distinct)(void *dst, const void *a, size_t n, void *scratch,
                             struct sqa_poll *poll) {
    enum { BUCKET = 1024, MOST_BITS = 9, LEAST_TABLE = 64 };
    T *r = dst;
    const NAME(any) *x = a;
    /* at least two buckets, so that each has a value for `empty` */
    unsigned bucket_bits = 1, table_bits = 1;
    while (bucket_bits < MOST_BITS && n >> bucket_bits > BUCKET)
        bucket_bits++;
    const unsigned buckets = 1u << bucket_bits, shift = BITS - bucket_bits;
    while ((size_t)1 << table_bits < 4 * (n >> bucket_bits) + LEAST_TABLE)
        table_bits++;
    U *const table = scratch, *const spread = table + ((size_t)1 << table_bits);

    size_t end[1 << MOST_BITS] = {0}, at[1 << MOST_BITS];
    for (size_t done = 0, m; (m = sqa_next_run(n, done, poll)) > 0; done += m) {
        for (size_t i = done; i < done + m; i++)
            end[NAME(hash)(x[i]) >> shift]++;
    }
    sqa_prefault(spread, n * sizeof *spread, poll);
    if (sqa_was_stopped(poll))
        return 0; /* after a stop the counts are incomplete */
    for (size_t b = 0, sum = 0; b < buckets; b++) {
        at[b] = sum;
        sum += end[b];
        end[b] = sum;
    }
    for (size_t done = 0, m; (m = sqa_next_run(n, done, poll)) > 0; done += m) {
        for (size_t i = done; i < done + m; i++) {
            const U h = NAME(hash)(x[i]);
            spread[at[h >> shift]++] = h;
        }
    }
    for (size_t b = 0; b < buckets; b++) {
        if (n > SQA_RUN && sqa_stopped(poll))
            return 0;
        const size_t start = b > 0 ? end[b - 1] : 0;
        const U empty = b + 1 < buckets ? (U) ~(U)0 : 0;
        if (!NAME(distinct_bucket)(spread + start, end[b] - start, bucket_bits, table, table_bits,
                                   empty))
            return SIZE_MAX;
        at[b] = start;
    }
    size_t kept = 0;
    for (size_t done = 0, m; (m = sqa_next_run(n, done, poll)) > 0; done += m) {
        for (size_t i = done; i < done + m; i++) {
            const T v = x[i];
            r[kept] = v;
            kept += (size_t)spread[at[NAME(hash)(v) >> shift]++];
        }
    }
    return kept;
}

#endif
