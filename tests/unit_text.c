/*
** core/text: every error with its offset, limits, truncated text, separators, reading back what
** was written.
*/
#include "border.h"
#include "core/text.h"
#include "kernel/dispatch.h"
#include "unit.h"

static const struct sqa_kernels *kernels;

static const char *status_name(enum sqa_status status) {
#define X(name, text) #name,
    static const char *const names[] = {SQA_STATUS_LIST(X)};
#undef X
    return names[status];
}

static int64_t element(const void *data, unsigned width, size_t i) {
    const struct sqa_array view = {data, i + 1, width, 0, 0};
    return sqa_array_get(kernels, &view, i);
}

/*
** Reads a text and describes what came out in dst, either as "<1 -2 3>" or as "NUMBER 4", a status
** and its offset. Complains there if store disagrees with scan or writes too much, at any width.
*/
static const char *reading(const char *text, size_t size, const char *separator) {
    static char said[4096];
    static int64_t kept[SQA_TEXT_KEPT];
    struct sqa_text t = {.size = size, .separator = separator};
    struct sqa_error error = {-1, -1};
    t.kept = kept;
    t.separator_size = separator ? strlen(separator) : 0;
    t.text = at_border(text, size);

    const enum sqa_status status = sqa_text_scan(&t, &error);
    if (status != SQA_OK) {
        snprintf(said, sizeof said, "%s %" PRId64 "%s", status_name(status) + strlen("SQA_TEXT_"),
                 error.a, error.b == 0 ? "" : ", and b is not 0");
        return said;
    }
    uint64_t sig = 0;
    for (unsigned width = 8; width >= sqa_sig_width(t.sig); width /= 2) {
        unsigned char *dst = malloc(t.count * width + 1);
        if (!dst)
            abort();
        dst[t.count * width] = 0x5a;
        sqa_text_store(kernels, &t, dst, width);
        if (dst[t.count * width] != 0x5a)
            return "store writes too much";

        size_t used = (size_t)snprintf(said, sizeof said, "<");
        for (size_t i = 0; i < t.count && used < sizeof said; i++) {
            const int64_t x = element(dst, width, i);
            sig |= sqa_sig(x);
            used +=
                (size_t)snprintf(said + used, sizeof said - used, "%s%" PRId64, i ? " " : "", x);
        }
        if (used < sizeof said)
            snprintf(said + used, sizeof said - used, ">");
        free(dst);
    }
    return sig == t.sig ? said : "sig is not that of the elements";
}

struct reading_case {
    const char *separator, *text;
    size_t size;
    const char *expected;
};
#define CASE(separator, text, expected)                                                            \
    { separator, text, sizeof text - 1, expected }

static const struct reading_case cases[] = {
    /* both forms, blanks */
    CASE(NULL, "[]", "<>"),
    CASE(NULL, "{}", "<>"),
    CASE(NULL, " \t[\n\r] ", "<>"),
    CASE(NULL, "[1]", "<1>"),
    CASE(NULL, "{1,-2,3}", "<1 -2 3>"),
    CASE(NULL, "[1, -2, 3]", "<1 -2 3>"),
    CASE(NULL, "\r\n [\t1 ,\n-2\t, 3 ]\n", "<1 -2 3>"),
    CASE(NULL, "[0,-0,00]", "ZERO 7"),
    CASE(NULL, "[0,-0]", "<0 0>"),
    CASE(NULL, "[12345678,123456789,1234567,-12345678,-1234567,-123456789012345]",
         "<12345678 123456789 1234567 -12345678 -1234567 -123456789012345>"),
    CASE(NULL, "[1234567890123456,12345678901234567]", "<1234567890123456 12345678901234567>"),
    /* limits of every width */
    CASE(NULL, "[127,-128]", "<127 -128>"),
    CASE(NULL, "[128,-129]", "<128 -129>"),
    CASE(NULL, "[32767,-32768]", "<32767 -32768>"),
    CASE(NULL, "[32768,-32769]", "<32768 -32769>"),
    CASE(NULL, "[2147483647,-2147483648]", "<2147483647 -2147483648>"),
    CASE(NULL, "[2147483648,-2147483649]", "<2147483648 -2147483649>"),
    CASE(NULL, "[9223372036854775807,-9223372036854775808]",
         "<9223372036854775807 -9223372036854775808>"),
    /* RANGE */
    CASE(NULL, "[1, 9223372036854775808]", "RANGE 5"),
    CASE(NULL, "[-9223372036854775809]", "RANGE 2"),
    CASE(NULL, "[9999999999999999999]", "RANGE 2"),
    CASE(NULL, "[18446744073709551616]", "RANGE 2"), /* 2^64 */
    CASE(NULL, "[18446744073709551617]", "RANGE 2"), /* is 1 modulo 2^64 */
    CASE(NULL, "[-18446744073709551617]", "RANGE 2"),
    CASE(NULL, "[10000000000000000000000000000000000000000]", "RANGE 2"),
    CASE(NULL, "[340282366920938463463374607431768211457]", "RANGE 2"), /* 2^128 + 1 */
    CASE(NULL, "{-99999999999999999999999999999999999999999", "RANGE 2"),
    CASE(";", "1;9223372036854775808", "RANGE 3"),
    /* EMPTY, START */
    CASE(NULL, "", "EMPTY 1"),
    CASE(NULL, " \t\r\n", "EMPTY 5"),
    CASE(NULL, "1,2", "START 1"),
    CASE(NULL, "  (1)", "START 3"),
    CASE(NULL, "null", "START 1"),
    CASE(NULL, "]", "START 1"),
    CASE(NULL, "\0[1]", "START 1"),
    CASE(NULL, "\xef\xbb\xbf[1]", "START 1"),
    /* NULL */
    CASE(NULL, "[null]", "NULL 2"),
    CASE(NULL, "{1, NULL}", "NULL 5"),
    CASE(NULL, "[nUlL", "NULL 2"),
    CASE(NULL, "[null1]", "NULL 2"),
    CASE(NULL, "[nul]", "NUMBER 2"),
    CASE(NULL, "[nul", "NUMBER 2"),
    CASE(NULL, "[nullable]", "NUMBER 2"),
    CASE(NULL, "[-null]", "NUMBER 2"),
    CASE(",", "1,null", "NULL 3"),
    CASE("n", "1n2nnull", "NULL 5"),
    /* NUMBER */
    CASE(NULL, "[+1]", "PLUS 2"),
    CASE(NULL, "[01]", "ZERO 2"),
    CASE(NULL, "[ -01]", "ZERO 3"),
    CASE(NULL, "[00]", "ZERO 2"),
    CASE(NULL, "[012345678901234567890123]", "ZERO 2"),
    CASE(NULL, "[3,1.0]", "FRACTION 4"),
    CASE(NULL, "[3, -1e3]", "EXPONENT 5"),
    CASE(NULL, "[1E3]", "EXPONENT 2"),
    CASE(NULL, "[1.", "FRACTION 2"),
    CASE(NULL, "[.5]", "FRACTION 2"),
    CASE(NULL, "[-]", "NUMBER 2"),
    CASE(NULL, "[-", "NUMBER 2"),
    CASE(NULL, "[--1]", "NUMBER 2"),
    CASE(NULL, "[- 1]", "NUMBER 2"),
    CASE(NULL, "[,]", "NUMBER 2"),
    CASE(NULL, "[1,]", "NUMBER 4"),
    CASE(NULL, "[1, ]", "NUMBER 5"),
    CASE(NULL, "{1,,2}", "NUMBER 4"),
    CASE(NULL, "[}", "NUMBER 2"),
    CASE(NULL, "[[1]]", "NESTED 2"),
    CASE(NULL, "[+]", "NUMBER 2"),
    CASE(NULL, "[+-1]", "NUMBER 2"),
    CASE(NULL, "[.]", "NUMBER 2"),
    CASE(NULL, "[-.5]", "FRACTION 2"),
    CASE(NULL, "[1.5e3]", "FRACTION 2"),
    CASE(NULL, "[1e+3]", "EXPONENT 2"),
    CASE(NULL, "[1E-03]", "EXPONENT 2"),
    CASE(NULL, "[1e]", "COMMA 3"),
    CASE(NULL, "[1e+]", "COMMA 3"),
    CASE(NULL, "[1eggs]", "COMMA 3"),
    CASE(NULL, "[1,{2}]", "NESTED 4"),
    CASE(NULL, "{{1,2},{3,4}}", "NESTED 2"),
    CASE(",", "2, 1e3", "EXPONENT 4"),
    CASE(",", "+7", "PLUS 1"),
    CASE(",", "07", "ZERO 1"),
    CASE(";", "2;.5", "FRACTION 3"),
    CASE(",", "{1}", "NUMBER 1"),
    /* in quotes, in JSON alone */
    CASE(NULL, "[\"1\"]", "<1>"),
    CASE(NULL, "[\"9007199254740993\", 7 , \"-0\" ]", "<9007199254740993 7 0>"),
    CASE(NULL, "[\"-9223372036854775808\",\"9223372036854775807\"]",
         "<-9223372036854775808 9223372036854775807>"),
    CASE(NULL, "[\"9223372036854775808\"]", "RANGE 3"),
    CASE(NULL, "{\"1\"}", "NUMBER 2"),
    CASE(NULL, "[\"\"]", "NUMBER 3"),
    CASE(NULL, "[\"", "NUMBER 3"),
    CASE(NULL, "[\"1", "QUOTE 4"),
    CASE(NULL, "[\"1]", "QUOTE 4"),
    CASE(NULL, "[\"1 \"]", "QUOTE 4"),
    CASE(NULL, "[\" 1\"]", "NUMBER 3"),
    CASE(NULL, "[\"1\"\"2\"]", "COMMA 5"),
    CASE(NULL, "[\"1\"2]", "COMMA 5"),
    CASE(NULL, "[\"1\"", "UNCLOSED 5"),
    CASE(NULL, "[\"1\",]", "NUMBER 6"),
    CASE(NULL, "[\"1\".5]", "FRACTION 2"),
    CASE(NULL, "['1']", "NUMBER 2"),
    CASE(NULL, "[-\"1\"]", "NUMBER 2"),
    CASE(NULL, "[\"1.5\"]", "FRACTION 3"),
    CASE(NULL, "[\"1e3\"]", "EXPONENT 3"),
    CASE(NULL, "[\"01\"]", "ZERO 3"),
    CASE(NULL, "[\"+1\"]", "PLUS 3"),
    CASE(NULL, "[\"null\"]", "NUMBER 3"),
    CASE(NULL, "[\"[1]\"]", "NUMBER 3"),
    CASE(NULL, "[\"\\u0031\"]", "NUMBER 3"),
    CASE(NULL, "[true]", "NUMBER 2"),
    CASE(NULL, "[1,\0]", "NUMBER 4"),
    CASE(NULL, "[0x10]", "COMMA 3"),
    CASE(NULL, "[1,\xd9\xa3]", "NUMBER 4"), /* a digit, but not one of JSON's */
    CASE(NULL, "[1,/]", "NUMBER 4"),        /* the neighbours of 0 and 9 */
    CASE(NULL, "[1,:]", "NUMBER 4"),
    CASE(NULL, "[1,\xb0]", "NUMBER 4"), /* '0' with its high bit set */
    /* COMMA */
    CASE(NULL, "[1 2]", "COMMA 4"),
    CASE(NULL, "[1;2]", "COMMA 3"),
    CASE(NULL, "[1}", "COMMA 3"),
    CASE(NULL, "{1]", "COMMA 3"),
    CASE(NULL, "[1 .5]", "COMMA 4"),
    CASE(NULL, "[1-2]", "COMMA 3"),
    CASE(NULL, "[1\0]", "COMMA 3"),
    CASE(NULL, "[12/3]", "COMMA 4"),
    CASE(NULL, "[12:3]", "COMMA 4"),
    CASE(NULL, "[1234567\xb8]", "COMMA 9"),
    CASE(NULL, "[1\v]", "COMMA 3"), /* no blank of JSON's */
    /* UNCLOSED, TRAILING */
    CASE(NULL, "[", "UNCLOSED 2"),
    CASE(NULL, " { ", "UNCLOSED 4"),
    CASE(NULL, "[1", "UNCLOSED 3"),
    CASE(NULL, "[1 ", "UNCLOSED 4"),
    CASE(NULL, "[1,", "UNCLOSED 4"),
    CASE(NULL, "[1, ", "UNCLOSED 5"),
    CASE(NULL, "[] []", "TRAILING 4"),
    CASE(NULL, "[1]]", "TRAILING 4"),
    CASE(NULL, "{1} \n,", "TRAILING 6"),
    CASE(NULL, "[1]\0", "TRAILING 4"),
    /* a separator */
    CASE(",", "", "<>"),
    CASE(",", " \n", "<>"),
    CASE(",", "1", "<1>"),
    CASE(",", " 1 , -2,3\r\n", "<1 -2 3>"),
    CASE(",", "1,", "NUMBER 3"),
    CASE(",", "1, ", "NUMBER 4"),
    CASE(",", ",1", "NUMBER 1"),
    CASE(",", "1,,2", "NUMBER 3"),
    CASE(",", "1;2", "SEPARATOR 2"),
    CASE(",", "1 2", "SEPARATOR 3"),
    CASE(",", "[1]", "NUMBER 1"),
    CASE(",", "\"1\"", "NUMBER 1"),
    CASE(",", "1]", "SEPARATOR 2"),
    CASE(",", "1.5", "FRACTION 1"),
    CASE(",", "1\0,2", "SEPARATOR 2"),
    CASE("::", "1::2 :: 3", "<1 2 3>"),
    CASE("::", "1:2", "SEPARATOR 2"),
    CASE("::", "1:", "SEPARATOR 2"),
    CASE("::", "1:::2", "NUMBER 4"),
    CASE("\xe2\x80\xa2",
         "1\xe2\x80\xa2"
         "2",
         "<1 2>"),
    /* a separator that looks like a part of a number */
    CASE(".", "1.2.-3", "<1 2 -3>"),
    CASE("e", "1e2 e3", "<1 2 3>"),
    CASE("-", "1-2--3", "<1 2 -3>"),
    CASE("-", "-1 - -2", "<-1 -2>"),
    CASE(",-", "1,-2,--3", "<1 2 -3>"),
    CASE("0", "10 0 2", "<10 2>"),
    CASE("0", "102", "<102>"),
    CASE(" 0 ", "1 0 2 0 3", "<1 2 3>"),
    /* a separator with blanks */
    CASE(", ", "1, 2 ,  3", "<1 2 3>"),
    CASE(", ", "1,2", "SEPARATOR 2"),
    CASE(" | ", "1 | 2  |  3", "<1 2 3>"),
    CASE(" | ", "1| 2", "SEPARATOR 2"),
    CASE(" |", "1\t |2", "<1 2>"),
    CASE(" ", " 1 2  3\n4 \n", "SEPARATOR 9"),
    CASE(" ", " 1 2  3 \n4 \n", "<1 2 3 4>"),
    CASE("\n", "1\n2\r\n\n\t3 \n", "<1 2 3>"),
    CASE("\n", "1 2\n", "SEPARATOR 3"),
    CASE("\t", "1\t-2\t3", "<1 -2 3>"),
    CASE("  ", "1  2   3", "<1 2 3>"),
    CASE("  ", "1 2", "SEPARATOR 3"),
    CASE(" ", "1 x", "NUMBER 3"),
    CASE(" ", "1,2", "SEPARATOR 2"),
};

/* A text for people: unprintable bytes as dots (they would upset TAP). */
static const char *printable(const char *text, size_t size) {
    static char shown[80];
    size_t i;
    for (i = 0; i < size && i < sizeof shown - 1; i++)
        shown[i] = text[i] >= ' ' && text[i] <= '~' ? text[i] : '.';
    shown[i] = 0;
    return shown;
}

static void test_cases(void) {
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct reading_case *c = &cases[i];
        eq_text(reading(c->text, c->size, c->separator), c->expected, "'%s'%s gives %s",
                printable(c->text, c->size), c->separator ? " split" : "", c->expected);
    }
}

/*
** A valid bracketed text cut anywhere before its closing bracket is unclosed, but for a lone sign.
*/
static void test_truncations(void) {
    static const char *const texts[] = {"[1,-2,3]", " { -1 , 22 } ",
                                        "[9223372036854775807,-9223372036854775808]",
                                        "[0,12345678,123456789,1234567890123456]"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const char *text = texts[i], *open = strpbrk(text, "[{"), *close = strpbrk(text, "]}");
        int wrong = 0;
        for (const char *cut = text; cut <= close; cut++) {
            const size_t size = (size_t)(cut - text);
            char expected[64];
            if (cut <= open)
                snprintf(expected, sizeof expected, "EMPTY %zu", size + 1);
            else if (cut[-1] == '-')
                snprintf(expected, sizeof expected, "NUMBER %zu", size);
            else
                snprintf(expected, sizeof expected, "UNCLOSED %zu", size + 1);
            wrong += strcmp(reading(text, size, NULL), expected) != 0;
        }
        eq_int(wrong, 0, "every truncation of '%s'", text);
    }
}

/* Numbers of up to 30 digits, at every distance from the end of the text. */
static void test_lengths(void) {
    int wrong = 0;
    for (int digits = 1; digits <= 30; digits++)
        for (int before = 0; before < 9; before++)
            for (int negative = 0; negative < 2; negative++) {
                char text[64], expected[80];
                snprintf(text, sizeof text, "%*s%s%.*s", before, "", negative ? "-" : "", digits,
                         "123456789012345678901234567890");
                if (digits > 19)
                    snprintf(expected, sizeof expected, "RANGE %d", before + 1);
                else
                    snprintf(expected, sizeof expected, "<%s>", text + before);
                wrong += strcmp(reading(text, strlen(text), ","), expected) != 0;
            }
    eq_int(wrong, 0, "numbers of 1 to 30 digits");
}

static uint64_t random_bits(void) {
    static uint64_t state = 88172645463325252u;
    state ^= state << 13;
    state ^= state >> 7;
    return state ^= state << 17;
}

/* Writes an array and compares with printf; then reads it back. NULL or what went wrong. */
static const char *round_trip(const struct sqa_array *view, const struct sqa_text_form *form,
                              const char *separator) {
    static char model[16384];
    size_t used = (size_t)snprintf(model, sizeof model, "%s", form->open);
    uint64_t sig = 0;
    for (size_t i = 0; i < view->count; i++) {
        const int64_t x = sqa_array_get(kernels, view, i);
        sig |= sqa_sig(x);
        used += (size_t)snprintf(model + used, sizeof model - used, "%.*s%" PRId64,
                                 i ? (int)form->separator_size : 0,
                                 form->separator ? form->separator : "", x);
    }
    used += (size_t)snprintf(model + used, sizeof model - used, "%s", form->close);
    if (sqa_text_length(kernels, view, form, NULL) != used)
        return "length is wrong";

    char *text = malloc(used + 1);
    if (!text)
        abort();
    text[used] = 0x5a;
    sqa_text_write(kernels, view, form, text, NULL);
    const bool same = memcmp(text, model, used) == 0 && text[used] == 0x5a;
    free(text);
    if (!same)
        return "text is wrong";

    static int64_t kept[SQA_TEXT_KEPT];
    struct sqa_text t = {.size = used, .separator = separator, .kept = kept};
    struct sqa_error error;
    const char *failure = NULL;
    t.separator_size = separator ? strlen(separator) : 0;
    t.text = at_border(model, used);
    if (sqa_text_scan(&t, &error) != SQA_OK)
        failure = "not read back";
    else if (t.count != view->count || t.sig != sig)
        failure = "count or sig is wrong";
    for (unsigned width = sqa_sig_width(sig); !failure && width <= 8; width *= 2) {
        void *dst = malloc(t.count * width + 1);
        if (!dst)
            abort();
        sqa_text_store(kernels, &t, dst, width);
        for (size_t i = 0; i < t.count; i++)
            if (element(dst, width, i) != sqa_array_get(kernels, view, i))
                failure = "elements are wrong";
        free(dst);
    }
    return failure;
}

static void test_round_trips(void) {
    static const struct {
        struct sqa_text_form form;
        const char *separator; /* to read it with */
    } forms[] = {{{"[", ",", 1, "]"}, NULL},  {{"{", ", ", 2, "}"}, NULL},  {{"", ",", 1, ""}, ","},
                 {{"", " ", 1, ""}, " "},     {{" ", "\n", 1, "\n"}, "\n"}, {{"", "-", 1, ""}, "-"},
                 {{"", " | ", 3, ""}, " | "}, {{"", "e", 1, ""}, "e"}};
    for (unsigned width = 1; width <= 8; width *= 2)
        for (size_t f = 0; f < sizeof forms / sizeof *forms; f++) {
            const char *failure = NULL;
            for (int round = 0; round < 200 && !failure; round++) {
                unsigned char bytes[1 + 300 * 8]; /* from an odd address on */
                const struct sqa_array view = {bytes + 1, random_bits() % 301, width, 0, 0};
                for (size_t i = 0; i < view.count; i++) {
                    const int64_t x = (int64_t)random_bits() >> random_bits() % 64;
                    memcpy(bytes + 1 + i * width, &x, width);
                }
                failure = round_trip(&view, &forms[f].form, forms[f].separator);
            }
            eq_text(failure ? failure : "", "", "round trips at width %u, separator '%s'", width,
                    printable(forms[f].form.separator, forms[f].form.separator_size));
        }
}

/* Around every power of ten and of two, where lengths and widths change. */
static void test_borders(void) {
    static const struct sqa_text_form form = {"[", ",", 1, "]"};
    int64_t x[400];
    size_t n = 0;
    for (uint64_t ten = 1; ten <= 1000000000000000000u; ten *= 10)
        for (int64_t off = -1; off <= 1; off++) {
            x[n++] = (int64_t)ten + off;
            x[n++] = -(int64_t)ten + off;
        }
    for (int bit = 0; bit < 63; bit++) {
        x[n++] = (int64_t)1 << bit;
        x[n++] = -((int64_t)1 << bit);
    }
    x[n++] = INT64_MAX;
    x[n++] = INT64_MIN;
    const char *failure = NULL;
    for (size_t i = 0; i < n && !failure; i++) {
        const struct sqa_array one = {(const unsigned char *)&x[i], 1, 8, 0, 0};
        failure = round_trip(&one, &form, NULL);
    }
    const struct sqa_array all = {(const unsigned char *)x, n, 8, 0, 0};
    if (!failure)
        failure = round_trip(&all, &form, NULL);
    eq_text(failure ? failure : "", "", "powers of ten and two and their neighbours");
}

static void test_forms(void) {
    static const int64_t x[] = {1, -20, 300};
    static const struct {
        size_t count;
        struct sqa_text_form form;
        const char *expected;
    } forms[] = {{0, {"[", ",", 1, "]"}, "[]"},
                 {0, {"", ",", 1, ""}, ""},
                 {1, {"{", ",", 1, "}"}, "{1}"},
                 {3, {"<<", ", ", 2, " >>"}, "<<1, -20, 300 >>"},
                 {3, {"", NULL, 0, ""}, "1-20300"}};
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        const struct sqa_array view = {forms[i].count ? (const unsigned char *)x : NULL,
                                       forms[i].count, 8, 0, 0};
        char text[64] = {0};
        sqa_text_write(kernels, &view, &forms[i].form, text, NULL);
        eq_text(text, forms[i].expected, "written as '%s'", forms[i].expected);
        eq_int((int64_t)sqa_text_length(kernels, &view, &forms[i].form, NULL),
               (int64_t)strlen(text), "the length of that");
    }
}

/* A number that is followed by its comma at once is read in another way than one before a blank. */
static void test_short(void) {
    static const char *const tokens[] = {"0",        "-0",        "7",       "-7",  "1234567",
                                         "-1234567", "-999999",   "-100000", "42",  "12345678",
                                         "-9999999", "123456789", "01",      "-01", "-",
                                         "+1",       "1.0",       "1e3",     "",    "1-2"};
    int wrong = 0;
    for (int round = 0; round < 20000; round++) {
        char dense[256] = "[", loose[256] = "[", first[4096];
        const size_t most = random_bits() % 4 == 0 ? sizeof tokens / sizeof *tokens : 12;
        for (size_t i = 0, n = random_bits() % 16; i <= n; i++) {
            const char *token = tokens[random_bits() % most];
            sprintf(dense + strlen(dense), "%s%s", token, i < n ? "," : "]");
            sprintf(loose + strlen(loose), "%s%s", token, i < n ? " ," : " ]");
        }
        strcpy(first, reading(dense, strlen(dense), NULL));
        const char *second = reading(loose, strlen(loose), NULL);
        const size_t shown =
            *first == '<' ? sizeof first : strcspn(first, " "); /* not the offset */
        wrong += strncmp(first, second, shown) != 0;
    }
    eq_int(wrong, 0, "elements with and without a blank before the comma");
}

/* Random bytes that are nearly arrays: an error points into the text or just past it. */
static void test_noise(void) {
    static const char letters[] = "[]{}00123456789--,,,  \n.enul";
    static const char *const separators[] = {NULL, ",", " ", "-", ", ", " ,", "1"};
    int wrong = 0;
    for (int round = 0; round < 200000; round++) {
        char text[40];
        const size_t size = random_bits() % (sizeof text + 1);
        for (size_t i = 0; i < size; i++)
            text[i] = letters[random_bits() % (sizeof letters - 1)];
        if (size > 0 && random_bits() % 2)
            text[0] = '[';
        const char *said = reading(
            text, size, separators[random_bits() % (sizeof separators / sizeof *separators)]);
        if (*said != '<') {
            const char *blank = strchr(said, ' ');
            const long offset = blank ? strtol(blank, NULL, 10) : 0;
            wrong += offset < 1 || (size_t)offset > size + 1;
        }
    }
    eq_int(wrong, 0, "offsets of errors in noise are inside the text");
}

int main(void) {
    kernels = sqa_kernels_choose(NULL);
    test_cases();
    test_truncations();
    test_lengths();
    test_borders();
    test_forms();
    test_round_trips();
    test_short();
    test_noise();
    return done();
}
