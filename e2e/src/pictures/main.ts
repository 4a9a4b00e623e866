import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { e2eFolder } from '../harness/runners.ts';
import { drawTerminal } from './terminal.ts';
import { drawTimelines } from './timeline.ts';

const size = { cols: 120, rows: 40 };
const top = dirname(e2eFolder);
const folder = mkdtempSync(join(tmpdir(), 'pf-pictures-'));
const [raw, json] = [join(folder, 'raw'), join(folder, 'build.json')];
try {
  const demo = `node packages/simulator/bin/promise-failure-simulator.js run examples/pipeline.yml --expect failed --json ${json} --logs ${folder}`;
  // util-linux's script gives the demo a terminal, without which there is no live view.
  const inTerminal = `stty rows ${size.rows} cols ${size.cols}; env -u CI -u NO_COLOR TERM=xterm-256color ${demo}`;
  execFileSync('script', ['-qec', inTerminal, raw], { cwd: top, stdio: ['ignore', 'ignore', 'inherit'] });
  const output = readFileSync(raw, 'utf8')
    .replace(/^Script started.*\n/, '')
    .replace(/Logs of the jobs[\s\S]*/, '');
  writeFileSync(join(top, 'docs/pictures/demo.svg'), await drawTerminal(output, size));
  const timelines = drawTimelines(JSON.parse(readFileSync(json, 'utf8')));
  writeFileSync(join(top, 'docs/pictures/timeline.svg'), timelines);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
