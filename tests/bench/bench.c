/*
** Runs the comparisons of rows.c, then those of stores.c: bench path/to/array.so [words that titles
** must contain], or bench path/to/array.so files, or stores, or kernels [word that names must
** contain]
*/
#define _DEFAULT_SOURCE
#include "bench.h"

#include <libgen.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

static sqlite3 *db;
static int missed, beyond; /* targets; those of them that are beyond a floor */

static void fail(const char *what) {
    fprintf(stderr, "bench: %s: %s\n", what, sqlite3_errmsg(db));
    exit(1);
}

double bench_now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void execute(const char *sql) {
    if (sql != NULL && sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
        fail(sql);
}

/* Seconds of the processor, which do not grow while other programs run. */
static double processor_seconds(void) {
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* The data, made when first named, kept to the end. */
struct data {
    char name[24];
    char *bytes;
    sqlite3_uint64 size;
    int is_text;
};

static const struct data *find_data(const char *name) {
    static struct data all[64];
    struct data *d = all;
    while (d->name[0] != '\0') {
        if (strcmp(d->name, name) == 0)
            return d;
        d++;
    }
    if (d == all + 63)
        fail("too many names of data");
    const double n = atof(strchr(name, '_') + 1);
    char random[150], sql[300];
    const int bits = strncmp(name, "json", 4) == 0 ? 0 : 8 * (name[1] - '0');
    const long long limit =
        bits == 0 ? 1000000 : 1LL << (bits == 64 ? 45 : bits - 3); /* sums fit */
    const char *const forms[] = {
        "k%s", "array_pack(array_add(array_floor_mod(%s, 1024), 1000000))",
        "w%s", "array_pack(array_add(array_cumsum(array_mod(%s, 4)), 1000000))",
        "d%s", "array_pack(array_unique(array_floor_mod(%s, 100000000)))",
        "j%s", "array_to_json(%s)",
        "s%s", "array_unique(%s)",
        "t%s", "array_unique(%s)",
        "r%s", "array_sort(%s, 'desc')"};
    const char *form = "%s";
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i += 2) {
        if (forms[i][0] == name[0] && (name[0] != 'j' || bits == 0))
            form = forms[i + 1];
    }
    if (name[0] == 'p')
        snprintf(random, sizeof random, "array_random(%.0f, 1, %.0f, 7)", n, n);
    else
        snprintf(random, sizeof random, "array_random(%.0f, %lld, %lld, %d)", n,
                 bits == 0 ? 0 : -limit, limit - 1, name[0]);
    snprintf(sql, sizeof sql, "SELECT ");
    snprintf(sql + 7, sizeof sql - 7, form, random);
    sqlite3_stmt *statement;
    if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK ||
        sqlite3_step(statement) != SQLITE_ROW)
        fail(sql);
    snprintf(d->name, sizeof d->name, "%s", name);
    d->is_text = sqlite3_column_type(statement, 0) == SQLITE_TEXT;
    const void *bytes = sqlite3_column_blob(statement, 0);
    d->size = (sqlite3_uint64)sqlite3_column_bytes(statement, 0);
    /* as NumPy has its own data: elements aligned, large arrays in huge pages */
    const size_t huge = 2 << 20, room = (d->size + 64 + huge - 1) / huge * huge;
    d->bytes = d->size < huge ? aligned_alloc(64, room) : aligned_alloc(huge, room);
    if (d->size >= huge)
        madvise(d->bytes, room, MADV_HUGEPAGE);
    d->bytes += d->is_text ? 0 : 56;
    memcpy(d->bytes, bytes, d->size);
    sqlite3_finalize(statement);
    return d;
}

/* A list of statements, prepared with their data. */
struct program {
    sqlite3_stmt *statements[8];
    int count;
};

static struct program prepare(const char *sql) {
    struct program p = {.count = 0};
    while (*sql != '\0') {
        sqlite3_stmt **s = &p.statements[p.count++];
        if (sqlite3_prepare_v2(db, sql, -1, s, &sql) != SQLITE_OK)
            fail(sql);
        for (int i = 1; i <= sqlite3_bind_parameter_count(*s); i++) {
            const struct data *d = find_data(sqlite3_bind_parameter_name(*s, i) + 1);
            if (d->is_text)
                sqlite3_bind_text64(*s, i, d->bytes, d->size, SQLITE_STATIC, SQLITE_UTF8);
            else
                sqlite3_bind_blob64(*s, i, d->bytes, d->size, SQLITE_STATIC);
        }
        while (*sql == ';' || *sql == ' ')
            sql++;
    }
    return p;
}

static void run(const struct program *p) {
    for (int i = 0; i < p->count; i++) {
        int rc;
        while ((rc = sqlite3_step(p->statements[i])) == SQLITE_ROW) {
        }
        if (rc != SQLITE_DONE)
            fail(sqlite3_sql(p->statements[i]));
        sqlite3_reset(p->statements[i]);
    }
}

static void finish(const struct program *p) {
    for (int i = 0; i < p->count; i++)
        sqlite3_finalize(p->statements[i]);
}

struct figure {
    double least, median; /* seconds */
};

static int by_value(const void *a, const void *b) {
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Seconds of one run; short ones are repeated until a clock can see them. */
static double measure_once(const struct program *p, int repeat) {
    const double begin = processor_seconds();
    for (int i = 0; i < repeat; i++)
        run(p);
    return (processor_seconds() - begin) / repeat;
}

/* All in turns, so that what disturbs the machine disturbs all. */
static void measure(const struct program *programs, struct figure *figures, int count) {
    enum { MOST = 101 };
    double times[3][MOST];
    int repeat[3], n = 0;
    for (int k = 0; k < count; k++) {
        const double once = (run(&programs[k]), measure_once(&programs[k], 1));
        repeat[k] = once > 1e-3 ? 1 : (int)(1e-3 / (once + 1e-9)) + 1;
    }
    for (const double begin = bench_now(); n < 5 || (n < MOST && bench_now() - begin < 0.6); n++) {
        for (int k = 0; k < count; k++)
            times[k][n] = measure_once(&programs[k], repeat[k]);
    }
    for (int k = 0; k < count; k++) {
        qsort(times[k], (size_t)n, sizeof times[k][0], by_value);
        figures[k] = (struct figure){times[k][0], times[k][n / 2]};
    }
}

static FILE *to_numpy, *from_numpy;
static char numpy_version[64];

static void start_numpy(const char *script) {
    int in[2], out[2];
    if (access("/usr/bin/python3", X_OK) != 0 || pipe(in) != 0 || pipe(out) != 0)
        return;
    if (fork() == 0) {
        dup2(in[0], 0);
        dup2(out[1], 1);
        close(in[1]);
        close(out[0]);
        execl("/usr/bin/python3", "python3", script, (char *)NULL);
        _exit(1);
    }
    close(in[0]);
    close(out[1]);
    to_numpy = fdopen(in[1], "w");
    from_numpy = fdopen(out[0], "r");
    if (fgets(numpy_version, sizeof numpy_version, from_numpy) == NULL ||
        strncmp(numpy_version, "NumPy", 5) != 0)
        to_numpy = NULL;
    else
        numpy_version[strcspn(numpy_version, "\n")] = '\0';
}

static int measure_numpy(const char *expression, struct figure *figure) {
    if (to_numpy == NULL)
        return 0;
    fprintf(to_numpy, "%s\n", expression);
    fflush(to_numpy);
    return fscanf(from_numpy, "%lf %lf", &figure->least, &figure->median) == 2;
}

/* The value of a row that takes this time. */
static double value_of(const struct bench_row *row, double ours, double theirs) {
    return row->kind == AT_LEAST  ? theirs / ours
           : row->kind == AT_MOST ? ours / theirs
                                  : 1e9 * (ours - theirs) / row->items;
}

static int reaches(const struct bench_row *row, double value) {
    return row->kind == AT_LEAST ? value >= row->target : value <= row->target;
}

/* The floor of a row, or NULL */
static const char *floor_of(const struct bench_row *row) {
    const struct bench_floor *floor = bench_floors;
    while (floor->title != NULL && strcmp(floor->title, row->title) != 0)
        floor++;
    return floor->sql;
}

static void show(const struct bench_row *row) {
    const char *const floor = floor_of(row);
    const int numpy = strncmp(row->theirs, "numpy ", 6) == 0, floored = floor != NULL;
    const struct program programs[3] = {prepare(row->ours), prepare(numpy ? "" : row->theirs),
                                        prepare(floored ? floor : "")};
    const char *const unit = row->kind == DIFFERENCE ? "ns" : "x";
    struct figure figures[3];
    measure(programs, figures, floored ? 3 : numpy ? 1 : 2);
    for (int i = 0; i < 3; i++)
        finish(&programs[i]);
    if (numpy && !measure_numpy(row->theirs + 6, &figures[1])) {
        printf("%-56s %9.3f %9.3f %9s %9s   (no NumPy here)\n", row->title,
               1e9 * figures[0].least / row->items, 1e9 * figures[0].median / row->items, "-", "-");
        return;
    }
    const double value = value_of(row, figures[0].least, figures[1].least);
    const int ok = reaches(row, value);
    printf("%-56s %9.3f %9.3f %9.3f %9.3f %8.2f %-2s", row->title,
           1e9 * figures[0].least / row->items, 1e9 * figures[0].median / row->items,
           1e9 * figures[1].least / row->items, 1e9 * figures[1].median / row->items, value, unit);
    if (row->target > 0)
        printf("  %s %.4g %s", row->kind == AT_LEAST ? ">=" : "<=", row->target,
               ok ? "ok" : "MISSED");
    if (floored) {
        const double best = value_of(row, figures[2].least, figures[1].least);
        printf("; floor %.3f: %.2f %s at best", 1e9 * figures[2].least / row->items, best, unit);
        beyond += row->target > 0 && !ok && !reaches(row, best);
    }
    printf("\n");
    fflush(stdout);
    missed += row->target > 0 && !ok;
}

/* Replaces the N of each :name_N by a size. */
static void with_size(char *dst, size_t room, const char *sql, const char *size) {
    size_t used = 0;
    for (const char *n; (n = strstr(sql, "_N")) != NULL; sql = n + 2)
        used += (size_t)snprintf(dst + used, room - used, "%.*s_%s", (int)(n - sql), sql, size);
    snprintf(dst + used, room - used, "%s", sql);
}

static double bytes_of_data(const struct program *p) {
    double bytes = 0;
    for (int i = 1; i <= sqlite3_bind_parameter_count(p->statements[0]); i++)
        bytes += (double)find_data(sqlite3_bind_parameter_name(p->statements[0], i) + 1)->size;
    return bytes;
}

/* The memory beside arguments and result, by the number of elements. */
static void show_peak(const struct bench_peak *peak) {
    static const char *const sizes[] = {"1e3", "1e4", "1e5", "1e6", "1e7", "1e8"};
    double worst = 0;
    int ok = 1;
    printf("%-50s", peak->title);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        char sql[300];
        with_size(sql, sizeof sql, peak->sql, sizes[i]);
        const struct program p = prepare(sql);
        execute("SELECT array_pool_trim()");
        sqlite3_memory_highwater(1);
        const sqlite3_int64 before = sqlite3_memory_used();
        sqlite3_step(p.statements[0]);
        const double most = (double)(sqlite3_memory_highwater(0) - before);
        const double result = strncmp(sql, "SELECT blob_size(", 17) == 0
                                  ? sqlite3_column_double(p.statements[0], 0)
                                  : 0;
        const double input = bytes_of_data(&p), scratch = input > result ? input : result;
        const double beside = most - result > 0 ? most - result : 0;
        finish(&p);
        ok &= beside <= peak->scratches * scratch * 17 / 16 + 64 * 1024;
        worst = beside / scratch;
        printf(" %10.0f", beside);
        fflush(stdout);
    }
    printf(" %6.2f  <= %.3g %s\n", worst, peak->scratches, ok ? "ok" : "MISSED");
    missed += !ok;
}

static void show_peaks(void) {
    printf("\nMemory beside arguments and result, bytes; in scratches as large as these\n%-50s"
           "%11s%11s%11s%11s%11s%11s %6s\n",
           "elements", "1e3", "1e4", "1e5", "1e6", "1e7", "1e8", "at 1e8");
    for (const struct bench_peak *peak = bench_peaks; peak->title != NULL; peak++)
        show_peak(peak);
}

static const char *one_value(const char *sql) {
    static char text[200];
    sqlite3_stmt *s;
    if (sqlite3_prepare_v2(db, sql, -1, &s, NULL) != SQLITE_OK || sqlite3_step(s) != SQLITE_ROW)
        fail(sql);
    snprintf(text, sizeof text, "%s", (const char *)sqlite3_column_text(s, 0));
    sqlite3_finalize(s);
    return text;
}

static void show_machine(void) {
    struct utsname name;
    char line[200], model[200] = "";
    FILE *f = fopen("/proc/cpuinfo", "r");
    while (f != NULL && fgets(line, sizeof line, f) != NULL) {
        if (strncmp(line, "model name", 10) == 0)
            snprintf(model, sizeof model, "%s", strchr(line, ':') + 2);
    }
    if (f != NULL)
        fclose(f);
    model[strcspn(model, "\n")] = '\0';
    uname(&name);
    printf("%s, %s %s, %ld processors\n", model, name.sysname, name.machine,
           sysconf(_SC_NPROCESSORS_ONLN));
    printf("SQLite %s, sqlite-array %s, compiler %s, %s\n", sqlite3_libversion(),
           one_value("SELECT array_version() || ' with kernels ' || array_isa()"), __VERSION__,
           to_numpy != NULL ? numpy_version : "no NumPy in /usr/bin/python3");
}

static int chosen(const char *title, int argc, char **argv) {
    for (int i = 2; i < argc; i++) {
        if (strstr(title, argv[i]) == NULL)
            return 0;
    }
    return 1;
}

static void compare_rows(int argc, char **argv) {
    bench_register_plain(db);
    bench_register_floor(db);
    execute("CREATE TABLE small(a); CREATE TABLE pairs(g, v, PRIMARY KEY(g, v)) WITHOUT ROWID;"
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000)"
            "  INSERT INTO small SELECT array_random(16, -1000, 1000, i) FROM n;"
            "CREATE TABLE small_json AS SELECT array_to_json(a) AS j FROM small LIMIT 100000;"
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000)"
            "  INSERT INTO pairs SELECT i / 1000, i * 7919 % 1000003 FROM n;");
    for (const struct bench_section *s = bench_sections; s->title != NULL; s++) {
        int headed = 0;
        for (const struct bench_row *row = s->rows; row->title != NULL; row++) {
            if (!chosen(row->title, argc, argv))
                continue;
            if (!headed++) {
                execute(s->before);
                printf("\n%-56s %9s %9s %9s %9s %8s\n", s->title, "ours min", "median", "theirs",
                       "median", "");
            }
            show(row);
        }
        if (headed)
            execute(s->after);
    }
    if (argc == 2) {
        printf("\nPool hits so far: %s\n",
               one_value("SELECT printf('%.2f %% of %d takes',"
                         " 100.0 * max(value) FILTER (WHERE name = 'hits') /"
                         " max(value) FILTER (WHERE name = 'takes'),"
                         " max(value) FILTER (WHERE name = 'takes')) FROM array_memory"));
        show_peaks();
    }
}

int main(int argc, char **argv) {
    char *error;
    if (argc < 2 || sqlite3_open(":memory:", &db) != SQLITE_OK)
        fail("usage: bench array.so [words]");
    sqlite3_enable_load_extension(db, 1);
    if (sqlite3_load_extension(db, argv[1], NULL, &error) != SQLITE_OK) {
        fprintf(stderr, "bench: %s\n", error);
        return 1;
    }
    start_numpy("tests/bench/numpy_side.py");
    show_machine();
    if (argc >= 3 && strcmp(argv[2], "kernels") == 0) {
        bench_kernels(argv[3]);
        return 0;
    }
    const int all = argc == 2, memory = argc == 3 && strcmp(argv[2], "memory") == 0,
              files = argc == 3 && strcmp(argv[2], "files") == 0,
              stores = argc == 3 && strcmp(argv[2], "stores") == 0;
    if (all || files) /* first: a child's peak begins with its parent's */
        missed += bench_files(argv[1]);
    if (all || stores)
        missed += bench_stores(argv[1], dirname(argv[0]));
    if (memory) {
        bench_register_plain(db);
        show_peaks();
    } else if (!files && !stores) {
        compare_rows(argc, argv);
    }
    printf("\n%d target%s missed, %d of them beyond a floor\n", missed, missed == 1 ? "" : "s",
           beyond);
    return 0;
}
