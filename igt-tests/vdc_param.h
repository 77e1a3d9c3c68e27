/* SPDX-License-Identifier: MIT */
/* The module parameters of the driver. */
#ifndef VDC_PARAM_H
#define VDC_PARAM_H

/**
 * param_set() - set a parameter; when the test ends it is what it was before
 * @name: of the parameter
 * @value: what it shall be
 *
 * A driver that does not have the parameter behaves as with none: nothing is done.
 */
void param_set(const char *name, const char *value);

/** param_restore() - make all parameters what they were; the same as the end of the test does */
void param_restore(void);

#endif /* VDC_PARAM_H */
