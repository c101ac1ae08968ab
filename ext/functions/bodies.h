/* The declarations of everything that functions.def names: bodies, aggregates, modules. */
#ifndef SQA_BODIES_H
#define SQA_BODIES_H

#include "functions/registry.h"

#define SQA_FAMILY(name)
#define SQA_SCALAR(sql, least, most, elements, flags, body, signature, summary, example, result)   \
    sqa_body_fn body;
#define SQA_AGGREGATE(sql, aggregate, signature, summary, example, result)                         \
    extern const struct sqa_aggregate aggregate;
#define SQA_TABLE(sql, module, signature, summary, example, result)                                \
    extern const sqlite3_module module;
#include "functions/functions.def"

#endif
