#include "kernel/dispatch.h"

#include <string.h>

size_t sqa_kernels_list(const struct sqa_kernels *sets[SQA_ISA_MOST]) {
    size_t n = 0;
#if defined(__x86_64__)
    /* unreached: that depends on the machine */
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2") &&
        __builtin_cpu_supports("popcnt"))
        sets[n++] = &sqa_kernels_avx2;
#endif
    sets[n++] = &sqa_kernels_base;
    return n;
}

const struct sqa_kernels *sqa_kernels_choose(const char *isa) {
    const struct sqa_kernels *sets[SQA_ISA_MOST];
    const size_t n = sqa_kernels_list(sets);
    for (size_t i = 0; isa != NULL && i < n; i++) {
        if (strcmp(sets[i]->isa, isa) == 0)
            return sets[i];
    }
    return sets[0];
}
