/*
** Makes C code from a list of SQL functions. It is configured by macros, which are undefined at
** the end:
**
**     SQA_DEF   the name of the list as for #include; declares the bodies, aggregates and modules
**               that the list names
**     SQA_LIST  if defined, the name of a struct sqa_list that is made from the list
*/
#include "sql/registry.h"

#define SQA_FAMILY(name_)
#define SQA_SCALAR(sql, least_, most_, elements, flags_, body_, signature_, summary_, example_,    \
                   result_)                                                                        \
    sqa_body_fn body_;
#define SQA_AGGREGATE(sql, aggregate_, signature_, summary_, example_, result_)                    \
    extern const struct sqa_aggregate aggregate_;
#define SQA_TABLE(sql, module_, signature_, summary_, example_, result_)                           \
    extern const sqlite3_module module_;
#define SQA_VIRTUAL_TABLE(sql, module_, signature_, summary_, example_, result_)                   \
    extern const struct sqa_module module_;
#include SQA_DEF

#ifdef SQA_LIST

/* Makes an entry without an example or without the example's result a compile error. */
#define SQA_EXAMPLE(example_, result_)                                                             \
    _Static_assert(sizeof(example_) > 1 && sizeof(result_) > 1, "an example is missing");
#define SQA_FAMILY(name_)
#define SQA_SCALAR(sql, least_, most_, elements, flags_, body_, signature_, summary_, example_,    \
                   result_)                                                                        \
    SQA_EXAMPLE(example_, result_)
#define SQA_AGGREGATE(sql, aggregate_, signature_, summary_, example_, result_)                    \
    SQA_EXAMPLE(example_, result_)
#define SQA_TABLE(sql, module_, signature_, summary_, example_, result_)                           \
    SQA_EXAMPLE(example_, result_)
#define SQA_VIRTUAL_TABLE(sql, module_, signature_, summary_, example_, result_)                   \
    SQA_EXAMPLE(example_, result_)
#include SQA_DEF

#define SQA_MANUAL(signature_, summary_, example_, result_)                                        \
    .signature = signature_, .summary = summary_, .example = example_, .result = result_
#define SQA_FAMILY(name_) {.name = name_, .kind = SQA_KIND_FAMILY},
#define SQA_SCALAR(sql, least_, most_, elements, flags_, body_, signature_, summary_, example_,    \
                   result_)                                                                        \
    {.name = sql,                                                                                  \
     .kind = SQA_KIND_SCALAR,                                                                      \
     .least = least_,                                                                              \
     .most = most_,                                                                                \
     .elements_from = elements,                                                                    \
     .flags = flags_,                                                                              \
     .body = body_,                                                                                \
     SQA_MANUAL(signature_, summary_, example_, result_)},
#define SQA_AGGREGATE(sql, aggregate_, signature_, summary_, example_, result_)                    \
    {.name = sql,                                                                                  \
     .kind = SQA_KIND_AGGREGATE,                                                                   \
     .least = 1,                                                                                   \
     .most = 1,                                                                                    \
     .aggregate = &aggregate_,                                                                     \
     SQA_MANUAL(signature_, summary_, example_, result_)},
#define SQA_TABLE(sql, module_, signature_, summary_, example_, result_)                           \
    {.name = sql,                                                                                  \
     .kind = SQA_KIND_TABLE,                                                                       \
     .module = &module_,                                                                           \
     SQA_MANUAL(signature_, summary_, example_, result_)},
#define SQA_VIRTUAL_TABLE(sql, module_, signature_, summary_, example_, result_)                   \
    {.name = sql,                                                                                  \
     .kind = SQA_KIND_VIRTUAL_TABLE,                                                               \
     .module = &module_.base,                                                                      \
     SQA_MANUAL(signature_, summary_, example_, result_)},
/*
** The array has its own name for each list, because the single-file build contains several lists.
*/
#define SQA_ENTRIES_OF_(list) list##_entries
#define SQA_ENTRIES_OF(list)  SQA_ENTRIES_OF_(list)
static const struct sqa_function SQA_ENTRIES_OF(SQA_LIST)[] = {
#include SQA_DEF
};
const struct sqa_list SQA_LIST = {SQA_ENTRIES_OF(SQA_LIST), sizeof SQA_ENTRIES_OF(SQA_LIST) /
                                                                sizeof SQA_ENTRIES_OF(SQA_LIST)[0]};

#undef SQA_ENTRIES_OF
#undef SQA_ENTRIES_OF_
#undef SQA_LIST
#undef SQA_EXAMPLE
#undef SQA_MANUAL
#endif

#undef SQA_DEF
