/*
** core/roaring: sets are written in the portable format and read back; invalid bitmaps are
** rejected. If libroaring is installed, each library reads what the other has written.
*/
#include "border.h"
#include "core/random.h"
#include "core/roaring.h"
#include "kernel/dispatch.h"
#include "unit.h"

#ifdef HAVE_ROARING
#include <roaring/roaring.h>
#endif

enum { MOST = 300000 };

static const struct sqa_kernels *kernels;
static struct sqa_random generator;
static int64_t set[MOST], got[MOST];
static size_t set_count;
static unsigned char bitmap[1 << 21];
static int wrong;

static uint64_t below(uint64_t bound) {
    return sqa_random_below(&generator, bound);
}

static void expect(bool right, const char *what) {
    if (!right && ++wrong < 5)
        printf("# %s, %zu elements from %lld on\n", what, set_count, (long long)set[0]);
}

/* A set of up to n elements below 2^bits, of arrays, bitsets and runs */
static void make_set(size_t n, unsigned bits) {
    const uint64_t most = (UINT64_MAX >> (64 - bits)) & INT64_MAX;
    uint64_t at = below(3) == 0 ? 0 : sqa_random_next(&generator) & most;
    set_count = 0;
    at = below(2) ? at : at & 0xffff;
    while (set_count < n && at <= most) {
        const size_t run = below(3) == 0 ? 1 + below(3000) : 1;
        const uint64_t jump = below(4) == 0 ? 1 + below(100000) : 1 + below(40);
        for (size_t i = 0; i < run && set_count < n && at <= most; i++)
            set[set_count++] = (int64_t)at++;
        at += below(200) == 0 ? sqa_random_next(&generator) & (most >> 4) : jump;
    }
}

/* The bitmap is read as the set. */
static void read_back(const unsigned char *bytes, size_t size, unsigned bits) {
    struct sqa_roaring roaring = {.data = at_border(bytes, size), .size = size};
    struct sqa_error error;
    const enum sqa_status status = sqa_roaring_scan(kernels, &roaring, &error);
    expect(status == SQA_OK && roaring.count == set_count && roaring.bits == bits, "scanned");
    if (status != SQA_OK || roaring.count != set_count)
        return;
    const uint64_t most = set_count > 0 ? (uint64_t)set[set_count - 1] : 0;
    expect(sqa_sig_width(roaring.sig) == sqa_sig_width(most), "the width");
    for (unsigned width = sqa_sig_width(roaring.sig); width <= 8; width *= 2) {
        sqa_roaring_store(kernels, &roaring, got, width);
        const struct sqa_view view = {(const unsigned char *)got, set_count, width};
        bool same = true;
        for (size_t i = 0; i < set_count; i++)
            same &= sqa_view_get(&view, i) == set[i];
        expect(same, "stored");
    }
}

static size_t write_set(unsigned bits) {
    const struct sqa_view view = {(const unsigned char *)set, set_count, sizeof *set};
    const size_t size = (size_t)sqa_roaring_size(&view, bits, NULL);
    if (size >= sizeof bitmap)
        abort();
    bitmap[size] = 0x5a;
    sqa_roaring_write(&view, bits, bitmap, NULL);
    expect(bitmap[size] == 0x5a, "room");
    return size;
}

#ifdef HAVE_ROARING
/* libroaring's bitmap of the elements numbered from to to - 1, whose upper 32 bits are equal */
static roaring_bitmap_t *theirs_of(size_t from, size_t to) {
    roaring_bitmap_t *theirs = roaring_bitmap_create();
    for (size_t i = from; i < to; i++)
        roaring_bitmap_add(theirs, (uint32_t)((uint64_t)set[i] & UINT32_MAX));
    return theirs;
}

/* A bitmap of 32 bits of ours is theirs; theirs is read here, with and without runs. */
static void compare_32(size_t size) {
    roaring_bitmap_t *theirs = theirs_of(0, set_count);
    roaring_bitmap_t *ours = roaring_bitmap_portable_deserialize_safe((const char *)bitmap, size);
    expect(ours != NULL && roaring_bitmap_equals(ours, theirs), "libroaring reads ours");
    for (int with_runs = 0; with_runs < 2; with_runs++) {
        if (with_runs)
            roaring_bitmap_run_optimize(theirs);
        const size_t written = roaring_bitmap_portable_serialize(theirs, (char *)bitmap);
        read_back(bitmap, written, 32);
        expect(!with_runs || size <= written, "no more bytes than libroaring");
    }
    if (ours != NULL)
        roaring_bitmap_free(ours);
    roaring_bitmap_free(theirs);
}

/* The same of 64 bits, of which this version of libroaring has the parts only */
static void compare_64(size_t size) {
    size_t at = 8, maps = 0;
    uint64_t count;
    memcpy(&count, bitmap, sizeof count);
    for (size_t from = 0, to; from < set_count; from = to, maps++) {
        uint32_t high;
        for (to = from; to < set_count && set[to] >> 32 == set[from] >> 32;)
            to++;
        memcpy(&high, bitmap + at, sizeof high);
        roaring_bitmap_t *theirs = theirs_of(from, to);
        roaring_bitmap_t *ours =
            roaring_bitmap_portable_deserialize_safe((const char *)bitmap + at + 4, size - at - 4);
        expect(high == (uint64_t)set[from] >> 32 && ours != NULL &&
                   roaring_bitmap_equals(ours, theirs),
               "libroaring reads a part of ours");
        if (ours == NULL)
            abort();
        at += 4 + roaring_bitmap_portable_size_in_bytes(ours);
        roaring_bitmap_free(ours);
        roaring_bitmap_free(theirs);
    }
    expect(at == size && maps == count, "as many parts");
}
#endif

static void test_sets(void) {
    wrong = 0;
    for (int repeat = 0; repeat < (unit_thorough() ? 2000 : 150); repeat++) {
        const unsigned bits = below(3) == 0 ? 17 + (unsigned)below(47) : 17 + (unsigned)below(16);
        make_set(repeat < 5 ? (size_t)repeat : below(repeat % 10 == 0 ? MOST : 5000), bits);
        const bool is_small = set_count == 0 || set[set_count - 1] <= UINT32_MAX;
        size_t size = write_set(64);
        read_back(bitmap, size, 64);
#ifdef HAVE_ROARING
        compare_64(size);
#endif
        if (!is_small)
            continue;
        size = write_set(32);
        read_back(bitmap, size, 32);
#ifdef HAVE_ROARING
        compare_32(size);
#endif
    }
    eq_int(wrong, 0, "%s: there and back", kernels->isa);
}

static long refused, opened;

/* Refused at a byte inside or behind it, or some set */
static void try_bitmap(const unsigned char *bytes, size_t size) {
    struct sqa_roaring roaring = {.data = at_border(bytes, size), .size = size};
    struct sqa_error error = {0, 0};
    const enum sqa_status status = sqa_roaring_scan(kernels, &roaring, &error);
    refused += status != SQA_OK;
    opened += status == SQA_OK;
    if (status == SQA_ROARING)
        expect(error.a >= 1 && error.a <= (int64_t)size + 1, "the byte");
    if (status != SQA_OK || roaring.count > MOST)
        return;
    sqa_roaring_store(kernels, &roaring, got, 8);
    bool ascends = true;
    for (size_t i = 0; i < roaring.count; i++)
        ascends &= got[i] >= 0 && (i == 0 || got[i] > got[i - 1]);
    expect(ascends, "a set");
}

static void test_hostile(void) {
    static unsigned char changed[sizeof bitmap];
    wrong = 0;
    refused = opened = 0;
    for (int repeat = 0; repeat < (unit_thorough() ? 200 : 30); repeat++) {
        make_set(below(repeat % 3 == 0 ? 20000 : 300), repeat % 2 ? 20 : 40);
        const size_t size = write_set(repeat % 2 ? 32 : 64);
        memcpy(changed, bitmap, size);
        for (size_t i = 0; i <= size; i += i < 200 ? 1 : 1 + below(300))
            try_bitmap(changed, i);
        for (size_t i = 0; i < size; i += i < 300 ? 1 : 1 + below(300)) {
            for (int change = 0; change < 6; change++) {
                const unsigned char kept = changed[i];
                changed[i] = (unsigned char)(change < 3 ? kept ^ 1 << 3 * change : (int)below(256));
                try_bitmap(changed, size);
                changed[i] = kept;
            }
        }
        changed[size] = 0;
        try_bitmap(changed, size + 1);
    }
    for (int repeat = 0; repeat < 20000; repeat++) { /* a cookie and what follows it */
        const size_t size = 8 + below(60);
        for (size_t i = 0; i < size; i++)
            changed[i] = (unsigned char)(below(2) ? 0 : below(2) ? below(4) : below(256));
        const uint32_t cookie = below(2) ? 12346 : 12347 | (uint32_t)below(3) << 16;
        memcpy(changed + (below(2) ? 0 : 12), &cookie, 4);
        if (below(2))
            memset(changed, 0, 8), changed[0] = 1;
        try_bitmap(changed, size);
    }
    eq_int(wrong, 0, "%s: %ld refused, %ld opened", kernels->isa, refused, opened);
}

/* A failure, as a text */
static void refusal(const char *hex, const char *expected) {
    unsigned char bytes[200];
    size_t size = 0;
    unsigned byte;
    for (; sscanf(hex + 2 * size, "%2x", &byte) == 1; size++)
        bytes[size] = (unsigned char)byte;
    struct sqa_roaring roaring = {.data = bytes, .size = size};
    struct sqa_error error = {0, 0};
    char text[200];
    sqa_status_text(sqa_roaring_scan(kernels, &roaring, &error), &error, text, sizeof text);
    eq_text(text, expected, "%s", hex);
}

static void test_messages(void) {
    const char *const format = "not a Roaring bitmap in the portable format, as byte %d shows";
    char text[5][100];
    static const int bytes[] = {1, 9, 23, 13, 19};
    for (int i = 0; i < 5; i++)
        snprintf(text[i], sizeof text[i], format, bytes[i]);
    refusal("", text[0]);
    refusal("3a30000000000000", "no error");
    refusal("0000000000000000", "no error");
    refusal("3a30000001000000", text[1]);                               /* ends there */
    refusal("3a300000010000000000020010000000010002000500ff", text[2]); /* goes on */
    refusal("3a300000010000000000020011000000010002000500", text[3]);   /* offset */
    refusal("3a300000010000000000010010000000"
            "05000100",
            text[4]); /* not ascending */
    refusal("010000000000000000000080"
            "3a300000010000000000000010000000ffff",
            "element 1 is 9223372036854841343, SQL integers end at 9223372036854775807");
}

int main(void) {
    const struct sqa_kernels *sets[SQA_ISA_MOST];
    const size_t count = sqa_kernels_list(sets);
    for (size_t s = 0; s < count; s++) {
        kernels = sets[s];
        generator = sqa_random_seeded(1);
        test_sets();
        test_hostile();
    }
    test_messages();
#ifndef HAVE_ROARING
    skip("bitmaps of libroaring", "libroaring is not there");
#endif
    return done();
}
