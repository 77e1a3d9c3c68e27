/* SPDX-License-Identifier: GPL-2.0-or-later OR MIT */
/*
 * A QEMU under test: started with the plug-in, its processors standing still,
 * driven through the qtest protocol (bus accesses, the clock, interrupt lines)
 * and QMP. A test that cannot go on fails at once, by cmocka.
 */
#ifndef VM_H
#define VM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

#define VM_RAM_MB       64
#define VM_IRQS         256

/**
 * struct Link - a line-based connection to QEMU
 * @fd: socket
 * @buf: what was received and not yet given out
 * @len: bytes in @buf
 * @room: size of @buf
 */
typedef struct Link {
    int fd;
    char *buf;
    size_t len, room;
} Link;

/**
 * struct VM - a running QEMU
 * @pid: process
 * @qtest: its qtest connection
 * @qmp: its QMP connection
 * @dir: own directory for sockets and files
 * @irq: levels of the intercepted interrupt controller's inputs
 */
typedef struct VM {
    pid_t pid;
    Link qtest;
    Link qmp;
    char dir[64];
    bool irq[VM_IRQS];
} VM;

/**
 * vm_start() - start QEMU and connect to it
 * @vm: out
 * @binary: for example "qemu-system-x86_64"; the test is skipped without it
 * @args: more arguments, NULL at the end
 */
void vm_start(VM *vm, const char *binary, const char *const *args);

/** vm_wait() - wait until it ends by itself. Return: its exit status. */
int vm_wait(VM *vm);

/** vm_stop() - kill it and remove its directory */
void vm_stop(VM *vm);

/**
 * vm_fails() - run a QEMU that is expected to give up by itself
 * @binary: as for vm_start()
 * @preload: what to preload, NULL for plug-in and accelerator
 * @args: arguments, NULL at the end
 * @output: out: what it said, 4096 bytes
 * Return: its exit status.
 */
int vm_fails(const char *binary, const char *preload, const char *const *args,
             char *output);

/* qtest: the bus, time and interrupts */

uint32_t vm_readl(VM *vm, uint64_t addr);
void vm_writel(VM *vm, uint64_t addr, uint32_t value);
void vm_writeb(VM *vm, uint64_t addr, uint8_t value);
uint32_t vm_inl(VM *vm, uint16_t port);
void vm_outl(VM *vm, uint16_t port, uint32_t value);
void vm_read(VM *vm, uint64_t addr, void *data, size_t len);
void vm_write(VM *vm, uint64_t addr, const void *data, size_t len);

/** vm_step() - let virtual time pass, ns */
void vm_step(VM *vm, uint64_t ns);

/** vm_clock_set() - let virtual time pass until @ns. Return: the time. */
uint64_t vm_clock_set(VM *vm, uint64_t ns);

/** vm_intercept() - follow an interrupt controller's inputs, by QOM path */
void vm_intercept(VM *vm, const char *path);

/* QMP */

/**
 * vm_qmp() - run a command
 * @vm: QEMU
 * @format: printf format of the JSON request
 * Return: the response, {"return": ...} or {"error": ...}; free() it.
 * Events that arrive before are dropped.
 */
char *vm_qmp(VM *vm, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/** vm_qmp_ok() - as vm_qmp(), and fail the test if the response is an error */
void vm_qmp_ok(VM *vm, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif /* VM_H */
