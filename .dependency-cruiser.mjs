/**
 * The rooms of each package's `src`, from the top: an import goes down this list, never up, and rooms on one line do
 * not import each other. A name with a dot is a file; the files that are not named are the ground, used by all.
 */
const rooms = {
  'packages/core': [
    ['index.ts', 'job.ts', 'command.ts', 'retrying.ts'],
    ['session', 'delivery'],
    ['channel'], // starts delivery/worker.ts by its path, which is no import
    ['decision'],
    ['muted'],
    ['evidence'],
    ['declarers'],
    ['job'],
    ['layers'],
    ['redaction'],
    ['http'],
    ['config'],
  ],
  'packages/order': [['index.ts'], ['run'], ['change', 'rank', 'graph'], ['history']],
  'packages/build-runner': [
    ['index.ts'],
    ['history.ts', 'evidence.ts'],
    ['build-runner.ts'],
    ['watch'],
    ['webhook', 'evidence'],
    ['build'],
    ['rest'],
  ],
  'packages/cli': [['main.ts'], ['run', 'watch', 'declare', 'doctor', 'measure'], ['runner', 'rest']],
  'packages/simulator': [
    ['index.ts', 'main.ts'],
    ['commands.ts'],
    ['run-command.ts', 'simulate-command.ts'],
    ['server'],
    ['page'],
    ['pipeline', 'view'],
    ['agents'],
    ['agent', 'rest', 'test-engine'],
    ['logs', 'model', 'faults'],
  ],
  e2e: [
    [
      'behaviour',
      'evidence',
      'finality',
      'order',
      'random',
      'traces',
      'faults',
      'muted',
      'secrets',
      'signals',
      'watch',
      'demo',
      'bench',
      'matrix',
      'pictures',
      'docs',
      'published',
    ],
    ['scenarios'],
    ['harness'],
  ],
};

/** Which of our packages each may import. Tests may import the simulator too. */
const packages = {
  core: [],
  simulator: [],
  order: ['core'],
  jest: ['core', 'order'],
  vitest: ['core', 'order'],
  playwright: ['core', 'order'],
  'node-test': ['core'],
  'build-runner': ['core'],
  cli: ['core', 'order', 'build-runner', 'simulator'],
};

const tests = '[.]test[.]ts$|^packages/[^/]+/test/';
const runners = 'node_modules/(jest|vitest|playwright|@jest|@vitest|@playwright)/';

const anyOf = (names) => `(${names.map((name) => name.replaceAll('.', '[.]')).join('|')})`;
const inRooms = (src, names) => `^${src}/${anyOf(names)}(/|$)`;

/** One rule for each line of a package's rooms, one for its ground, one for a folder that no line names. */
function roomRules([name, floors]) {
  const src = `${name}/src`;
  const named = floors.flat();
  const folders = named.filter((room) => !room.includes('.'));
  const down = floors.map((floor, index) => {
    const above = floors.slice(0, index).flat();
    const order = floors
      .slice(0, index + 1)
      .map((side) => side.join(' | '))
      .join(' > ');
    return {
      name: `${name}: ${floor.join(', ')} may import only rooms below`,
      comment: `An import goes down the rooms of .dependency-cruiser.mjs: ${order} > the rest. Move what both need to a room below them.`,
      severity: 'error',
      from: { path: `^${src}/${anyOf(floor)}(/|$)` },
      to: { path: inRooms(src, [...above, ...floor]), pathNot: `^${src}/$1(/|$)` },
    };
  });
  return [
    ...down,
    {
      name: `${name}: the ground imports no room`,
      comment: `A file in ${src} that .dependency-cruiser.mjs does not name is used by every room, so it uses none.`,
      severity: 'error',
      from: { path: `^${src}/[^/]+$`, pathNot: inRooms(src, named) },
      to: { path: inRooms(src, named) },
    },
    {
      name: `${name}: every folder has its place`,
      comment: `This folder is not among the rooms of ${name} in .dependency-cruiser.mjs: add it where its imports go down.`,
      severity: 'error',
      from: { path: `^${src}/[^/]+/`, pathNot: inRooms(src, folders) },
      to: {},
    },
  ];
}

/** Each package imports only those of ours that its line in `packages` names. */
function packageRules([name, allowed]) {
  const others = (own) => ({
    path: '^packages/|^@?promise-failure($|/)',
    pathNot: `^(packages|@promise-failure)/${anyOf(own)}(/|$)`,
  });
  const says = (names) =>
    names.length === 0 ? 'none of our packages' : `of our packages only ${names.join(', ')}`;
  const rule = {
    severity: 'error',
    comment: 'See `packages` in .dependency-cruiser.mjs: data flows one way.',
  };
  const forTests = name === 'simulator' ? [] : [...allowed, 'simulator'];
  return [
    {
      ...rule,
      name: `${name} imports ${says(allowed)}`,
      from: { path: `^packages/${name}/src/`, pathNot: tests },
      to: others([name, ...allowed]),
    },
    {
      ...rule,
      name: `the tests of ${name} import ${says(forTests)}`,
      from: { path: [`^packages/${name}/src/.*[.]test[.]ts$`, `^packages/${name}/test/`] },
      to: others([name, ...forTests]),
    },
  ];
}

export default {
  forbidden: [
    {
      name: 'no circle of imports',
      comment: 'Type imports count. Move what both files need to a file below them.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    ...Object.entries(rooms).flatMap(roomRules),
    ...Object.entries(packages).flatMap(packageRules),
    {
      name: 'another package is entered by its name',
      comment:
        "Import from '@promise-failure/…', not by a path: only what its package.json exports is meant for others.",
      severity: 'error',
      from: { path: '^(packages/[^/]+|e2e)/' },
      // The end-to-end fault tests run the fault tables of core with real runners; the command is tried against the
      // answers of Buildkite that the build runner's tests make by hand.
      to: {
        path: '^(packages|e2e|examples)/',
        pathNot: [
          '^$1/',
          '^packages/core/test/fault-(bench|tables)[.]ts$',
          '^packages/build-runner/test/(hand-made|annotation)[.]ts$',
        ],
        dependencyTypes: ['local'],
      },
    },
    {
      name: 'every import is found',
      comment:
        'Not in the package.json of this package, past what the other one `exports`, or an entry of ours that `pnpm build` makes.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'core knows no runner',
      comment:
        'Reporters translate what a runner says into the vocabulary of core; core decides for all runners.',
      severity: 'error',
      from: { path: '^packages/core/src/', pathNot: tests },
      to: { path: runners },
    },
    {
      name: 'core calls no file function that makes promises',
      comment:
        'Node 20 aborts the process when the thread that delivers is ended in the midst of one: use src/files.ts.',
      severity: 'error',
      from: { path: '^packages/core/src/', pathNot: tests },
      to: { path: '^(node:)?fs/promises$' },
    },
    {
      name: 'what ships imports only its dependencies',
      comment:
        'Whoever installs the package gets its dependencies and peers alone: not its devDependencies, not those of the root.',
      severity: 'error',
      from: { path: '^packages/[^/]+/src/', pathNot: tests },
      to: {
        dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'],
        dependencyTypesNot: ['npm-peer', 'type-only'],
      },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    doNotFollow: { path: '(^|/)(node_modules|dist)/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['types', 'import', 'require', 'node', 'default'],
    },
  },
};
