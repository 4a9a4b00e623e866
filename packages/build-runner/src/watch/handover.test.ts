import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BuildStatus } from '../build/build.ts';
import { isFinished, rankOf } from '../build/status.ts';
import type { RestClient } from '../rest/client.ts';
import { RestError } from '../rest/error.ts';
import { readWebhook } from '../webhook/event.ts';
import { createHandover, type Handover, type Source } from './handover.ts';
import { createWatcherOn } from './watcher.ts';

describe('the hand-over', () => {
  it('gives the baton to one at a time, and back only by its holder', () => {
    const handover = createHandover();
    expect(handover.begin('poll')).toBe(true);
    expect(handover.begin('push')).toBe(false);
    handover.end('push');
    expect(handover.begin('push')).toBe(false);
    handover.end('poll');
    expect(handover.begin('push')).toBe(true);
  });

  it('prefers push from its first event until it misses a change in silence', () => {
    const handover = createHandover();
    expect(handover.preferred).toBe('poll');
    expect([handover.heard(), handover.heard()]).toEqual([true, false]);
    handover.polled(true);
    expect(handover.preferred).toBe('push');
    handover.polled(false);
    expect(handover.preferred).toBe('push');
    handover.polled(true);
    expect(handover.preferred).toBe('poll');
    expect(handover.heard()).toBe(true);
  });
});

type Step =
  | { readonly type: 'move'; readonly build: number }
  | { readonly type: 'deliver' | 'lose' | 'repeat'; readonly event: number }
  | { readonly type: 'answer' | 'break'; readonly poll: number }
  | { readonly type: 'tick' };

const courses = [
  ['scheduled', 'running', 'passed'],
  ['running', 'failing', 'failed'],
  ['running', 'failing', 'canceling', 'canceled'],
] as const;
const ends: readonly BuildStatus[] = ['succeeded', 'failed', 'cancelled'];

/** Buildkite, the network and the clock, all held back until the test lets them go on. */
class World {
  readonly places = courses.map(() => 0);
  readonly events: unknown[] = [];
  readonly polls: { answer(): void; break(): void }[] = [];
  readonly sleeps: (() => void)[] = [];
  readonly told = courses.map((): BuildStatus[] => []);
  clock = 0;
  readonly active = new Set<Source>();
  most = 0;

  readonly watcher = createWatcherOn(
    {
      rest: (...call) => this.#rest(...call),
      budget: { observe() {}, take: () => 0 },
      handover: this.#observed(),
    },
    { pollEveryMs: 1000, sleep: (_, signal) => this.#sleep(signal), now: () => this.clock },
  );
  readonly watched = courses.map((_, index) =>
    this.watcher.watch(`acme/app/${index + 1}`, ({ status, state }) => {
      // A build that is being cancelled is running, also where it was failing before.
      if (state !== 'canceling') this.told[index]?.push(status);
    }),
  );

  #observed(): Handover {
    const handover = createHandover();
    const { active } = this;
    return {
      begin: (source) => {
        const begun = handover.begin(source);
        // A poll never asks in vain: push's actions are over before anything else runs.
        if (!begun && source === 'poll') throw new Error('poll while push acts');
        if (begun) active.add(source);
        this.most = Math.max(this.most, active.size);
        return begun;
      },
      end: (source) => {
        handover.end(source);
        active.delete(source);
      },
      heard: handover.heard,
      polled: handover.polled,
      get preferred() {
        return handover.preferred;
      },
    };
  }

  #buildJson(index: number) {
    const state = courses[index]?.[this.places[index] ?? 0];
    return { number: index + 1, state, web_url: `https://buildkite.com/acme/app/builds/${index + 1}` };
  }

  /** An answer shows the build as it was when the request was made: as old as it can be. */
  #rest(...[{ path }, signal]: Parameters<RestClient>): ReturnType<RestClient> {
    const number = Number(/builds\/(\d+)/.exec(path)?.[1] ?? 0);
    const one = () => (path.includes('/jobs') ? { items: [], links: {} } : this.#buildJson(number - 1));
    const body = number > 0 ? one() : courses.map((_, index) => this.#buildJson(index)).reverse();
    return new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason));
      const broken = new RestError('broken', { status: 503 });
      this.polls.push({ answer: () => resolve({ headers: {}, body }), break: () => reject(broken) });
    });
  }

  #sleep(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason));
      this.sleeps.push(resolve);
    });
  }

  move(index: number): void {
    const last = (courses[index]?.length ?? 0) - 1;
    const place = this.places[index] ?? 0;
    if (place >= last) return;
    this.places[index] = place + 1;
    const { state } = this.#buildJson(index);
    const event =
      state === 'failing' ? 'build.failing' : place + 1 === last ? 'build.finished' : 'build.running';
    if (state !== 'canceling') this.events.push({ event, build: this.#buildJson(index) });
  }

  deliver(event: unknown): void {
    const read = readWebhook(event);
    if (read !== undefined) this.watcher.receive(read);
  }

  async take(step: Step): Promise<void> {
    if (step.type === 'move') this.move(step.build);
    else if (step.type === 'tick') this.tick();
    else if (step.type === 'answer' || step.type === 'break') {
      this.polls.splice(step.poll % (this.polls.length || 1), 1)[0]?.[step.type]();
    } else if ('event' in step && this.events.length > 0) {
      const at = step.event % this.events.length;
      const [event] = step.type === 'repeat' ? [this.events[at]] : this.events.splice(at, 1);
      if (step.type !== 'lose') this.deliver(event);
    }
    await new Promise(setImmediate);
  }

  /** Every build begins to fail or ends, and every event arrives, in reverse; no read is answered. */
  async runOutUnread(): Promise<void> {
    for (let round = 0; round < 3; round++) for (const index of courses.keys()) this.move(index);
    for (const event of this.events.splice(0).reverse()) this.deliver(event);
    for (let round = 0; round < 3; round++) {
      for (const poll of this.polls.splice(0)) poll.break();
      this.tick();
      await new Promise(setImmediate);
    }
  }

  /** Every build runs to its end, every event that was not lost arrives, every poll is answered. */
  async runOut(): Promise<void> {
    for (let round = 0; round < 12; round++) {
      for (const index of courses.keys()) this.move(index);
      for (const event of this.events.splice(0)) this.deliver(event);
      for (const poll of this.polls.splice(0)) poll.answer();
      this.tick();
      await new Promise(setImmediate);
    }
  }

  tick(): void {
    this.clock += 60_000;
    for (const wake of this.sleeps.splice(0)) wake();
  }
}

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ type: fc.constant('move' as const), build: fc.nat(courses.length - 1) }),
  fc.record({
    type: fc.constantFrom('deliver' as const, 'lose' as const, 'repeat' as const),
    event: fc.nat(9),
  }),
  fc.record({ type: fc.constantFrom('answer' as const, 'break' as const), poll: fc.nat(9) }),
  fc.record({ type: fc.constant('tick' as const) }),
);

describe('push and poll together', () => {
  it('act one at a time and lose no end, in every interleaving', { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { maxLength: 40 }), async (steps) => {
        const world = new World();
        for (const step of steps) await world.take(step);
        await world.runOut();
        const last = await Promise.all(world.watched);
        expect(last.map(({ status }) => status)).toEqual(ends);
        expect(world.most).toBe(1);
        for (const told of world.told) {
          expect(told.map(rankOf)).toEqual(told.map(rankOf).sort((a, b) => a - b));
          expect(told.filter(isFinished)).toHaveLength(1);
        }
        expect(world.watcher.size).toBe(0);
      }),
      { numRuns: 300 },
    );
  });

  it('tell no end that was not read, whatever the events and their order', { timeout: 60_000 }, async () => {
    const unread = anyStep.filter(({ type }) => type !== 'answer');
    await fc.assert(
      fc.asyncProperty(fc.array(unread, { maxLength: 30 }), async (steps) => {
        const world = new World();
        for (const step of steps) await world.take(step);
        await world.runOutUnread();
        expect(world.told.flat().filter(isFinished)).toEqual([]);
        await world.runOut();
        expect(world.told.map((told) => told.at(-1))).toEqual(ends);
        await Promise.all(world.watched);
      }),
    );
  });

  it('tell that a build fails although it cannot be read', async () => {
    const world = new World();
    for (const _ of [1, 2]) await world.take({ type: 'answer', poll: 0 });
    world.move(1);
    await world.take({ type: 'deliver', event: 0 });
    for (let round = 0; round < 4; round++) {
      for (const poll of world.polls.splice(0)) poll.break();
      await new Promise(setImmediate);
    }
    expect(world.told[1]).toEqual(['running', 'failing']);
    await world.runOut();
    await Promise.all(world.watched);
  });
});
