/*
** core/blob and core/machine_ints: invalid blobs, conversions, the block reader, machine
** integers.
*/
#include "border.h"
#include "core/random.h"
#include "core/machine_ints.h"
#include "core/range.h"
#include "kernel/dispatch.h"
#include "unit.h"

#include <math.h>

static const struct sqa_kernels *kernels; /* the set being tested */
static struct sqa_random generator;

/* A block of exactly size bytes, so that a sanitizer sees a step outside. */
static unsigned char *allocate(size_t size) {
    unsigned char *memory = malloc(size > 0 ? size : 1);
    if (memory == NULL)
        abort();
    return memory;
}

/* Byte by byte, the same on every machine */
static int64_t read_integer(const unsigned char *at, unsigned width, bool big, bool is_unsigned) {
    uint64_t x = 0;
    for (unsigned i = 0; i < width; i++)
        x = x << 8 | at[big ? i : width - 1 - i];
    const unsigned above = 64 - 8 * width;
    return is_unsigned ? (int64_t)x : (int64_t)(x << above) >> above;
}

static void write_integer(unsigned char *at, unsigned width, bool big, int64_t x) {
    for (unsigned i = 0; i < width; i++)
        at[big ? width - 1 - i : i] = (unsigned char)(x >> (8 * i) & 255);
}

static int64_t element(const void *data, unsigned width, size_t i) {
    return read_integer((const unsigned char *)data + i * width, width, false, false);
}

/* A number of any size up to width bytes */
static int64_t random_integer(unsigned width) {
    const uint64_t bits = 1 + sqa_random_below(&generator, 8 * width);
    return (int64_t)sqa_random_next(&generator) >> (64 - bits);
}

/* Fills count elements of width bytes with numbers that fit `fits`; gives their significance. */
static uint64_t fill(unsigned char *data, size_t count, unsigned width, unsigned fits) {
    uint64_t sig = 0;
    for (size_t i = 0; i < count; i++) {
        const int64_t x = random_integer(fits);
        write_integer(data + i * width, width, false, x);
        sig |= sqa_sig(x);
    }
    return sig;
}

/* Blobs */

/* What a copy of the blob gives: "OK count width", or a status with its figures. */
static const char *viewing(const unsigned char *blob, size_t size) {
#define X(name, text) #name,
    static const char *const names[] = {SQA_STATUS_LIST(X)};
#undef X
    static char said[120];
    static const unsigned char before[1];
    struct sqa_error error = {0, 0};
    struct sqa_array view = {before, 12345, 3, 0, 0};
    unsigned char *copy = allocate(size);
    if (size > 0)
        memcpy(copy, blob, size);
    const enum sqa_status status = sqa_blob_array(copy, size, &view, &error);
    if (status == SQA_OK)
        snprintf(said, sizeof said, "OK %zu %u%s", view.count, view.width,
                 view.encoded == copy + 8 ? "" : ", and data is elsewhere");
    else
        snprintf(said, sizeof said, "%s %lld %lld%s", names[status] + strlen("SQA_"),
                 (long long)error.a, (long long)error.b,
                 view.encoded == before && view.count == 12345 && view.width == 3
                     ? ""
                     : ", and the view has changed");
    free(copy);
    return said;
}

#define VIEWING(blob, expected) eq_text(viewing((blob), sizeof(blob)), (expected), #blob)

static void test_blob_view(void) {
    static const unsigned char empty[] = {0xa1, 0x41, 0, 1, 0, 0, 0, 0};
    static const unsigned char two[] = {0xa1, 0x41, 0, 2, 2, 0, 0, 0, 1, 0, 0xff, 0xff};
    static const unsigned char one_wide[] = {0xa1, 0x41, 0, 8, 1, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8};
    static const unsigned char too_long[] = {0xa1, 0x41, 0, 2, 1, 0, 0, 0, 1, 0, 0};
    static const unsigned char too_short[] = {0xa1, 0x41, 0, 4, 1, 0, 0, 0, 1, 0, 0};
    static const unsigned char no_elements[] = {0xa1, 0x41, 0, 1, 1, 0, 0, 0};
    static const unsigned char most_8[] = {0xa1, 0x41, 0, 8, 255, 255, 255, 255};
    /* 2^31 * 4 and 2^29 * 8 are 0 in 32 bits */
    static const unsigned char wraps_4[] = {0xa1, 0x41, 0, 4, 0, 0, 0, 0x80};
    static const unsigned char wraps_8[] = {0xa1, 0x41, 0, 8, 0, 0, 0, 0x20};
    static const unsigned char text[] = "[1,2,3,4]";
    VIEWING(empty, "OK 0 1");
    VIEWING(two, "OK 2 2");
    VIEWING(one_wide, "OK 1 8");
    VIEWING(too_long, "BAD_SIZE 11 10");
    VIEWING(too_short, "BAD_SIZE 11 12");
    VIEWING(no_elements, "BAD_SIZE 8 9");
    VIEWING(most_8, "BAD_SIZE 8 34359738368");
    VIEWING(wraps_4, "BAD_SIZE 8 8589934600");
    VIEWING(wraps_8, "BAD_SIZE 8 4294967304");
    VIEWING(text, "BAD_MAGIC 10 0");

    unsigned char blob[sizeof two];
    char expected[80];
    for (size_t size = 0; size < 8; size++) {
        snprintf(expected, sizeof expected, "SHORT_HEADER %zu 0", size);
        eq_text(viewing(two, size), expected, "%zu bytes", size);
    }
    int wrong = 0;
    for (size_t size = 8; size < sizeof two; size++) {
        snprintf(expected, sizeof expected, "BAD_SIZE %zu 12", size);
        wrong += strcmp(viewing(two, size), expected) != 0;
    }
    for (size_t at = 0; at < sizeof two; at++)
        for (int value = 0; value < 256; value++) {
            memcpy(blob, two, sizeof two);
            if (blob[at] == value)
                continue;
            blob[at] = (unsigned char)value;
            if (at < 2)
                snprintf(expected, sizeof expected, "BAD_MAGIC 12 0");
            else if (at == 2 && value == 1) /* packed: one block, whose lists have 5 bytes */
                snprintf(expected, sizeof expected, "BAD_SIZE 12 13");
            else if (at == 2)
                snprintf(expected, sizeof expected, "BAD_CODEC %d 0", value);
            else if (at == 3 && value != 1 && value != 4 && value != 8)
                snprintf(expected, sizeof expected, "BAD_WIDTH %d 0", value);
            else if (at == 3)
                snprintf(expected, sizeof expected, "BAD_SIZE 12 %d", 8 + 2 * value);
            else if (at < 8)
                snprintf(expected, sizeof expected, "BAD_SIZE 12 %" PRIu64,
                         8 + 2 * ((uint64_t)(at == 4 ? 0 : 2) + ((uint64_t)value << 8 * (at - 4))));
            else
                snprintf(expected, sizeof expected, "OK 2 2");
            wrong += strcmp(viewing(blob, sizeof two), expected) != 0;
        }
    eq_int(wrong, 0, "every prefix and every change of one byte");
}

static void test_headers(void) {
    int wrong = 0;
    for (unsigned width = 1; width <= 8; width *= 2) {
        static const uint64_t counts[] = {0, 1, 255, 256, 65536, 0x12345678, UINT32_MAX};
        for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
            unsigned char blob[9] = {0};
            sqa_blob_header(blob, counts[i], width);
            const struct sqa_array view = sqa_blob_trusted(blob);
            wrong += view.count != counts[i] || view.width != width || view.encoded != blob + 8;
            wrong += blob[0] != 0xa1 || blob[1] != 0x41 || blob[2] != 0 || blob[3] != width;
            wrong += (uint64_t)read_integer(blob + 4, 4, false, true) != counts[i] || blob[8] != 0;
            wrong += sqa_blob_size(counts[i], width) != 8 + counts[i] * width;
        }
    }
    eq_int(wrong, 0, "headers");
}

/* Conversions */

/* Widening and narrowing by every pair of widths; narrowing cuts bits off where they do not fit. */
static void test_convert_in_place(void) {
    for (unsigned from = 1; from <= 8; from *= 2)
        for (unsigned to = 1; to <= 8; to *= 2) {
            int wrong = 0;
            for (size_t count = 0; count <= 2100; count++) {
                const size_t in_block = count % 1024;
                if (!unit_thorough() && count > 130 && in_block > 2 && in_block < 1022 &&
                    in_block % 16 != 5)
                    continue;
                const size_t size = count * (from > to ? from : to);
                unsigned char *before = allocate(count * from), *data = allocate(size);
                fill(before, count, from, from);
                memcpy(data, before, count * from);
                sqa_convert_in_place(kernels, data, count, from, to, NULL);
                for (size_t i = 0; i < count; i++) {
                    unsigned char low[8];
                    write_integer(low, to, false, element(before, from, i));
                    wrong += memcmp(low, data + i * to, to) != 0;
                }
                free(before);
                free(data);
            }
            eq_int(wrong, 0, "%s: in place from width %u to %u", kernels->isa, from, to);
        }
}

static void test_finish(void) {
    int wrong = 0;
    for (unsigned width = 1; width <= 8; width *= 2)
        for (unsigned fits = 1; fits <= width; fits *= 2)
            for (size_t count = 0; count <= 2100; count += count < 70 ? 1 : 97) {
                unsigned char *blob = allocate(8 + count * width);
                unsigned char *before = allocate(count * width);
                const uint64_t sig = fill(before, count, width, fits);
                const unsigned canonical = sqa_sig_width(sig);
                struct sqa_array view;
                struct sqa_error error;
                memcpy(blob + 8, before, count * width);
                const size_t size = sqa_blob_finish(kernels, blob, count, width, sig, NULL);
                wrong += sqa_blob_array(blob, size, &view, &error) != SQA_OK;
                wrong += view.count != count || view.width != canonical;
                for (size_t i = 0; i < count; i++)
                    wrong += element(blob + 8, canonical, i) != element(before, width, i);
                free(blob);
                free(before);
            }
    eq_int(wrong, 0, "%s: arrays made canonical", kernels->isa);
}

/* Views at every address: get, copy, slice, significance, and the block reader. */
static void test_views(unsigned width, unsigned shift) {
    int wrong = 0, wrong_blocks = 0;
    for (size_t count = 0; count <= 2100; count += count < 20 ? 1 : 131)
        for (unsigned fits = 1; fits <= width; fits *= 2) {
            unsigned char *bytes = allocate(shift + count * width);
            const struct sqa_array view = {bytes + shift, count, width, 0, 0};
            const uint64_t sig = fill(bytes + shift, count, width, fits);
            wrong += sqa_array_sig(kernels, &view, NULL) != sig;
            wrong += sqa_array_aligned(&view) != ((uintptr_t)view.encoded % width == 0);
            for (size_t i = 0; i < count; i++)
                wrong += sqa_array_get(kernels, &view, i) != element(view.encoded, width, i);

            const size_t at = sqa_random_below(&generator, count + 1);
            const size_t n = sqa_random_below(&generator, count - at + 1);
            const struct sqa_array part = sqa_array_slice(&view, at, n);
            wrong +=
                part.encoded != view.encoded + at * width || part.count != n || part.width != width;
            for (unsigned to = sqa_sig_width(sig); to <= 8; to *= 2) {
                unsigned char *copy = allocate(n * to);
                sqa_array_copy(kernels, &view, at, n, copy, to);
                for (size_t i = 0; i < n; i++)
                    wrong += element(copy, to, i) != element(view.encoded, width, at + i);
                free(copy);

                struct sqa_reader reader;
                sqa_reader_init(&reader, kernels, &view, to, NULL);
                const bool in_place = to == width && (uintptr_t)view.encoded % width == 0;
                const size_t m = n < SQA_BLOCK ? n : SQA_BLOCK;
                const unsigned char *block = sqa_reader_block(&reader, at, m);
                wrong_blocks += (block == view.encoded + at * width) != in_place;
                wrong_blocks += (uintptr_t)block % to != 0;
                for (size_t i = 0; i < m; i++)
                    wrong_blocks += element(block, to, i) != element(view.encoded, width, at + i);
                /* a second block, which may use the scratch of the first */
                block = sqa_reader_block(&reader, 0, m);
                for (size_t i = 0; i < m; i++)
                    wrong_blocks += element(block, to, i) != element(view.encoded, width, i);
            }
            free(bytes);
        }
    eq_int(wrong, 0, "%s: views of width %u at address %u", kernels->isa, width, shift);
    eq_int(wrong_blocks, 0, "%s: their blocks", kernels->isa);
}

/* Packed machine integers */

static const struct type {
    const char *name;
    enum sqa_dtype dtype;
    unsigned width;
    bool is_unsigned;
} types[] = {
    {"int8", SQA_INT8, 1, false},    {"int16", SQA_INT16, 2, false},
    {"int32", SQA_INT32, 4, false},  {"int64", SQA_INT64, 8, false},
    {"uint8", SQA_UINT8, 1, true},   {"uint16", SQA_UINT16, 2, true},
    {"uint32", SQA_UINT32, 4, true}, {"uint64", SQA_UINT64, 8, true},
};
enum { TYPES = sizeof types / sizeof *types };

static void test_dtypes(void) {
    static const char *const none[] = {"",      "int",   "int1",   "int160", "Uint8 ",
                                       " int8", "uint6", "uint65", "float",  "INT8;"};
    enum sqa_dtype dtype = SQA_UINT64;
    for (int i = 0; i < TYPES; i++) {
        const struct type *t = &types[i];
        char upper[8] = {0};
        for (size_t c = 0; t->name[c] != 0; c++)
            upper[c] = (char)(t->name[c] >= 'a' ? t->name[c] - 32 : t->name[c]);
        eq_text(sqa_dtype_names[t->dtype], t->name, "the name %s", t->name);
        ok(sqa_dtype_find(t->name, strlen(t->name), &dtype) && dtype == t->dtype, "finds %s",
           t->name);
        dtype = SQA_UINT64;
        ok(sqa_dtype_find(upper, strlen(upper), &dtype) && dtype == t->dtype, "finds %s", upper);
        ok(sqa_dtype_width(t->dtype) == t->width && sqa_dtype_unsigned(t->dtype) == t->is_unsigned,
           "the width and sign of %s", t->name);
    }
    for (size_t n = 1; n < 6; n++)
        ok(!sqa_dtype_find(at_border("uint64", n), n, &dtype), "no type of %zu bytes", n);
    ok(sqa_dtype_names[TYPES] == NULL, "no more names");
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        ok(!sqa_dtype_find(at_border(none[i], strlen(none[i])), strlen(none[i]), &dtype),
           "no type '%.6s'", none[i]);
    ok(sqa_dtype_find("int8,int16", 4, &dtype) && dtype == SQA_INT8, "a name in a longer text");
}

/* Numbers of a type, those beside its borders often among them; `most` bytes are significant */
static int64_t random_of(const struct type *t, unsigned most) {
    const int64_t x = random_integer(most);
    if (!t->is_unsigned)
        return x;
    if (t->width == 8)
        return x & INT64_MAX;
    return x & (int64_t)(UINT64_MAX >> (64 - 8 * most));
}

static void test_raw(const struct type *t, bool big) {
    int wrong_read = 0, wrong_written = 0;
    for (size_t count = 0; count <= 2100; count += count < 20 ? 1 : 131)
        for (unsigned most = 1; most <= t->width; most *= 2) {
            const size_t shift = sqa_random_below(&generator, 8), size = count * t->width;
            unsigned char *bytes = allocate(shift + size), *again = allocate(shift + size);
            uint64_t sig = 0;
            for (size_t i = 0; i < count; i++) {
                const int64_t x = random_of(t, most);
                write_integer(bytes + shift + i * t->width, t->width, big, x);
                sig |= sqa_sig(x);
            }
            struct sqa_machine_ints ints = {
                .data = bytes + shift, .size = size, .dtype = t->dtype, .big = big};
            struct sqa_error error;
            wrong_read +=
                sqa_machine_ints_scan(kernels, &ints, &error) != SQA_OK || ints.count != count;
            wrong_read += sqa_sig_width(ints.sig) != sqa_sig_width(sig);
            for (unsigned width = sqa_sig_width(sig); width <= 8; width *= 2) {
                unsigned char *dst = allocate(count * width);
                sqa_machine_ints_store(kernels, &ints, dst, width);
                for (size_t i = 0; i < count; i++)
                    wrong_read +=
                        element(dst, width, i) !=
                        read_integer(bytes + shift + i * t->width, t->width, big, t->is_unsigned);
                const struct sqa_array view = {dst, count, width, 0, 0};
                wrong_written += sqa_machine_ints_check(kernels, &view, t->dtype, &error) != SQA_OK;
                sqa_machine_ints_write(kernels, &view, t->dtype, big, again + shift);
                wrong_written += memcmp(again + shift, bytes + shift, size) != 0;
                free(dst);
            }
            free(bytes);
            free(again);
        }
    eq_int(wrong_read, 0, "%s: %s %s-endian read", kernels->isa, t->name, big ? "big" : "little");
    eq_int(wrong_written, 0, "%s: and written", kernels->isa);
}

static void test_raw_size(const struct type *t) {
    const unsigned char bytes[24] = {0};
    for (size_t size = 0; size < sizeof bytes; size++) {
        struct sqa_machine_ints ints = {.data = bytes, .size = size, .dtype = t->dtype};
        struct sqa_error error = {0, 0};
        const enum sqa_status status = sqa_machine_ints_scan(kernels, &ints, &error);
        if (size % t->width == 0)
            ok(status == SQA_OK && ints.count == size / t->width, "%zu bytes of %s", size, t->name);
        else
            ok(status == SQA_INTS_SIZE && error.a == (int64_t)size && error.b == t->width,
               "%zu bytes are not %s", size, t->name);
    }
}

/* One uint64 over the largest integer, in every place, with others behind it */
static void test_raw_too_large(void) {
    enum { COUNT = 1030 };
    static unsigned char bytes[8 * COUNT];
    int wrong = 0;
    for (size_t at = 0; at < COUNT; at++) {
        struct sqa_machine_ints ints = {.data = bytes, .size = sizeof bytes, .dtype = SQA_UINT64};
        struct sqa_error error = {0, 7};
        memset(bytes, 0, sizeof bytes);
        write_integer(bytes + 8 * at, 8, false, at % 2 == 0 ? -1 : INT64_MIN);
        write_integer(bytes + 8 * (COUNT - 1), 8, false, -1);
        wrong += sqa_machine_ints_scan(kernels, &ints, &error) != SQA_UNSIGNED;
        wrong += error.a != (int64_t)at + 1 ||
                 error.b != (at % 2 == 0 || at == COUNT - 1 ? -1 : INT64_MIN);
    }
    eq_int(wrong, 0, "%s: a uint64 over 2^63-1 is found", kernels->isa);
}

/* Numbers just inside a type and just outside, as elements of each width */
static void test_raw_check(const struct type *t) {
    const int64_t most = t->is_unsigned && t->width < 8
                             ? (int64_t)(UINT64_MAX >> (64 - 8 * t->width))
                             : sqa_width_most(t->width);
    const int64_t least = t->is_unsigned ? 0 : -sqa_width_most(t->width) - 1;
    const int64_t inside[] = {least, most, 0},
                  outside[] = {least - (least > INT64_MIN), most + (most < INT64_MAX), INT64_MIN,
                               INT64_MAX, -1};
    int wrong = 0;
    for (unsigned width = 1; width <= 8; width *= 2)
        for (size_t o = 0; o < sizeof outside / sizeof *outside; o++) {
            static unsigned char bytes[1 + 8 * 1100];
            const struct sqa_array view = {bytes + 1, 1100, width, 0, 0};
            const size_t at = sqa_random_below(&generator, view.count);
            const int64_t x = outside[o];
            struct sqa_error error = {0, 0};
            for (size_t i = 0; i < view.count; i++) {
                const int64_t fine = inside[i % 3];
                write_integer(bytes + 1 + i * width, width, false,
                              sqa_sig_width(sqa_sig(fine)) <= width ? fine : 1);
            }
            wrong += sqa_machine_ints_check(kernels, &view, t->dtype, &error) != SQA_OK;
            if (sqa_sig_width(sqa_sig(x)) > width || (least <= x && x <= most))
                continue;
            write_integer(bytes + 1 + at * width, width, false, x);
            write_integer(bytes + 1 + (view.count - 1) * width, width, false, x);
            wrong += sqa_machine_ints_check(kernels, &view, t->dtype, &error) != SQA_RANGE;
            wrong += error.a != (int64_t)at + 1 || error.b != x;
        }
    eq_int(wrong, 0, "%s: what is outside %s is found", kernels->isa, t->name);
}

/*
** Integers just around a number and at the ends, compared as SQL does: exactly. long double holds
** both kinds.
*/
static void test_ranges(void) {
    static const double reals[] = {0.0,
                                   -0.0,
                                   0.5,
                                   -0.5,
                                   1,
                                   2.5,
                                   -2.5,
                                   4e-320,
                                   4503599627370495.5,
                                   -4503599627370495.5,
                                   9007199254740992.0,
                                   9223372036854774784.0,
                                   9223372036854775808.0,
                                   -9223372036854775808.0,
                                   -9223372036854777856.0,
                                   1e300,
                                   -1e300,
                                   INFINITY,
                                   -INFINITY};
    static const enum sqa_relation ops[] = {SQA_EQ, SQA_GT, SQA_GE, SQA_LT, SQA_LE};
    int wrong = 0;
    for (size_t r = 0; r < sizeof reals / sizeof *reals; r++)
        for (size_t o = 0; o < sizeof ops / sizeof *ops; o++) {
            const double x = reals[r];
            const struct sqa_range range = sqa_range_of_real(ops[o], x);
            const bool near_fits = x >= -9.2e18 && x <= 9.2e18;
            for (int64_t d = -3; d <= 6; d++) {
                const int64_t i = d == 4   ? INT64_MIN
                                  : d == 5 ? INT64_MAX
                                  : d == 6 ? INT64_MAX - 1023
                                           : (near_fits ? (int64_t)x : 0) + d;
                const long double exact = (long double)i;
                const bool holds = ops[o] == SQA_EQ   ? exact == x
                                   : ops[o] == SQA_GT ? exact > x
                                   : ops[o] == SQA_GE ? exact >= x
                                   : ops[o] == SQA_LT ? exact < x
                                                      : exact <= x;
                wrong += holds != (range.lo <= i && i <= range.hi);
                const struct sqa_range of_integer = sqa_range_of_integer(ops[o], i);
                for (int e = -1; e <= 1; e++) {
                    int64_t j;
                    if (__builtin_add_overflow(i, e, &j))
                        continue;
                    const bool integers = ops[o] == SQA_EQ   ? j == i
                                          : ops[o] == SQA_GT ? j > i
                                          : ops[o] == SQA_GE ? j >= i
                                          : ops[o] == SQA_LT ? j < i
                                                             : j <= i;
                    wrong += integers != (of_integer.lo <= j && j <= of_integer.hi);
                }
            }
            const struct sqa_range nan = sqa_range_of_real(ops[o], NAN);
            wrong += nan.lo <= nan.hi;
        }
    eq_int(wrong, 0, "integers that compare with a number");
}

static void test_status_texts(void) {
    char text[200];
    const struct sqa_error error = {-7, INT64_MAX};
    int wrong = 0;
#define X(name, format)                                                                            \
    sqa_status_text(name, &error, text, sizeof text);                                              \
    wrong += strlen(text) == 0 || strchr(text, '%') != NULL;
    SQA_STATUS_LIST(X)
#undef X
    eq_int(wrong, 0, "every status has a text");
    sqa_status_text(SQA_BAD_SIZE, &error, text, sizeof text);
    eq_text(text, "BLOB of -7 bytes, its header says 9223372036854775807", "with its figures");
    sqa_status_text(SQA_BAD_SIZE, &error, text, 8);
    eq_text(text, "BLOB of", "cut to the room there is");
    sqa_status_text(SQA_UNSIGNED, &(struct sqa_error){3, -1}, text, sizeof text);
    eq_text(text, "element 3 is 18446744073709551615, SQL integers end at 9223372036854775807",
            "an unsigned figure");
}

int main(void) {
    const struct sqa_kernels *sets[SQA_ISA_MOST];
    const size_t count = sqa_kernels_list(sets);
    test_ranges();
    test_status_texts();
    test_blob_view();
    test_headers();
    test_dtypes();
    for (size_t s = 0; s < count; s++) {
        kernels = sets[s];
        generator = sqa_random_seeded(1);
        test_convert_in_place();
        test_finish();
        for (unsigned width = 1; width <= 8; width *= 2)
            for (unsigned shift = 0; shift < 8; shift++)
                test_views(width, shift);
        for (int i = 0; i < TYPES; i++) {
            test_raw(&types[i], false);
            test_raw(&types[i], true);
            test_raw_check(&types[i]);
            test_raw_size(&types[i]);
        }
        test_raw_too_large();
    }
    return done();
}
