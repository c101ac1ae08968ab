/* The set of kernels for what every machine has for which the file is compiled. */
#include "kernel/kernels.h"

#include <stdbool.h>
#include <string.h>

#include "kernel/dispatch.h"
#include "kernel/little_endian.h"

#define SQA_ISA base
#include "kernel/kernels_tpl.h"
