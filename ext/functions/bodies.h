/* The declarations of everything that functions.def names: bodies, aggregates, modules. */
#ifndef SQA_BODIES_H
#define SQA_BODIES_H

#define SQA_DEF "functions/functions.def"
#include "sql/list_tpl.h"

#endif
