/* SPDX-License-Identifier: MIT */
/* What a run has shown: live line, table, JSON. */
#ifndef FLIP_REPORT_H
#define FLIP_REPORT_H

#include <stdio.h>

#include "flip/run.h"

/**
 * struct report_subject - what was tested; copied before the run is closed
 * @output: connector
 * @mode: "WxH@HZ"
 * @width: pixels
 * @height: lines
 * @refresh: Hz
 * @device: card node
 * @driver: its driver
 * @bus: the device's name on its bus
 */
struct report_subject {
	char output[32], mode[40];
	unsigned int width, height;
	double refresh;
	char device[64], driver[32], bus[96];
};

/**
 * report_subject() - take down what is tested
 * @s: out
 * @r: opened
 */
void report_subject(struct report_subject *s, const struct run *r);

/**
 * report_live() - one line about the run so far
 * @f: where to; a terminal gets it in place
 * @r: running
 */
void report_live(FILE *f, const struct run *r);

/**
 * report_status() - the verdict as exit status
 * @r: finished
 * Return: EXIT_OK, EXIT_FAILED or EXIT_ENVIRONMENT.
 */
int report_status(const struct run *r);

/**
 * report_table() - the summary for a person
 * @f: where to
 * @s: what was tested
 * @r: closed
 */
void report_table(FILE *f, const struct report_subject *s, const struct run *r);

/**
 * report_json() - the summary for a program
 * @path: a file, or "-"
 * @s: what was tested
 * @r: closed
 * Return: 0 or a negative errno after a message.
 */
int report_json(const char *path, const struct report_subject *s, const struct run *r);

#endif /* FLIP_REPORT_H */
