/* What the file functions take as arguments: a path, a type; and how they say that a file failed. */
#ifndef SQA_PATH_H
#define SQA_PATH_H

#include "core/machine_ints.h"
#include "sql/call.h"

enum { SQA_NO_DTYPE = -1 };

/*
** Text that can be a path: not empty, without a NUL. Borrowed until the SQL function or method returns. `what` names the
** value in messages: "argument 1, the path,".
*/
SQA_MUST_CHECK enum sqa_status sqa_value_path(struct sqa_call *call, sqlite3_value *value,
                                              const char *what, const char **path);

/* The same for the first argument. */
SQA_MUST_CHECK enum sqa_status sqa_arg_path(struct sqa_call *call, const char **path);

/* Argument i: the name of a type, as an enum sqa_dtype; SQA_NO_DTYPE where it is left out. */
SQA_MUST_CHECK enum sqa_status sqa_arg_dtype(struct sqa_call *call, int i, int *dtype);

/* Is this the name of a .npy file? */
bool sqa_path_is_npy(const char *path);

/* Gives SQA_ARGUMENT: "cannot WHAT PATH: " and what errno means. */
SQA_MUST_CHECK enum sqa_status sqa_fail_path(struct sqa_call *call, const char *what,
                                             const char *path);

#endif
