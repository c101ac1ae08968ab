/* kill -9 of a process that writes to a database. */
#ifndef UNIT_KILL_H
#define UNIT_KILL_H

#include <signal.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

/*
** Starts a child that calls write_on() and kills it after it has acknowledged up to `most`
** transactions, each by its number in the pipe. Returns the last number, 0 if there was none.
*/
static int64_t kill_one(void (*write_on)(int acknowledgements), int most) {
    int ends[2], status;
    int64_t last = 0, k;
    if (pipe(ends) != 0)
        unit_bail_out("no pipe");
    const uint64_t seed = unit_random();
    const int64_t acknowledgements =
        unit_below(4) == 0 ? 0 : 1 + unit_below(unit_below(2) ? 3 : most);
    fflush(stdout);
    const pid_t child = fork();
    if (child < 0)
        unit_bail_out("no child");
    if (child == 0) {
        unit_random_state = seed;
        close(ends[0]);
        write_on(ends[1]);
    }
    close(ends[1]);
    for (int64_t i = 0; i < acknowledgements && read(ends[0], &k, sizeof k) == sizeof k; i++)
        last = k;
    kill(child, SIGKILL);
    while (read(ends[0], &k, sizeof k) == sizeof k)
        last = k;
    close(ends[0]);
    waitpid(child, &status, 0);
    if (!WIFSIGNALED(status))
        unit_bail_out("the child ended by itself");
    return last;
}

#endif
