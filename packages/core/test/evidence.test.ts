import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { examplesInSchema, problemsOf, runScriptsInJob } from './evidence-job.ts';

const lines = (stderr: string, what: string) => stderr.split('\n').filter((line) => line.includes(what));

describe('the evidence of one run', () => {
  it('is there when the promise has left, grows, and tells in the end how early that was', async () => {
    const run = await runScriptsInJob([
      `const session = open({});
       session.attemptFinished(failedFully('first'));
       await pause(1500);
       session.attemptFinished(failedFully('second'));
       session.attemptFinished({ ...failed('flaky'), willRunAgain: 'yes' });
       session.attemptFinished({ ...failed('flaky'), status: 'passed' });
       await session.close();
       process.exitCode = 1;`,
    ]);
    const { annotations, evidence, promisedAt = Number.NaN, jobId } = run;
    expect(annotations.length).toBeGreaterThan(1);
    expect(annotations[0]?.at).toBeGreaterThan(promisedAt);
    expect(annotations[0]?.body).toMatch(/1 failed for good.*the tests go on/);
    expect(annotations[0]?.body).not.toContain('second');
    expect(annotations.at(-1)?.body).toMatch(
      /2 failed for good\*\*, 1 flaky.*[01]\.\d s before the tests ended/,
    );
    expect(run.shown).toMatchObject([{ context: `promise-failure-${jobId}`, style: 'error' }]);
    expect(evidence).toMatchObject({
      dry_run: false,
      exit_status: 1,
      job: { id: jobId, step: { label: 'Unit' }, organization: 'acme', pipeline: 'shop' },
      promise: { exit_status: 1, channel: 'Job API', outcome: 'declared' },
      counts: { hard: 2, muted: 0, flaky: 1, contradicted: 0 },
      tests: [
        { name: 'S > first', line: 3, column: 5, attempts: 2, message: 'expected 1 to be 2', runner: 'jest' },
        { name: 'S > second' },
      ],
    });
    expect(evidence?.promise?.head_start_ms).toBeGreaterThan(100);
    expect(problemsOf(evidence)).toEqual([]);
  });

  it.each([
    ['passes', "session.attemptFinished({ ...failed('a'), status: 'passed' });"],
    [
      'is flaky at most',
      `session.attemptFinished({ ...failedFully('a'), willRunAgain: 'yes' });
       await pause(300);
       session.attemptFinished({ ...failed('a'), status: 'passed' });`,
    ],
  ])('is none where everything %s', async (_what, facts) => {
    const run = await runScriptsInJob([`const session = open({}); ${facts} await session.close();`]);
    expect(run).toMatchObject({ stderr: '', requests: [], files: ['tmp'] });
  });

  it('waits for the verdict of the promise, which goes first', async () => {
    const run = await runScriptsInJob(
      [`const session = open({}); session.attemptFinished(failedFully('a')); await session.close();`],
      { faults: [{ delayMs: 600 }, {}] },
    );
    expect(run.requests.map(({ path }) => path.split('/').at(-1))).toEqual([
      'promise_failure',
      'annotations',
    ]);
    expect(run.annotations[0]?.at).toBeGreaterThan(run.promisedAt ?? Number.NaN);
  });

  it('tells the exit status also of a process that ends at once', async () => {
    const { evidence, ends } = await runScriptsInJob([
      `open({}).attemptFinished(failedFully('a')); process.exit(7);`,
    ]);
    expect(ends[0]?.code).toBe(7);
    expect(evidence).toMatchObject({
      exit_status: 7,
      promise: { exit_status: 1 },
      tests: [{ name: 'S > a' }],
    });
  });

  it('takes back what passed after all, and says so', async () => {
    const { evidence } = await runScriptsInJob([
      `const session = open({});
       session.attemptFinished(failedFully('a'));
       session.attemptFinished(failedFully('b'));
       await pause(300);
       session.attemptFinished({ ...failed('a'), status: 'passed' });
       await session.close();`,
    ]);
    expect(evidence).toMatchObject({ counts: { hard: 1, contradicted: 1 }, tests: [{ name: 'S > b' }] });
  });

  it('leaves out who is muted, and names them', async () => {
    const { evidence, annotations } = await runScriptsInJob([
      `const session = open({ muted: ['S quiet'] });
       session.attemptFinished(failedFully('quiet'));
       await pause(200);
       session.attemptFinished(failedFully('loud'));
       await session.close();`,
    ]);
    expect(evidence).toMatchObject({
      ...{ counts: { hard: 1, muted: 1 }, tests: [{ name: 'S > loud' }], tests_omitted: 0 },
      muted_tests: ['S > quiet'],
    });
    expect(annotations.at(-1)?.body).toContain('Muted: S &#62; quiet');
  });

  it('annotates nothing while nothing is certain, and tells why in the file', async () => {
    const { evidence, annotations } = await runScriptsInJob([
      `const session = open({ threshold: 2 });
       session.attemptFinished(failedFully('a'));
       await session.close();
       process.exitCode = 1;`,
    ]);
    expect(annotations).toEqual([]);
    expect(evidence).toMatchObject({
      ...{ promise: null, held: { because: 'below the threshold', by: null }, exit_status: 1 },
    });
    expect(problemsOf(evidence)).toEqual([]);
  });

  it('is shown also where Buildkite refuses the promise', async () => {
    const { evidence, annotations } = await runScriptsInJob(
      [`const session = open({}); session.attemptFinished(failedFully('a')); await session.close();`],
      { faults: [{ status: 404, body: '{"message":"no"}' }, {}] },
    );
    expect(annotations.at(-1)?.body).toContain('Not promised: Buildkite refused it');
    expect(evidence).toMatchObject({ promise: null, held: { because: 'Buildkite refused it' } });
  });

  it('sends nothing of a run that is cancelled', async () => {
    const { annotations } = await runScriptsInJob([
      `const session = open({ threshold: 2 });
       session.attemptFinished(failedFully('a'));
       session.cancelled();
       session.attemptFinished(failedFully('b'));
       await session.close();`,
    ]);
    expect(annotations).toEqual([]);
  });
});

describe('200 failures in 8 processes', () => {
  it('are told of also by a process that has nothing to promise itself', async () => {
    const script = (name: string, threshold: number, ms: number) => `
      await pause(${ms});
      const session = createSession({ runner: 'jest', options: { threshold: ${threshold} }, exitStatus: 1, rootDir: '/${name}' });
      session.attemptFinished(failedFully('${name}'));
      await pause(300);
      await session.close();`;
    const { shown, stderr } = await runScriptsInJob([script('sure', 1, 0), script('held', 50, 1200)]);
    expect(stderr).toContain('nothing promised: below the threshold');
    expect(shown).toHaveLength(1);
    expect(shown[0]?.body).toMatch(/2 failed for good/);
    expect(shown[0]?.body).toContain('S &#62; held');
  });

  it('are one annotation, right, bounded and sent one update at a time', async () => {
    const script = (number: number) => `
      const session = createSession({ runner: 'jest', options: {}, exitStatus: 1, rootDir: '/project${number}' });
      for (let at = 0; at < 25; at++) {
        session.attemptFinished(failedFully('p${number} t' + at));
        if (at % 5 === 0) await pause(20);
      }
      await session.close();
      process.exitCode = 1;`;
    const scripts = Array.from({ length: 8 }, (_, number) => script(number));
    const { ends, annotations, shown, evidence, stderr } = await runScriptsInJob(scripts, {
      env: { PROMISE_FAILURE_DRAIN_TIMEOUT_MS: '30000' },
      faults: [{ delayMs: 50 }],
    });
    expect(ends.map(({ code }) => code)).toEqual(ends.map(() => 1));
    expect(lines(stderr, 'warning')).toEqual([]);
    expect(shown).toHaveLength(1);
    expect(shown[0]?.body).toContain('**200 failed for good**');
    expect(shown[0]?.body.split('<summary>')).toHaveLength(51);
    expect(shown[0]?.body).toContain('… and 150 more tests.');
    expect(shown[0]?.body).toMatch(/before the tests ended|the tests ended/);
    // A process sends at most at its promise and at its end; updates under way are 50 ms apart at least.
    expect(annotations.length).toBeLessThanOrEqual(16);
    const gaps = annotations.slice(1).map(({ at }, index) => at - (annotations[index]?.at ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(45);
    expect(evidence).toMatchObject({ counts: { hard: 200 }, tests_omitted: 0, exit_status: 1 });
    expect(new Set(evidence?.tests.map(({ name }) => name)).size).toBe(200);
    expect(evidence?.runs).toHaveLength(8);
    expect(problemsOf(evidence)).toEqual([]);
  });
});

describe('what tests say', () => {
  it('is shown without secrets, whole, in colours or cut, in titles, messages and commands', async () => {
    const secrets = {
      SHOP_PASSWORD: 'hunter2.and+more',
      SHOP_PRIVATE_KEY: `-----BEGIN KEY-----\n${'MIIBVQIBADANBg\n'.repeat(200)}-----END KEY-----`,
    };
    const { evidence, annotations, stderr } = await runScriptsInJob(
      [
        `const { SHOP_PASSWORD: password, SHOP_PRIVATE_KEY: key } = process.env;
         const coloured = password.slice(0, 5) + '\\u001b[7m' + password.slice(5) + '\\u001b[27m';
         const session = open({});
         session.attemptFinished(failedFully('with ' + password, { message: 'x'.repeat(1400) + key }));
         session.attemptFinished(failedFully('b', { message: 'x'.repeat(8190) + password, project: password }));
         session.attemptFinished(failedFully('c', { message: coloured }));
         session.attemptFinished(failedFully('d', { message: 'y' }, { file: '/' + password + '/a.test.js' }));
         session.runFailed({ kind: 'hook', message: password, where: password });
         await session.close();`,
      ],
      { env: secrets },
    );
    const told = [stderr, JSON.stringify(evidence), ...annotations.map(({ body }) => body)].join('\n');
    for (const piece of ['hunter2', 'and+more', 'and\\\\+more', 'MIIBVQ', 'BEGIN KEY']) {
      expect(told).not.toContain(piece);
    }
    expect(evidence?.tests[0]).toMatchObject({
      name: 'S > with [REDACTED]',
      rerun: { command: expect.stringMatching(/'\^S with \.\*\$'$/) },
    });
    expect(evidence?.tests[2]?.message).toBe('[REDACTED]');
  });

  it('costs no memory to speak of, though 200 messages of 10 MB are told', async () => {
    const { evidence, annotations, ends } = await runScriptsInJob(
      [
        `const session = open({});
         for (let at = 0; at < 200; at++) {
           const message = Buffer.alloc(10_000_000, 'line ' + at + '\\n').toString();
           session.attemptFinished(failedFully('t' + at, { message }));
         }
         await session.close();
         process.exitCode = 1;`,
      ],
      { env: { NODE_OPTIONS: '--max-old-space-size=150', PROMISE_FAILURE_DRAIN_TIMEOUT_MS: '30000' } },
    );
    expect(ends[0]?.code, ends[0]?.stderr).toBe(1);
    expect(evidence?.tests).toHaveLength(200);
    expect(evidence?.tests[7]?.message?.length).toBeLessThan(200);
    expect(Buffer.byteLength(annotations.at(-1)?.body ?? '')).toBeLessThan(1_000_000);
  });

  it('is shown as it is, HTML, Markdown and colours in titles among it', async () => {
    const titles = [
      '</summary></details><h1>big</h1>',
      '**bold** _it_ `code` [y](http://z) ~~s~~ | a | www.evil.example :smile: <http://z>',
      '<!-- comment',
      '- item',
      '\u001b[31mred\u001b[39m',
    ];
    const message = 'a\n\n</code></pre><h1>b</h1>\n\n# c\n\n<script>alert(1)</script>\n<!--\n```\nd';
    const { html } = await runScriptsInJob([
      `const session = open({});
       for (const title of ${JSON.stringify(titles)}) {
         session.attemptFinished(failedFully(title, { message: ${JSON.stringify(message)} }, { titlePath: [title] }));
       }
       await session.close();`,
    ]);
    const texts = (tag: string) =>
      [...html.matchAll(new RegExp(`<${tag}>(.*?)</${tag}>`, 'gs'))].map(([, text = '']) => decode(text));
    expect(texts('b')).toEqual(titles.map((title) => stripVTControlCharacters(title)));
    expect(html.match(/<details open>/g)).toHaveLength(titles.length);
    expect(texts('pre').slice(0, -1)).toEqual(titles.map(() => `<code>${message}</code>`));
    // One of ours leads to the job.
    expect(html.match(/<a /g)).toHaveLength(1);
    expect(html).not.toMatch(/<(h1|em|del|ul|img|script|table)/);
  });
});

/** What a browser makes of character references; elements stay. */
function decode(html: string): string {
  const named: Readonly<Record<string, string>> = { '&lt;': '<', '&gt;': '>', '&amp;': '&', '&quot;': '"' };
  return html.replaceAll(/&(lt|gt|amp|quot);|&#(\d+);/g, (reference, _name, code: string | undefined) =>
    code === undefined ? (named[reference] ?? reference) : String.fromCodePoint(Number(code)),
  );
}

describe('trouble with the evidence', () => {
  const failing = `const session = open({}); session.attemptFinished(failedFully('a')); await session.close(); process.exitCode = 1;`;

  it.each([
    ['is refused', [{}, { status: 403, body: '{"message":"not yours"}' }], /403: not yours$/],
    ['is told that it is too much', [{}, { status: 422, body: 'too long' }], /422: too long$/],
    ['fails on the way', [{}, { status: 502, body: '<html>bad gateway</html>' }], /502: <html>bad gateway/],
  ])('is one line, and nothing else, where the annotation %s', async (_what, faults, message) => {
    const { ends, stderr, evidence } = await runScriptsInJob([failing], { faults });
    expect(ends[0]?.code).toBe(1);
    expect(lines(stderr, 'warning')).toEqual([
      expect.stringMatching(/warning: the annotation could not be made/),
    ]);
    expect(lines(stderr, 'warning')[0]).toMatch(message);
    expect(stderr).toContain('promised exit status 1 (by Job API)');
    expect(evidence).toMatchObject({ promise: { exit_status: 1 }, exit_status: 1 });
  });

  it('asks no more after a refusal that will not change', async () => {
    const { annotations } = await runScriptsInJob(
      [
        `const session = open({});
         session.attemptFinished(failedFully('a'));
         await pause(500);
         session.attemptFinished(failedFully('b'));
         await session.close();`,
      ],
      { faults: [{}, { status: 403 }] },
    );
    expect(annotations).toHaveLength(1);
  });

  it('holds the end no longer than the drain timeout where the server is silent', async () => {
    const { ends, stderr, evidence } = await runScriptsInJob(
      [`const startedAt = Date.now(); ${failing} console.log(Date.now() - startedAt);`],
      { faults: [{}, { hang: 'request' }], env: { PROMISE_FAILURE_DRAIN_TIMEOUT_MS: '3000' } },
    );
    expect(Number(ends[0]?.stdout)).toBeLessThan(6000);
    expect(lines(stderr, 'warning')).toEqual([
      'promise-failure: warning: the annotation has no answer after 2400 ms; the run ends without waiting for it',
    ]);
    expect(evidence).toMatchObject({ exit_status: 1, promise: { exit_status: 1 } });
  });

  it('takes the command of the agent where the Agent API cannot be reached', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'pf-agent-'));
    try {
      const script = `#!/bin/sh\necho "$@" > ${folder}/args\ncat > ${folder}/body\n`;
      writeFileSync(join(folder, 'buildkite-agent'), script, { mode: 0o755 });
      const { ends } = await runScriptsInJob([failing], {
        env: { BUILDKITE_AGENT_ENDPOINT: 'http://127.0.0.1:9', PATH: `${folder}:${process.env.PATH}` },
      });
      expect(ends[0]?.code).toBe(1);
      expect(readFileSync(join(folder, 'args'), 'utf8')).toMatch(
        /^annotate --style error --context promise-failure-[0-9a-f-]{36}\n$/,
      );
      expect(readFileSync(join(folder, 'body'), 'utf8')).toContain('**1 failed for good**');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('tells both ways where none is open', async () => {
    const { stderr } = await runScriptsInJob([failing], {
      env: { BUILDKITE_AGENT_ENDPOINT: 'http://127.0.0.1:9', PATH: '/nowhere', BUILDKITE_BIN_PATH: '' },
      through: [process.execPath, '-e', spawnRest, '--'],
    });
    expect(lines(stderr, 'annotation')).toEqual([
      expect.stringMatching(/Agent API: .*ECONNREFUSED.*; buildkite-agent: there is no such command here$/),
    ]);
  });

  it.each([
    ['a folder that cannot be made', '/proc/none/evidence.json'],
    ['a file in place of a folder', '/dev/null/evidence.json'],
  ])('is one line where the path leads to %s', async (_what, path) => {
    const { ends, stderr, annotations } = await runScriptsInJob([failing], {
      env: { PROMISE_FAILURE_EVIDENCE: path },
    });
    expect(ends[0]?.code).toBe(1);
    expect(lines(stderr, 'warning')).toEqual([
      expect.stringMatching(`the evidence cannot be written to ${path}: `),
    ]);
    expect(annotations.length).toBeGreaterThan(0);
  });

  it('leaves the last whole file where the disk has no room for the next', async () => {
    const limited = ['/bin/sh', '-c', `trap '' XFSZ; ulimit -f 8; exec "$@"`, 'sh'];
    const { ends, stderr, evidence, files } = await runScriptsInJob(
      [
        `const session = open({});
         session.attemptFinished(failedFully('a'));
         await pause(1500);
         for (let at = 0; at < 50; at++) session.attemptFinished(failedFully('t' + at));
         await session.close();
         process.exitCode = 1;`,
      ],
      { through: limited },
    );
    expect(ends[0]?.code).toBe(1);
    expect(problemsOf(evidence)).toEqual([]);
    expect(evidence?.tests.length).toBeLessThan(50);
    expect(files.filter((path) => path.includes('draft'))).toEqual([]);
    expect(lines(stderr, 'the evidence cannot be written')).toHaveLength(1);
  });

  it('shows what this process knows where the folder of the job cannot be used', async () => {
    const { ends, stderr, shown, evidence } = await runScriptsInJob([failing], {
      env: { TMPDIR: '/proc/none' },
    });
    expect(ends[0]?.code).toBe(1);
    expect(shown).toHaveLength(1);
    expect(evidence?.tests).toHaveLength(1);
    expect(lines(stderr, "the job's folder cannot be used")).toHaveLength(1);
  });
});

/** Starts what follows with an empty PATH, though itself it was found. */
const spawnRest = `
  const [command, ...args] = process.argv.slice(1);
  process.exitCode = require('node:child_process').spawnSync(command, args, { stdio: 'inherit' }).status;`;

describe('a shadow run', () => {
  const failing = `const session = open({}); session.attemptFinished(failedFully('a')); await pause(1500); await session.close(); process.exitCode = 1;`;

  it('keeps what it would have promised, and sends nothing', async () => {
    const run = await runScriptsInJob([failing], { env: { PROMISE_FAILURE: 'dry-run' } });
    expect(run.requests).toEqual([]);
    expect(run.evidence).toMatchObject({
      ...{ dry_run: true, exit_status: 1, job: { id: run.jobId } },
      promise: { exit_status: 1, channel: 'dry run', outcome: 'dry run' },
    });
    expect(run.evidence?.promise?.head_start_ms).toBeGreaterThan(100);
    expect(problemsOf(run.evidence)).toEqual([]);
  });

  it('counts over the processes of a job as a promise would', async () => {
    const script = (name: string, ms: number) => `
      await pause(${ms});
      const session = open({ threshold: 2 });
      session.attemptFinished(failedFully('${name}'));
      await session.close();`;
    const { evidence, stderr } = await runScriptsInJob([script('a', 0), script('b', 700)], {
      env: { PROMISE_FAILURE: 'dry-run' },
    });
    expect(stderr).toContain('would promise exit status 1');
    expect(evidence).toMatchObject({ promise: { outcome: 'dry run' }, counts: { hard: 2 } });
  });

  it('awaits the further runs of a wrapper as a promise would', async () => {
    const script = (ms: number) => `
      await pause(${ms});
      const session = open({ outerRetries: 1 });
      session.attemptFinished(failedFully('a'));
      await session.close();`;
    const { evidence } = await runScriptsInJob([script(0), script(1500)], {
      env: { PROMISE_FAILURE: 'dry-run' },
    });
    expect(evidence?.runs.map(({ held, promise }) => held?.because ?? promise?.outcome)).toEqual([
      'a further run of the runner may pass',
      'dry run',
    ]);
    expect(evidence?.tests).toMatchObject([{ name: 'S > a', attempts: 4 }]);
  });

  it('keeps one file for each job in a folder', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'pf-shadow-'));
    try {
      const env = { PROMISE_FAILURE: 'dry-run', PROMISE_FAILURE_EVIDENCE: join(folder, 'month') };
      const one = await runScriptsInJob([failing, failing.replace("'a'", "'b'")], { env });
      const two = await runScriptsInJob([failing], { env });
      const files = readdirSync(join(folder, 'month'));
      expect(files.sort()).toEqual([one.jobId, two.jobId].map((id) => `${id}-dry-run.json`).sort());
      const shared = JSON.parse(readFileSync(join(folder, 'month', `${one.jobId}-dry-run.json`), 'utf8'));
      expect(shared.runs).toHaveLength(2);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('keeps one file for each run outside of a job', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'pf-shadow-'));
    try {
      const env = { PROMISE_FAILURE: 'dry-run', PROMISE_FAILURE_EVIDENCE: folder };
      await runScriptsInJob([failing, failing], { env, inJob: false });
      const documents = readdirSync(folder).map((name) =>
        JSON.parse(readFileSync(join(folder, name), 'utf8')),
      );
      expect(documents).toHaveLength(2);
      for (const document of documents) {
        expect(document).toMatchObject({ dry_run: true, job: null, exit_status: 1 });
        expect(problemsOf(document)).toEqual([]);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('the schema of the evidence', () => {
  it('describes its own example', () => {
    expect(examplesInSchema()).not.toEqual([]);
    for (const example of examplesInSchema()) expect(problemsOf(example)).toEqual([]);
  });

  it('refuses what is no evidence', () => {
    const [example] = examplesInSchema();
    expect(problemsOf({ ...example, version: 2 })).not.toEqual([]);
    expect(problemsOf({ ...example, tests: [{ name: 'a' }] })).not.toEqual([]);
  });
});
