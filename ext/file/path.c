#include "file/posix.h"

#include "file/path.h"

#include <string.h>

#include "core/npy.h"
#include "sql/arguments.h"

SQLITE_EXTENSION_INIT3

enum sqa_status sqa_value_path(struct sqa_call *call, sqlite3_value *value, const char *what,
                               const char **path) {
    size_t size;
    const enum sqa_status status = sqa_value_text(call, value, what, path, &size);
    if (status != SQA_OK)
        return status;
    if (size == 0)
        return sqa_fail(call, "%s is empty", what);
    if (strlen(*path) != size)
        return sqa_fail(call, "%s has a NUL in it", what);
    return SQA_OK;
}

enum sqa_status sqa_arg_path(struct sqa_call *call, const char **path) {
    return sqa_value_path(call, call->argv[0], "argument 1, the path,", path);
}

enum sqa_status sqa_arg_dtype(struct sqa_call *call, int i, int *dtype) {
    *dtype = SQA_NO_DTYPE;
    return call->argc > i && call->argv[i] != NULL ? sqa_arg_word(call, i, sqa_npy_dtypes, dtype)
                                                   : SQA_OK;
}

bool sqa_path_is_npy(const char *path) {
    static const char suffix[] = ".npy";
    const size_t length = strlen(path), n = sizeof suffix - 1;
    return length > n && sqlite3_stricmp(path + length - n, suffix) == 0;
}

enum sqa_status sqa_fail_path(struct sqa_call *call, const char *what, const char *path) {
    return sqa_fail(call, "cannot %s %.*s: %s", what, sqa_excerpt(path, 120), path,
                    strerror(errno));
}
