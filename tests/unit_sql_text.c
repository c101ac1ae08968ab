/*
** Invalid text in every argument of every function, in databases of UTF-8 and of UTF-16 in both
** byte orders. It must be read or give an error whose message is valid text, and the same in all
** three encodings, with work in proportion to its length.
**
** There are embedded NULs, invalid UTF-8, numbers and queries of very many characters, very many
** brackets, every prefix of valid text, and changes of each of its bytes. $CORRUPT_DEEP tests all
** changes, and also very long text in UTF-16.
*/
#define _DEFAULT_SOURCE /* mmap */
#include "unit_probes.h"
#include "unit_work.h"

enum {
    ENCODINGS = 3,
    LONG = 250000,
    MOST_WORK = 200 /* basic blocks for each byte of a long text */
};

static const char *const encodings[ENCODINGS] = {"UTF-8", "UTF-16le", "UTF-16be"};
static bool deep;
static sqlite3 *db[ENCODINGS];
static struct unit_function functions[UNIT_FUNCTIONS];
static struct unit_probe probes[ENCODINGS][UNIT_PROBES];
static size_t probe_count;
static struct unit_answer answers[ENCODINGS];
static long texts, calls, wrong;

/* Well-formed UTF-8: no overlong forms, no surrogates, nothing past U+10FFFF. */
static bool is_utf8(const char *text, size_t size) {
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    const unsigned char *s = (const unsigned char *)text;
    for (size_t i = 0; i < size;) {
        const size_t n = s[i] < 0x80   ? 1
                         : s[i] < 0xC2 ? 0
                         : s[i] < 0xE0 ? 2
                         : s[i] < 0xF0 ? 3
                         : s[i] < 0xF5 ? 4
                                       : 0;
        uint32_t c = n == 1 ? s[i] : s[i] & (0x7Fu >> n);
        if (n == 0 || n > size - i)
            return false;
        for (size_t k = 1; k < n; k++) {
            if ((s[i + k] & 0xC0) != 0x80)
                return false;
            c = c << 6 | (s[i + k] & 0x3F);
        }
        if (c < least[n] || (c >= 0xD800 && c < 0xE000) || c > 0x10FFFF)
            return false;
        i += n;
    }
    return true;
}

static void complain(size_t i, int e, const char *what, const char *text, size_t size) {
    const struct unit_answer *a = &answers[e];
    if (++wrong > 50)
        return;
    printf("# %s, %s: %s; %d, %s; of %zu bytes: ", encodings[e],
           sqlite3_sql(probes[e][i].statement), what, a->rc, a->message, size);
    for (size_t b = 0; b < size && b < 40; b++)
        printf("%02x", (unsigned char)text[b]);
    printf("\n");
}

/* Integers, too, are to be refused; but a choice of texts is enough for that. */
static bool may_be_text(const struct unit_probe *p) {
    static const char *const names[] = {"text", "separator", "query", "dtype", "path"};
    bool text = p->is_array || p->wants[0] == '\'';
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        text |= strcmp(p->wants, names[i]) == 0;
    return text && p->is_full;
}

static void try_text(const char *text, size_t size, bool all) {
    const bool good = is_utf8(text, size);
    texts++;
    for (size_t i = 0; i < probe_count; i++) {
        if (!all && !may_be_text(&probes[0][i]))
            continue;
        for (int e = 0; e < (size < LONG || deep ? ENCODINGS : 1); e++) {
            const struct unit_answer *a = &answers[e];
            const uint64_t start = unit_work;
            unit_probe_run(&probes[e][i], SQLITE_TEXT, text, size, &answers[e]);
            calls++;
            if (size >= LONG && unit_work - start > MOST_WORK * size)
                complain(i, e, "too much work", text, size);
            if (a->rc != SQLITE_DONE && a->rc != SQLITE_ERROR && a->rc != SQLITE_TOOBIG)
                complain(i, e, "not the right error", text, size);
            if (good && !is_utf8(a->message, strlen(a->message)))
                complain(i, e, "the message is not UTF-8", text, size);
            if (good && e > 0 && probes[e][i].is_constant && !unit_answer_same(a, &answers[0]))
                complain(i, e, "not as in UTF-8", text, size);
        }
    }
}

/* Every prefix, and every value of every byte, or a third or a 29th of them */
static void try_changes(const char *text) {
    const size_t size = strlen(text);
    char changed[60];
    for (size_t n = 0; n <= size; n++)
        try_text(text, n, false);
    for (size_t at = 0; at < size; at++)
        for (int value = deep ? 0 : (int)at % 3; value < 256; value += deep              ? 1
                                                                       : unit_thorough() ? 3
                                                                                         : 29) {
            memcpy(changed, text, size);
            changed[at] = (char)value;
            try_text(changed, size, false);
        }
}

/* begin, then `again` and again for a quarter of a million bytes, or four, then end */
static void try_long(const char *begin, const char *again, const char *end) {
    const size_t a = strlen(begin), b = strlen(again), c = strlen(end),
                 times = LONG / b * (deep ? 4 : 1);
    char *text = malloc(a + b * times + c);
    if (text == NULL)
        unit_bail_out("no memory");
    memcpy(text, begin, a);
    for (size_t i = 0; i < times; i++)
        memcpy(text + a + i * b, again, b);
    memcpy(text + a + b * times, end, c);
    try_text(text, a + b * times + c, false);
    free(text);
}

int main(void) {
#define TEXT(literal)                                                                              \
    { literal, sizeof(literal) - 1 }
    static const struct {
        const char *text;
        size_t size;
    } some[] = {
        TEXT(""), TEXT("\0"), TEXT("[1,2\0]"), TEXT("[1,2]\0"), TEXT("[1\0,2]"), TEXT("\0[1,2]"),
        TEXT("{1,\0}"), TEXT("1\0&2"), TEXT("1\0"), TEXT(",\0"), TEXT("asc\0"), TEXT("asc\0desc"),
        TEXT("int64\0"), TEXT("int64\0x"), TEXT("ASC"), TEXT("dEsC"), TEXT("Clip"), TEXT("BIG"),
        TEXT("INT64"), TEXT("big"), TEXT("right"),
        /* no UTF-8: a lone byte, a cut sequence, overlong, a surrogate, past the last character */
        TEXT("\x80"), TEXT("\xff"), TEXT("[1,\xc3"), TEXT("[1,\xc3]"), TEXT("[\xf0\x9f\x98,1]"),
        TEXT("\xc0\x80"), TEXT("\xe0\x80\x80"), TEXT("\xed\xa0\x80"), TEXT("\xf4\x90\x80\x80"),
        TEXT("\xf8\x88\x80\x80\x80"), TEXT("\xfe\xff\0["), TEXT("\xef\xbb\xbf[1,2]"),
        /* characters of two, three and four bytes, of which messages show the beginning */
        TEXT("\xc3\xa4"), TEXT("[1,\xc3\xa4]"), TEXT("\xe2\x96\x88\xe2\x96\x88"),
        TEXT("\xf0\x9f\x98\x80"),
        TEXT("x\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3"
             "\xa4\xc3\xa4"
             "\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3"
             "\xa4\xc3\xa4"),
        TEXT("\xf0\x9f\x98\x80\xf0\x9f\x98\x80\xf0\x9f\x98\x80\xf0\x9f\x98\x80\xf0\x9f\x98\x80\xf0"
             "\x9f\x98\x80"
             "y\xf0\x9f\x98\x80\xf0\x9f\x98\x80\xf0\x9f\x98\x80\xf0\x9f\x98\x80\xf0\x9f\x98\x80\xf0"
             "\x9f\x98\x80"),
        TEXT("%s%n%d"), TEXT("'"), TEXT("[9223372036854775807,-9223372036854775808]"),
        TEXT("[9223372036854775808]"), TEXT("[18446744073709551617]"), TEXT("[-]"), TEXT("[--1]"),
        TEXT("[0x10]"), TEXT("[1e3]"), TEXT("[1.0]"), TEXT("[NaN]"), TEXT("[[1]]"), TEXT("[\"1\"]"),
        TEXT("1 & (2 | !3"), TEXT("1 & 2)"), TEXT("!"), TEXT("()"),
        TEXT("\t\n\v\f\r [1] \t\n\v\f\r")};
    struct unit_values values;
    setvbuf(stdout, NULL, _IOLBF, 0);
    deep = getenv("CORRUPT_DEEP") != NULL;
    unit_values_make(&values, 3, UNIT_TAME, false);
    for (int e = 0; e < ENCODINGS; e++) {
        char sql[60];
        db[e] = unit_open_both();
        snprintf(sql, sizeof sql, "PRAGMA encoding = '%s'", encodings[e]);
        unit_exec(db[e], sql);
        const size_t count = unit_functions(db[e], functions);
        probe_count = unit_probes(db[e], functions, count, probes[e]);
        for (size_t i = 0; i < probe_count; i++)
            unit_bind(probes[e][i].statement, &values);
    }
    ok(probe_count > 300, "%zu arguments", probe_count);
    for (size_t i = 0; i < sizeof some / sizeof *some; i++)
        try_text(some[i].text, some[i].size, true);
    eq_int(wrong, 0, "odd ones: %ld texts, %ld calls", texts, calls);
    try_changes("[1, -20]");
    try_changes("{3}");
    try_changes("1&(2|!3)");
    eq_int(wrong, 0, "changed ones: %ld texts, %ld calls", texts, calls);
    try_long("[", "1", "]");
    try_long("[-", "0", "1]");
    try_long("[1", ",1", "]");
    try_long("", " ", "[1]");
    try_long("", "[", "");
    try_long("", "(", "1");
    try_long("", "(", ")");
    try_long("", "(1|", "2");
    try_long("", "!", "1");
    try_long("", "!(", "1");
    try_long("1", "&1", "");
    try_long("1", "|!2", "");
    try_long("((((((((1))))))))", "&(1)", "");
    try_long("x", "\xc3\xa4", "");
    eq_int(wrong, 0, "long ones: %ld texts, %ld calls", texts, calls);
    printf("# %ld texts, %ld calls\n", texts, calls);
    for (int e = 0; e < ENCODINGS; e++) {
        unit_probes_free(probes[e], probe_count);
        eq_int(unit_integer(db[e], "SELECT value FROM array_memory WHERE name = 'live_bytes'"), 0,
               "%s: nothing is live", encodings[e]);
        eq_int(sqlite3_close(db[e]), SQLITE_OK, "closes");
    }
    unit_values_free(&values);
    eq_int(sqlite3_memory_used(), 0, "nothing is left");
    return done();
}
