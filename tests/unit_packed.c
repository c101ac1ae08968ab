/*
** core/packed and core/packing: arrays are packed and read back; invalid blobs are rejected or
** give some integers.
*/
#include "border.h"
#include "core/packing.h"
#include "core/random.h"
#include "core/reader.h"
#include "kernel/dispatch.h"
#include "sqlite_array.h"
#include "unit.h"

enum { MOST = 4100 };

static const struct sqa_kernels *kernels;
static struct sqa_random generator;

static uint64_t below(uint64_t bound) {
    return sqa_random_below(&generator, bound);
}

static int wrong; /* since the last report */
static const char *now_shape;
static size_t now_n;

static void expect(bool right, const char *what) {
    if (!right && ++wrong < 6)
        printf("# %s: %zu elements, %s\n", what, now_n, now_shape);
}

/* ---- The model: the layout as core/packed.h describes it, bit by bit */

static uint64_t model_bit(const unsigned char *bytes, uint64_t i) {
    return bytes[i / 8] >> i % 8 & 1;
}

static uint64_t model_bytes(const unsigned char *bytes, size_t size) {
    uint64_t x = 0;
    for (size_t i = 0; i < size; i++)
        x |= (uint64_t)bytes[i] << (8 * i);
    return x;
}

static int64_t model_cut(uint64_t x, unsigned width) {
    const unsigned above = 64 - 8 * width;
    return (int64_t)(x << above) >> above;
}

/* Bytes of a lane of a block */
static unsigned model_lane(unsigned form, unsigned bits) {
    static const unsigned above[] = {0, 6, 22, 54};
    const unsigned need = bits + above[form >> 1] + (form & 1 ? 10 : 0);
    unsigned lane = 1;
    while (lane < 8 && need >= 8 * lane)
        lane *= 2;
    return lane;
}

static uint64_t model_offset(const unsigned char *offsets, size_t n, size_t i, unsigned bits,
                             unsigned lane) {
    const unsigned lanes = 128 / lane, lane_bits = 8 * lane, number = (unsigned)i;
    uint64_t x = 0;
    for (unsigned b = 0; b < bits; b++) {
        const unsigned in_lane = number / lanes * bits + b;
        const unsigned whole =
            in_lane / lane_bits * 1024 + number % lanes * lane_bits + in_lane % lane_bits;
        x |= model_bit(offsets, n == 1024 ? whole : number * bits + b) << b;
    }
    return x;
}

/* Fills x with all elements of a packed blob; gives the bytes that it has. */
static size_t model_read(const unsigned char *blob, int64_t *x) {
    const size_t count = (size_t)model_bytes(blob + 4, 4), blocks = (count + 1023) / 1024;
    const unsigned width = blob[3];
    const unsigned char *forms = blob + 8, *bits = forms + blocks, *halves = bits + blocks;
    const unsigned char *bases = halves + blocks, *at = bases + blocks * width;
    for (size_t k = 0; k < blocks; k++) {
        static const unsigned sizes[] = {1, 2, 4, 8};
        const size_t n = k + 1 < blocks ? 1024 : count - k * 1024;
        const unsigned size = sizes[forms[k] >> 1], lane = model_lane(forms[k], bits[k]);
        const uint64_t base = model_bytes(bases + k * width, width);
        uint64_t step = 0, offset[1024], sum = base;
        if (forms[k] & 1) {
            step = model_bytes(at, width);
            at += width;
        }
        for (size_t i = 0; i < n; i++)
            offset[i] = model_offset(at, n, i, bits[k], lane);
        at += (n * bits[k] + 7) / 8;
        for (unsigned e = 0; e < 2u * halves[k]; e += size) {
            const uint64_t exception = model_bytes(at + e, size);
            if (exception % 1024 < n)
                offset[exception % 1024] =
                    (offset[exception % 1024] & (bits[k] == 0 ? 0 : UINT64_MAX >> (64 - bits[k]))) |
                    exception / 1024 << bits[k];
        }
        at += 2u * halves[k];
        for (size_t i = 0; i < n; i++) {
            sum += (i > 0 ? step : 0) + offset[i];
            x[k * 1024 + i] = model_cut(forms[k] & 1 ? sum : base + offset[i], width);
        }
    }
    return (size_t)(at - blob);
}

/* ---- Arrays */

static const char *const shapes[] = {"equal",       "ramp",   "frame",     "walk",     "sorted",
                                     "geometric",   "masks",  "outliers",  "extremes", "random",
                                     "alternating", "fallen", "two halves"};
enum { SHAPES = sizeof shapes / sizeof *shapes };

/* A gap whose mean is about 100: the larger the rarer */
static int64_t geometric(void) {
    int64_t gap = 1;
    while (below(100) != 0)
        gap++;
    return gap;
}

/* Fills x with n elements of a shape, of up to `bits` bits where it has a size. */
static void make(int64_t *x, size_t n, unsigned shape, unsigned bits) {
    const uint64_t most = UINT64_MAX >> (64 - bits);
    uint64_t at = sqa_random_next(&generator) >> below(64);
    const uint64_t step = sqa_random_next(&generator) >> (64 - bits);
    for (size_t i = 0; i < n; i++) {
        const uint64_t random = sqa_random_next(&generator) & most;
        switch (shape) {
        case 0:
            x[i] = (int64_t)at;
            break;
        case 1:
            x[i] = (int64_t)(at + i * step);
            break;
        case 2:
            x[i] = (int64_t)(at + random);
            break;
        case 3:
            at += random - most / 2;
            x[i] = (int64_t)at;
            break;
        case 4:
            at = i == 0 ? random : at + random % 200;
            x[i] = (int64_t)at;
            break;
        case 5:
            at = i == 0 ? 0 : at + (uint64_t)geometric();
            x[i] = (int64_t)at;
            break;
        case 6:
            x[i] = (int64_t)below(2);
            break;
        case 7:
            x[i] = below(100) == 0 ? (int64_t)(sqa_random_next(&generator) >> (64 - bits))
                                   : (int64_t)below(50);
            break;
        case 8:
            x[i] = below(2) ? INT64_MAX - (int64_t)below(3) : INT64_MIN + (int64_t)below(3);
            break;
        case 9:
            x[i] = (int64_t)(random - most / 2);
            break;
        case 10:
            x[i] = i % 2 ? (int64_t)(most / 2) : -(int64_t)(most / 2);
            break;
        case 11:
            at -= random % 1000;
            x[i] = (int64_t)at;
            break;
        default:
            x[i] = i < n / 2 ? (int64_t)below(4) : (int64_t)random;
        }
    }
}

/* The plain blob of n elements of `width` bytes, which have room for them */
static size_t plain_blob(unsigned char *blob, const int64_t *x, size_t n, unsigned width) {
    sqa_blob_header(blob, n, width);
    for (size_t i = 0; i < n; i++)
        memcpy(blob + SQA_HEADER + i * width, &x[i], width);
    return SQA_HEADER + n * width;
}

static unsigned width_of(const int64_t *x, size_t n) {
    uint64_t sig = 0;
    for (size_t i = 0; i < n; i++)
        sig |= sqa_sig(x[i]);
    return sqa_sig_width(sig);
}

static unsigned char plain[SQA_HEADER + 8 * MOST + 8], packed[SQA_HEADER + 9 * MOST + 100];

/* Packs the elements from a plain blob of `width`; gives the bytes. */
static size_t pack(const int64_t *x, size_t n, unsigned width, struct sqa_packing *packing) {
    const size_t size = plain_blob(plain, x, n, width);
    struct sqa_array array;
    struct sqa_error error;
    if (sqa_blob_array(plain, size, &array, &error) != SQA_OK)
        abort();
    sqa_packing_start(packing, kernels, &array, NULL);
    memset(packed, 0x5a, sizeof packed);
    sqa_packing_write(packing, packed);
    expect(packed[packing->size] == 0x5a && packing->size + 1 < sizeof packed, "room");
    return (size_t)packing->size;
}

/* ---- Reading */

static int64_t load(const void *data, unsigned width, size_t i) {
    const struct sqa_view view = {data, i + 1, width};
    return sqa_view_get(&view, i);
}

/* The elements by the block reader, in any width, low bits kept; from a slice of the array */
static void read_blocks(const struct sqa_array *whole, const int64_t *x, unsigned width) {
    const size_t at = below(2) ? 0 : below(whole->count + 1);
    const size_t n = at == 0 ? whole->count : below(whole->count - at + 1);
    const struct sqa_array array = sqa_array_slice(whole, at, n);
    struct sqa_reader reader;
    size_t seen = 0;
    bool same = true;
    (below(2) == 0 ? sqa_reader_init_runs : sqa_reader_init)(&reader, kernels, &array, width, NULL);
    while (sqa_reader_next(&reader)) {
        if (below(8) == 0) /* as those do who have not used all of it */
            reader.n = 1 + below(reader.n);
        for (size_t i = 0; i < reader.n; i++)
            same &= load(reader.data, width, i) == model_cut((uint64_t)x[at + seen + i], width);
        same &= reader.at == seen;
        seen += reader.n;
    }
    expect(same && seen == n, "read block by block");
    for (int repeat = 0; repeat < 4 && n > 0; repeat++) { /* in no order */
        const size_t from = below(n), most = n - from < SQA_BLOCK ? n - from : SQA_BLOCK;
        const size_t some = 1 + below(most);
        const void *block = sqa_reader_block(&reader, from, some);
        for (size_t i = 0; i < some; i++)
            same &= load(block, width, i) == model_cut((uint64_t)x[at + from + i], width);
    }
    expect(same, "read in no order");
}

static void read_copies(const struct sqa_array *array, const int64_t *x, unsigned width) {
    static unsigned char copy[8 * MOST + 8];
    const size_t at = below(array->count + 1), n = below(array->count - at + 1), shift = below(2);
    bool same = true;
    sqa_array_copy(kernels, array, at, n, copy + 8 * shift + (width == 1 ? shift : 0), width);
    for (size_t i = 0; i < n; i++)
        same &= load(copy + 8 * shift + (width == 1 ? shift : 0), width, i) ==
                model_cut((uint64_t)x[at + i], width);
    expect(same, "copied");
}

/* The reader for applications */
static void read_public(const unsigned char *blob, size_t size, const int64_t *x, size_t n) {
    static int64_t values[MOST];
    sqlite_array_view view;
    const bool is_array = sqlite_array_read(blob, size, &view) == SQLITE_OK;
    expect(is_array && view.count == n, "the header for applications opens it");
    if (!is_array || view.count > MOST)
        return;
    sqlite_array_decode(&view, values);
    expect(memcmp(values, x, n * sizeof *x) == 0, "and reads it");
    const size_t i = below(n);
    expect(sqlite_array_get(&view, i) == x[i], "and an element of it");
}

/* What an array says is what x holds. */
static void read_all(const struct sqa_array *array, const int64_t *x) {
    struct sqa_packed_cursor cursor = sqa_packed_open(array);
    bool inside = true;
    for (unsigned width = 1; width <= 8; width *= 2) {
        read_blocks(array, x, width);
        read_copies(array, x, width);
    }
    for (int repeat = 0; repeat < 5; repeat++) {
        const size_t i = repeat == 0 ? array->count - 1 : below(array->count);
        expect(sqa_array_get(kernels, array, i) == x[i], "one element");
    }
    for (size_t k = sqa_packed_blocks(array->count); k-- > 0;) {
        const struct sqa_packed_block block = sqa_packed_seek(&cursor, k);
        const struct sqa_range range = sqa_packed_range(&block);
        for (size_t i = 0; i < block.n; i++)
            inside &= range.lo <= x[k * SQA_BLOCK + i] && x[k * SQA_BLOCK + i] <= range.hi;
    }
    expect(inside, "the range of a block");
}

/* ---- There and back */

static void round_trip(const int64_t *x, size_t n) {
    static int64_t got[MOST];
    static unsigned char again[sizeof packed];
    const unsigned width = width_of(x, n);
    struct sqa_packing packing;
    struct sqa_error error;
    struct sqa_array array;
    const size_t size = pack(x, n, width, &packing);
    expect(packing.width == width, "width");
    expect(model_read(packed, got) == size && memcmp(got, x, n * sizeof *x) == 0, "the model");
    const unsigned char *blob = at_border(packed, size);
    const bool read = sqa_blob_array(blob, size, &array, &error) == SQA_OK;
    expect(read && array.count == n && array.width == width, "is an array");
    if (!read)
        return;
    read_all(&array, x);
    read_public(blob, size, x, n);
    const bool pays = sqa_packing_pays(&packing);
    expect(sqa_packing_is_canonical(kernels, &array, NULL) == pays, "canonical");

    memcpy(again, packed, size); /* from wider elements, and from packed ones, comes the same */
    expect(pack(x, n, 8, &packing) == size && memcmp(packed, again, size) == 0, "of 8 bytes");
    sqa_packing_start(&packing, kernels, &array, NULL);
    sqa_packing_write(&packing, again);
    expect(packing.size == size && memcmp(packed, again, size) == 0, "packed again");
}

static size_t next_length(size_t n) {
    static const size_t lengths[] = {100,  1000, 1022, 1023, 1024, 1025,
                                     1500, 2047, 2048, 2049, 3000, SIZE_MAX};
    size_t i = 0;
    if (n < (unit_thorough() ? 100 : 8))
        return n + 1;
    while (lengths[i] <= n)
        i++;
    return lengths[i];
}

static void test_round_trips(void) {
    static int64_t x[MOST];
    for (unsigned shape = 0; shape < SHAPES; shape++) {
        wrong = 0;
        now_shape = shapes[shape];
        for (size_t n = 1; n <= 3000; n = next_length(n))
            for (unsigned bits = 1; bits <= 64; bits += unit_thorough() ? 1 : 21) {
                now_n = n;
                make(x, n, shape, bits);
                round_trip(x, n);
            }
        eq_int(wrong, 0, "%s: %s", kernels->isa, shapes[shape]);
    }
}

/* ---- Sizes */

static double bytes_of(unsigned shape, size_t n, unsigned bits) {
    static int64_t x[MOST];
    double size = 0;
    for (int repeat = 0; repeat < 8; repeat++) {
        struct sqa_packing packing;
        make(x, n, shape, bits);
        size += (double)pack(x, n, width_of(x, n), &packing) - SQA_HEADER;
    }
    return size / 8 / (double)n;
}

static void test_sizes(void) {
    struct sqa_packing packing;
    int64_t x[100];
    wrong = 0;
    const double ids = bytes_of(5, 4096, 1);
    ok(ids <= 1.15, "ascending with a mean gap of 100: %.3f bytes", ids);
    ok(bytes_of(2, 4096, 10) < 1.27, "10 bits: %.3f bytes", bytes_of(2, 4096, 10));
    ok(bytes_of(0, 4096, 1) < 0.012, "equal elements: %.4f bytes", bytes_of(0, 4096, 1));
    ok(bytes_of(1, 4096, 3) < 0.02, "a ramp: %.4f bytes", bytes_of(1, 4096, 3));
    for (size_t i = 0; i < 100; i++)
        x[i] = (int64_t)i * 7 - 100;
    ok(pack(x, 100, 2, &packing) == 8 + 3 + 2 + 2 && sqa_packing_pays(&packing), "a short ramp");
    ok(pack(x, 1, 1, &packing) == 8 + 3 + 1 && !sqa_packing_pays(&packing), "one element");
    ok(pack(x, 0, 1, &packing) == 8 && !sqa_packing_pays(&packing), "the empty array");
    expect(wrong == 0, "sizes");
}

/* ---- Hostile blobs */

static long opened, refused;

/* Whatever the bytes: refused, or read as the model reads them. */
static void try_blob(const unsigned char *bytes, size_t size) {
    static int64_t x[MOST];
    struct sqa_error error;
    struct sqa_array array = {NULL, 77, 0, 0, 0};
    const unsigned char *blob = at_border(bytes, size);
    if (sqa_blob_array(blob, size, &array, &error) != SQA_OK) {
        char text[200];
        expect(array.count == 77 && array.encoded == NULL, "refused, but changed");
        sqlite_array_view view;
        sqa_status_text(SQA_BAD_BLOCK, &error, text, sizeof text);
        expect(sqlite_array_read(blob, size, &view) == SQLITE_MISMATCH, "refused by one alone");
        refused++;
        return;
    }
    opened++;
    if (array.packed_count == 0 || array.count > MOST)
        return;
    expect(model_read(blob, x) == size, "the size by the model");
    read_all(&array, x);
    read_public(blob, size, x, array.count);
    (void)sqa_packing_is_canonical(kernels, &array, NULL);
}

/* Every prefix, every byte of the header and the lists with other values, some other bytes */
static void corrupt(const int64_t *x, size_t n) {
    static unsigned char changed[sizeof packed];
    struct sqa_packing packing;
    const size_t size = pack(x, n, width_of(x, n), &packing);
    const size_t blocks = sqa_packed_blocks(n), lists = SQA_HEADER + blocks * (3 + packing.width);
    memcpy(changed, packed, size);
    for (size_t i = 0; i < size; i += i < lists + 20 || unit_thorough() ? 1 : 97)
        try_blob(changed, i);
    try_blob(changed, size);
    for (size_t i = 0; i < size; i += i < lists + 30 ? 1 : 1 + below(200)) {
        for (int repeat = 0; repeat < (!unit_thorough() ? 3 : i < lists ? 64 : 6); repeat++) {
            const unsigned char kept = changed[i];
            changed[i] = (unsigned char)(repeat < 4 ? kept ^ 1 << 2 * repeat : (int)below(256));
            try_blob(changed, size);
            changed[i] = kept;
        }
    }
}

/* A block whose bits and exceptions say other things than they did, at the size that they say */
static void forge(void) {
    static unsigned char blob[20000];
    for (int repeat = 0; repeat < (unit_thorough() ? 20000 : 500); repeat++) {
        const unsigned width = 1u << below(4), form = (unsigned)below(8),
                       bits = (unsigned)below(65);
        const size_t n = below(2) ? 1024 : 1 + below(1024);
        const unsigned entry = form >> 1 == 0 ? 0 : 1u << (form >> 1);
        const unsigned many = entry == 0 ? 0 : 1 + (unsigned)below(510 / entry);
        size_t size = SQA_HEADER;
        sqa_blob_packed_header(blob, n, width);
        blob[size++] = (unsigned char)form;
        blob[size++] = (unsigned char)bits;
        blob[size++] = (unsigned char)(many * entry / 2);
        size += width + (form & 1 ? width : 0) + (n * bits + 7) / 8 + many * entry;
        const uint64_t style = below(3);
        for (size_t i = SQA_HEADER + 3; i < size; i++)
            blob[i] = (unsigned char)(style == 0 ? 0xff : style == 1 ? 0x80 : below(256));
        now_n = n;
        try_blob(blob, size);
    }
}

/* If not thorough each of the sets of kernels tries a part of the blobs. */
static void test_hostile(size_t set, size_t sets) {
    static int64_t x[MOST];
    wrong = 0;
    opened = refused = 0;
    for (unsigned shape = 0; shape < SHAPES; shape++) {
        static const size_t lengths[] = {1, 5, 300, 1023, 1024, 1025, 2500};
        now_shape = shapes[shape];
        for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
            now_n = lengths[i];
            make(x, now_n, shape, 1 + (unsigned)below(64));
            if (unit_thorough() || (shape + i) % sets == set)
                corrupt(x, now_n);
        }
    }
    now_shape = "forged";
    forge();
    eq_int(wrong, 0, "%s: %ld blobs refused, %ld opened", kernels->isa, refused, opened);
}

/* The text of a refusal */
static void refusal(size_t at, unsigned char byte, const char *expected) {
    int64_t x[100];
    struct sqa_packing packing;
    struct sqa_array array;
    struct sqa_error error;
    char text[200];
    make(x, 100, 2, 3);
    const size_t size = pack(x, 100, width_of(x, 100), &packing);
    packed[at] = byte;
    sqa_status_text(sqa_blob_array(packed, size, &array, &error), &error, text, sizeof text);
    eq_text(text, expected, "byte %zu", at);
}

static void test_messages(void) {
    refusal(2, 2, "unsupported array codec 2");
    refusal(3, 3, "BLOB with element width 3, expected 1, 2, 4 or 8");
    refusal(8, 8, "BLOB whose packed block 1 is damaged");  /* form */
    refusal(9, 65, "BLOB whose packed block 1 is damaged"); /* bits */
    refusal(10, 1, "BLOB whose packed block 1 is damaged"); /* exceptions of no size */
    refusal(8, 2, "BLOB whose packed block 1 is damaged");  /* of a size, but none */
    struct sqa_array array;
    struct sqa_error error;
    unsigned char empty[SQA_HEADER];
    sqa_blob_packed_header(empty, 0, 1);
    eq_int(sqa_blob_array(empty, sizeof empty, &array, &error), SQA_BAD_BLOCK, "no elements");
}

/* Work that is stopped touches nothing else. */
static bool ask(void *context) {
    (void)context;
    return true;
}

static void test_poll(void) {
    const size_t n = 3 * SQA_RUN;
    unsigned char *blob = calloc(SQA_HEADER + n, 1);
    if (blob == NULL)
        abort();
    sqa_blob_header(blob, n, 1);
    const struct sqa_array array = sqa_blob_trusted(blob);
    struct sqa_poll poll = {ask, NULL, false};
    struct sqa_packing packing;
    sqa_packing_start(&packing, kernels, &array, &poll);
    ok(poll.stopped, "packing can be stopped");
    free(blob);
}

int main(void) {
    const struct sqa_kernels *sets[SQA_ISA_MOST];
    const size_t count = sqa_kernels_list(sets);
    for (size_t s = 0; s < count; s++) {
        kernels = sets[s];
        generator = sqa_random_seeded(1);
        test_round_trips();
        test_hostile(s, count);
    }
    test_sizes();
    test_messages();
    test_poll();
    return done();
}
