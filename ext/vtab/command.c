#include "vtab/command.h"

#include "sqlite3ext.h"

SQLITE_EXTENSION_INIT3

int64_t sqa_command_merge(const char *command) {
    static const char merge_is[] = "merge=";
    int64_t n = 0;
    if (sqlite3_strnicmp(command, merge_is, sizeof merge_is - 1) != 0)
        return 0;
    const char *s = command + sizeof merge_is - 1;
    for (; *s >= '0' && *s <= '9' && n <= INT32_MAX; s++)
        n = 10 * n + (*s - '0');
    return *s == 0 && n <= INT32_MAX ? n : 0;
}
