/* C++: the program for C as it stands */
#include "c.c"
