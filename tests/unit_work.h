/*
** Work, counted and not timed, so that a test answers the same on a slow or busy machine. `make test-work` compiles
** everything with -fsanitize-coverage=trace-pc and SQA_COUNT_WORK: the compiler has a function called in each basic
** block, and that is counted, for each thread. What libraries do (SQLite, memcpy) is not. Elsewhere nothing is counted,
** and work is always 0.
*/
#ifndef SQA_UNIT_WORK_H
#define SQA_UNIT_WORK_H

#include <stdbool.h>
#include <stdint.h>

#ifdef SQA_COUNT_WORK
enum { UNIT_WORK_COUNTED = true };
static _Thread_local volatile uint64_t unit_work; /* basic blocks, of this thread */

/* Exported, for the libraries that the test loads call it, too. */
__attribute__((visibility("default"))) void __sanitizer_cov_trace_pc(void);

#if defined(__clang__)
__attribute__((no_sanitize("coverage")))
#else
__attribute__((no_sanitize_coverage))
#endif
void __sanitizer_cov_trace_pc(void) {
    unit_work++;
}
#else
enum { UNIT_WORK_COUNTED = false };
static const uint64_t unit_work = 0;
#endif

#endif
