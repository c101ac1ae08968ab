/* Reads the arguments of the file functions, a path and a type, and reports errors of files. */
#ifndef SQA_PATH_H
#define SQA_PATH_H

#include "core/machine_ints.h"
#include "sql/call.h"

enum { SQA_NO_DTYPE = -1 };

/*
** Returns text that can be a path: it is not empty and has no NUL. Valid until the SQL function
** or method returns. `what` names the value in messages, as in "argument 1, the path,".
*/
const char *sqa_value_path(struct sqa_call *call, sqlite3_value *value, const char *what);

/* Returns the path in argument 0. */
const char *sqa_arg_path(struct sqa_call *call);

/*
** Returns the type named by argument i as an enum sqa_dtype, or SQA_NO_DTYPE if the argument is
** missing.
*/
int sqa_arg_dtype(struct sqa_call *call, int i);

/* Returns true if the path ends like that of a .npy file. */
bool sqa_path_is_npy(const char *path);

/* Makes the call fail with "cannot WHAT PATH: " and the description of errno. */
void sqa_fail_path(struct sqa_call *call, const char *what, const char *path);

#endif
