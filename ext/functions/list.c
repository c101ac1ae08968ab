/* The list of build/array.so */
#define SQA_DEF  "functions/functions.def"
#define SQA_LIST sqa_functions
#include "functions/list_tpl.h"
