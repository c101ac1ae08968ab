#include "file/path.h"

#include <errno.h>
#include <string.h>

#include "core/npy.h"
#include "sql/arguments.h"

SQLITE_EXTENSION_INIT3

const char *sqa_value_path(struct sqa_call *call, sqlite3_value *value, const char *what) {
    size_t size;
    const char *path = sqa_value_text(call, value, what, &size);
    if (size == 0)
        sqa_fail(call, "%s is empty", what);
    else if (strlen(path) != size)
        sqa_fail(call, "%s has a NUL in it", what);
    return path;
}

const char *sqa_arg_path(struct sqa_call *call) {
    return sqa_value_path(call, call->argv[0], "argument 1, the path,");
}

int sqa_arg_dtype(struct sqa_call *call, int i) {
    return call->argc > i && call->argv[i] != NULL ? sqa_arg_word(call, i, sqa_npy_dtypes)
                                                   : SQA_NO_DTYPE;
}

bool sqa_path_is_npy(const char *path) {
    static const char suffix[] = ".npy";
    const size_t length = strlen(path), n = sizeof suffix - 1;
    return length > n && sqlite3_stricmp(path + length - n, suffix) == 0;
}

void sqa_fail_path(struct sqa_call *call, const char *what, const char *path) {
    sqa_fail(call, "cannot %s %.*s: %s", what, sqa_excerpt(path, 120), path, strerror(errno));
}
