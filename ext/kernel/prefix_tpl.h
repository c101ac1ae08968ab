/*
** Template: prefix sums of one vector of AVX2, which cumsum and the decoder of steps share.
** Parameters T, BITS, NAME as in map_tpl.h.
*/
#ifdef SQA_AVX2
#include <immintrin.h>

#define ADD PASTE(_mm256_add_epi, BITS)

/* A state between vectors: each element of `before` is the sum of all elements so far. */
struct NAME(prefix) {
    __m256i before;
    __m256i last; /* for a shuffle: the byte numbers of the last element of a half, repeated */
};

static inline struct NAME(prefix) NAME(prefix_begin)(T sum) {
    _Alignas(32) unsigned char bytes[32];
    _Alignas(32) T lanes[32 / sizeof(T)];
    for (size_t i = 0; i < 32; i++)
        bytes[i] = (unsigned char)(16 - sizeof(T) + i % sizeof(T));
    for (size_t i = 0; i < 32 / sizeof(T); i++)
        lanes[i] = sum;
    const struct NAME(prefix) prefix = {_mm256_load_si256((const __m256i *)lanes),
                                        _mm256_load_si256((const __m256i *)bytes)};
    return prefix;
}

/*
** Returns the prefix sums of a vector: first the sums in each half of it by doubling the distance
** (Hillis, Steele: "Data parallel algorithms", CACM 29(12), 1986), then the last sum of the low
** half is added to the high half, then the sum of all earlier elements to the whole vector. Only
** one addition per vector depends on the previous vector. Sums may overflow.
*/
static inline __m256i NAME(prefix_next)(struct NAME(prefix) * prefix, __m256i v) {
#if BITS <= 8
    v = ADD(v, _mm256_slli_si256(v, 1));
#endif
#if BITS <= 16
    v = ADD(v, _mm256_slli_si256(v, 2));
#endif
#if BITS <= 32
    v = ADD(v, _mm256_slli_si256(v, 4));
#endif
    v = ADD(v, _mm256_slli_si256(v, 8));
    const __m256i ends = _mm256_shuffle_epi8(v, prefix->last);
    v = ADD(v, _mm256_permute2x128_si256(ends, ends, 0x08));
    const __m256i total = ADD(ends, _mm256_permute2x128_si256(ends, ends, 0x01));
    v = ADD(v, prefix->before);
    prefix->before = ADD(prefix->before, total);
    return v;
}

/* Returns the sum of all elements so far. */
static inline T NAME(prefix_end)(const struct NAME(prefix) * prefix) {
    _Alignas(32) T lanes[32 / sizeof(T)];
    _mm256_store_si256((__m256i *)lanes, prefix->before);
    return lanes[0];
}

#undef ADD
#endif
