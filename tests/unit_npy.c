/*
** core/npy: valid headers in many forms, every truncation and every change of a byte, and written
** headers.
*/
#include "border.h"
#include "core/npy.h"
#include "unit.h"

static const char *status_name(enum sqa_status status) {
#define X(name, text) #name,
    static const char *const names[] = {SQA_STATUS_LIST(X)};
#undef X
    return names[status] + strlen("SQA_");
}

/* Reads from memory of exactly that size. */
static enum sqa_status read_exactly(const void *bytes, size_t size, struct sqa_npy *npy,
                                    struct sqa_error *error) {
    return sqa_npy_read(at_border(bytes, size), size, npy, error);
}

/* A file of this version with the text as its header: its bytes, in a buffer with room for them. */
static size_t file_of(unsigned version, const char *text, size_t n, unsigned char *bytes) {
    const size_t prefix = version == 1 ? 10 : 12;
    memset(bytes, 0, prefix);
    memcpy(bytes, "\x93NUMPY", 6);
    bytes[6] = (unsigned char)version;
    bytes[8] = (unsigned char)n;
    bytes[9] = (unsigned char)(n >> 8);
    bytes[10] = (unsigned char)(n >> 16); /* the text, in version 1 */
    memcpy(bytes + prefix, text, n);
    return prefix + n;
}

/* What a header says: "INT64 little 3", "INT64 little 2x3: 6", or the status and its figures. */
static const char *reading(unsigned version, const char *text, size_t n) {
    static const char *const types[] = {"INT8",   "INT16",  "INT32",  "INT64", "UINT8",
                                        "UINT16", "UINT32", "UINT64", "BOOL"};
    static char said[200];
    unsigned char bytes[1000];
    struct sqa_npy npy;
    struct sqa_error error = {0, 0};
    const size_t size = file_of(version, text, n, bytes);
    const enum sqa_status status = read_exactly(bytes, size, &npy, &error);
    if (status == SQA_NPY_TYPE)
        snprintf(said, sizeof said, "%s %s", status_name(status), npy.descr);
    else if (status != SQA_OK)
        snprintf(said, sizeof said, "%s %" PRId64, status_name(status), error.a);
    else {
        size_t used = (size_t)snprintf(said, sizeof said, "%s %s", types[npy.dtype],
                                       npy.big ? "big" : "little");
        for (unsigned d = 0; d < npy.shape.dimensions; d++)
            used += (size_t)snprintf(said + used, sizeof said - used, "%s%" PRId64,
                                     d > 0 ? "x" : " ", npy.shape.lengths[d]);
        if (npy.shape.dimensions != 1 || npy.count != (uint64_t)npy.shape.lengths[0])
            used += (size_t)snprintf(said + used, sizeof said - used, ": %" PRIu64, npy.count);
        snprintf(said + used, sizeof said - used, "%s", npy.offset == size ? "" : ", wrong offset");
    }
    return said;
}

#define DICT(descr, order, shape)                                                                  \
    "{'descr': " descr ", 'fortran_order': " order ", 'shape': " shape ", }"

static const struct {
    const char *text, *expected;
} headers[] = {
    {DICT("'<i8'", "False", "(3,)") "   \n", "INT64 little 3"},
    {DICT("'>i8'", "True", "(3,)"), "INT64 big 3"},
    {DICT("'|b1'", "False", "(0,)"), "BOOL little 0"},
    {DICT("'|i1'", "False", "(1,)"), "INT8 little 1"},
    {DICT("'|u1'", "False", "(1,)"), "UINT8 little 1"},
    {DICT("'>u1'", "False", "(1,)"), "UINT8 big 1"},
    {DICT("'<u2'", "False", "(1,)"), "UINT16 little 1"},
    {DICT("'>u4'", "False", "(1,)"), "UINT32 big 1"},
    {DICT("'=u8'", "False", "(1,)"), "UINT64 little 1"},
    {DICT("'|i4'", "False", "(1,)"), "INT32 little 1"},
    {DICT("'i2'", "False", "(1,)"), "INT16 little 1"},
    {DICT("'b1'", "False", "(1,)"), "BOOL little 1"},
    {"{\"descr\":\"<i2\",\"fortran_order\":False,\"shape\":(7,)}", "INT16 little 7"},
    {"  {\n'shape'\t:\r(\n7 ,) ,'fortran_order' : True,  'descr' : \"<i2\" , } \n",
     "INT16 little 7"},
    {"{'shape': (7L,), 'fortran_order': False, 'descr': '<i2'}", "INT16 little 7"},
    {DICT("'<i8'", "False", "(9223372036854775807,)"), "INT64 little 9223372036854775807"},
    {DICT("'<i8'", "False", "(00,)"), "INT64 little 0"},
    /* any number of dimensions */
    {DICT("'<i8'", "False", "()"), "INT64 little: 1"},
    {DICT("'<i8'", "True", "( )"), "INT64 little: 1"},
    {DICT("'<i8'", "False", "(3, 4)"), "INT64 little 3x4: 12"},
    {DICT("'<i8'", "False", "(3, 4,)"), "INT64 little 3x4: 12"},
    {DICT("'<i8'", "False", "(3L,4L)"), "INT64 little 3x4: 12"},
    {DICT("'<i8'", "False", "(1, 2, 3, 4)"), "INT64 little 1x2x3x4: 24"},
    {DICT("'<i8'", "False", "(5, 0)"), "INT64 little 5x0: 0"},
    {DICT("'<i8'", "False", "(9223372036854775807, 9223372036854775807, 0)"),
     "INT64 little 9223372036854775807x9223372036854775807x0: 0"},
    {DICT("'<i8'", "False", "(4294967296, 4294967296)"),
     "INT64 little 4294967296x4294967296: 18446744073709551615"},
    {DICT("'<i8'", "True", "(1, 7, 1)"), "INT64 little 1x7x1: 7"},
    {DICT("'<i8'", "True", "(1, 1)"), "INT64 little 1x1: 1"},
    {"{'fortran_order': True, 'shape': (1, 3), 'descr': '<i8'}", "INT64 little 1x3: 3"},
    /* no type of integers */
    {DICT("'<f8'", "False", "(3,)"), "NPY_TYPE '<f8'"},
    {DICT("\"|O\"", "False", "(3,)"), "NPY_TYPE \"|O\""},
    {DICT("'<M8[ns]'", "False", "(3,)"), "NPY_TYPE '<M8[ns]'"},
    {DICT("'|S5'", "False", "(3,)"), "NPY_TYPE '|S5'"},
    {DICT("'<i3'", "False", "(3,)"), "NPY_TYPE '<i3'"},
    {DICT("'<i16'", "False", "(3,)"), "NPY_TYPE '<i16'"},
    {DICT("'<b2'", "False", "(3,)"), "NPY_TYPE '<b2'"},
    {DICT("'<'", "False", "(3,)"), "NPY_TYPE '<'"},
    {DICT("''", "False", "(3,)"), "NPY_TYPE ''"},
    {DICT("'!i8'", "False", "(3,)"), "NPY_TYPE '!i8'"},
    {DICT("'<i8\xc3\xa4\x01'", "False", "(3,)"), "NPY_TYPE '<i8\?\?\?'"},
    {DICT("[('a', '<i4'), ('b', '<i4')]", "False", "(3,)"),
     "NPY_TYPE [('a', '<i4'), ('b', '<i4')]"},
    {DICT("'0123456789012345678901234567890123456789'", "False", "(3,)"),
     "NPY_TYPE '01234567890123456789012345678901234567"},
    /* elements in another order */
    {DICT("'<i8'", "True", "(3, 4)"), "NPY_FORTRAN 2"},
    {DICT("'<i8'", "True", "(1, 3, 1, 4)"), "NPY_FORTRAN 4"},
    {"{'shape': (2, 2), 'fortran_order': True, 'descr': '<i8'}", "NPY_FORTRAN 2"},
    {"{'fortran_order': True, 'shape': (2, 2), 'descr': '<i8'}", "NPY_FORTRAN 2"},
    /* a dimension over 2^63-1 */
    {DICT("'<i8'", "False", "(9223372036854775808,)"), "NPY_LENGTH 1"},
    {DICT("'<i8'", "False", "(0, 18446744073709551615)"), "NPY_LENGTH 2"},
    {DICT("'<i8'", "False", "(1, 0, 99999999999999999999999999999)"), "NPY_LENGTH 3"},
    /* no such dictionary */
    {"", "NPY_SYNTAX 11"},
    {"   ", "NPY_SYNTAX 14"},
    {"{}", "NPY_SYNTAX 13"},
    {"{,}", "NPY_SYNTAX 12"},
    {"[]", "NPY_SYNTAX 11"},
    {"{'descr': '<i8', 'fortran_order': False}", "NPY_SYNTAX 51"},
    {"{'descr': '<i8', 'shape': (3,)}", "NPY_SYNTAX 42"},
    {"{'fortran_order': False, 'shape': (3,)}", "NPY_SYNTAX 50"},
    {DICT("'<i8'", "False", "(3)"), "NPY_SYNTAX 64"},
    {DICT("'<i8'", "False", "(,)"), "NPY_SYNTAX 62"},
    {DICT("'<i8'", "False", "(3,,)"), "NPY_SYNTAX 64"},
    {DICT("'<i8'", "False", "(05,)"), "NPY_SYNTAX 63"},
    {DICT("'<i8'", "False", "(1, 007)"), "NPY_SYNTAX 67"},
    {DICT("'<i8'", "False", "(3, 4"), "NPY_SYNTAX 68"},
    {DICT("'<i8'", "False", "(3, -4)"), "NPY_SYNTAX 65"},
    {DICT("'<i8'", "False", "(3 4)"), "NPY_SYNTAX 64"},
    {DICT("'<i8'", "False", "(-3,)"), "NPY_SYNTAX 62"},
    {DICT("'<i8'", "False", "(0x3,)"), "NPY_SYNTAX 63"},
    {DICT("'<i8'", "False", "(3.0,)"), "NPY_SYNTAX 63"},
    {DICT("'<i8'", "False", "[3,]"), "NPY_SYNTAX 61"},
    {DICT("'<i8'", "False", "3"), "NPY_SYNTAX 61"},
    {DICT("'<i8'", "0", "(3,)"), "NPY_SYNTAX 45"},
    {DICT("'<i8'", "Falsehood", "(3,)"), "NPY_SYNTAX 50"},
    {DICT("<i8", "False", "(3,)"), "NPY_SYNTAX 21"},
    {DICT("'<i8\"", "False", "(3,)"), "NPY_TYPE '<i8\", '"},
    {DICT("'<i\\8'", "False", "(3,)"), "NPY_SYNTAX 25"},
    {DICT("u'<i8'", "False", "(3,)"), "NPY_SYNTAX 21"},
    {DICT("{}", "False", "(3,)"), "NPY_SYNTAX 21"},
    {DICT("'<i8'", "False", "(3,)") ";", "NPY_SYNTAX 68"},
    {"{'descr': '<i8', 'descr': '<i8', 'fortran_order': False, 'shape': (3,)}", "NPY_SYNTAX 35"},
    {"{'descr': '<i8', 'extra': 1, 'fortran_order': False, 'shape': (3,)}", "NPY_SYNTAX 35"},
    {"{'descr': '<i8' 'fortran_order': False, 'shape': (3,)}", "NPY_SYNTAX 27"},
    {"{'descr': '<i8', 'fortran_order': False, 'shape': (3,)", "NPY_SYNTAX 65"},
    {"{'descr", "NPY_SYNTAX 18"},
    {"{'descr': '<i", "NPY_SYNTAX 24"},
    {"{'fortran_order': Fal", "NPY_SYNTAX 29"},
};

/* A shape of n ones */
static const char *ones(size_t n) {
    static char text[600];
    size_t used = (size_t)sprintf(text, "{'descr': '<i8', 'fortran_order': True, 'shape': (");
    for (size_t i = 0; i < n; i++)
        used += (size_t)sprintf(text + used, "1, ");
    sprintf(text + used, ")}");
    return text;
}

static void test_headers(void) {
    for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++) {
        const size_t n = strlen(headers[i].text);
        eq_text(reading(1, headers[i].text, n), headers[i].expected, "header %zu", i);
        const char *other = reading(2, headers[i].text, n);
        ok(strncmp(other, headers[i].expected, 11) == 0, "header %zu, version 2: %s", i, other);
    }
    const char *many = reading(1, ones(64), strlen(ones(64)));
    ok(strncmp(many, "INT64 little 1x1x1", 18) == 0 && strstr(many, "x1: 1") != NULL,
       "64 dimensions: %s", many);
    eq_text(reading(1, ones(65), strlen(ones(65))), "NPY_DIMENSIONS 64", "one more");
    const char with_nul[] = DICT("'<i8'", "False", "(3,)") "\0\n";
    eq_text(reading(3, with_nul, sizeof with_nul - 1), "NPY_SYNTAX 70", "a NUL behind");
}

static const char *const whole[] = {
    DICT("'<i8'", "False", "(3, 4, 5)") "            \n",
    DICT("'<i8'", "False", "(3,)") "            \n",
    "{\"shape\": (12345,), \"descr\": '|b1', 'fortran_order': True}",
    DICT("[('a', '<i4')]", "False", "(3, 4)") "\n",
};

/* A file that is cut is short, never another one; and it says how many bytes to come back with. */
static void test_truncations(void) {
    for (size_t w = 0; w < sizeof whole / sizeof whole[0]; w++) {
        for (unsigned version = 1; version <= 3; version++) {
            unsigned char bytes[1000];
            const size_t size = file_of(version, whole[w], strlen(whole[w]), bytes);
            bool right = true;
            for (size_t n = 0; n < size; n++) {
                struct sqa_npy npy;
                struct sqa_error error = {0, 0};
                right &= read_exactly(bytes, n, &npy, &error) == SQA_NPY_SHORT;
                right &= error.a == (int64_t)n && error.b > (int64_t)n && error.b <= (int64_t)size;
            }
            ok(right, "truncations of header %zu, version %u", w, version);
            right = true;
            for (size_t n = 0; n < strlen(whole[w]) - 14; n++) /* up to its bracket */
                right &=
                    strstr(reading(version, whole[w], n), w < 3 ? "NPY_SYNTAX" : "NPY_") != NULL;
            ok(right, "a header that ends early");
        }
    }
}

/*
** Whatever one byte becomes: no read outside (the sanitizer looks), and nothing unbelievable comes
** out.
*/
static void test_changes(void) {
    for (size_t w = 0; w < sizeof whole / sizeof whole[0]; w++) {
        for (unsigned version = 1; version <= 3; version++) {
            unsigned char bytes[1000];
            const size_t size = file_of(version, whole[w], strlen(whole[w]), bytes);
            bool right = true;
            for (size_t at = 0; at < size; at++) {
                const unsigned char before = bytes[at];
                for (unsigned change = 1; change < 256; change++) {
                    struct sqa_npy npy;
                    struct sqa_error error = {0, 0};
                    bytes[at] = (unsigned char)(before ^ change);
                    const enum sqa_status status = read_exactly(bytes, size, &npy, &error);
                    right &= status == SQA_OK
                                 ? npy.offset <= size && npy.dtype <= SQA_BOOL &&
                                       npy.shape.dimensions <= 3
                                 : status >= SQA_NPY_MAGIC && status <= SQA_NPY_FORTRAN;
                    right &= memchr(npy.descr, 0, sizeof npy.descr) != NULL;
                }
                bytes[at] = before;
            }
            ok(right, "changes of header %zu, version %u", w, version);
        }
    }
}

static void test_prefix(void) {
    unsigned char bytes[1000];
    struct sqa_npy npy;
    struct sqa_error error;
    size_t size = file_of(1, whole[1], strlen(whole[1]), bytes);
    eq_int(read_exactly(bytes, size + 100, &npy, &error), SQA_OK, "bytes behind the header");
    eq_int((int64_t)npy.offset, (int64_t)size, "the elements' offset");
    eq_int((int64_t)sqa_npy_size(&npy), (int64_t)size + 24, "the file's size");
    bytes[0] = 0x92;
    eq_int(read_exactly(bytes, size, &npy, &error), SQA_NPY_MAGIC, "no magic");
    eq_int(read_exactly(bytes, 1, &npy, &error), SQA_NPY_MAGIC, "no magic, one byte");
    for (unsigned version = 0; version < 256; version++) {
        size = file_of(version == 1 ? 1 : 2, whole[0], strlen(whole[0]), bytes);
        bytes[6] = (unsigned char)version;
        const bool known = version >= 1 && version <= 3;
        const enum sqa_status status = read_exactly(bytes, size, &npy, &error);
        if ((status == SQA_OK) != known ||
            (!known && (status != SQA_NPY_VERSION || error.a != version || error.b != 0)))
            ok(false, "version %u", version);
    }
    bytes[6] = 1;
    bytes[7] = 1;
    eq_int(read_exactly(bytes, size, &npy, &error), SQA_NPY_VERSION, "version 1.1");
    size = file_of(2, whole[0], strlen(whole[0]), bytes);
    memset(bytes + 8, 0xff, 4);
    eq_int(read_exactly(bytes, size, &npy, &error), SQA_NPY_SHORT, "a header of 4 GiB");
    eq_int(error.b, 12 + (int64_t)UINT32_MAX, "which is what it says");
    const size_t most = 1 << 20;
    char *const dictionary = malloc(most + 1);
    unsigned char *const file = malloc(most + 20);
    memset(dictionary, ' ', most + 1);
    memcpy(dictionary, whole[0], strlen(whole[0]));
    size = file_of(2, dictionary, most, file);
    eq_int(read_exactly(file, size, &npy, &error), SQA_OK, "a header of 1 MiB");
    size = file_of(2, dictionary, most + 1, file);
    eq_int(read_exactly(file, size, &npy, &error), SQA_NPY_LONG, "and one byte more");
    eq_int(error.a, (int64_t)most + 1, "which is what it says");
    free(dictionary);
    free(file);
    size = file_of(1, "{'descr': '<i8', 'fortran_order': False, 'shape': (2305843009213693952,)}",
                   74, bytes);
    eq_int(read_exactly(bytes, size, &npy, &error), SQA_NPY_SYNTAX, "a NUL");
    size = file_of(1, "{'descr': '<i8', 'fortran_order': False, 'shape': (2305843009213693952,)}",
                   73, bytes);
    eq_int(read_exactly(bytes, size, &npy, &error), SQA_OK, "2^61 elements of 8 bytes");
    ok(sqa_npy_size(&npy) == UINT64_MAX, "are over every limit");
}

static void test_write(void) {
    for (int dtype = SQA_INT8; dtype <= SQA_BOOL; dtype++) {
        static const uint64_t counts[] = {0, 1, 3, 1000000, UINT32_MAX, INT64_MAX};
        for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
            unsigned char bytes[SQA_NPY_HEADER + 1];
            struct sqa_npy npy;
            struct sqa_error error;
            const bool big = i % 2 == 1,
                       swapped = big && sqa_dtype_width((enum sqa_dtype)dtype) > 1;
            bytes[SQA_NPY_HEADER] = 0x5a;
            sqa_npy_write_flat(bytes, (enum sqa_dtype)dtype, big, counts[i]);
            ok(bytes[SQA_NPY_HEADER] == 0x5a && bytes[SQA_NPY_HEADER - 1] == '\n' &&
                   read_exactly(bytes, SQA_NPY_HEADER, &npy, &error) == SQA_OK &&
                   npy.dtype == (enum sqa_dtype)dtype && npy.big == swapped &&
                   npy.count == counts[i] && npy.offset == SQA_NPY_HEADER && npy.offset % 64 == 0,
               "written and read: type %d, %zu", dtype, i);
        }
    }
    char bytes[SQA_NPY_HEADER + 1] = {0};
    sqa_npy_write_flat(bytes, SQA_INT32, false, 12);
    eq_text(bytes + 10,
            "{'descr': '<i4', 'fortran_order': False, 'shape': (12,), }"
            "                                                           \n",
            "as NumPy writes it");
}

/* Any shape: what it takes is read back, and the header is as long as NumPy's */
static void test_write_shapes(void) {
    static const struct {
        struct sqa_npy_shape shape;
        const char *tuple;
        size_t size;
    } cases[] = {
        {{0, {0}}, "()", 128},
        {{1, {7}}, "(7,)", 128},
        {{2, {2, 3}}, "(2, 3)", 128},
        {{3, {0, 123456789, 5}}, "(0, 123456789, 5)", 128},
        {{6, {1, 1000000, 1000000, 1000000, 1000000, 10}},
         "(1, 1000000, 1000000, 1000000, 1000000, 10)",
         128},
        {{6, {1, 1000000, 1000000, 1000000, 1000000, 100}},
         "(1, 1000000, 1000000, 1000000, 1000000, 100)",
         192},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        unsigned char bytes[SQA_NPY_HEADER_MOST];
        char text[200];
        struct sqa_npy npy;
        struct sqa_error error;
        const struct sqa_npy_shape *shape = &cases[i].shape;
        memset(bytes, 0x5a, sizeof bytes);
        const size_t size = sqa_npy_write(bytes, SQA_UINT16, true, shape);
        eq_int((int64_t)size, (int64_t)cases[i].size, "size of the header of %s", cases[i].tuple);
        ok(bytes[size] == 0x5a && bytes[size - 1] == '\n', "which ends there");
        snprintf(text, sizeof text, "{'descr': '>u2', 'fortran_order': False, 'shape': %s, } ",
                 cases[i].tuple);
        ok(memcmp(bytes + 10, text, strlen(text)) == 0, "with the shape as Python writes it");
        ok(read_exactly(bytes, size, &npy, &error) == SQA_OK && npy.offset == size &&
               npy.shape.dimensions == shape->dimensions && npy.count == sqa_npy_count(shape) &&
               memcmp(npy.shape.lengths, shape->lengths, shape->dimensions * sizeof(int64_t)) == 0,
           "and read back");
    }
    unsigned char bytes[SQA_NPY_HEADER_MOST];
    struct sqa_npy_shape most = {.dimensions = SQA_NPY_DIMENSIONS_MOST};
    struct sqa_npy npy;
    struct sqa_error error;
    for (unsigned d = 0; d < most.dimensions; d++)
        most.lengths[d] = d == 63 ? 0 : INT64_MAX;
    const size_t size = sqa_npy_write(bytes, SQA_INT8, false, &most);
    ok(size <= sizeof bytes && read_exactly(bytes, size, &npy, &error) == SQA_OK &&
           npy.count == 0 && npy.shape.dimensions == 64 && npy.shape.lengths[62] == INT64_MAX,
       "the longest shape, in %zu bytes", size);
}

int main(void) {
    test_headers();
    test_truncations();
    test_changes();
    test_prefix();
    test_write();
    test_write_shapes();
    return done();
}
