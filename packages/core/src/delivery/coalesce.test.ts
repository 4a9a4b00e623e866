import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCoalescer } from './coalesce.ts';

/** An action that each time takes until it is let go, and notes what it was run with. */
function slowAction() {
  const runs: number[] = [];
  const underWay: { resolve: () => void; reject: (error: unknown) => void }[] = [];
  const action = (update: number) => {
    runs.push(update);
    return new Promise<void>((resolve, reject) => underWay.push({ resolve, reject }));
  };
  return { runs, underWay, action };
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('a coalescer', () => {
  it('runs the first update, then the newest of those that came meanwhile', async () => {
    const { runs, underWay, action } = slowAction();
    const coalescer = createCoalescer(action);
    coalescer.push(1);
    await turn();
    for (const update of [2, 3, 4]) coalescer.push(update);
    underWay[0]?.resolve();
    await turn();
    underWay[1]?.resolve();
    await coalescer.idle();
    expect(runs).toEqual([1, 4]);
  });

  it('runs the last update though others follow it', async () => {
    const { runs, underWay, action } = slowAction();
    const coalescer = createCoalescer(action);
    coalescer.push(1);
    await turn();
    coalescer.push(2);
    coalescer.finish(3);
    coalescer.push(4);
    coalescer.finish(5);
    underWay[0]?.resolve();
    await turn();
    underWay[1]?.resolve();
    await coalescer.idle();
    expect(runs).toEqual([1, 3]);
  });

  it('reports an action that crashes and goes on', async () => {
    const errors: unknown[] = [];
    const { runs, underWay, action } = slowAction();
    const coalescer = createCoalescer(action, (error) => errors.push(error));
    coalescer.push(1);
    await turn();
    coalescer.push(2);
    underWay[0]?.reject('crash');
    await turn();
    underWay[1]?.resolve();
    await coalescer.idle();
    expect([runs, errors]).toEqual([[1, 2], ['crash']]);
  });

  it('goes on after an action that throws at once', async () => {
    const runs: number[] = [];
    const coalescer = createCoalescer<number>((update) => {
      runs.push(update);
      throw new Error('at once');
    });
    coalescer.push(1);
    await coalescer.idle();
    coalescer.push(2);
    await coalescer.idle();
    expect(runs).toEqual([1, 2]);
  });

  it('lets an action push without running a second one beside it', async () => {
    let running = 0;
    let most = 0;
    const runs: number[] = [];
    const coalescer = createCoalescer<number>(async (update) => {
      most = Math.max(most, ++running);
      runs.push(update);
      if (update < 5) coalescer.push(update + 1);
      await turn();
      running--;
    });
    coalescer.push(1);
    await coalescer.idle();
    expect([runs, most]).toEqual([[1, 2, 3, 4, 5], 1]);
  });

  it('is idle when nothing was pushed', async () => {
    await createCoalescer(() => {}).idle();
  });

  type Step = 'push' | 'finish' | 'end' | 'crash';

  it('keeps its promises in any order of events', async () => {
    const step = fc.constantFrom<Step>('push', 'push', 'push', 'end', 'end', 'crash', 'finish');
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const { runs, underWay, action } = slowAction();
        const coalescer = createCoalescer(action);
        const model = { pending: 0, running: 0, runs: [] as number[], finished: false };
        const start = () => {
          if (model.running !== 0 || model.pending === 0) return;
          model.running = model.pending;
          model.pending = 0;
          model.runs.push(model.running);
        };
        let next = 0;
        const perform = async (each: Step) => {
          if (each === 'push' || each === 'finish') {
            next++;
            coalescer[each](next);
            if (!model.finished) model.pending = next;
            model.finished ||= each === 'finish';
          } else {
            const current = underWay[runs.length - 1];
            if (each === 'end') current?.resolve();
            else current?.reject('crash');
            model.running = 0;
          }
          await turn();
          start();
          expect(runs).toEqual(model.runs);
        };
        for (const each of steps) await perform(each);
        while (model.running !== 0) await perform('end');
        await coalescer.idle();
        expect(runs.at(-1)).toBe(model.runs.at(-1));
      }),
      { numRuns: 300 },
    );
  });
});
