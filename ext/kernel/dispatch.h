/* Which sets of kernels there are, and which one this machine gets. */
#ifndef SQA_DISPATCH_H
#define SQA_DISPATCH_H

#include "kernel/kernels.h"

extern const struct sqa_kernels sqa_kernels_base;
#if defined(__x86_64__)
extern const struct sqa_kernels sqa_kernels_avx2;
#endif

enum { SQA_ISA_MOST = 4 }; /* room for the sets of one architecture */

/* Fills sets[] with those that this machine can run, best first; gives their number (at least 1). */
size_t sqa_kernels_list(const struct sqa_kernels *sets[SQA_ISA_MOST]);

/* The set named `isa` if it is given, exists and can run here; else the best one. */
const struct sqa_kernels *sqa_kernels_choose(const char *isa);

#endif
