/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VDC_PEERS_H
#define VDC_PEERS_H

/**
 * peers_plain_register() - add the driver vdc-plain and one device for it
 *
 * Return: 0 or a negative error code.
 */
int peers_plain_register(void);

/**
 * peers_plain_unregister() - take both away; nobody has the device or a DMA-BUF of it open any
 * more, for these hold the module
 */
void peers_plain_unregister(void);

/** peers_buddy_register() - add the file vdc-peers/buddy to debugfs, where there is one */
void peers_buddy_register(void);

/** peers_buddy_unregister() - take it away */
void peers_buddy_unregister(void);

#endif /* VDC_PEERS_H */
