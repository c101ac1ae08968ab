/*
** Template: elementwise kernels, comparisons, and kernels that fill or combine vectors.
**
** Parameters (defined by kernels.c before each inclusion, and undefined by all_tpl.h):
**   T        the element type, int8_t to int64_t
**   U        the unsigned type of the same width
**   W        a signed type of twice the width (of 64 bits for int64_t)
**   BITS     8, 16, 32 or 64
**   NAME(x)  x with the width appended
**
** The loops have a form that compilers vectorize: no branch, no early exit, and errors collected
** in a variable. ext/README.md explains under "Width on demand" how overflow and significance
** determine the width of a result.
*/

#define T_MIN   ((T)((U)1 << (BITS - 1)))
#define T_MAX   ((T) ~((U)1 << (BITS - 1)))
#define TOP_BIT ((U)1 << (BITS - 1))
#define ANY_BIT ((U) ~(U)0)
#define NO_BIT  0 /* for operations that cannot overflow: *over is ignored */
#define SIG(x)  ((U)((x) < 0 ? ~(x) : (x)))

/*
** Operations on one pair of operands. If the result overflows, bits of *over are set. Which bits
** mean an overflow, TOP_BIT or ANY_BIT, is the second argument of MAP3. Invalid operands set
** *fault. Operations that need neither leave both unchanged, and then the compiler removes the
** code for them.
*/
#define OP(op) static inline T NAME(do_##op)(T x, T y, U * over, unsigned *fault)
#define UNUSED (void)over, (void)fault

OP(add) {
    const T r = (T)(U)((U)x + (U)y);
    *over |= (U)((x ^ r) & (y ^ r));
    (void)fault;
    return r;
}

OP(sub) {
    const T r = (T)(U)((U)x - (U)y);
    *over |= (U)((x ^ y) & (x ^ r));
    (void)fault;
    return r;
}

OP(mul) {
    (void)fault;
#if BITS == 64
    T r;
    *over |= (U)__builtin_mul_overflow(x, y, &r);
    return r;
#else
    const W wide = (W)((W)x * (W)y);
    const T r = (T)wide;
    *over |= (U)(wide != r);
    return r;
#endif
}

OP(div) {
    if (y == 0) {
        *fault |= SQA_FAULT_DIVISION;
        return 0;
    }
    if (y == -1) {
        *over |= x == T_MIN;
        return (T)(U)(0 - (U)x);
    }
    return (T)(x / y);
}

OP(mod) {
    (void)over;
    *fault |= y == 0 ? SQA_FAULT_DIVISION : 0;
    return (T)(y == 0 || y == -1 ? 0 : x % y);
}

OP(floor_div) {
    const T q = NAME(do_div)(x, y, over, fault);
    return (T)(q - (y != 0 && y != -1 && x % y != 0 && (x < 0) != (y < 0)));
}

OP(floor_mod) {
    const T r = NAME(do_mod)(x, y, over, fault);
    return r != 0 && (r < 0) != (y < 0) ? (T)(r + y) : r;
}

/*
** Computes powers by repeated squaring in 64 bits. There are at most 63 steps, and a base with
** |base| > 1 overflows before them.
*/
OP(pow) {
    if (y < 0) {
        *fault |= SQA_FAULT_EXPONENT;
        return 0;
    }
    int64_t r = 1, base = x;
    bool bad = false;
    for (uint64_t e = (uint64_t)y; e > 0; e >>= 1) {
        if (e & 1)
            bad |= __builtin_mul_overflow(r, base, &r);
        /* |base| > 1 and a higher bit of e is set, so the overflowed square will be used */
        if (e > 1 && __builtin_mul_overflow(base, base, &base))
            bad = true;
    }
    *over |= (U)(bad || r != (T)r);
    return (T)r;
}

OP(least) {
    UNUSED;
    return x < y ? x : y;
}

OP(greatest) {
    UNUSED;
    return x > y ? x : y;
}

OP(bit_and) {
    UNUSED;
    return (T)(x & y);
}

OP(bit_or) {
    UNUSED;
    return (T)(x | y);
}

OP(bit_xor) {
    UNUSED;
    return (T)(x ^ y);
}

/*
** Shifts the 64-bit value like SQLite's << and >>. A negative count shifts the other way, a count
** of 64 or more shifts out all bits, and the right shift is arithmetic.
*/
static inline int64_t NAME(shift)(int64_t x, int64_t left) {
    if (left >= 0)
        return left > 63 ? 0 : (int64_t)((uint64_t)x << left);
    return x >> (left < -63 ? 63 : -left);
}

OP(shl) {
    (void)fault;
    const int64_t r = NAME(shift)(x, y);
    *over |= (U)(r != (T)r);
    return (T)r;
}

OP(shr) {
    (void)fault;
    const int64_t right = y;
    const int64_t r = NAME(shift)(x, right == INT64_MIN ? INT64_MAX : -right);
    *over |= (U)(r != (T)r);
    return (T)r;
}

/*
** True if the results are known to need all of T. Then their significance is not needed any more,
** and loops that do not collect it have a third fewer instructions.
*/
#define FULL(acc) (BITS == 8 || (acc)->sig >> (BITS / 2 - 1) != 0)

/* Defines the loop over n pairs. LEFT and RIGHT are the operands at index i. */
#define MAP(name, op, over_bits, LEFT, RIGHT)                                                      \
    static void NAME(name)(void *dst, const void *a, const void *b, size_t n,                      \
                           struct sqa_acc *acc) {                                                  \
        T *restrict r = dst;                                                                       \
        const T *restrict x = a, *restrict y = b;                                                  \
        const T x0 = n > 0 ? x[0] : 0, y0 = n > 0 ? y[0] : 0;                                      \
        U sig = 0, over = 0;                                                                       \
        unsigned fault = 0;                                                                        \
        if (FULL(acc)) {                                                                           \
            for (size_t i = 0; i < n; i++)                                                         \
                r[i] = NAME(do_##op)(LEFT, RIGHT, &over, &fault);                                  \
        } else {                                                                                   \
            for (size_t i = 0; i < n; i++) {                                                       \
                r[i] = NAME(do_##op)(LEFT, RIGHT, &over, &fault);                                  \
                sig |= SIG(r[i]);                                                                  \
            }                                                                                      \
        }                                                                                          \
        (void)x0, (void)y0;                                                                        \
        acc->sig |= sig;                                                                           \
        acc->fault |= fault | ((over & (over_bits)) != 0 ? SQA_FAULT_OVERFLOW : 0);                \
    }
#define MAP3(op, over_bits)                                                                        \
    MAP(op##_vv, op, over_bits, x[i], y[i])                                                        \
    MAP(op##_vs, op, over_bits, x[i], y0)                                                          \
    MAP(op##_sv, op, over_bits, x0, y[i])

MAP3(add, TOP_BIT)
MAP3(sub, TOP_BIT)
#if BITS < 64 || !defined(SQA_AVX2)
MAP(mul_vv, mul, ANY_BIT, x[i], y[i])
#else
/*
** Products of 64 bits are checked for overflow, one after another, only if the factors of the run
** have more than 62 significant bits together. Else a loop without checks vectorizes.
*/
MAP(mul_vv_checked, mul, ANY_BIT, x[i], y[i]) /* unreached: n is never 0 */
static void NAME(mul_vv)(void *dst, const void *a, const void *b, size_t n, struct sqa_acc *acc) {
    T *restrict r = dst;
    const T *restrict x = a, *restrict y = b;
    U left = 1, right = 1, sig = 0;
    for (size_t i = 0; i < n; i++) {
        left |= SIG(x[i]);
        right |= SIG(y[i]);
    }
    if (__builtin_clzll(left) + __builtin_clzll(right) < 2 * 64 - 62) {
        NAME(mul_vv_checked)(dst, a, b, n, acc);
        return;
    }
    for (size_t i = 0; i < n; i++) {
        r[i] = (T)((U)x[i] * (U)y[i]);
        sig |= SIG(r[i]);
    }
    acc->sig |= sig;
}
#endif
/*
** If one factor is constant, an overflow can be detected by comparing the other factor with two
** bounds. Comparisons vectorize in every width; the high half of a product does not. For 1e6
** elements of 4 bytes: 0.09 ns an element with bounds, 0.35 with products of twice the width.
*/
static void NAME(mul_vs)(void *dst, const void *a, const void *b, size_t n, struct sqa_acc *acc) {
    T *restrict r = dst;
    const T *restrict x = a;
    const T s = n > 0 ? *(const T *)b : 0;
    T lo = T_MIN, hi = T_MAX; /* x * s fits T exactly if lo <= x <= hi */
    if (s == -1) {
        lo = -T_MAX;
    } else if (s != 0) {
        /* One division is enough: T_MIN / s is -q, or one more in size if s divides T_MIN. */
        const T q = (T)(T_MAX / s), most_rest = (T)(s > 0 ? s - 1 : -(s + 1));
        const T other = (T)(-q - (s > 0 ? 1 : -1) * (T_MAX % s == most_rest));
        lo = s > 0 ? other : q;
        hi = s > 0 ? q : other;
    }
    U sig = 0, over = 0;
    size_t done = 0;
#if BITS == 64 && defined(SQA_AVX512)
    /*
    ** x is within the bounds if x - lo, read as unsigned, is at most hi - lo. For 1e3 elements:
    ** 0.11 ns an element, 0.16 with two comparisons.
    */
    const __m512i factor = V_SET1(s), low = V_SET1(lo);
    __m512i most = V_SET1(0), sigs = most;
    for (; done + V_LANES <= n; done += V_LANES) {
        const __m512i v = _mm512_loadu_si512(x + done);
        const __m512i product = _mm512_mullo_epi64(v, factor);
        most = _mm512_max_epu64(most, _mm512_sub_epi64(v, low));
        sigs = _mm512_or_si512(sigs, _mm512_xor_si512(product, _mm512_srai_epi64(product, 63)));
        _mm512_storeu_si512(r + done, product);
    }
    sig = (U)_mm512_reduce_or_epi64(sigs);
    over = _mm512_reduce_max_epu64(most) > (U)hi - (U)lo;
#endif
    if (FULL(acc)) {
        for (size_t i = done; i < n; i++) {
            /* 1U because operands of narrow types are promoted to int */
            r[i] = (T)(U)(1U * (U)x[i] * (U)s);
            over |= (U)((x[i] < lo) | (x[i] > hi));
        }
    } else {
        for (size_t i = done; i < n; i++) {
            r[i] = (T)(U)(1U * (U)x[i] * (U)s);
            over |= (U)((x[i] < lo) | (x[i] > hi));
            sig |= SIG(r[i]);
        }
    }
    acc->sig |= sig;
    acc->fault |= over != 0 ? SQA_FAULT_OVERFLOW : 0;
}
static void NAME(mul_sv)(void *dst, const void *a, const void *b, size_t n, struct sqa_acc *acc) {
    NAME(mul_vs)(dst, b, a, n, acc);
}
MAP3(div, ANY_BIT)
MAP3(mod, NO_BIT)
MAP3(floor_div, ANY_BIT)
MAP3(floor_mod, NO_BIT)
MAP3(pow, ANY_BIT)
MAP3(least, NO_BIT)
MAP3(greatest, NO_BIT)
MAP3(bit_and, NO_BIT)
MAP3(bit_or, NO_BIT)
MAP3(bit_xor, NO_BIT)
MAP3(shl, ANY_BIT)
MAP3(shr, ANY_BIT)

static void NAME(abs)(void *dst, const void *a, size_t n, struct sqa_acc *acc) {
    T *restrict r = dst;
    const T *restrict x = a;
    U sig = 0;
    for (size_t i = 0; i < n; i++) {
        const U magnitude = x[i] < 0 ? (U)(0 - (U)x[i]) : (U)x[i];
        r[i] = (T)magnitude;
        sig |= magnitude; /* the top bit is set only for the one value that overflows */
    }
    acc->sig |= sig;
    acc->fault |= (sig & TOP_BIT) != 0 ? SQA_FAULT_OVERFLOW : 0;
}

/*
** Counts the bits of the value as a 64-bit integer, by adding neighbouring bits in parallel
** (Hacker's Delight, 5-1), which vectorizes.
*/
static void NAME(popcount)(void *dst, const void *a, size_t n, struct sqa_acc *acc) {
    T *restrict r = dst;
    const T *restrict x = a;
    U sig = 0;
    for (size_t i = 0; i < n; i++) {
#if defined(SQA_AVX512) && BITS >= 32 /* has an instruction for it */
        U v = (U)(BITS == 32 ? __builtin_popcount((unsigned)x[i]) : __builtin_popcountll((U)x[i]));
#else
        const uint64_t m1 = 0x5555555555555555, m2 = 0x3333333333333333, m4 = 0x0f0f0f0f0f0f0f0f;
        U v = (U)x[i];
        v = (U)(v - ((v >> 1) & (U)m1));
        v = (U)((v & (U)m2) + ((v >> 2) & (U)m2));
        v = (U)((v + (v >> 4)) & (U)m4);
#if BITS > 8
        v = (U)(v + (v >> 8));
#endif
#if BITS > 16
        v = (U)(v + (v >> 16));
#endif
#if BITS > 32
        v = (U)(v + (v >> 32));
#endif
        v &= 0x7f;
#endif
        r[i] = (T)(v + (x[i] < 0 ? 64 - BITS : 0)); /* the copies of the sign bit above T */
        sig |= (U)r[i];
    }
    acc->sig |= sig;
}

static void NAME(clip)(void *dst, const void *a, int64_t lo, int64_t hi, size_t n,
                       struct sqa_acc *acc) {
    T *restrict r = dst;
    const T *restrict x = a;
    const T low = (T)lo, high = (T)hi;
    U sig = 0;
    for (size_t i = 0; i < n; i++) {
        const T v = x[i] < low ? low : x[i];
        r[i] = v > high ? high : v;
        sig |= SIG(r[i]);
    }
    acc->sig |= sig;
}

static void NAME(blend)(void *dst, const uint8_t *mask, const void *a, const void *b, size_t n,
                        struct sqa_acc *acc) {
    T *restrict r = dst;
    const T *restrict x = a, *restrict y = b;
    const uint8_t *restrict m = mask;
    U sig = 0;
    for (size_t i = 0; i < n; i++) {
        const U take = (U)(0 - (U)m[i]);
        r[i] = (T)(((U)x[i] & take) | ((U)y[i] & (U)~take));
        sig |= SIG(r[i]);
    }
    acc->sig |= sig;
}

static void NAME(series)(void *dst, int64_t start, int64_t step, size_t n) {
    T *restrict r = dst;
    for (size_t i = 0; i < n; i++)
        r[i] = (T)(U)((U)start + (U)i * (U)step);
}

#define COMPARE(name, op, LEFT, RIGHT)                                                             \
    static void NAME(name)(uint8_t * dst, const void *a, const void *b, size_t n) {                \
        uint8_t *restrict r = dst;                                                                 \
        const T *restrict x = a, *restrict y = b;                                                  \
        const T x0 = n > 0 ? x[0] : 0, y0 = n > 0 ? y[0] : 0;                                      \
        for (size_t i = 0; i < n; i++)                                                             \
            r[i] = (LEFT)op(RIGHT);                                                                \
        (void)x0, (void)y0;                                                                        \
    }
#define COMPARE3(name, op)                                                                         \
    COMPARE(name##_vv, op, x[i], y[i])                                                             \
    COMPARE(name##_vs, op, x[i], y0)                                                               \
    COMPARE(name##_sv, op, x0, y[i])

COMPARE3(eq, ==)
COMPARE3(ne, !=)
COMPARE3(lt, <)
COMPARE3(le, <=)

/*
** Bounds outside T are replaced by the smallest or largest value of T, which does not change the
** result. An empty range stays empty.
*/
static void NAME(between)(uint8_t *dst, const void *a, int64_t lo, int64_t hi, size_t n) {
    uint8_t *restrict r = dst;
    const T *restrict x = a;
    if (lo > hi || lo > T_MAX || hi < T_MIN) {
        for (size_t i = 0; i < n; i++)
            r[i] = 0;
        return;
    }
    const T low = lo < T_MIN ? T_MIN : (T)lo, high = hi > T_MAX ? T_MAX : (T)hi;
    for (size_t i = 0; i < n; i++)
        r[i] = (x[i] >= low) & (x[i] <= high);
}

#undef OP
#undef UNUSED
#undef FULL
#undef MAP
#undef MAP3
#undef COMPARE
#undef COMPARE3
#undef ANY_BIT
#undef TOP_BIT
#undef T_MIN
#undef T_MAX
#undef SIG
