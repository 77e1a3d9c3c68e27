// SPDX-License-Identifier: GPL-2.0-only
/* The pool of freed memory, with memory that is nobody's and is freed by a note of it. */

#include <kunit/test.h>

#include <linux/delay.h>
#include <linux/sched.h>
#include <linux/sizes.h>
#include <linux/string.h>

#include "vdc_backing.h"
#include "vdc_pool.h"

/* Four of the larger ones are as much as the pool may hold here. */
#define VDC_TEST_SMALL	PAGE_SIZE
#define VDC_TEST_LARGE	SZ_256K

/**
 * struct vdc_test_backing - memory that a test gives and takes
 * @base: base
 * @released: when it was released: 1 for the first of all, 0 if it was not
 */
struct vdc_test_backing {
	struct vdc_backing base;
	unsigned int released;
};

static unsigned int vdc_test_released;
static unsigned int vdc_test_mb, vdc_test_ms;

static void vdc_test_release(struct vdc_backing *backing)
{
	container_of(backing, struct vdc_test_backing, base)->released = ++vdc_test_released;
}

static struct vdc_test_backing *vdc_test_backing(struct kunit *test, size_t size)
{
	struct vdc_test_backing *b = kunit_kzalloc(test, sizeof(*b), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, b);
	INIT_LIST_HEAD(&b->base.link);
	b->base.size = size;
	b->base.vaddr = kunit_kzalloc(test, size, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, b->base.vaddr);
	memset(b->base.vaddr, 0xa5, size);
	return b;
}

static struct vdc_test_backing *vdc_test_give(struct kunit *test, size_t size)
{
	struct vdc_test_backing *b = vdc_test_backing(test, size);

	vdc_pool_give(test->priv, &b->base);
	return b;
}

static bool vdc_test_is_zero(const struct vdc_test_backing *b)
{
	return !memchr_inv(b->base.vaddr, 0, b->base.size);
}

/* Nothing is cleared in the background any more. */
static void vdc_test_stay_dirty(struct vdc_pool *pool)
{
	disable_work_sync(&pool->clean_work);
}

/* Undoes it. */
static void vdc_test_may_clean(struct vdc_pool *pool)
{
	enable_work(&pool->clean_work);
	queue_work(system_unbound_wq, &pool->clean_work);
}

/* The work queues itself as long as there is more: it may run again once it was waited for. */
static void vdc_test_clean(struct vdc_pool *pool)
{
	do
		flush_work(&pool->clean_work);
	while (work_busy(&pool->clean_work));
}

static void vdc_test_exact_size(struct kunit *test)
{
	struct vdc_pool *pool = test->priv;
	struct vdc_test_backing *b;

	vdc_test_stay_dirty(pool);
	b = vdc_test_give(test, 2 * VDC_TEST_SMALL);
	KUNIT_EXPECT_EQ(test, pool->bytes, 2 * VDC_TEST_SMALL);
	KUNIT_EXPECT_EQ(test, pool->count, 1);
	KUNIT_EXPECT_NULL(test, vdc_pool_take(pool, VDC_TEST_SMALL));
	KUNIT_EXPECT_NULL(test, vdc_pool_take(pool, 3 * VDC_TEST_SMALL));
	KUNIT_EXPECT_PTR_EQ(test, vdc_pool_take(pool, 2 * VDC_TEST_SMALL), &b->base);
	KUNIT_EXPECT_NULL(test, vdc_pool_take(pool, 2 * VDC_TEST_SMALL));
	KUNIT_EXPECT_EQ(test, pool->bytes, 0);
	KUNIT_EXPECT_EQ(test, pool->count, 0);
	KUNIT_EXPECT_EQ(test, b->released, 0);
}

static void vdc_test_zero_at_once(struct kunit *test)
{
	struct vdc_test_backing *b;

	vdc_test_stay_dirty(test->priv);
	b = vdc_test_give(test, VDC_TEST_LARGE);
	KUNIT_EXPECT_FALSE(test, vdc_test_is_zero(b));
	KUNIT_EXPECT_PTR_EQ(test, vdc_pool_take(test->priv, VDC_TEST_LARGE), &b->base);
	KUNIT_EXPECT_TRUE(test, vdc_test_is_zero(b));
}

static void vdc_test_zero_in_background(struct kunit *test)
{
	struct vdc_test_backing *a, *b;

	vdc_test_stay_dirty(test->priv);
	a = vdc_test_give(test, VDC_TEST_LARGE);
	b = vdc_test_give(test, VDC_TEST_SMALL);
	vdc_test_may_clean(test->priv);
	vdc_test_clean(test->priv);
	KUNIT_EXPECT_TRUE(test, vdc_test_is_zero(a));
	KUNIT_EXPECT_TRUE(test, vdc_test_is_zero(b));
	/* What is dirty once more is cleared once more. */
	KUNIT_EXPECT_PTR_EQ(test, vdc_pool_take(test->priv, VDC_TEST_LARGE), &a->base);
	memset(a->base.vaddr, 0x5a, VDC_TEST_LARGE);
	vdc_pool_give(test->priv, &a->base);
	vdc_test_clean(test->priv);
	KUNIT_EXPECT_TRUE(test, vdc_test_is_zero(a));
}

static void vdc_test_clean_first(struct kunit *test)
{
	struct vdc_pool *pool = test->priv;
	struct vdc_test_backing *clean[2], *dirty;

	clean[0] = vdc_test_give(test, VDC_TEST_SMALL);
	clean[1] = vdc_test_give(test, VDC_TEST_SMALL);
	vdc_test_clean(pool);
	vdc_test_stay_dirty(pool);
	dirty = vdc_test_give(test, VDC_TEST_SMALL);
	/* Of these the last one, then what costs time. */
	KUNIT_EXPECT_PTR_EQ(test, vdc_pool_take(pool, VDC_TEST_SMALL), &clean[1]->base);
	KUNIT_EXPECT_PTR_EQ(test, vdc_pool_take(pool, VDC_TEST_SMALL), &clean[0]->base);
	KUNIT_EXPECT_PTR_EQ(test, vdc_pool_take(pool, VDC_TEST_SMALL), &dirty->base);
}

/* Memory that is out of the pool to be cleared is not missed by who wants its size. */
static void vdc_test_while_cleaning(struct kunit *test)
{
	struct vdc_pool *pool = test->priv;
	struct vdc_test_backing *b = vdc_test_backing(test, SZ_1M);
	unsigned int i;

	/* Another size is not waited for; the same is, and whether it is back already is chance. */
	for (i = 0; i < 20; i++) {
		memset(b->base.vaddr, 0x5a, b->base.size);
		vdc_pool_give(pool, &b->base);
		while (!READ_ONCE(pool->cleaning) && !READ_ONCE(b->base.clean))
			cond_resched();
		KUNIT_EXPECT_NULL(test, vdc_pool_take(pool, VDC_TEST_SMALL));
		KUNIT_ASSERT_PTR_EQ(test, vdc_pool_take(pool, SZ_1M), &b->base);
		KUNIT_EXPECT_TRUE(test, vdc_test_is_zero(b));
		KUNIT_EXPECT_EQ(test, pool->count, 0);
	}
}

static void vdc_test_limit(struct kunit *test)
{
	struct vdc_pool *pool = test->priv;
	struct vdc_test_backing *b[5], *huge;
	unsigned int i;

	for (i = 0; i < 4; i++)
		b[i] = vdc_test_give(test, VDC_TEST_LARGE);
	vdc_test_clean(pool);
	KUNIT_EXPECT_EQ(test, pool->bytes, SZ_1M);
	KUNIT_EXPECT_EQ(test, vdc_test_released, 0);
	/* The oldest makes room. */
	b[4] = vdc_test_give(test, VDC_TEST_LARGE);
	vdc_test_clean(pool);
	KUNIT_EXPECT_EQ(test, b[0]->released, 1);
	KUNIT_EXPECT_EQ(test, vdc_test_released, 1);
	KUNIT_EXPECT_EQ(test, pool->bytes, SZ_1M);
	/* What is too large for all of it costs the others nothing. */
	huge = vdc_test_give(test, SZ_1M + PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, huge->released, 2);
	KUNIT_EXPECT_EQ(test, pool->count, 4);
}

static void vdc_test_limit_after_cleaning(struct kunit *test)
{
	struct vdc_pool *pool = test->priv;
	struct vdc_test_backing *b[4];
	unsigned int i;

	vdc_test_stay_dirty(pool);
	for (i = 0; i < 4; i++)
		b[i] = vdc_test_give(test, VDC_TEST_LARGE);
	/* Less room than when it was taken out to be cleared. */
	vdc_pool_mb = 0;
	vdc_test_may_clean(pool);
	vdc_test_clean(pool);
	KUNIT_EXPECT_EQ(test, pool->bytes, 0);
	for (i = 0; i < 4; i++)
		KUNIT_EXPECT_NE(test, b[i]->released, 0);
}

static void vdc_test_off(struct kunit *test)
{
	vdc_pool_mb = 0;
	KUNIT_EXPECT_EQ(test, vdc_test_give(test, VDC_TEST_SMALL)->released, 1);
	vdc_pool_mb = 1;
	vdc_pool_ms = 0;
	KUNIT_EXPECT_EQ(test, vdc_test_give(test, VDC_TEST_SMALL)->released, 2);
}

static void vdc_test_shrink(struct kunit *test)
{
	struct vdc_pool *pool = test->priv;
	struct vdc_test_backing *b[4];
	unsigned int i;

	vdc_test_stay_dirty(pool);
	for (i = 0; i < 4; i++)
		b[i] = vdc_test_give(test, VDC_TEST_LARGE);
	/* Who is using the pool cannot be waited for. */
	mutex_lock(&pool->lock);
	KUNIT_EXPECT_EQ(test, vdc_pool_shrink(pool, SZ_1M), 0);
	mutex_unlock(&pool->lock);
	/* The oldest first, whole ones. */
	KUNIT_EXPECT_EQ(test, vdc_pool_shrink(pool, 1), VDC_TEST_LARGE);
	KUNIT_EXPECT_EQ(test, b[0]->released, 1);
	KUNIT_EXPECT_EQ(test, vdc_pool_shrink(pool, VDC_TEST_LARGE + 1), 2 * VDC_TEST_LARGE);
	KUNIT_EXPECT_EQ(test, b[1]->released, 2);
	KUNIT_EXPECT_EQ(test, b[2]->released, 3);
	KUNIT_EXPECT_EQ(test, vdc_pool_shrink(pool, SZ_1G), VDC_TEST_LARGE);
	KUNIT_EXPECT_EQ(test, vdc_pool_shrink(pool, 1), 0);
}

/* Clearing takes memory out of the pool; it comes back to its place in the line. */
static void vdc_test_age_order(struct kunit *test)
{
	struct vdc_pool *pool = test->priv;
	struct vdc_test_backing *b[3];
	unsigned int i;

	vdc_test_stay_dirty(pool);
	for (i = 0; i < 3; i++)
		b[i] = vdc_test_give(test, VDC_TEST_SMALL);
	b[1]->base.clean = true;
	b[2]->base.clean = true;
	vdc_test_may_clean(pool);
	vdc_test_clean(pool);
	KUNIT_EXPECT_TRUE(test, vdc_test_is_zero(b[0]));
	vdc_pool_shrink(pool, 1);
	KUNIT_EXPECT_EQ(test, b[0]->released, 1);
}

static void vdc_test_expire(struct kunit *test)
{
	struct vdc_pool *pool = test->priv;
	struct vdc_test_backing *b;
	unsigned int i;

	vdc_pool_ms = 1;
	b = vdc_test_give(test, VDC_TEST_SMALL);
	for (i = 0; i < 500 && !READ_ONCE(b->released); i++)
		msleep(20);
	KUNIT_EXPECT_EQ(test, b->released, 1);
	KUNIT_EXPECT_EQ(test, pool->count, 0);
}

static void vdc_test_empty(struct kunit *test)
{
	struct vdc_pool *pool = test->priv;
	struct vdc_test_backing *b;
	unsigned int i;

	for (i = 0; i < 4; i++)
		vdc_test_give(test, VDC_TEST_LARGE);
	/* Also what is being cleared just now. */
	KUNIT_EXPECT_EQ(test, vdc_pool_empty(pool), SZ_1M);
	KUNIT_EXPECT_EQ(test, vdc_test_released, 4);
	KUNIT_EXPECT_EQ(test, vdc_pool_empty(pool), 0);
	b = vdc_test_give(test, VDC_TEST_SMALL);
	vdc_test_clean(pool);
	KUNIT_EXPECT_PTR_EQ(test, vdc_pool_take(pool, VDC_TEST_SMALL), &b->base);
}

static void vdc_test_close(struct kunit *test)
{
	struct vdc_pool *pool = test->priv;
	unsigned int i;

	for (i = 0; i < 4; i++)
		vdc_test_give(test, VDC_TEST_LARGE);
	vdc_pool_close(pool);
	KUNIT_EXPECT_EQ(test, vdc_test_released, 4);
	KUNIT_EXPECT_EQ(test, pool->count, 0);
	KUNIT_EXPECT_EQ(test, vdc_test_give(test, VDC_TEST_SMALL)->released, 5);
	vdc_pool_close(pool);
}

static int vdc_pool_test_init(struct kunit *test)
{
	struct vdc_pool *pool = kunit_kzalloc(test, sizeof(*pool), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, pool);
	vdc_test_mb = vdc_pool_mb;
	vdc_test_ms = vdc_pool_ms;
	vdc_pool_mb = 1;
	vdc_pool_ms = 600000;
	vdc_test_released = 0;
	vdc_pool_init(pool, vdc_test_release);
	test->priv = pool;
	return 0;
}

static void vdc_pool_test_exit(struct kunit *test)
{
	if (test->priv)
		vdc_pool_close(test->priv);
	vdc_pool_mb = vdc_test_mb;
	vdc_pool_ms = vdc_test_ms;
}

static struct kunit_case vdc_pool_tests[] = {
	KUNIT_CASE(vdc_test_exact_size),
	KUNIT_CASE(vdc_test_zero_at_once),
	KUNIT_CASE(vdc_test_zero_in_background),
	KUNIT_CASE(vdc_test_clean_first),
	KUNIT_CASE(vdc_test_while_cleaning),
	KUNIT_CASE(vdc_test_limit),
	KUNIT_CASE(vdc_test_limit_after_cleaning),
	KUNIT_CASE(vdc_test_off),
	KUNIT_CASE(vdc_test_shrink),
	KUNIT_CASE(vdc_test_age_order),
	KUNIT_CASE(vdc_test_expire),
	KUNIT_CASE(vdc_test_empty),
	KUNIT_CASE(vdc_test_close),
	{ }
};

static struct kunit_suite vdc_pool_suite = {
	.name = "vdc_pool",
	.init = vdc_pool_test_init,
	.exit = vdc_pool_test_exit,
	.test_cases = vdc_pool_tests,
};

kunit_test_suite(vdc_pool_suite);
