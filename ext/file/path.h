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
const char *sqa_value_path(struct sqa_call *call, sqlite3_value *value, const char *what);

/* The same for the first argument. */
const char *sqa_arg_path(struct sqa_call *call);

/* Argument i: the name of a type, as an enum sqa_dtype; SQA_NO_DTYPE where it is left out. */
int sqa_arg_dtype(struct sqa_call *call, int i);

/* Is this the name of a .npy file? */
bool sqa_path_is_npy(const char *path);

/* The call fails: "cannot WHAT PATH: " and what errno means. */
void sqa_fail_path(struct sqa_call *call, const char *what, const char *path);

#endif
