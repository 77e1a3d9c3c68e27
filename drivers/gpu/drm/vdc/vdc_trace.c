// SPDX-License-Identifier: GPL-2.0-only
/* The driver's tracepoints. */
#define CREATE_TRACE_POINTS
#include "vdc_trace.h"
