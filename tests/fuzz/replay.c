/*
** Calls a fuzz target with every input of its corpus, tests/fuzz/corpus/TARGET/, or with the files
** named as arguments. TAP: a test that says how many there were; one that breaks ends the program.
*/
#define _POSIX_C_SOURCE 200809L
#include <dirent.h>

#include "../unit.h"
#include "fuzz.h"

static void replay(const char *path) {
    FILE *file = fopen(path, "rb");
    if (file == NULL || fseek(file, 0, SEEK_END) != 0) {
        printf("Bail out! cannot read %s\n", path);
        exit(1);
    }
    const long size = ftell(file);
    const struct fuzz_memory memory = fuzz_room((size_t)size, 0);
    rewind(file);
    if (fread(memory.data, 1, (size_t)size, file) != (size_t)size)
        printf("# %s is cut\n", path);
    (void)fclose(file);
    printf("# %s\n", path);
    (void)fflush(stdout);
    (void)LLVMFuzzerTestOneInput(memory.data, (size_t)size);
    free(memory.block);
}

int main(int argc, char **argv) {
    int count = argc - 1;
    for (int i = 1; i < argc; i++)
        replay(argv[i]);
    if (count == 0) {
        const char *name = strrchr(argv[0], '/'); /* fuzz_TARGET.t */
        char folder[500], path[1000];
        struct dirent **files;
        snprintf(folder, sizeof folder, "tests/fuzz/corpus/%s",
                 strchr(name != NULL ? name : argv[0], '_') + 1);
        *strrchr(folder, '.') = '\0';
        const int all = scandir(folder, &files, NULL, alphasort);
        for (int i = 0; i < all; i++) {
            snprintf(path, sizeof path, "%s/%s", folder, files[i]->d_name);
            if (files[i]->d_name[0] != '.') {
                replay(path);
                count++;
            }
            free(files[i]);
        }
        if (all >= 0)
            free(files);
    }
    ok(count > 0, "%d inputs", count);
    return done();
}
