/*
** Includes all templates for one width, and undefines the parameters that kernels_tpl.h has defined
** for it.
*/
#ifdef SQA_AVX512
#include "kernel/avx512_tpl.h"
#endif
#include "kernel/convert_tpl.h"
#include "kernel/map_tpl.h"
#include "kernel/reduce_tpl.h"
#include "kernel/prefix_tpl.h"
#include "kernel/scan_tpl.h"
#include "kernel/wrap_tpl.h"
#include "kernel/select_tpl.h"
#include "kernel/set_tpl.h"
#include "kernel/distinct_tpl.h"
#include "kernel/sort_tpl.h"
#include "kernel/few_tpl.h"
#include "kernel/order_tpl.h"
#include "kernel/search_tpl.h"
#include "kernel/fold_tpl.h"
#include "kernel/gather_tpl.h"
#include "kernel/moving_tpl.h"
#include "kernel/posting_tpl.h"
#include "kernel/pack_tpl.h"

#ifdef SQA_AVX512
#undef V_LANES
#undef LANE_MASK
#undef V
#undef V_COMPARE
#undef V_SET1
#endif
#undef T
#undef U
#undef W
#undef BITS
#undef NAME
