import { EventEmitter } from 'node:events';
import { expect, it } from 'vitest';
import { overhearSignals } from './overheard-signals.ts';

function overhear(add: (events: EventEmitter, listen: (name: string) => () => void) => void) {
  const events = new EventEmitter();
  const told: string[] = [];
  const counts: number[] = [];
  add(events, (name) => () => told.push(name));
  for (const change of ['newListener', 'removeListener']) {
    events.on(change, () => counts.push(events.listenerCount('SIGTERM')));
  }
  overhearSignals(events, 'SIGTERM', () => told.push('heard'));
  return { events, told, counts };
}

it('hears of a signal ahead of every listener, which come in their order', () => {
  const { events, told } = overhear((events, listen) => {
    events.on('SIGTERM', listen('a'));
    events.once('SIGTERM', listen('b'));
    events.on('SIGTERM', listen('c'));
  });
  events.emit('SIGTERM');
  events.emit('SIGTERM');
  expect(told.filter((line) => line !== 'heard')).toEqual(['a', 'b', 'c', 'a', 'c']);
  expect(told[0]).toBe('heard');
});

it('leaves the listeners of others as they see them, and able to leave', () => {
  const twice = () => {};
  const once = () => {};
  const { events } = overhear((events) => {
    events.on('SIGTERM', twice);
    events.once('SIGTERM', once);
    events.on('SIGTERM', twice);
  });
  expect(events.listeners('SIGTERM')).toEqual([twice, once, twice]);
  events.removeListener('SIGTERM', twice);
  events.removeListener('SIGTERM', once);
  expect(events.listeners('SIGTERM')).toEqual([twice]);
  events.removeListener('SIGTERM', twice);
  expect(events.listenerCount('SIGTERM')).toBe(0);
});

it.each([1, 2, 10])('has %i listeners all the time, neither none nor many more', (number) => {
  const { counts } = overhear((events, listen) => {
    for (let n = 0; n < number; n++) events.on('SIGTERM', listen(String(n)));
  });
  expect(Math.min(...counts)).toBeGreaterThan(0);
  expect(Math.max(...counts)).toBeLessThanOrEqual(Math.max(2, number));
});
