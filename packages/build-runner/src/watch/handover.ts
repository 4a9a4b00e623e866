/** The two ways in which a build's news come. */
export type Source = 'push' | 'poll';

/**
 * Decides which of push and poll may act. One holds the baton at a time; it is handed over only between actions.
 * Push is preferred while it lives, and polling then only audits it, at a slow pace.
 */
export interface Handover {
  /** Takes the baton for one action; false while the other one acts. */
  begin(source: Source): boolean;
  /** Ends the action. Whatever push had to leave pending may act now. */
  end(source: Source): void;
  /** An authentic event came: push lives. True when it did not before, so that what it missed must be read. */
  heard(): boolean;
  /** A poll of everything is done. `missed`: it found changes that push had not told. */
  polled(missed: boolean): void;
  /** Which one is to tell the news now. */
  readonly preferred: Source;
}

/**
 * Push has no connection whose end could be seen, and silence is no sign of death: nothing may have happened. So
 * push is dead when a poll finds a change and no event at all came since the poll before.
 */
export function createHandover(): Handover {
  let holder: Source | undefined;
  let alive = false;
  let heardSincePoll = false;
  return {
    begin(source) {
      if (holder !== undefined) return false;
      holder = source;
      return true;
    },
    end(source) {
      if (holder === source) holder = undefined;
    },
    heard() {
      const revived = !alive;
      alive = true;
      heardSincePoll = true;
      return revived;
    },
    polled(missed) {
      if (missed && !heardSincePoll) alive = false;
      heardSincePoll = false;
    },
    get preferred() {
      return alive ? 'push' : 'poll';
    },
  };
}
