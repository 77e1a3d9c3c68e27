/* SPDX-License-Identifier: GPL-2.0-or-later OR MIT */
/*
 * An accelerator that runs no guest code, for tests: vdc-qtest.so.
 *
 * QEMU's qtest protocol is in every binary, but distributions leave out the
 * accelerator that goes with it: processors that stand still, and a virtual
 * clock that only the test moves. Loaded with LD_PRELOAD behind the plug-in.
 */
#include "qemu/osdep.h"
#include "qemu/accel.h"
#include "qemu/module.h"
#include "sysemu/accel-ops.h"
#include "sysemu/cpus.h"
#include "sysemu/qtest.h"

#pragma weak register_module_init
#pragma weak qtest_allowed

#define TYPE_STILL      ACCEL_CLASS_NAME("qtest")
#define TYPE_STILL_OPS  ACCEL_OPS_NAME("qtest")

static int still_init_machine(MachineState *machine)
{
    return 0;
}

static void still_class_init(ObjectClass *klass, void *data)
{
    AccelClass *accel = ACCEL_CLASS(klass);

    accel->name = "no guest code; the test has the clock";
    accel->init_machine = still_init_machine;
    accel->allowed = &qtest_allowed;
}

static void still_start_vcpu(CPUState *cpu)
{
    dummy_start_vcpu_thread(cpu);
}

static int64_t still_clock(void)
{
    return qtest_get_virtual_clock();
}

static void still_ops_class_init(ObjectClass *klass, void *data)
{
    AccelOpsClass *ops = ACCEL_OPS_CLASS(klass);

    ops->create_vcpu_thread = still_start_vcpu;
    ops->get_virtual_clock = still_clock;
}

static const TypeInfo still_types[] = {
    {
        .name = TYPE_STILL,
        .parent = TYPE_ACCEL,
        .class_init = still_class_init,
    },
    {
        .name = TYPE_STILL_OPS,
        .parent = TYPE_ACCEL_OPS,
        .class_init = still_ops_class_init,
        .abstract = true,
    },
};

static void register_types(void)
{
    type_register_static_array(still_types, ARRAY_SIZE(still_types));
}

static void __attribute__((constructor)) loaded(void)
{
    if (register_module_init) {
        register_module_init(register_types, MODULE_INIT_QOM);
    }
}
