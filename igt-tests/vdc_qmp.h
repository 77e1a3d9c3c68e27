/* SPDX-License-Identifier: MIT */
/*
 * The machine from inside: QEMU's machine protocol over the virtio port "qmp"
 * (scripts/vm --guest-qmp). Tests pull plugs and order faults with it.
 */
#ifndef VDC_QMP_H
#define VDC_QMP_H

#include <stdbool.h>

/** qmp_try_open() - connect. Return: false where the guest has no such port */
bool qmp_try_open(void);

/** qmp_open() - connect; skips the test where the guest has no such port */
void qmp_open(void);

/**
 * qmp_try_set() - set a property of the first VDC device
 * @property: its name
 * @json: its value, as JSON: true, 3, "none"
 * Return: whether QEMU took it.
 */
bool qmp_try_set(const char *property, const char *json);

/** qmp_set() - as qmp_try_set(), which must succeed */
void qmp_set(const char *property, const char *json);

/** qmp_close() - disconnect */
void qmp_close(void);

#endif /* VDC_QMP_H */
