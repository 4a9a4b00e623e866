import { createLogUpdate } from 'log-update';
import { plain } from '../../plain.ts';

/** Tells on stderr how far a reading is. */
export interface Progress {
  read(builds: number, backTo: number | undefined): void;
  wait(ms: number, because: 'rate limit' | 'trouble'): void;
  close(): void;
}

const everyMs = 10_000;

/** One line that is redrawn on a terminal; elsewhere a line now and then. */
export function createProgress(title: string, output: NodeJS.WriteStream, now = Date.now): Progress {
  const isLive = output.isTTY === true;
  const update = isLive ? createLogUpdate(output, { showCursor: true }) : undefined;
  let said = now();
  let state = `${plain(title)}: asks for builds`;
  const say = (line: string, isUrgent: boolean) => {
    if (update !== undefined) return update(line);
    if (!isUrgent && now() - said < everyMs) return;
    said = now();
    output.write(`promise-failure: ${line}\n`);
  };
  say(state, false);
  return {
    read(builds, backTo) {
      const back = backTo === undefined ? '' : `, back to ${new Date(backTo).toISOString().slice(0, 10)}`;
      state = `${plain(title)}: ${builds} builds read${back}`;
      say(state, false);
    },
    wait(ms, because) {
      const why = because === 'rate limit' ? 'for the rate limit' : 'and tries again';
      say(`${state}; waits ${Math.ceil(ms / 1000)} s ${why}`, ms > 1000);
    },
    close: () => update?.clear(),
  };
}
