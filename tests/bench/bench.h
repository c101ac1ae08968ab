/* The benchmark: rows of "ours against theirs", each measured in one run, in turns. */
#ifndef BENCH_H
#define BENCH_H

#include <stddef.h>
#include "sqlite3.h"

/*
** One comparison. Both are SQL statements, run through prepared statements to their end. Parameters
** name the data: :i4_1e6 is an array of 1e6 elements of 4 bytes (uniform; over a quarter of the
** range of 4 bytes, of 8 over +-2^45 so that sums fit), :j4_1e6 another such, :s4_1e6 and :t4_1e6
** are sets, :r4_1e6 is sorted descending, :p4_1e6 holds random positions from 1 to 1e6, :k4_1e6,
** :w4_1e6 and :d4_1e6 are packed: of 10 bits, a walk of 3 bits, and ids that ascend with a mean gap
** of 100 (of 1e6), :json_1e5 JSON text of 1e5 numbers. Several statements are measured as one.
** `theirs` may begin with "numpy ": then the rest is a Python expression in which a name such as
** i4_1e6 is a NumPy array, measured in a process of its own right after ours.
*/
struct bench_row {
    const char *title, *ours, *theirs;
    double items; /* what one execution is divided by: elements or rows */
    enum {
        AT_MOST,
        AT_LEAST,
        DIFFERENCE
    } kind;        /* of ours / theirs; theirs / ours; ours - theirs in ns */
    double target; /* 0: none */
};
struct bench_section {
    const char *title;
    const char *before, *after;   /* SQL run around the section, or NULL */
    const struct bench_row *rows; /* up to one without a title */
};
extern const struct bench_section bench_sections[]; /* up to one without a title */

/*
** What ours in the row of this title cannot be faster than: a statement that does the same without
** what is ours. It is shown with the best value that it allows, which may be short of the target.
*/
struct bench_floor {
    const char *title, *sql;
};
extern const struct bench_floor bench_floors[]; /* up to one without a title */

/*
** A statement whose memory is measured with arrays of 1e3 to 1e8 elements: the most that SQLite has
** in use, beside what it had before and the result. In sql N stands for the
** number of elements: "SELECT blob_size(array_mul(:i4_N, 2))".
*/
struct bench_peak {
    const char *title, *sql;
    /*
    ** how many scratches are allowed, each as large as the arguments or the result and a sixteenth;
    ** and 64 KiB
    */
    double scratches;
};
extern const struct bench_peak bench_peaks[]; /* up to one without a title */

/* Seconds of a clock that only goes forward. */
double bench_now(void);

/* In sorts.cc: the C++ library's sort, and Highway's. */
#ifdef __cplusplus
extern "C" {
#endif
void bench_std_sort(sqlite3_context *context, int argc, sqlite3_value **argv);
void bench_vqsort(sqlite3_context *context, int argc, sqlite3_value **argv);
#ifdef __cplusplus
}
#endif

/* In files.c: measures the library beside it, array_file.so; the number of targets missed. */
int bench_files(const char *library);
/*
** In stores.c: array_store against an ordinary table, in files that are made in a directory and
** removed. Gives how many targets were missed. $ROWS, 1e7, above that is for the memory alone: 1e8
** takes minutes.
*/
int bench_stores(const char *library, const char *directory);

/*
** Registers the C functions that rows compare with: plain_sum(), plain_mul2(), blob_size() and
** others.
*/
int bench_register_plain(sqlite3 *db);
/* In floor.c: registers bare_rows(n), a virtual table that does nothing. */
int bench_register_floor(sqlite3 *db);

/*
** In kernels.c: each kernel, or those whose name contains `only`, in each set that this machine
** has.
*/
void bench_kernels(const char *only);

#endif
