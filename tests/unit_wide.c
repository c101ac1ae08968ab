/* kernel/wide, core/checked, core/random and widths: results that must be exact. */
#include "core/checked.h"
#include "core/random.h"
#include "kernel/kernels.h"
#include "unit.h"

static struct sqa_random generator;

static uint64_t random_bits(void) {
    return sqa_random_next(&generator);
}

/* Of any number of significant bits */
static int64_t random_integer(void) {
    return (int64_t)random_bits() >> sqa_random_below(&generator, 64);
}

static struct sqa_wide wide(uint64_t l3, uint64_t l2, uint64_t l1, uint64_t l0) {
    return (struct sqa_wide){{l0, l1, l2, l3}};
}

static bool same(struct sqa_wide a, struct sqa_wide b) {
    return memcmp(&a, &b, sizeof a) == 0;
}

#define ONES UINT64_MAX

static void test_carries(void) {
    struct sqa_wide w = wide(0, 0, 0, 0);
    sqa_wide_add(&w, -1);
    ok(same(w, wide(ONES, ONES, ONES, ONES)), "0 - 1");
    sqa_wide_add(&w, 1);
    ok(same(w, wide(0, 0, 0, 0)), "and 1 again");
    int64_t x;
    for (int i = 0; i < 4; i++) { /* one limb that is not the sign of the lowest, for either sign */
        struct sqa_wide plus = wide(0, 0, 0, 7),
                        minus = wide(ONES, ONES, ONES, (uint64_t)INT64_MIN);
        plus.limb[i] ^= i > 0;
        minus.limb[i] ^= i > 0;
        eq_int(sqa_wide_fits(&plus, &x), i == 0, "fits, limb %d", i);
        eq_int(sqa_wide_fits(&minus, &x), i == 0, "fits, limb %d of a negative one", i);
    }
    w = wide(0, ONES, ONES, ONES);
    sqa_wide_add(&w, 1);
    ok(same(w, wide(1, 0, 0, 0)), "a carry through three limbs");
    sqa_wide_add(&w, -1);
    ok(same(w, wide(0, ONES, ONES, ONES)), "a borrow through three limbs");
    w = wide(0, 0, ONES, 1);
    sqa_wide_add128(&w, 0, ONES);
    ok(same(w, wide(0, 1, 0, 0)), "a carry into a limb that is all ones");
    w = wide(0, 0, 5, ONES);
    sqa_wide_add128(&w, -1, 1); /* + 1 - 2^64 */
    ok(same(w, wide(0, 0, 5, 0)), "a carry in and an addend of all ones at once");
    w = wide(0, 0, 0, 0);
    sqa_wide_add_shifted32(&w, INT64_MIN);
    ok(same(w, wide(ONES, ONES, 0xffffffff80000000, 0)), "-2^63 * 2^32");
    w = wide(0, 0, 0, 0);
    sqa_wide_add_product(&w, INT64_MIN, INT64_MIN);
    ok(same(w, wide(0, 0, 0x4000000000000000, 0)), "-2^63 * -2^63");
    sqa_wide_add_product(&w, INT64_MIN, INT64_MAX);
    ok(same(w, wide(0, 0, 0, 0x8000000000000000)), "and -2^63 * (2^63-1)");
    w = wide(0x8000000000000000, 0, 0, 0);
    ok(sqa_wide_negative(&w), "the smallest is negative");
    sqa_wide_negate(&w);
    ok(same(w, wide(0x8000000000000000, 0, 0, 0)), "and is its own negative");
    w = wide(0, 0, 0, 0);
    sqa_wide_negate(&w);
    ok(same(w, wide(0, 0, 0, 0)), "-0");
}

static void test_fits(void) {
    static const struct {
        struct sqa_wide w;
        bool fits;
    } cases[] = {
        {{{0, 0, 0, 0}}, true},
        {{{INT64_MAX, 0, 0, 0}}, true},
        {{{(uint64_t)INT64_MAX + 1, 0, 0, 0}}, false},
        {{{(uint64_t)INT64_MAX + 1, ONES, ONES, ONES}}, true},
        {{{INT64_MAX, ONES, ONES, ONES}}, false},
        {{{ONES, ONES, ONES, ONES}}, true},
        {{{5, 1, 0, 0}}, false},
        {{{5, 0, 1, 0}}, false},
        {{{5, 0, 0, 1}}, false},
        {{{ONES, ONES, ONES, ONES - 1}}, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t x = 1;
        const bool fits = sqa_wide_fits(&cases[i].w, &x);
        ok(fits == cases[i].fits && (!fits || x == (int64_t)cases[i].w.limb[0]), "fits, case %zu",
           i + 1);
    }
}

/* 2^n, exactly */
static double power_of_two(int n) {
    double d = 1;
    for (; n > 0; n--)
        d *= 2;
    return d;
}

static struct sqa_wide shifted_left(struct sqa_wide w, int n) {
    for (; n > 0; n--) {
        const struct sqa_wide twice = w;
        for (int i = 3; i >= 0; i--)
            w.limb[i] = twice.limb[i] << 1 | (i > 0 ? twice.limb[i - 1] >> 63 : 0);
    }
    return w;
}

static void test_double(void) {
    /* a number of 64 bits, its nearest double */
    static const struct {
        uint64_t x;
        double d;
    } cases[] = {
        {0, 0.0},
        {1, 1.0},
        {0x1fffffffffffff, 9007199254740991.0},
        {0x20000000000001, 9007199254740992.0}, /* 2^53+1: a tie, to even */
        {0x20000000000003, 9007199254740996.0}, /* 2^53+3: a tie, to even */
        {0x7ffffffffffffdff, 9223372036854774784.0},
        {0x7ffffffffffffe00, 9223372036854775808.0}, /* a tie that carries through */
        {0x8000000000000400, 9223372036854775808.0}, /* a tie */
        {0x8000000000000401, 9223372036854777856.0}, /* just above it */
        {0x8000000000000c00, 9223372036854779904.0}, /* a tie, to even: upwards */
        {0xfffffffffffffbff, 18446744073709549568.0},
        {0xfffffffffffffc00, 18446744073709551616.0}, /* a tie that makes it 2^64 */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int wrong = 0;
        for (int shift = 0; shift < 190; shift++) {
            struct sqa_wide w = shifted_left(wide(0, 0, 0, cases[i].x), shift);
            const double d = cases[i].d * power_of_two(shift);
            wrong += sqa_wide_double(w) != d;
            sqa_wide_negate(&w);
            wrong += sqa_wide_double(w) != -d;
        }
        eq_int(wrong, 0, "0x%" PRIx64 " and its multiples as a double", cases[i].x);
    }
    /* a bit far below decides a tie */
    const struct sqa_wide tie = wide(0, 0x8000000000000400, 0, 0);
    ok(sqa_wide_double(tie) == 9223372036854775808.0 * power_of_two(128), "a tie in 192 bits");
    int wrong = 0;
    for (int bit = 0; bit < 128; bit++) {
        struct sqa_wide above = tie, below;
        const struct sqa_wide little = shifted_left(wide(0, 0, 0, 1), bit);
        above.limb[bit / 64] |= (uint64_t)1 << bit % 64;
        below = sqa_wide_sub(&tie, &little);
        wrong += sqa_wide_double(above) != 9223372036854777856.0 * power_of_two(128);
        wrong += sqa_wide_double(below) != 9223372036854775808.0 * power_of_two(128);
    }
    eq_int(wrong, 0, "a single bit below a tie");
    ok(sqa_wide_double(wide(0x8000000000000000, 0, 0, 0)) == -power_of_two(255), "-2^255");
    ok(sqa_wide_double(wide(0x7fffffffffffffff, ONES, ONES, ONES)) == power_of_two(255),
       "2^255 - 1");
    ok(sqa_wide_double(wide(ONES, ONES, ONES, ONES)) == -1, "-1");
}

static void test_multiplication(void) {
    const struct sqa_wide minus_one = wide(ONES, ONES, ONES, ONES), three = wide(0, 0, 0, 3);
    const struct sqa_wide high = wide(0, 0, 1, 0), ones128 = wide(0, 0, ONES, ONES);
    ok(same(sqa_wide_mul(&minus_one, &minus_one), wide(0, 0, 0, 1)), "-1 * -1");
    ok(same(sqa_wide_mul(&minus_one, &three), wide(ONES, ONES, ONES, ONES - 2)), "-1 * 3");
    ok(same(sqa_wide_mul(&high, &high), wide(0, 1, 0, 0)), "2^64 * 2^64");
    ok(same(sqa_wide_mul(&ones128, &ones128), wide(ONES, ONES - 1, 0, 1)), "(2^128-1)^2");

    /* (a + b) * c = a * c + b * c, and a * 2^n is a shift */
    int wrong = 0;
    for (int round = 0; round < 20000; round++) {
        const struct sqa_wide a = wide(random_bits(), random_bits(), random_bits(), random_bits());
        const struct sqa_wide b =
            wide(random_bits(), random_bits() | ONES << 7, ONES, random_bits());
        const struct sqa_wide c = wide(random_bits(), ONES, random_bits(), random_bits());
        struct sqa_wide minus_b = b;
        sqa_wide_negate(&minus_b);
        const struct sqa_wide sum = sqa_wide_sub(&a, &minus_b), back = sqa_wide_sub(&sum, &b);
        wrong += !same(back, a);
        const struct sqa_wide ac = sqa_wide_mul(&a, &c), bc = sqa_wide_mul(&b, &c);
        const struct sqa_wide sum_c = sqa_wide_mul(&sum, &c);
        wrong += !same(sqa_wide_sub(&sum_c, &bc), ac);
        const int n = (int)sqa_random_below(&generator, 256);
        const struct sqa_wide power = shifted_left(wide(0, 0, 0, 1), n);
        wrong += !same(sqa_wide_mul(&a, &power), shifted_left(a, n));
    }
    eq_int(wrong, 0, "sums, differences and products agree");
}

#ifdef __SIZEOF_INT128__
__extension__ typedef __int128 int128;
__extension__ typedef unsigned __int128 uint128;

static struct sqa_wide wide_of(int128 x) {
    const uint64_t sign = x < 0 ? ONES : 0;
    return wide(sign, sign, (uint64_t)((uint128)x >> 64), (uint64_t)x);
}

static int128 random_int128(void) {
    const uint128 x = (uint128)random_bits() << 64 | random_bits();
    return (int128)x >> (1 + sqa_random_below(&generator, 127));
}

static void test_against_int128(void) {
    int wrong_sum = 0, wrong_product = 0, wrong_high = 0, wrong_double = 0, wrong_fits = 0;
    for (int round = 0; round < 200000; round++) {
        const int128 x = random_int128(), y = random_int128() / 2;
        const int64_t a = random_integer(), b = random_integer();
        struct sqa_wide w = wide_of(x / 4);
        sqa_wide_add128(&w, (int64_t)(y / 2 >> 64), (uint64_t)(y / 2));
        wrong_sum += !same(w, wide_of(x / 4 + y / 2));
        sqa_wide_add(&w, a);
        wrong_sum += !same(w, wide_of(x / 4 + y / 2 + a));
        w = wide_of(x / 4);
        sqa_wide_add_shifted32(&w, a);
        wrong_sum += !same(w, wide_of(x / 4 + (int128)a * 4294967296));
        const struct sqa_wide wx = wide_of(x / 2), wy = wide_of(y);
        wrong_sum += !same(sqa_wide_sub(&wx, &wy), wide_of(x / 2 - y));
        sqa_wide_negate(&w);
        wrong_sum += !same(w, wide_of(-(x / 4 + (int128)a * 4294967296)));

        w = wide_of(x / 4);
        sqa_wide_add_product(&w, a, b);
        wrong_product += !same(w, wide_of(x / 4 + (int128)a * b));
        const struct sqa_wide wa = wide_of(a), wb = wide_of(b);
        wrong_product += !same(sqa_wide_mul(&wa, &wb), wide_of((int128)a * b));

        uint64_t low, low_halves;
        const uint64_t u = (uint64_t)a, v = random_bits();
        const uint128 p = (uint128)u * v;
        const uint64_t high = sqa_mul_high(u, v, &low);
        wrong_high += high != (uint64_t)(p >> 64) || low != (uint64_t)p;
        wrong_high += sqa_mul_high_halves(u, v, &low_halves) != high || low_halves != low;

        wrong_double += sqa_wide_double(wx) != (double)(x / 2);
        int64_t value = 0;
        const bool fits = x / 2 == (int64_t)(x / 2);
        wrong_fits += sqa_wide_fits(&wx, &value) != fits || value != (int64_t)(x / 2);
    }
    eq_int(wrong_sum, 0, "sums of 128 bits");
    eq_int(wrong_product, 0, "products of 64 bits");
    eq_int(wrong_high, 0, "the high half of a product, both ways");
    eq_int(wrong_double, 0, "doubles of 128 bits");
    eq_int(wrong_fits, 0, "what fits 64 bits");
}
#else
static void test_against_int128(void) {
    skip("sums", "there are no 128-bit integers to compare with");
}
#endif

static void test_widths(void) {
    int wrong = 0;
    for (unsigned width = 1; width <= 8; width *= 2) {
        const int64_t most = sqa_width_most(width), least = -most - 1;
        const unsigned next = width < 8 ? 2 * width : 8;
        wrong += (uint64_t)most != ((uint64_t)1 << (8 * width - 1)) - 1;
        wrong += sqa_sig_width(sqa_sig(most)) != width || sqa_sig_width(sqa_sig(least)) != width;
        wrong += sqa_sig_width((uint64_t)most) != width;
        wrong += sqa_sig_width((uint64_t)most + 1) != next;
        wrong += 1u << sqa_width_index(width) != width || sqa_sig(most) != sqa_sig(least);
    }
    eq_int(wrong, 0, "the borders of the widths");
    eq_int(sqa_sig_width(0), 1, "no significance");
    eq_int((int64_t)(sqa_sig(-1) | sqa_sig(0)), 0, "0 and -1 have none");
    for (int round = 0; round < 100000; round++) {
        const int64_t x = random_integer();
        const unsigned width = sqa_sig_width(sqa_sig(x));
        wrong += x > sqa_width_most(width) || x < -sqa_width_most(width) - 1;
        wrong += width > 1 && x <= sqa_width_most(width / 2) && x >= -sqa_width_most(width / 2) - 1;
    }
    eq_int(wrong, 0, "the width of a number is the narrowest");
}

static void test_sizes(void) {
    ok(sqa_add_size(1, 2) == 3 && sqa_mul_size(3, 4) == 12, "sizes");
    ok(sqa_add_size(ONES, 0) == ONES && sqa_add_size(ONES - 1, 1) == ONES, "the largest sum");
    ok(sqa_add_size(ONES, 1) == ONES && sqa_add_size(ONES, ONES) == ONES, "sums do not wrap");
    ok(sqa_mul_size(1ull << 32, (1ull << 32) - 1) == ONES - UINT32_MAX, "a large product");
    ok(sqa_mul_size(1ull << 32, 1ull << 32) == ONES && sqa_mul_size(ONES, 2) == ONES &&
           sqa_mul_size(ONES, 0) == 0,
       "products do not wrap");
}

/* The sequences are part of the contract: a change here breaks users' results. */
static void test_random(void) {
    static const struct {
        int64_t seed;
        uint64_t next[4];
    } cases[] = {
        /* those of Vigna's splitmix64.c, as published by others too */
        {1234567,
         {6457827717110365317u, 3203168211198807973u, 9817491932198370423u, 4593380528125082431u}},
        {0, {16294208416658607535u, 7960286522194355700u, 487617019471545679u, 0}},
    };
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        struct sqa_random r = sqa_random_seeded(cases[c].seed), zero = r;
        for (int i = 0; i < 4 && cases[c].next[i] != 0; i++) {
            const uint64_t x = sqa_random_next(&r);
            ok(x == cases[c].next[i] && sqa_random_below(&zero, 0) == x,
               "number %d of seed %" PRId64, i + 1, cases[c].seed);
        }
    }
    static const uint64_t dice[] = {4, 0, 1, 2, 0};
    struct sqa_random r = sqa_random_seeded(42);
    for (size_t i = 0; i < sizeof dice / sizeof *dice; i++)
        eq_int((int64_t)sqa_random_below(&r, 6), (int64_t)dice[i], "throw %zu of seed 42", i + 1);
}

/* Uniform, also for bounds at which a product without rejection is far from it */
static void test_random_bounds(void) {
    static const uint64_t bounds[] = {1, 2, 3, 6, 1000, 1ull << 32, 1ull << 63, 3ull << 62, ONES};
    for (size_t b = 0; b < sizeof bounds / sizeof *bounds; b++) {
        int below = 0, counts[6] = {0}, uneven = 0;
        const uint64_t bound = bounds[b], parts = bound < 6 ? bound : 6;
        for (int i = 0; i < 60000; i++) {
            const uint64_t x = sqa_random_below(&generator, bound);
            below += x < bound;
            counts[x % parts]++;
        }
        for (uint64_t part = 0; part < parts; part++) {
            /* 60000 / parts is expected, with a standard deviation of at most 123 */
            const int off = counts[part] - 60000 / (int)parts;
            uneven += bound != 1000 && (off > 750 || off < -750);
        }
        eq_int(below, 60000, "numbers below %" PRIu64, bound);
        eq_int(uneven, 0, "are evenly spread");
    }
}

int main(void) {
    generator = sqa_random_seeded(1);
    test_carries();
    test_fits();
    test_double();
    test_multiplication();
    test_against_int128();
    test_widths();
    test_sizes();
    test_random();
    test_random_bounds();
    return done();
}
