import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import ts from 'typescript-5';
import { afterAll, describe, expect, it } from 'vitest';
import { entriesOf, packAll, readManifest } from '../harness/pack.ts';
import { e2eFolder } from '../harness/runners.ts';
import { reachedFrom } from './reached.ts';
import { unpackStrictly } from './unpack.ts';

const root = realpathSync(mkdtempSync(join(tmpdir(), 'pf-published-')));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const packed = packAll(root);
const unpacked = unpackStrictly(root, packed);
const folderOf = (name: string) => unpacked.get(name) ?? '';
const entries = packed.flatMap(({ name }) => entriesOf(readManifest(folderOf(name))));

describe.each(packed)('$name as it is published', ({ name, folder, tarball, files }) => {
  const manifest = readManifest(folderOf(name));

  it('says whose it is and where it comes from', () => {
    expect(manifest).toMatchObject({
      license: 'MIT',
      repository: { type: 'git', directory: relative(join(e2eFolder, '..'), folder) },
      homepage: expect.stringMatching(/^https:/),
      bugs: expect.stringMatching(/^https:/),
      keywords: expect.arrayContaining(['buildkite']),
      sideEffects: expect.anything(),
      // A provenance that npm cannot make fails the release, so the release alone asks for it.
      publishConfig: { access: 'public' },
    });
    expect(manifest.publishConfig).not.toHaveProperty('provenance');
  });

  it('needs nothing that is not published', () => {
    expect(Object.keys(manifest)).not.toContain('devDependencies');
    expect(Object.keys(manifest)).not.toContain('scripts');
    expect(JSON.stringify(manifest)).not.toMatch(/"(workspace|catalog):/);
    const ours = Object.keys(manifest.dependencies ?? {}).filter((one) => one.includes('promise-failure'));
    expect([...unpacked.keys()]).toEqual(expect.arrayContaining(ours));
  });

  it('has its licence, its README and no source map', () => {
    expect(files).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'package.json']));
    expect(files.filter((file) => /\.map$|\.tsbuildinfo$|\.test\./.test(file))).toEqual([]);
    const pointing = files.filter((file) =>
      /^\/\/# sourceMappingURL=/m.test(readFileSync(join(folderOf(name), file), 'utf8')),
    );
    expect(pointing).toEqual([]);
  });

  it('holds every file that its entries and commands load', () => {
    const starts = [manifest.main, manifest.types, manifest.exports, manifest.bin].flatMap(pathsIn);
    expect(starts).not.toEqual([]);
    // A resolution that knows no `exports` goes by these.
    if (manifest.exports?.['.'] !== undefined)
      expect(manifest).toMatchObject({ main: starts[0], types: starts[1] });
    const reached = reachedFrom(folderOf(name), starts);
    expect([...reached].filter((file) => !files.includes(file))).toEqual([]);
  });

  it('is clean by publint', async () => {
    const data = new Uint8Array(readFileSync(tarball));
    const { messages } = await publint({
      pack: { tarball: data.buffer },
      level: 'suggestion',
      strict: true,
    });
    expect(messages).toEqual([]);
  });

  it('is clean by “Are the types wrong?”', async () => {
    const result = await checkPackage(createPackageFromTarballData(new Uint8Array(readFileSync(tarball))));
    const problems = 'problems' in result ? result.problems : [];
    // The packages are ES modules, which `require` loads from Node 20.19 and 22.12 on.
    expect(problems.filter(({ kind }) => kind !== 'CJSResolvesToESM')).toEqual([]);
    expect(result.types !== false || entriesOf(manifest).length === 0).toBe(true);
  });

  it('is taken by `npm publish`', () => {
    const args = ['publish', tarball, '--dry-run', '--fetch-retries=0', '--loglevel=warn'];
    const said = execFileSync('npm', args, {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    expect(said).toBe(`+ ${name}@${manifest.version}\n`);
  });
});

it('is versioned together', () => {
  const { fixed } = JSON.parse(readFileSync(join(e2eFolder, '../.changeset/config.json'), 'utf8'));
  expect(fixed.map((group: readonly string[]) => group.toSorted())).toEqual([
    [...unpacked.keys()].toSorted(),
  ]);
});

describe('the types of all of them', () => {
  const { ModuleKind, ModuleResolutionKind } = ts;
  it.each([
    ['node10', 'use.ts', { module: ModuleKind.CommonJS, moduleResolution: ModuleResolutionKind.Node10 }],
    ['node16', 'use.mts', { module: ModuleKind.Node16, moduleResolution: ModuleResolutionKind.Node16 }],
    ['nodenext', 'use.mts', { module: ModuleKind.NodeNext, moduleResolution: ModuleResolutionKind.NodeNext }],
    ['bundler', 'use.mts', { module: ModuleKind.ESNext, moduleResolution: ModuleResolutionKind.Bundler }],
  ])('are found and sound without skipLibCheck: %s', (_resolution, file, resolution) => {
    const imports = entries.map(
      (entry, at) => `import * as m${at} from '${entry}';\nm${at} satisfies Oops;\n`,
    );
    writeFileSync(join(root, file), imports.join(''));
    const program = ts.createProgram([join(root, file)], {
      ...{ ...resolution, target: ts.ScriptTarget.ES2023, types: ['node'] },
      ...{ strict: true, noEmit: true, skipLibCheck: false },
    });
    // What is wrong in the types of the runners and of Node is not ours to mend, and takes minutes to look for.
    const ours = program.getSourceFiles().filter(({ fileName }) => fileName.startsWith(root));
    const problems = [
      ...program.getOptionsDiagnostics(),
      ...ours.flatMap((one) => [
        ...program.getSyntacticDiagnostics(one),
        ...program.getSemanticDiagnostics(one),
      ]),
    ];
    const said = problems.map(
      (one) => `${one.file?.fileName}: ${ts.flattenDiagnosticMessageText(one.messageText, '\n')}`,
    );
    expect(said).toEqual(entries.map(() => `${join(root, file)}: Cannot find name 'Oops'.`));
  });
});

/** Every path in a field of a manifest, however deep. */
function pathsIn(field: unknown): string[] {
  if (typeof field === 'string') return field.startsWith('./') ? [field] : [];
  return typeof field === 'object' && field !== null ? Object.values(field).flatMap(pathsIn) : [];
}
