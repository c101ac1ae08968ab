#include "kernel/dispatch.h"

#include <stdbool.h>
#include <string.h>

#ifdef SQA_HAS_AVX2
#include <cpuid.h>

/*
** What the processor has and what the system keeps (Intel 64 and IA-32 Architectures Software
** Developer's Manual, volume 1, 14.3, 14.7.1 and 15.2). __builtin_cpu_supports() is not used
** because it needs a part of the compiler's library.
*/
struct machine {
    unsigned leaf1_c, leaf7_b, leaf7_c; /* registers that CPUID gives */
    unsigned kept; /* XCR0: registers that the system keeps; 0 if it does not say */
};

static struct machine machine_look(void) {
    struct machine m = {0, 0, 0, 0};
    unsigned a, b, d;
    if (!__get_cpuid(1, &a, &b, &m.leaf1_c, &d)) /* unreached: that depends on the machine */
        return m;
    (void)__get_cpuid_count(7, 0, &a, &m.leaf7_b, &m.leaf7_c, &d);
    if ((m.leaf1_c & bit_OSXSAVE) != 0) { /* unreached: that depends on the machine */
        __asm__("xgetbv" : "=a"(a), "=d"(d) : "c"(0));
        m.kept = a;
    }
    return m;
}

static bool has_all(unsigned bits, unsigned wanted) {
    return (bits & wanted) == wanted;
}

static bool machine_has_avx2(const struct machine *m) {
    enum { XMM_AND_YMM = 0x06 };
    /* unreached: that depends on the machine */
    return has_all(m->kept, XMM_AND_YMM) && has_all(m->leaf1_c, bit_POPCNT | bit_AVX) &&
           has_all(m->leaf7_b, bit_AVX2 | bit_BMI2);
}

#ifdef SQA_HAS_AVX512
static bool machine_has_avx512(const struct machine *m) {
    enum { XMM_TO_ZMM_AND_MASKS = 0xe6 };
    /* unreached: that depends on the machine */
    return has_all(m->kept, XMM_TO_ZMM_AND_MASKS) &&
           has_all(m->leaf7_b, bit_AVX512F | bit_AVX512BW | bit_AVX512DQ | bit_AVX512VL) &&
           has_all(m->leaf7_c,
                   bit_AVX512VBMI | bit_AVX512VBMI2 | bit_AVX512BITALG | bit_AVX512VPOPCNTDQ);
}
#endif
#endif

size_t sqa_kernels_list(const struct sqa_kernels *sets[SQA_ISA_MOST]) {
    size_t n = 0;
#ifdef SQA_HAS_AVX2
    const struct machine machine = machine_look();
    if (machine_has_avx2(&machine)) { /* unreached: that depends on the machine */
#ifdef SQA_HAS_AVX512
        if (machine_has_avx512(&machine)) /* unreached: that depends on the machine */
            sets[n++] = &sqa_kernels_avx512;
#endif
        sets[n++] = &sqa_kernels_avx2;
    }
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
