import { describeOrder } from './orders.ts';

describeOrder('playwright', 'inside');
