import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createModel } from '../model/model.ts';
import { annotationsText, annotationText } from './annotation-text.ts';
import { logLines } from './log-lines.ts';

function annotate(body: string) {
  const model = createModel({ clock: { now: () => 0 } });
  const build = model.createBuild();
  const annotation = model.annotate(build, { body, style: 'error' });
  if (typeof annotation === 'string') throw new Error(annotation);
  return { build, annotation };
}

test('an annotation reads on a terminal as on a page', () => {
  const { annotation } = annotate(
    '**2 failed** in &#60;Cart&#62;\n\n<details><summary><b>one</b><br>two</summary>\n\n<pre><code>a\n\n  b &#38;lt; c</code></pre>\n\n</details>',
  );
  expect(annotationText(annotation)).toBe('2 failed in <Cart>\none\ntwo\n    a\n\n      b &lt; c');
});

test('annotations stand under their styles, and a build without any has none', () => {
  expect(annotationsText(annotate('*x*').build)).toBe('Annotation (error):\n  x\n');
  expect(annotationsText(createModel({ clock: { now: () => 0 } }).createBuild())).toBe('');
});

test('lines of logs are found in colours and behind what a runner draws', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sim-lines-'));
  try {
    writeFileSync(join(folder, '01-a.log'), 'x\r\n\u001b[999D\u001b[Kours: \u001b[1mone\u001b[22m\r\n');
    writeFileSync(join(folder, '02-b.log'), 'nothing\n');
    expect(await logLines(folder, 'ours:')).toBe('01-a.log:\n  ours: one\n');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
