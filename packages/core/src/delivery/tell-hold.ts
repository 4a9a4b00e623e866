import type { HoldReason } from '../decision/decide.ts';
import type { Log } from '../log.ts';

/** Tells who asks for the whole story why nothing is promised yet, once for each time that the reason changes. */
export function createHoldTeller(log: Log): (because: HoldReason) => void {
  let told: HoldReason | undefined;
  return (because) => {
    if (told === because) return;
    told = because;
    log.debug(`not promised yet: ${because}`);
  };
}
