/*
** Exact 256-bit integers in two's complement, for sums, dot products and variances. 2^32 products
** of two 64-bit integers need 159 bits, and n*sum(x*x) of them needs 191.
*/
#ifndef SQA_WIDE_H
#define SQA_WIDE_H

#include <stdbool.h>
#include <stdint.h>

/* The least significant limb comes first. A zeroed struct is 0. */
struct sqa_wide {
    uint64_t limb[4];
};

/* Adds hi * 2^64 + lo, a 128-bit two's complement number, to *w. */
static inline void sqa_wide_add128(struct sqa_wide *w, int64_t hi, uint64_t lo) {
    const uint64_t sign = (uint64_t)(hi >> 63);
    const uint64_t addend[4] = {lo, (uint64_t)hi, sign, sign};
    uint64_t carry = 0;
    for (int i = 0; i < 4; i++) {
        const uint64_t sum = w->limb[i] + addend[i];
        const uint64_t out = sum + carry;
        carry = (uint64_t)(sum < addend[i]) | (uint64_t)(out < sum);
        w->limb[i] = out;
    }
}

static inline void sqa_wide_add(struct sqa_wide *w, int64_t x) {
    sqa_wide_add128(w, x >> 63, (uint64_t)x);
}

/* Adds x * 2^32 to *w, for sums that are kept in halves. */
static inline void sqa_wide_add_shifted32(struct sqa_wide *w, int64_t x) {
    sqa_wide_add128(w, x >> 32, (uint64_t)x << 32);
}

/*
** Returns the high half of the 128-bit product of two unsigned integers and sets *low to the low
** half. Computed from 32-bit halves, without compiler extensions.
*/
static inline uint64_t sqa_mul_high_halves(uint64_t a, uint64_t b, uint64_t *low) {
    const uint64_t a0 = (uint32_t)a, a1 = a >> 32, b0 = (uint32_t)b, b1 = b >> 32;
    const uint64_t p00 = a0 * b0, p01 = a0 * b1, p10 = a1 * b0, p11 = a1 * b1;
    const uint64_t middle = (p00 >> 32) + (uint32_t)p01 + (uint32_t)p10;
    *low = (middle << 32) | (uint32_t)p00;
    return p11 + (p01 >> 32) + (p10 >> 32) + (middle >> 32);
}

/*
** Does the same with the processor's own instruction if the compiler supports it, which takes
** half the time.
*/
static inline uint64_t sqa_mul_high(uint64_t a, uint64_t b, uint64_t *low) {
#ifdef __SIZEOF_INT128__
    const unsigned __int128 p = (unsigned __int128)a * b;
    *low = (uint64_t)p;
    return (uint64_t)(p >> 64);
#else
    return sqa_mul_high_halves(a, b, low);
#endif
}

/* Adds a * b to *w. */
static inline void sqa_wide_add_product(struct sqa_wide *w, int64_t a, int64_t b) {
#ifdef __SIZEOF_INT128__
    const __int128 p = (__int128)a * b;
    sqa_wide_add128(w, (int64_t)(p >> 64), (uint64_t)p);
#else
    uint64_t low, high = sqa_mul_high((uint64_t)a, (uint64_t)b, &low);
    high -= (a < 0 ? (uint64_t)b : 0) + (b < 0 ? (uint64_t)a : 0);
    sqa_wide_add128(w, (int64_t)high, low);
#endif
}

/* Returns true if w fits 64 bits, and sets *x to its value. */
static inline bool sqa_wide_fits(const struct sqa_wide *w, int64_t *x) {
    *x = (int64_t)w->limb[0];
    const uint64_t sign = (uint64_t)(*x >> 63);
    return w->limb[1] == sign && w->limb[2] == sign && w->limb[3] == sign;
}

static inline bool sqa_wide_negative(const struct sqa_wide *w) {
    return (int64_t)w->limb[3] < 0;
}

static inline void sqa_wide_negate(struct sqa_wide *w) {
    uint64_t carry = 1;
    for (int i = 0; i < 4; i++) {
        w->limb[i] = ~w->limb[i] + carry;
        carry = carry & (uint64_t)(w->limb[i] == 0);
    }
}

/* Returns a * b modulo 2^256. Exact only if the product fits. */
static inline struct sqa_wide sqa_wide_mul(const struct sqa_wide *a, const struct sqa_wide *b) {
    struct sqa_wide r = {{0}};
    for (int i = 0; i < 4; i++) {
        uint64_t carry = 0;
        for (int j = 0; i + j < 4; j++) {
            uint64_t low, high = sqa_mul_high(a->limb[i], b->limb[j], &low);
            low += carry;
            high += low < carry;
            r.limb[i + j] += low;
            carry = high + (r.limb[i + j] < low);
        }
    }
    return r;
}

/* Returns a - b. */
static inline struct sqa_wide sqa_wide_sub(const struct sqa_wide *a, const struct sqa_wide *b) {
    struct sqa_wide r;
    uint64_t borrow = 0;
    for (int i = 0; i < 4; i++) {
        const uint64_t d = a->limb[i] - b->limb[i];
        r.limb[i] = d - borrow;
        borrow = (uint64_t)(a->limb[i] < b->limb[i]) | (uint64_t)(d < borrow);
    }
    return r;
}

/*
** Returns the nearest double (ties to even). The top 64 significant bits are converted once, with
** all lower bits combined into the lowest of them as a sticky bit.
*/
static inline double sqa_wide_double(struct sqa_wide w) {
    const bool negative = sqa_wide_negative(&w);
    if (negative)
        sqa_wide_negate(&w);
    int top = 3;
    while (top > 0 && w.limb[top] == 0)
        top--;
    uint64_t bits = w.limb[top];
    int exponent = 64 * top;
    if (top > 0) {
        const int lead = __builtin_clzll(bits);
        uint64_t lost = w.limb[top - 1];
        if (lead > 0) {
            bits = bits << lead | lost >> (64 - lead);
            lost <<= lead;
            exponent -= lead;
        }
        for (int i = top - 2; i >= 0; i--)
            lost |= w.limb[i];
        bits |= lost != 0;
    }
    double d = (double)bits;
    for (; exponent >= 32; exponent -= 32)
        d *= 4294967296.0;
    d *= (double)((uint64_t)1 << exponent);
    return negative ? -d : d;
}

#endif
