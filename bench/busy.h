/* SPDX-License-Identifier: MIT */
#ifndef BENCH_BUSY_H
#define BENCH_BUSY_H

/**
 * busy_seconds() - what the processors did
 *
 * Of the whole machine, since some moment: the difference of two calls is the time that all
 * processors together were busy in between, in seconds, to a clock tick (10 ms). A tickless kernel
 * accounts idle time exactly.
 *
 * Return: that time, below 0: there is no /proc/stat.
 */
double busy_seconds(void);

#endif /* BENCH_BUSY_H */
