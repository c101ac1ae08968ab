/*
** Cooperative cancellation of long loops.
**
** Work on many elements is divided into runs. Between two runs the poll is asked whether to stop:
**
**     for (size_t at = 0, n; (n = sqa_next_run(count, at, poll)) > 0; at += n)
**         work(elements + at, n);
**
** Work that is stopped ends early and leaves its results undefined. It does not access any memory
** that it would not access otherwise. The caller must check poll->stopped before it uses a
** result.
*/
#ifndef SQA_POLL_H
#define SQA_POLL_H

#include <stdbool.h>
#include <stddef.h>

/*
** The largest number of elements in a run. A run takes about 10 ms if each element causes a cache
** miss, and about 10 us if none does. Asking the poll takes a few ns.
*/
#define SQA_RUN ((size_t)1 << 17)

/*
** Asks whether to stop, and remembers the answer. If ask is NULL, or the pointer to the structure
** is NULL, nothing stops the work.
*/
struct sqa_poll {
    bool (*ask)(void *context); /* returns true if the work is to stop */
    void *context;
    bool stopped; /* becomes true when the work is to stop, and stays true */
};

static inline bool sqa_stopped(struct sqa_poll *poll) {
    if (poll == NULL)
        return false;
    if (!poll->stopped && poll->ask != NULL)
        poll->stopped = poll->ask(poll->context);
    return poll->stopped;
}

/* Returns true if the work has been stopped, without asking. */
static inline bool sqa_was_stopped(const struct sqa_poll *poll) {
    return poll != NULL && poll->stopped;
}

/*
** Returns how many of `count` elements to process next after the first `done`. Returns 0 at the
** end and if the work is to stop.
*/
static inline size_t sqa_next_run(size_t count, size_t done, struct sqa_poll *poll) {
    const bool between = done > 0 && done < count;
    if (between ? sqa_stopped(poll) : sqa_was_stopped(poll))
        return 0;
    return count - done < SQA_RUN ? count - done : SQA_RUN;
}

/*
** Writes to each page of memory that is about to be written in random order; its contents are
** lost. If the memory is new, the operating system clears the pages here, with polls in between.
** Otherwise the first run of writes would have to wait for all pages: 0.4 s for 400 MB, with huge
** pages.
*/
static inline void sqa_prefault(void *memory, size_t size, struct sqa_poll *poll) {
    enum { PAGE = 4096 };
    for (size_t at = 0, n; (n = sqa_next_run(size, at, poll)) > 0; at += n) {
        for (size_t i = at; i < at + n; i += PAGE)
            ((unsigned char *)memory)[i] = 0;
    }
}

#endif
