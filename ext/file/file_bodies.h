/*
** Declares everything that file.def names: function bodies, aggregates and virtual table modules.
*/
#ifndef SQA_FILE_BODIES_H
#define SQA_FILE_BODIES_H

#define SQA_DEF "file/file.def"
#include "sql/list_tpl.h"

extern const struct sqa_list sqa_file_functions; /* the list of file.def */

#endif
