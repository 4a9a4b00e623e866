import fc from 'fast-check';
import { expect, it } from 'vitest';
import { insideShard } from './partition.ts';

/** A file as Playwright counts it: each test a group of its own, skipped ones among them. */
type File = readonly boolean[];

/**
 * Which tests a shard runs, by the rule of 1.62 (all tests count) or of 1.64 (skipped ones do not). A group runs where
 * it begins: each test is one where all run in parallel, else each file.
 */
function runs(
  files: readonly (readonly [number, File])[],
  current: number,
  total: number,
  counts: 'all' | 'active',
  groupedBy: 'test' | 'file',
) {
  const tests = files.flatMap(([name, file]) => file.map((active, at) => ({ id: `${name}.${at}`, active })));
  const byActive = counts === 'active' && tests.some(({ active }) => active);
  const sizeOf = (active: boolean) => (byActive && !active ? 0 : 1);
  const groups =
    groupedBy === 'test'
      ? tests.map(({ id, active }) => ({ id, size: sizeOf(active) }))
      : files.map(([name, file]) => ({
          id: String(name),
          size: file.reduce((sum, active) => sum + sizeOf(active), 0),
        }));
  const sizes = groups.map(({ size }) => size);
  const sum = sizes.reduce((a: number, b) => a + b, 0);
  const [share, larger] = [Math.floor(sum / total), sum % total];
  const from = share * (current - 1) + Math.min(larger, current - 1);
  const to = from + share + (current <= larger ? 1 : 0);
  let before = 0;
  return groups.flatMap(({ id }, at) => {
    const size = sizes[at] ?? 0;
    const position = size > 0 ? before : Math.max(before - 1, 0);
    before += size;
    return position >= from && position < to ? [id] : [];
  });
}

it('lets files change places only where every shard keeps its tests, by the rules of all versions', () => {
  const files = fc.array(fc.array(fc.boolean(), { minLength: 1, maxLength: 5 }), {
    minLength: 1,
    maxLength: 12,
  });
  fc.assert(
    fc.property(
      files,
      fc.integer({ min: 1, max: 5 }),
      fc.infiniteStream(fc.nat()),
      (sizes, total, chance) => {
        const named = sizes.map((file, name) => [name, file] as const);
        const rules = (['all', 'active'] as const).flatMap((counts) =>
          (['test', 'file'] as const).map((groupedBy) => [counts, groupedBy] as const),
        );
        for (const rule of rules) {
          for (let current = 1; current <= total; current++) {
            const inside = insideShard(
              sizes.map((file) => ({ all: file.length, active: file.filter(Boolean).length })),
              { current, total },
            );
            const slots = named.flatMap((_, at) => (inside[at] ? [at] : []));
            const shuffled = slots
              .map((at) => ({ at, key: chance.next().value ?? 0 }))
              .sort((a, b) => a.key - b.key)
              .map(({ at }) => at);
            const moved = named.map((file, at) => named[shuffled[slots.indexOf(at)] ?? at] ?? file);
            expect(runs(moved, current, total, ...rule).sort()).toEqual(
              runs(named, current, total, ...rule).sort(),
            );
          }
        }
      },
    ),
    { numRuns: 500 },
  );
});
