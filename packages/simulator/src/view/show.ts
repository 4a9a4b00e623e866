import { createLogUpdate } from 'log-update';
import pc from 'picocolors';
import type { Simulator } from '../agent/simulator.ts';
import type { Build, Job } from '../model/types.ts';
import { livePicture } from './live.ts';
import { plainLine } from './plain.ts';
import { jobName } from './words.ts';

const redrawMs = 120;

/** A view of a build while it runs. */
export interface View {
  /** Shows a job's output, prefixed with the job's name. */
  output(job: Job, text: string): void;
  /** Writes a text that stays. */
  above(text: string): void;
  /** Shows the last state and lets go of the terminal. */
  close(): void;
}

/** One timestamped line per event. */
export function showPlain(simulator: Simulator, out: NodeJS.WritableStream): View {
  const close = simulator.model.subscribe((event) => {
    const line = plainLine(event);
    if (line !== undefined) out.write(`${line}\n`);
  });
  const partial = new Map<string, string>();
  return {
    close,
    above: (text) => void out.write(text),
    output(job, text) {
      const lines = ((partial.get(job.id) ?? '') + text).split(/\r?\n/);
      partial.set(job.id, lines.pop() ?? '');
      for (const line of lines) out.write(`[${jobName(job)}] ${line}\n`);
    },
  };
}

/** A picture that is drawn anew in place, at once when something happens. */
export function showLive(
  simulator: Simulator,
  build: () => Build | undefined,
  out: NodeJS.WriteStream,
): View {
  const update = createLogUpdate(out);
  const draw = () => {
    const current = build();
    if (current === undefined) return;
    update(livePicture(current, { now: simulator.clock.now(), columns: out.columns || 80, colors: pc }));
  };
  const timer = setInterval(draw, redrawMs);
  const unsubscribe = simulator.model.subscribe(draw);
  return {
    output() {},
    above(text) {
      update.clear();
      out.write(text);
      draw();
    },
    close() {
      clearInterval(timer);
      unsubscribe();
      draw();
      update.done();
    },
  };
}
