#include "kernel/dispatch.h"

#include <stdbool.h>
#include <string.h>

#if defined(__x86_64__) && !defined(SQA_NO_AVX2)
#include <cpuid.h>

/*
** Returns true if the processor has AVX2, BMI2 and POPCNT, and the operating system saves the
** upper halves of vector registers (Intel 64 and IA-32 Architectures Software Developer's Manual,
** volume 1, 14.3 and 14.7.1). __builtin_cpu_supports() is not used because it needs a part of the
** compiler's library.
*/
static bool machine_has_avx2(void) {
    enum { XMM_AND_YMM = 6 };
    unsigned a, b, c, d;
    if (!__get_cpuid(1, &a, &b, &c, &d) || (c & bit_POPCNT) == 0 || (c & bit_OSXSAVE) == 0 ||
        (c & bit_AVX) == 0) /* unreached: that depends on the machine */
        return false;
    __asm__("xgetbv" : "=a"(a), "=d"(d) : "c"(0));
    if ((a & XMM_AND_YMM) != XMM_AND_YMM) /* unreached: that depends on the system */
        return false;
    return __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b & bit_AVX2) != 0 && (b & bit_BMI2) != 0;
}
#endif

size_t sqa_kernels_list(const struct sqa_kernels *sets[SQA_ISA_MOST]) {
    size_t n = 0;
#if defined(__x86_64__) && !defined(SQA_NO_AVX2)
    if (machine_has_avx2()) /* unreached: that depends on the machine */
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
