/*
** Counts work instead of measuring time, so that tests have the same result on slow and busy
** machines. `make test-work` compiles everything with -fsanitize-coverage=trace-pc and
** SQA_COUNT_WORK. Then each basic block calls a function, which counts the calls of each thread.
** Work of other libraries (SQLite, memcpy) is not counted. In other builds nothing is counted,
** and work is always 0.
*/
#ifndef SQA_UNIT_WORK_H
#define SQA_UNIT_WORK_H

#include <stdbool.h>
#include <stdint.h>

#ifdef SQA_COUNT_WORK
enum { UNIT_WORK_COUNTED = true };
/* number of basic blocks that this thread has run */
static _Thread_local volatile uint64_t unit_work;

/* Must be exported, because the libraries that the test loads call it, too. */
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
