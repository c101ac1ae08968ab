/*
** Tests every kernel of kernels.def, in every instruction set that this machine supports and in
** all four widths, against a simple and slow model. The kernel `name` of type `shape` is tested
** by test_<shape>() with model_<name>(). A new kernel without these functions does not compile.
*/
#include "kernel/dispatch.h"
#include "kernels/gather.h"
#include "kernels/fold.h"
#include "kernels/map.h"
#include "kernels/moving.h"
#include "kernels/order.h"
#include "kernels/pack.h"
#include "kernels/postings.h"
#include "kernels/reduce.h"
#include "kernels/select.h"
#include "kernels/sets.h"

static void test_set(const struct sqa_kernels *set, unsigned width) {
    const unsigned index = sqa_width_index(width);
#define SQA_KERNEL(name, shape)                                                                    \
    begin(#name, set->isa, width);                                                                 \
    test_##shape(set->name[index], model_##name);                                                  \
    finish();
#define SQA_KERNEL3(name, shape)                                                                   \
    begin(#name "_vv", set->isa, width);                                                           \
    test_##shape(set->name##_vv[index], VV, model_##name);                                         \
    finish();                                                                                      \
    begin(#name "_vs", set->isa, width);                                                           \
    test_##shape(set->name##_vs[index], VS, model_##name);                                         \
    finish();                                                                                      \
    begin(#name "_sv", set->isa, width);                                                           \
    test_##shape(set->name##_sv[index], SV, model_##name);                                         \
    finish();
#include "kernel/kernels.def"
}

/* What was compiled and does not run here is named, too. */
static void report_set(const struct sqa_kernels *set) {
    if (sqa_kernels_choose(set->isa) == set)
        printf("# kernels tested: %s\n", set->isa);
    else
        skip(set->isa, "this machine lacks instructions of this set");
}

int main(void) {
    const struct sqa_kernels *sets[SQA_ISA_MOST];
    const size_t count = sqa_kernels_list(sets);
    report_set(&sqa_kernels_base);
#ifdef SQA_HAS_AVX2
    report_set(&sqa_kernels_avx2);
#endif
#ifdef SQA_HAS_AVX512
    report_set(&sqa_kernels_avx512);
#endif
    ok(sqa_kernels_choose(NULL) == sets[0], "the best set");
    ok(sqa_kernels_choose("none") == sets[0], "for a name that no set has, too");
    for (size_t s = 0; s < count; s++) {
        ok(sqa_kernels_choose(sets[s]->isa) == sets[s], "the set of a name, %s", sets[s]->isa);
        for (unsigned width = 1; width <= 8; width *= 2) {
            generator = sqa_random_seeded(width); /* the same vectors for every set */
            test_set(sets[s], width);
        }
    }
    return done();
}
