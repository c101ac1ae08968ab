/*
** Declares everything that functions.def names: function bodies, aggregates and virtual table
** modules.
*/
#ifndef SQA_BODIES_H
#define SQA_BODIES_H

#define SQA_DEF "functions/functions.def"
#include "sql/list_tpl.h"

#endif
