/*
** Template: what the loops for AVX-512 share, vectors of V_LANES elements and masks of a bit for
** each. Parameters T, BITS, NAME as in map_tpl.h. It defines and all_tpl.h undefines:
**   V_LANES      how many elements a vector has          LANE_MASK       a bit for each of them
**   V(op)      _mm512_<op>_epi<BITS>                   V_COMPARE(op) _mm512_<op>_epi<BITS>_mask
*/
#include <immintrin.h>

#if BITS == 8
#define V_LANES   64
#define LANE_MASK __mmask64
#elif BITS == 16
#define V_LANES   32
#define LANE_MASK __mmask32
#elif BITS == 32
#define V_LANES   16
#define LANE_MASK __mmask16
#else
#define V_LANES   8
#define LANE_MASK __mmask8
#endif
#define V(op)         PASTE(_mm512_##op##_epi, BITS)
#define V_COMPARE(op) PASTE(PASTE(_mm512_##op##_epi, BITS), _mask)
#if BITS == 64
#define V_SET1(x) _mm512_set1_epi64(x)
#else
#define V_SET1(x) V(set1)(x)
#endif

/* The lowest n bits, or all */
static inline LANE_MASK NAME(first_lanes)(size_t n) {
    return n < V_LANES ? (LANE_MASK)(((uint64_t)1 << n) - 1) : (LANE_MASK)UINT64_MAX;
}

/* The numbers of the lanes, 0, 1, 2 and so on */
static inline __m512i NAME(lane_numbers)(void) {
    _Alignas(64) T number[V_LANES];
    for (int i = 0; i < V_LANES; i++)
        number[i] = (T)i;
    return _mm512_load_si512(number);
}

/* A bit for each of V_LANES bytes, of those that `present` has: is it not 0? */
static inline LANE_MASK NAME(lanes_set)(const uint8_t *p, LANE_MASK present) {
#if BITS == 8
    const __m512i m = _mm512_maskz_loadu_epi8(present, p);
    return _mm512_test_epi8_mask(m, m);
#elif BITS == 16
    const __m256i m = _mm256_maskz_loadu_epi8(present, p);
    return _mm256_test_epi8_mask(m, m);
#else
    const __m128i m = _mm_maskz_loadu_epi8(present, p);
    return (LANE_MASK)_mm_test_epi8_mask(m, m);
#endif
}

/*
** Eight integers of 64 bits, of which the low bits count, to the first n <= 8 elements of r. Stores
** by a mask take longer than others.
*/
static inline void NAME(put_eight)(T *r, __m512i v, size_t n) {
    const __mmask8 present = (__mmask8)((1u << n) - 1);
#if BITS == 8
    const __m128i some = _mm512_cvtepi64_epi8(v);
    if (n == 8)
        _mm_storel_epi64((__m128i *)(void *)r, some);
    else
        _mm_mask_storeu_epi8(r, present, some);
#elif BITS == 16
    const __m128i some = _mm512_cvtepi64_epi16(v);
    if (n == 8)
        _mm_storeu_si128((__m128i *)(void *)r, some);
    else
        _mm_mask_storeu_epi16(r, present, some);
#elif BITS == 32
    const __m256i some = _mm512_cvtepi64_epi32(v);
    if (n == 8)
        _mm256_storeu_si256((__m256i *)(void *)r, some);
    else
        _mm256_mask_storeu_epi32(r, present, some);
#else
    if (n == 8)
        _mm512_storeu_si512(r, v);
    else
        _mm512_mask_storeu_epi64(r, present, v);
#endif
}

static inline size_t NAME(lane_count)(LANE_MASK m) {
    return (size_t)__builtin_popcountll(m);
}

/*
** Writes the lanes of v that `keep` has to the front of r; how many. V_LANES elements of r are
** written, or if `exact` no more than these.
*/
static inline size_t NAME(put_lanes)(T *r, __m512i v, LANE_MASK keep, bool exact) {
    const size_t count = NAME(lane_count)(keep);
    const __m512i front = V(maskz_compress)(keep, v);
    if (exact)
        V(mask_storeu)(r, NAME(first_lanes)(count), front);
    else
        _mm512_storeu_si512(r, front);
    return count;
}

/*
** Integers of `bits` <= 57 bits one behind the other, eight of them at a time: `bits` bytes, so
** that all eights begin in the same bit of a byte. The eight bytes where an integer begins go to
** its lane, and are shifted there.
*/
#ifndef SQA_EIGHTS
#define SQA_EIGHTS
struct sqa_eights {
    __m512i bytes, shifts, keep;
};

static inline struct sqa_eights sqa_eights_of(unsigned bits) {
    _Alignas(64) unsigned char bytes[64];
    _Alignas(64) uint64_t shifts[8];
    for (unsigned i = 0; i < 64; i++)
        bytes[i] = (unsigned char)(i / 8 * bits / 8 + i % 8);
    for (unsigned i = 0; i < 8; i++)
        shifts[i] = i * bits % 8;
    return (struct sqa_eights){_mm512_load_si512(bytes), _mm512_load_si512(shifts),
                               _mm512_set1_epi64((int64_t)(((uint64_t)1 << bits) - 1))};
}

/* Those at p, where `left` bytes may be read */
static inline __m512i sqa_eights_at(const struct sqa_eights *e, const unsigned char *p,
                                    size_t left) {
    const __m512i bytes =
        left >= 64 ? _mm512_loadu_si512(p) : _mm512_maskz_loadu_epi8(((uint64_t)1 << left) - 1, p);
    const __m512i words = _mm512_permutexvar_epi8(e->bytes, bytes);
    return _mm512_and_si512(_mm512_srlv_epi64(words, e->shifts), e->keep);
}
#endif
