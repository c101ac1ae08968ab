/*
** Cooperative cancellation of long loops.
**
** Work on many elements is done in runs. Between two runs the poll is asked whether the result is still wanted:
**
**     for (size_t at = 0, n; (n = sqa_next_run(count, at, poll)) > 0; at += n)
**         work(elements + at, n);
**
** Work that was stopped ends early and leaves undefined what it was to fill or to return, but touches no
** memory that it would not have touched. Its caller looks at poll->stopped before using anything of it.
*/
#ifndef SQA_POLL_H
#define SQA_POLL_H

#include <stdbool.h>
#include <stddef.h>

/*
** The most elements of a run. A run takes about 10 ms where each element waits for memory, and about 10 us where none
** does; asking takes a few ns.
*/
#define SQA_RUN ((size_t)1 << 17)

/* Asks, and keeps the answer. Without ask, or without a structure at all (NULL), nobody is asked. */
struct sqa_poll {
    bool (*ask)(void *context); /* is the result pointless by now? */
    void *context;
    bool stopped; /* it is; once true, for this or another reason, it stays so */
};

static inline bool sqa_stopped(struct sqa_poll *poll) {
    if (poll == NULL)
        return false;
    if (!poll->stopped && poll->ask != NULL)
        poll->stopped = poll->ask(poll->context);
    return poll->stopped;
}

/* Whether it has been, without asking. */
static inline bool sqa_was_stopped(const struct sqa_poll *poll) {
    return poll != NULL && poll->stopped;
}

/* How many of count elements are next, where `done` are done; 0 at their end, or if stopped. */
static inline size_t sqa_next_run(size_t count, size_t done, struct sqa_poll *poll) {
    const bool between = done > 0 && done < count;
    if (between ? sqa_stopped(poll) : sqa_was_stopped(poll))
        return 0;
    return count - done < SQA_RUN ? count - done : SQA_RUN;
}

/*
** Writes to each page of memory that holds nothing yet and will be written in random order. If the memory is new, the
** system clears its pages here, run by run. Otherwise the first run of writes would wait for all pages: 0.4 s for 400 MB,
** in huge pages.
*/
static inline void sqa_prefault(void *memory, size_t size, struct sqa_poll *poll) {
    enum { PAGE = 4096 };
    for (size_t at = 0, n; (n = sqa_next_run(size, at, poll)) > 0; at += n) {
        for (size_t i = at; i < at + n; i += PAGE)
            ((unsigned char *)memory)[i] = 0;
    }
}

#endif
