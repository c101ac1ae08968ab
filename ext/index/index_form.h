/* What vtab/ has to know of array_index: its shadow tables, its kept statements, its log. */
#ifndef SQA_INDEX_FORM_H
#define SQA_INDEX_FORM_H

#include "vtab/vtab.h"

extern const struct sqa_vtab_form sqa_index_form;

#endif
