/* SPDX-License-Identifier: MIT */
/* The columns of a run: bursts put together, so that there are never too many. */
#ifndef LAB_REPORT_COLUMNS_H
#define LAB_REPORT_COLUMNS_H

#include "lab/report_run.h"

/** report_column() - the index of a burst's column, after all became wide enough for it */
unsigned int report_column(struct report_run *run, uint64_t burst);

/** report_column_memory() - a "memory" record of burst @burst */
void report_column_memory(struct report_run *run, uint64_t burst, struct json_object *record);

/** report_column_wakeup() - a "wakeup" record of burst @burst */
void report_column_wakeup(struct report_run *run, uint64_t burst, struct json_object *record);

#endif /* LAB_REPORT_COLUMNS_H */
