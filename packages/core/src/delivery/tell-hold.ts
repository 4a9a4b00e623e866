import type { HoldReason } from '../decision/decide.ts';
import type { Log } from '../log.ts';

/** Says why nothing is promised yet, once for each time that the reason changes. */
export function createHoldTeller(log: Log, flippers: readonly string[]): (because: HoldReason) => void {
  let told: HoldReason | undefined;
  return (because) => {
    if (told === because) return;
    told = because;
    if (because === 'a layer around the runner may change the exit status') {
      log.info(`nothing is promised early, because ${flippers.join(' and ')} may change the exit status`);
    } else {
      log.debug(`not promised yet: ${because}`);
    }
  };
}
