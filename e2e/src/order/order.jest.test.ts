import { describeOrder } from './orders.ts';

describeOrder('jest', 'all');
