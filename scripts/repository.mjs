import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const help = `Usage: pnpm repository [--write]

Where the repository is stands once, in "repository" of the package.json at the top. What follows from it in the
manifests and READMEs of the published packages is checked, or written with --write.
`;

const top = join(import.meta.dirname, '..');
const read = (...path) => readFileSync(join(top, ...path), 'utf8');
const webOf = (url) => url.replace(/^git\+/, '').replace(/\.git$/, '');

const { url } = JSON.parse(read('package.json')).repository;

/** What npm shows beside a package, and holds a provenance against. */
function fieldsOf(folder) {
  return {
    homepage: `${webOf(url)}/tree/main/${folder}#readme`,
    bugs: `${webOf(url)}/issues`,
    repository: { type: 'git', url, directory: folder },
  };
}

/** The manifest with our fields where they stand, else after `license`. */
function manifestOf(manifest, folder) {
  const fields = fieldsOf(folder);
  const missing = Object.fromEntries(Object.entries(fields).filter(([key]) => !(key in manifest)));
  return Object.fromEntries(
    Object.entries(manifest).flatMap(([key, value]) => [
      [key, fields[key] ?? value],
      ...(key === 'license' ? Object.entries(missing) : []),
    ]),
  );
}

/** npm shows a README away from its neighbours, so a link that leads to one of them has to be whole. */
function readmeOf(text, folder, before) {
  const web = webOf(url);
  const moved = before === undefined ? text : text.replaceAll(webOf(before), web);
  return moved.replaceAll(/\]\((?![a-z]+:|#)([^)]+)\)/g, (_link, path) => {
    const target = new URL(path, `file:///${folder}/README.md`);
    return `](${web}/blob/main${target.pathname}${target.hash})`;
  });
}

const stale = readdirSync(join(top, 'packages')).flatMap((name) => {
  const folder = `packages/${name}`;
  const manifest = JSON.parse(read(folder, 'package.json'));
  if (manifest.private) return [];
  const wanted = {
    [`${folder}/package.json`]: `${JSON.stringify(manifestOf(manifest, folder), null, 2)}\n`,
    [`${folder}/README.md`]: readmeOf(read(folder, 'README.md'), folder, manifest.repository?.url),
  };
  return Object.entries(wanted).filter(([path, text]) => read(path) !== text);
});

if (process.argv.includes('--help')) process.stdout.write(help);
else if (process.argv.includes('--write')) {
  for (const [path, text] of stale) writeFileSync(join(top, path), text);
} else if (stale.length > 0) {
  const paths = stale.map(([path]) => path).join(', ');
  process.stderr.write(
    `${paths}: not what follows from the repository ${url}; \`pnpm repository --write\` writes it\n`,
  );
  process.exitCode = 1;
}
