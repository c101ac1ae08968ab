/* The declarations of everything that file.def names: bodies, aggregates, modules. */
#ifndef SQA_FILE_BODIES_H
#define SQA_FILE_BODIES_H

#define SQA_DEF "file/file.def"
#include "sql/list_tpl.h"

extern const struct sqa_list sqa_file_functions; /* file.def */

#endif
