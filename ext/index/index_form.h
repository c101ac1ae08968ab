/* Describes array_index to vtab/: its shadow tables, its kept statements and its memory. */
#ifndef SQA_INDEX_FORM_H
#define SQA_INDEX_FORM_H

#include "vtab/vtab.h"

extern const struct sqa_vtab_form sqa_index_form;

#endif
