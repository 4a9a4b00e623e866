/** How events reach the user's address: each after the answer to the one before, or with one of the troubles. */
export const deliveryOrders = ['in-order', 'late', 'twice', 'out-of-order', 'lossy'] as const;
export type DeliveryOrder = (typeof deliveryOrders)[number];
