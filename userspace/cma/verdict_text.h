/* SPDX-License-Identifier: MIT */
/* The sentences of a verdict, as they are collected. */
#ifndef CMA_VERDICT_TEXT_H
#define CMA_VERDICT_TEXT_H

#include <stdbool.h>

#include "cma/verdict.h"

/**
 * struct verdict_text - where sentences go
 * @verdict: the verdict
 * @failed: there was no memory for one
 */
struct verdict_text {
	struct cma_verdict *verdict;
	bool failed;
};

/** say_summary() - set the summary */
void say_summary(struct verdict_text *text, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/** say_evidence() - add a line of evidence */
void say_evidence(struct verdict_text *text, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/** say_remedy() - add a remedy */
void say_remedy(struct verdict_text *text, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/** say_missing() - add what is not known */
void say_missing(struct verdict_text *text, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif /* CMA_VERDICT_TEXT_H */
