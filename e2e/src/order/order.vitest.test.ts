import { describeOrder } from './orders.ts';

describeOrder('vitest', 'all');
