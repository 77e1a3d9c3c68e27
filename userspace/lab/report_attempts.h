/* SPDX-License-Identifier: MIT */
/* What contenders asked for, what they got, and why they did not get it. */
#ifndef LAB_REPORT_ATTEMPTS_H
#define LAB_REPORT_ATTEMPTS_H

#include "lab/report_run.h"

/** report_attempts_allocation() - an "allocation" record of burst @burst */
void report_attempts_allocation(struct report_run *run, uint64_t burst, struct json_object *record);

/** report_attempts_failure() - a "failure" record */
void report_attempts_failure(struct report_run *run, struct json_object *record);

/** report_attempts_merge() - add what @from has, which is empty afterwards */
void report_attempts_merge(struct report_attempts *to, struct report_attempts *from);

#endif /* LAB_REPORT_ATTEMPTS_H */
