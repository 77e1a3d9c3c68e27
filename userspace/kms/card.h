/* SPDX-License-Identifier: MIT */
/* A card node by its driver, for who needs no more than that. */
#ifndef KMS_CARD_H
#define KMS_CARD_H

#include <stdbool.h>

/** kms_card_is() - whether the open card @fd is of that driver */
bool kms_card_is(int fd, const char *driver);

/**
 * kms_card_open() - open the first card of a driver
 * @driver: its name
 * Return: a file descriptor, or -ENODEV. Whoever opens a card that has no master becomes that.
 */
int kms_card_open(const char *driver);

#endif /* KMS_CARD_H */
