/* The list of functions of build/array_file.so */
#include "file/file_bodies.h"

#define SQA_DEF  "file/file.def"
#define SQA_LIST sqa_file_functions
#include "sql/list_tpl.h"
