/*
** Template: kernels for ascending integers in the form of bits, which are used to store posting
** lists and to combine them. Parameters T, U, NAME as in map_tpl.h. Bit i of a bitmap is bit i %
** 8 of byte i / 8.
*/

static void NAME(and_into)(void *dst, const void *a, size_t n) {
    T *restrict r = dst;
    const T *restrict x = a;
    for (size_t i = 0; i < n; i++)
        r[i] = (T)(r[i] & x[i]);
}

static void NAME(or_into)(void *dst, const void *a, size_t n) {
    T *restrict r = dst;
    const T *restrict x = a;
    for (size_t i = 0; i < n; i++)
        r[i] = (T)(r[i] | x[i]);
}

static void NAME(and_not_into)(void *dst, const void *a, size_t n) {
    T *restrict r = dst;
    const T *restrict x = a;
    for (size_t i = 0; i < n; i++)
        r[i] = (T)(r[i] & ~x[i]);
}

/* Reads `size` <= 8 bytes at p, which may have any address, as a little-endian number. */
static inline uint64_t NAME(load_word)(const unsigned char *p, size_t size) {
    uint64_t word = 0;
    memcpy(&word, p, size);
    return sqa_little_endian(word);
}

/*
** Returns the number of bits that are 1, without a table and without multiplications, so that
** compilers vectorize it.
*/
static inline uint64_t NAME(word_ones)(uint64_t x) {
#ifdef SQA_AVX2
    return (uint64_t)__builtin_popcountll(x);
#else
    x -= x >> 1 & 0x5555555555555555;
    x = (x & 0x3333333333333333) + (x >> 2 & 0x3333333333333333);
    x = (x + (x >> 4)) & 0x0f0f0f0f0f0f0f0f;
    x += x >> 8;
    x += x >> 16;
    x += x >> 32;
    return x & 127;
#endif
}

static size_t NAME(ones)(const void *a, size_t n) {
    const unsigned char *p = a;
    const size_t size = n * sizeof(T), whole = size / 8 * 8;
    uint64_t ones = 0;
    for (size_t i = 0; i < whole; i += 8)
        ones += NAME(word_ones)(NAME(load_word)(p + i, 8));
    return (size_t)(ones + NAME(word_ones)(NAME(load_word)(p + whole, size - whole)));
}

/*
** Writes the integers of the bits that are 1 in a word, in ascending order. Bit 0 stands for
** base. Returns their number.
*/
static inline size_t NAME(word_positions)(T *dst, uint64_t word, U base) {
    size_t n = 0;
#if BITS == 64 && defined(SQA_AVX512)
    __m512i at = _mm512_add_epi64(NAME(lane_numbers)(), V_SET1((T)base));
    const bool is_dense = __builtin_popcountll(word) > 8; /* else one by one is as fast */
    for (; is_dense && word != 0; word >>= 8) {
        n += NAME(put_lanes)(dst + n, at, (LANE_MASK)word, true);
        at = _mm512_add_epi64(at, V_SET1(8));
    }
#endif
    for (; word != 0; word &= word - 1)
        dst[n++] = (T)(U)(base + (U)__builtin_ctzll(word));
    return n;
}

static size_t NAME(bit_positions)(void *dst, const unsigned char *bits, size_t n, int64_t base) {
    T *r = dst;
    size_t found = 0, i = 0;
    for (; i + 64 <= n; i += 64)
        found += NAME(word_positions)(r + found, NAME(load_word)(bits + i / 8, 8),
                                      (U)((uint64_t)base + i));
    if (i < n) {
        const uint64_t last = NAME(load_word)(bits + i / 8, (n - i + 7) / 8);
        found += NAME(word_positions)(r + found, last & (((uint64_t)1 << (n - i)) - 1),
                                      (U)((uint64_t)base + i));
    }
    return found;
}

static void NAME(bit_put)(unsigned char *bits, const void *at, size_t n, int64_t base, bool one) {
    const T *x = at;
    if (one) {
        for (size_t i = 0; i < n; i++) {
            const uint64_t bit = (uint64_t)x[i] - (uint64_t)base;
            bits[bit / 8] = (unsigned char)(bits[bit / 8] | 1u << bit % 8);
        }
    } else {
        for (size_t i = 0; i < n; i++) {
            const uint64_t bit = (uint64_t)x[i] - (uint64_t)base;
            bits[bit / 8] = (unsigned char)(bits[bit / 8] & ~(1u << bit % 8));
        }
    }
}

static size_t NAME(bit_filter)(void *dst, const void *at, size_t n, const unsigned char *bits,
                               int64_t base, bool one) {
    T *r = dst;
    const T *x = at;
    const unsigned other = !one;
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        const uint64_t bit = (uint64_t)x[i] - (uint64_t)base;
        r[kept] = x[i];
        kept += (bits[bit / 8] >> bit % 8 & 1u) ^ other;
    }
    return kept;
}

#if BITS == 64 && defined(SQA_AVX512)
/* For low_bits <= 57: first the high bits of all, then, eight at a time, the low ones. */
static size_t NAME(elias_fano_vectors)(T *r, const unsigned char *data, size_t size, size_t n,
                                       unsigned low_bits, int64_t base) {
    const size_t low_size = (n * low_bits + 7) / 8, high_size = size - low_size;
    const struct sqa_eights lows = sqa_eights_of(low_bits);
    const __m512i numbers = NAME(lane_numbers)();
    size_t found = 0;
    for (size_t at = 0; at < high_size && found < n; at += 8) {
        const size_t left = high_size - at, wanted = n - found;
        uint64_t word = NAME(load_word)(data + low_size + at, left < 8 ? left : 8);
        if ((size_t)__builtin_popcountll(word) > wanted) /* then wanted < 64 */
            word = _pdep_u64(((uint64_t)1 << wanted) - 1, word);
        found += NAME(word_positions)(r + found, word, at * 8);
    }
    for (size_t i = 0; i < found; i += 8) {
        const size_t at = i / 8 * low_bits, count = found - i < 8 ? found - i : 8;
        __m512i v = _mm512_maskz_loadu_epi64(NAME(first_lanes)(count), r + i);
        v = _mm512_sub_epi64(v, _mm512_add_epi64(numbers, V_SET1((T)i)));
        v = _mm512_sll_epi64(v, _mm_cvtsi32_si128((int)low_bits));
        v = _mm512_or_si512(v, sqa_eights_at(&lows, data + at, size + SQA_ELIAS_FANO_SLACK - at));
        NAME(put_eight)(r + i, _mm512_add_epi64(v, V_SET1(base)), count);
    }
    return found;
}
#endif

/*
** Elias-Fano code (Elias, "Efficient storage and retrieval by content and address of static
** files", 1974). The low bits of an integer are read with one unaligned load of 8 bytes, which
** contains up to 57 of them. If there are more, the rest is in the following byte.
*/
static size_t NAME(elias_fano)(void *dst, const unsigned char *data, size_t size, size_t n,
                               unsigned low_bits, int64_t base) {
    T *r = dst;
#if BITS == 64 && defined(SQA_AVX512)
    if (low_bits <= 57)
        return NAME(elias_fano_vectors)(r, data, size, n, low_bits, base);
#endif
    const size_t low_size = (n * low_bits + 7) / 8;
    const unsigned char *const high = data + low_size;
    const size_t high_size = size - low_size;
    const uint64_t mask = ((uint64_t)1 << low_bits) - 1;
    size_t i = 0;
    for (size_t at = 0; at < high_size && i < n; at += 8) {
        const size_t left = high_size - at;
        uint64_t word = NAME(load_word)(high + at, left < 8 ? left : 8);
        for (; word != 0 && i < n; word &= word - 1, i++) {
            const size_t bit = i * low_bits;
            const uint64_t above = at * 8 + (uint64_t)__builtin_ctzll(word) - i;
            uint64_t low = NAME(load_word)(data + bit / 8, 8) >> bit % 8;
            if (low_bits > 57 && bit % 8 > 0)
                low |= (uint64_t)data[bit / 8 + 8] << (64 - bit % 8);
            r[i] = (T)(U)((uint64_t)base + (above << low_bits | (low & mask)));
        }
    }
    return i;
}
