/*
** Template: integers in a few bits each. Parameters T, U, BITS, NAME as in map_tpl.h.
**
** A block of 1,024 elements is interleaved as in FastLanes (Afroozeh, Boncz: "The FastLanes
** Compression Layout", PVLDB 16(9), 2023): a row has 1,024 bits and is divided into lanes of BITS
** bits, each of which belongs to one element. All lanes of a row are shifted by the same
** distance, so vectors of any size can be used. Rows are processed as 64-bit words, and masks
** remove the bits that a shift moves into the next lane. So lanes of 8 bits need no shifts of
** 8-bit elements, which processors lack.
*/
#ifndef SQA_PACK_ROWS
#define SQA_PACK_ROWS

enum { SQA_ROW_WORDS = 16 }; /* number of 64-bit words in a row */
typedef uint64_t sqa_word_any __attribute__((aligned(1), may_alias));

/* Returns a word whose `bits` <= 64 lowest bits are 1. */
static inline uint64_t sqa_low_ones(unsigned bits) {
    return bits == 0 ? 0 : UINT64_MAX >> (64 - bits);
}

/*
** Defines a loop over the words of a row. Compilers vectorize the loop, but not the 16 statements
** into which GCC would otherwise unroll it first. Measured on Zen 4 for 1,024 elements of 16 bits
** packed into 10: 0.046 ns instead of 0.099 ns an element.
*/
#define SQA_ROW_LOOP(statement)                                                                    \
    _Pragma("GCC unroll 1") for (unsigned j = 0; j < SQA_ROW_WORDS; j++) {                         \
        statement;                                                                                 \
    }

/*
** Writes x to the lanes of `to`, from bit `shift` on. If shift is 0 the old contents are
** overwritten; otherwise the bits from `shift` on must be 0.
*/
static inline void sqa_row_put(sqa_word_any *restrict to, const sqa_word_any *restrict x,
                               uint64_t keep, unsigned shift, uint64_t low) {
    if (shift == 0)
        SQA_ROW_LOOP(to[j] = x[j] & keep)
    else
        SQA_ROW_LOOP(to[j] |= (x[j] & keep) << shift & low)
}

/*
** Begins a row with the bits that did not fit the previous row: x without its `done` lowest bits.
*/
static inline void sqa_row_begin(sqa_word_any *restrict to, const sqa_word_any *restrict x,
                                 uint64_t keep, unsigned done, uint64_t high) {
    SQA_ROW_LOOP(to[j] = (x[j] & keep) >> done & high)
}

/* Reads elements that are in one row, from bit `shift` of their lanes on. */
static inline void sqa_row_take(sqa_word_any *restrict r, const sqa_word_any *restrict from,
                                unsigned shift, uint64_t low) {
    SQA_ROW_LOOP(r[j] = from[j] >> shift & low)
}

/* Reads elements that begin in this row, and whose bits from bit `rest` on are in the next row. */
static inline void sqa_row_take_both(sqa_word_any *restrict r, const sqa_word_any *restrict from,
                                     unsigned shift, uint64_t low, unsigned rest, uint64_t high) {
    /* rest is less than BITS, because elements that begin at bit 0 of a lane end in the same row */
    /* cppcheck-suppress shiftTooManyBits */
    SQA_ROW_LOOP(r[j] = (from[j] >> shift & low) | (from[j + SQA_ROW_WORDS] << rest & high))
}

#undef SQA_ROW_LOOP

/*
** Returns the element of `bits` bits that begins at bit `at` of data. Reads only bytes that have
** bits of it.
*/
static inline uint64_t sqa_bits_at(const unsigned char *data, size_t at, unsigned bits) {
    const unsigned char *p = data + at / 8;
    const unsigned skip = (unsigned)(at % 8), size = (skip + bits + 7) / 8;
    uint64_t low = 0;
    memcpy(&low, p, size < 8 ? size : 8);
    low >>= skip;
    if (size > 8)
        low |= (uint64_t)p[8] << (64 - skip);
    return low & sqa_low_ones(bits);
}
#endif

/* A word with x in every lane */
#define IN_LANES(x) ((uint64_t)(U)(x) * (UINT64_MAX / (U) ~(U)0))

static void NAME(pack)(unsigned char *dst, const void *a, unsigned bits) {
    const sqa_word_any *x = a;
    sqa_word_any *to = (sqa_word_any *)(void *)dst;
    const uint64_t keep = IN_LANES(sqa_low_ones(bits));
    unsigned used = 0; /* number of bits in use in the lanes of the row at `to` */
    if (bits == 0)
        return;
    for (unsigned row = 0; row < BITS; row++, x += SQA_ROW_WORDS) {
        const unsigned shift = used;
        sqa_row_put(to, x, keep, shift, IN_LANES((U) ~(U)0 << shift));
        used += bits;
        if (used >= BITS) {
            used -= BITS;
            to += SQA_ROW_WORDS;
            if (used > 0)
                sqa_row_begin(to, x, keep, BITS - shift, IN_LANES((U) ~(U)0 >> (BITS - shift)));
        }
    }
}

static void NAME(unpack)(void *dst, const unsigned char *data, unsigned bits) {
    sqa_word_any *r = dst;
    const sqa_word_any *from = (const sqa_word_any *)(const void *)data;
    const U keep = (U)sqa_low_ones(bits);
    unsigned used = 0; /* number of bits already read from the lanes of the row at `from` */
    if (bits == 0) {
        memset(dst, 0, SQA_BLOCK * sizeof(T));
        return;
    }
    for (unsigned row = 0; row < BITS; row++, r += SQA_ROW_WORDS) {
        const uint64_t low = IN_LANES(keep & ((U) ~(U)0 >> used));
        const unsigned shift = used, rest = BITS - shift;
        used += bits;
        if (used <= BITS)
            sqa_row_take(r, from, shift, low);
        else
            /* cppcheck-suppress [shiftTooManyBits, integerOverflow] */
            sqa_row_take_both(r, from, shift, low, rest, IN_LANES(keep & (U)((U) ~(U)0 << rest)));
        if (used >= BITS) {
            used -= BITS;
            from += SQA_ROW_WORDS;
        }
    }
}

static void NAME(pack_tail)(unsigned char *dst, const void *a, size_t n, unsigned bits) {
    const T *x = a;
    const uint64_t keep = sqa_low_ones(bits);
    uint64_t word = 0;
    unsigned used = 0; /* number of bits in use in word */
    for (size_t i = 0; i < n; i++) {
        const uint64_t element = (U)x[i] & keep;
        word |= element << used;
        used += bits;
        if (used >= 64) {
            memcpy(dst, &word, sizeof word);
            dst += sizeof word;
            used -= 64;
            word = used > 0 ? element >> (bits - used) : 0;
        }
    }
    memcpy(dst, &word, (used + 7) / 8);
}

static void NAME(unpack_tail)(void *dst, const unsigned char *data, size_t n, unsigned bits) {
    T *r = dst;
    const size_t size = (n * bits + 7) / 8;
    const uint64_t keep = sqa_low_ones(bits);
    size_t i = 0;
#ifdef SQA_AVX512
    const struct sqa_eights eights = sqa_eights_of(bits <= 57 ? bits : 0);
    for (; bits <= 57 && i < n; i += 8) {
        const size_t at = i / 8 * bits;
        NAME(put_eight)(r + i, sqa_eights_at(&eights, data + at, size - at), n - i < 8 ? n - i : 8);
    }
#endif
    /*
    ** reads a word of 8 bytes while data has one at the element's first byte, and it contains the
    ** whole element
    */
    for (size_t at = 0; bits <= 57 && i < n && at / 8 + 8 <= size; i++, at += bits) {
        uint64_t word;
        memcpy(&word, data + at / 8, sizeof word);
        r[i] = (T)(word >> at % 8 & keep);
    }
    for (; i < n; i++)
        r[i] = (T)sqa_bits_at(data, i * bits, bits);
}

static size_t NAME(wider)(const void *a, size_t n, unsigned bits) {
    const U *x = a;
    const U most = (U)sqa_low_ones(bits);
    size_t found = 0;
    for (size_t at = 0, end; at < n; at = end) { /* so few elements that T can count them */
        U some = 0;
        end = n - at < 128 ? n : at + 128;
        for (size_t i = at; i < end; i++)
            some = (U)(some + (x[i] > most));
        found += some;
    }
    return found;
}

static void NAME(steps)(void *dst, const void *a, size_t n) {
    T *restrict r = dst;
    const T *restrict x = a;
    for (size_t i = 0; i + 1 < n; i++)
        r[i] = (T)(U)((U)x[i + 1] - (U)x[i]);
}

#undef IN_LANES
