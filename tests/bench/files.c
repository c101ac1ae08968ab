/*
** array_file against cat and NumPy: every element of a file times two, into another file. Each run
** is a process of its own, so that its peak memory is known; the file read is in the page cache.
** Ours writes through to the disk before it ends, which cat and NumPy do only where it says so. In
** /dev/shm there is no disk to wait for.
*/
#define _DEFAULT_SOURCE
#include "bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { RUNS = 5, CHUNKS = 512, MB = CHUNKS / 2 }; /* chunks of 65536 elements of 8 bytes */

struct run {
    double seconds; /* the fastest */
    double peak;    /* MB resident, the least */
};

/* Runs a command of the shell's once. */
static void run_once(const char *command, struct run *run) {
    struct timespec begin, end;
    struct rusage usage;
    int status = 1;
    clock_gettime(CLOCK_MONOTONIC, &begin);
    const pid_t child = fork();
    if (child == 0) {
        execl("/bin/sh", "sh", "-c", command, (char *)NULL);
        _exit(1);
    }
    if (child < 0 || wait4(child, &status, 0, &usage) != child || status != 0) {
        fprintf(stderr, "bench: %s\n", command);
        exit(1);
    }
    clock_gettime(CLOCK_MONOTONIC, &end);
    const double seconds =
        (double)(end.tv_sec - begin.tv_sec) + 1e-9 * (double)(end.tv_nsec - begin.tv_nsec);
    const double peak = (double)usage.ru_maxrss / 1024;
    run->seconds = run->seconds == 0 || seconds < run->seconds ? seconds : run->seconds;
    run->peak = run->peak == 0 || peak < run->peak ? peak : run->peak;
}

static int missed;

static void show(const char *title, double ours, double theirs, const char *unit, double target) {
    const double ratio = ours / theirs;
    printf("%-56s %9.3f %9.3f %-4s %8.2f x ", title, ours, theirs, unit, ratio);
    if (target > 0)
        printf("  <= %.4g %s", target, ratio <= target ? "ok" : "MISSED");
    printf("\n");
    fflush(stdout);
    missed += target > 0 && ratio > target;
}

static void compare(const char *library, const char *directory, const char *where) {
    char make[1200], ours[1200], cat[400], cat_sync[400], numpy[900], empty[300], remove[400],
        title[100];
    struct run us = {0, 0}, them = {0, 0}, synced = {0, 0}, py = {0, 0}, imports = {0, 0};
    const int length = (int)strlen(library) - 3; /* without .so */
    const char *shell =
        "exec sqlite3 -batch -bail -init /dev/null -cmd '.load %.*s.so' -cmd '.load "
        "%.*s_file.so' :memory: \"%s\" >/dev/null";
    char sql[500];
    snprintf(sql, sizeof sql,
             "INSERT INTO array_file(path, value) SELECT '%s/bench_in.npy', "
             "array_random(65536, -1 << 40, 1 << 40, value) FROM array_each(array_series(1, %d))",
             directory, CHUNKS);
    snprintf(make, sizeof make, shell, length, library, length, library, sql);
    snprintf(sql, sizeof sql,
             "INSERT INTO array_file(path, value) SELECT '%s/bench_out.npy', array_mul(value, 2) "
             "FROM array_file_read('%s/bench_in.npy')",
             directory, directory);
    snprintf(ours, sizeof ours, shell, length, library, length, library, sql);
    snprintf(cat, sizeof cat, "exec cat %s/bench_in.npy >%s/bench_out.npy", directory, directory);
    snprintf(cat_sync, sizeof cat_sync,
             "cat %s/bench_in.npy >%s/bench_out.npy && sync %s/bench_out.npy", directory, directory,
             directory);
    snprintf(numpy, sizeof numpy,
             "exec /usr/bin/python3 -c \"import numpy as np\n"
             "a = np.load('%s/bench_in.npy', mmap_mode='r')\n"
             "b = np.lib.format.open_memmap('%s/bench_out.npy', 'w+', a.dtype, a.shape)\n"
             "np.multiply(a, 2, out=b)\"",
             directory, directory);
    snprintf(empty, sizeof empty, "exec /usr/bin/python3 -c 'import numpy'");
    snprintf(remove, sizeof remove, "rm -f %s/bench_in.npy %s/bench_out.npy", directory, directory);

    const int has_numpy = system("/usr/bin/python3 -c 'import numpy' >/dev/null 2>&1") == 0;
    struct run unused = {0, 0};
    run_once(make, &unused);
    for (int i = 0; i < RUNS; i++) {
        const struct {
            const char *command;
            struct run *run;
        } turns[] = {
            {cat, &them}, {ours, &us}, {cat_sync, &synced}, {numpy, &py}, {empty, &imports}};
        for (int k = 0; k < (has_numpy ? 5 : 3); k++) {
            char fresh[300];
            snprintf(fresh, sizeof fresh, "%s/bench_out.npy", directory);
            unlink(fresh);
            run_once(turns[k].command, turns[k].run);
        }
    }
    run_once(remove, &unused);
    const int in_memory = strcmp(directory, "/dev/shm") == 0;
    snprintf(title, sizeof title, "times two, %d MB, %s, cat", MB, where);
    show(title, us.seconds, them.seconds, "s", in_memory ? 1.5 : 0);
    if (!in_memory) {
        snprintf(title, sizeof title, "times two, %d MB, %s, cat and sync", MB, where);
        show(title, us.seconds, synced.seconds, "s", 1.5);
    }
    if (!has_numpy)
        return;
    snprintf(title, sizeof title, "times two, %d MB, %s, NumPy memmap", MB, where);
    show(title, us.seconds, py.seconds - imports.seconds, "s", in_memory ? 1 : 0);
    snprintf(title, sizeof title, ".. peak memory of the process");
    show(title, us.peak, py.peak, "MB", 0.1);
}

int bench_files(const char *library) {
    char directory[200];
    const char *slash = strrchr(library, '/');
    snprintf(directory, sizeof directory, "%.*s", slash == NULL ? 1 : (int)(slash - library),
             slash == NULL ? "." : library);
    printf("\n%-56s %9s %9s\n", "Files, a whole process", "ours min", "theirs");
    if (access("/dev/shm", W_OK) == 0)
        compare(library, "/dev/shm", "in memory");
    compare(library, directory, "on disk");
    return missed;
}
