/*
** core/posting_block: keys are encoded and decoded; invalid blocks are rejected or give some keys
** in ascending order.
*/
#include <stdlib.h>

#include "core/posting_block.h"
#include "core/random.h"
#include "kernel/dispatch.h"
#include "unit.h"

static const struct sqa_kernels *kernels;
static struct sqa_random random_state;

static uint64_t below(uint64_t bound) {
    return sqa_random_below(&random_state, bound);
}

/* n keys with gaps of up to 2^bits, from `first` on, or fewer where they would leave 64 bits */
static size_t make_keys(int64_t *keys, size_t n, int64_t first, unsigned bits) {
    int64_t at = first;
    for (size_t i = 0; i < n; i++) {
        keys[i] = at;
        const uint64_t gap = bits == 0 ? 1 : 1 + (sqa_random_next(&random_state) >> (64 - bits));
        if (gap > (uint64_t)INT64_MAX - (uint64_t)at)
            return i + 1;
        at = (int64_t)((uint64_t)at + gap);
    }
    return n;
}

/* A copy at the end of its own memory, but for the slack */
static unsigned char *copy_of(const unsigned char *bytes, size_t size) {
    unsigned char *copy = malloc(size + SQA_BLOCK_SLACK);
    if (copy == NULL)
        abort();
    memcpy(copy, bytes, size);
    memset(copy + size, (int)below(256), SQA_BLOCK_SLACK);
    return copy;
}

static int wrong; /* since the last report */

static void expect(bool right, const char *what, size_t n, unsigned bits) {
    if (!right && ++wrong < 4)
        printf("# %s: %zu keys, gaps of %u bits\n", what, n, bits);
}

/* There and back */
static void round_trip(const int64_t *keys, size_t n, unsigned bits) {
    static int64_t got[SQA_BLOCK_KEYS];
    static unsigned char bytes[1 << 18];
    struct sqa_posting_block block;
    const size_t size = sqa_block_encode(bytes, keys, n);
    expect(size == sqa_block_size(n, (uint64_t)keys[n - 1] - (uint64_t)keys[0]), "size", n, bits);
    if (size > SQA_BLOCK_BYTES)
        return;
    unsigned char *copy = copy_of(bytes, size);
    const bool opened = sqa_block_open(&block, keys[0], copy, size);
    expect(opened, "open", n, bits);
    if (opened) {
        expect(block.n == n && block.first == keys[0] && block.last == keys[n - 1], "header", n,
               bits);
        expect(sqa_block_decode(kernels, &block, got), "decode", n, bits);
        expect(memcmp(got, keys, n * sizeof *keys) == 0, "keys", n, bits);
    }
    free(copy);
}

static void test_round_trips(void) {
    static int64_t keys[SQA_BLOCK_KEYS];
    for (unsigned bits = 0; bits <= 63; bits++) {
        for (size_t n = 1; n <= SQA_BLOCK_KEYS; n = n < 70 ? n + 1 : n * 3 / 2) {
            const int64_t firsts[] = {INT64_MIN, -5, 0, INT64_MAX - (int64_t)n,
                                      (int64_t)sqa_random_next(&random_state)};
            for (size_t f = 0; f < sizeof firsts / sizeof *firsts; f++)
                round_trip(keys, make_keys(keys, n, firsts[f], bits), bits);
        }
    }
    const int64_t ends[] = {INT64_MIN, 0, INT64_MAX};
    round_trip(ends, 3, 64);
    round_trip(ends, 1, 64);
    round_trip(ends + 2, 1, 64);
    const int64_t two[] = {INT64_MIN, INT64_MAX};
    round_trip(two, 2, 64);
    ok(wrong == 0, "keys of every density become blocks and come back, %s", kernels->isa);
    wrong = 0;
}

static void test_fit(void) {
    static int64_t keys[40000];
    for (unsigned bits = 0; bits <= 40; bits++) {
        const size_t n = make_keys(keys, 40000, -7, bits);
        for (size_t most = 32; most <= SQA_BLOCK_BYTES; most *= 2) {
            size_t blocks = 0;
            for (size_t at = 0; at < n; blocks++) {
                const size_t fit = sqa_block_fit(keys + at, n - at, most);
                expect(fit >= (n - at < 2 ? 1 : 2) && fit <= SQA_BLOCK_KEYS && at + fit <= n,
                       "number", fit, bits);
                const uint64_t span = (uint64_t)keys[at + fit - 1] - (uint64_t)keys[at];
                expect(sqa_block_size(fit, span) <= most, "fits", fit, bits);
                if (at + fit < n && fit < SQA_BLOCK_KEYS)
                    expect(sqa_block_size(fit + 1, (uint64_t)keys[at + fit] - (uint64_t)keys[at]) >
                               most,
                           "no more fit", fit, bits);
                at += fit;
            }
            expect(blocks <= n * (bits + 4) / (most * 5) + n / SQA_BLOCK_KEYS + 2, "few blocks",
                   blocks, bits);
        }
    }
    ok(wrong == 0, "blocks are as full as their limit lets them be");
    wrong = 0;
}

/* What opens and decodes is n keys in order from the first to the last. */
static void try_block(const unsigned char *bytes, size_t size, int64_t first, unsigned bits) {
    static int64_t got[SQA_BLOCK_KEYS];
    struct sqa_posting_block block;
    unsigned char *copy = copy_of(bytes, size);
    if (sqa_block_open(&block, first, copy, size)) {
        expect(block.n >= 1 && block.n <= SQA_BLOCK_KEYS, "n", block.n, bits);
        if (sqa_block_decode(kernels, &block, got)) {
            bool ascending = got[0] == first && got[block.n - 1] == block.last;
            for (size_t i = 1; i < block.n; i++)
                ascending = ascending && got[i] > got[i - 1];
            expect(ascending, "order", block.n, bits);
        }
    }
    free(copy);
}

static void test_damage(void) {
    static int64_t keys[300];
    static unsigned char bytes[1 << 14];
    for (unsigned bits = 0; bits <= 63; bits += 3) {
        for (size_t n = 1; n <= 300; n = n * 2 + 1) {
            const size_t kept = make_keys(keys, n, -1000, bits);
            const size_t size = sqa_block_encode(bytes, keys, kept);
            for (size_t i = 0; i < size; i++) {
                try_block(bytes, i, keys[0], bits); /* cut off */
                const unsigned char before = bytes[i];
                for (unsigned bit = 0; bit < 8; bit++) {
                    bytes[i] = (unsigned char)(before ^ 1u << bit);
                    try_block(bytes, size, keys[0], bits);
                }
                bytes[i] = (unsigned char)below(256);
                try_block(bytes, size, keys[0], bits);
                bytes[i] = before;
            }
            try_block(bytes, size, INT64_MAX - 3, bits); /* keys that leave 64 bits */
            bytes[size] = 0;
            try_block(bytes, size + 1, keys[0], bits); /* one byte too many */
        }
    }
    ok(wrong == 0, "damage is found, or is keys in order");
    wrong = 0;

    struct sqa_posting_block block;
    const unsigned char long_varint[] = {SQA_BLOCK_RUN, 0x81, 0x00, 0x00};
    ok(!sqa_block_open(&block, 0, long_varint, 4), "a varint longer than it must be is refused");
    const unsigned char none[] = {SQA_BLOCK_RUN, 0, 0};
    ok(!sqa_block_open(&block, 0, none, 3), "no keys are refused");
    const unsigned char many[] = {SQA_BLOCK_RUN, 0x81, 0x80, 0x01, 0x80, 0x80, 0x01};
    ok(!sqa_block_open(&block, 0, many, 7), "16,385 keys are refused");
    const unsigned char other[] = {3, 1, 0};
    ok(!sqa_block_open(&block, 0, other, 3), "an unknown codec is refused");
    ok(!sqa_block_open(&block, 0, other, 2), "two bytes are refused");
    static const unsigned char huge[SQA_BLOCK_BYTES + 1] = {SQA_BLOCK_RUN, 1, 0};
    ok(!sqa_block_open(&block, 0, huge, sizeof huge), "more bytes than a block has are refused");
    const unsigned char wide[] = {0, 1, 5};
    ok(!sqa_block_open(&block, 0, wide, 3), "one key that is not its first is refused");
    const unsigned char dear[] = {SQA_BLOCK_BITMAP, 1, 0, 1};
    ok(!sqa_block_open(&block, 0, dear, 4), "a codec that is not the smallest is refused");
    const unsigned char first[] = {SQA_BLOCK_RUN, 2, 1};
    ok(sqa_block_open(&block, INT64_MAX - 1, first, 3) && block.last == INT64_MAX,
       "a run up to the largest integer");
    ok(!sqa_block_open(&block, INT64_MAX, first, 3), "but not past it");
}

/* What is stored is the same on every machine. */
static void test_layout(void) {
    static const int64_t far[] = {10, 13, 1000, 1001, 70000, 70001},
                         near[] = {5, 6, 8, 9, 10, 13, 14, 15, 16, 17, 20, 21};
    static const unsigned char elias_fano[] = {0x00, 0x06, 0xe7, 0xa2, 0x04, 0x03, 0x80,
                                               0xf7, 0xf0, 0x3d, 0x98, 0x45, 0x87},
                               bitmap[] = {0x01, 0x0c, 0x10, 0x3b, 0x9f, 0x01};
    unsigned char bytes[100];
    ok(sqa_block_encode(bytes, far, 6) == sizeof elias_fano &&
           memcmp(bytes, elias_fano, sizeof elias_fano) == 0,
       "the bytes of Elias-Fano");
    ok(sqa_block_encode(bytes, near, 12) == sizeof bitmap &&
           memcmp(bytes, bitmap, sizeof bitmap) == 0,
       "the bytes of a bitmap");
}

int main(void) {
    const struct sqa_kernels *sets[SQA_ISA_MOST];
    const size_t count = sqa_kernels_list(sets);
    for (size_t s = 0; s < count; s++) {
        kernels = sets[s];
        random_state = sqa_random_seeded(14);
        test_round_trips();
    }
    test_layout();
    test_fit();
    test_damage();
    return done();
}
