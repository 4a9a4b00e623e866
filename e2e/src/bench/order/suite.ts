import type { Random } from './random.ts';

/** A function of a source: its own number, and those of the functions that it calls. */
export interface Fn {
  readonly name: string;
  readonly own: number;
  readonly calls: readonly FnRef[];
}

interface FnRef {
  readonly source: Source;
  readonly fn: Fn;
}

export interface Source {
  /** Path without extension. */
  readonly path: string;
  readonly imports: readonly Source[];
  readonly functions: readonly Fn[];
}

export interface TestFile {
  readonly path: string;
  readonly tests: readonly { readonly checks: FnRef; readonly ms: number }[];
  /** Lines beside the tests: files differ in size for more reasons than their tests. */
  readonly filler: number;
}

/** How large a suite is. */
export interface SuiteSize {
  /** Each has twelve sources; there are ten at most. */
  readonly areas: number;
  /** What all tests take together. */
  readonly totalMs: number;
}

/** Sources in layers with the tests of them. */
export interface Suite {
  readonly sources: readonly Source[];
  readonly tests: readonly TestFile[];
}

const areas = 'auth billing cart catalog orders reports reviews search shipping users'.split(' ');
const nouns = 'price total item list filter store format parser query state view model'.split(' ');
const shared = 'array date error events http logger money text'.split(' ');
/** Sources of one area from the lowest layer to the highest. */
const layers = [4, 4, 3, 1];

/**
 * A suite as teams have them: areas of a dozen sources in layers, which import some of the layer below, now and then
 * of another area, and often something shared. Nine sources in ten have a test file of their own beside them; some
 * test files go through several sources at once. Sizes and times are spread log-normally, some unrelated to the other.
 */
export function createSuite(random: Random, { areas: count, totalMs }: SuiteSize): Suite {
  const ground = shared.map((name) => createSource(random, `src/shared/${name}`, []));
  const byArea: Source[][] = [];
  const names = areas.slice(0, count);
  for (const area of names) byArea.push(createArea(random, area, ground, byArea));
  const sources = [...ground, ...byArea.flat()];

  const direct = sources
    .filter(() => random.next() < 0.9)
    .map((source) => createTest(random, source.path, [source]));
  const across = byArea.map((area, at) => {
    const others = byArea[(at + random.between(1, 3)) % byArea.length] ?? area;
    const through = [...area.slice(-2), random.pick(others)];
    return createTest(random, `test/${names[at]}-flow`, through);
  });
  return { sources, tests: timed([...direct, ...across], totalMs) };
}

function createArea(
  random: Random,
  area: string,
  ground: readonly Source[],
  earlier: readonly (readonly Source[])[],
): Source[] {
  const names = random.shuffle(nouns);
  const built: Source[][] = [];
  for (const size of layers) {
    const below = built.at(-1);
    built.push(
      Array.from({ length: size }, () => {
        const imports = below === undefined ? [] : random.shuffle(below).slice(0, random.between(1, 3));
        if (random.next() < 0.4) imports.push(random.pick(ground));
        if (earlier.length > 0 && random.next() < 0.15) imports.push(random.pick(random.pick(earlier)));
        return createSource(random, `src/${area}/${names.pop()}`, imports);
      }),
    );
  }
  return built.flat();
}

function createSource(random: Random, path: string, imports: readonly Source[]): Source {
  const functions = Array.from({ length: random.between(3, 6) }, (_, at) => ({
    name: `f${at}`,
    own: random.between(1, 99),
    // Less is called than is imported, which is why an import alone says so little.
    calls: imports
      .filter(() => random.next() < 0.3)
      .map((source) => ({ source, fn: random.pick(source.functions) })),
  }));
  return { path, imports, functions };
}

type Untimed = TestFile & { readonly weight: number };

function createTest(random: Random, path: string, through: readonly Source[]): Untimed {
  const functions = through.flatMap((source) => source.functions.map((fn) => ({ source, fn })));
  const more = Math.round(2 * random.logNormal(0.8));
  const checked = [...functions, ...Array.from({ length: more }, () => random.pick(functions))];
  return {
    path,
    tests: random.shuffle(checked).map((checks) => ({ checks, ms: 0.2 + random.next() })),
    filler: Math.round(30 * random.logNormal(1)),
    weight: random.logNormal(1) * through.length,
  };
}

/** Shares `totalMs` out among the files by their weights, and each file's part among its tests. */
function timed(files: readonly Untimed[], totalMs: number): TestFile[] {
  const all = files.reduce((sum, { weight }) => sum + weight, 0);
  return files.map(({ path, tests, filler, weight }) => {
    const parts = tests.reduce((sum, { ms }) => sum + ms, 0);
    const unit = (totalMs * weight) / all / parts;
    return { path, filler, tests: tests.map(({ checks, ms }) => ({ checks, ms: Math.round(ms * unit) })) };
  });
}
