import { describe, expect, it } from 'vitest';
import { createEvidenceReader } from '../src/index.ts';
import { annotation, evidenceDocument } from './annotation.ts';
import { makeBuild, startHandMade } from './hand-made.ts';
import { startBuild, startBuildkite } from './setup.ts';

describe('the evidence of a job', () => {
  it('is read from the annotation of its context, with tests, errors and commands', async () => {
    const { model, api } = await startBuildkite();
    const { id, number, job } = startBuild(model);
    const build = model.builds.get(number);
    if (build === undefined) throw new Error('no build');
    const reader = createEvidenceReader({ token: api.token, baseUrl: api.url });
    model.annotate(build, { body: annotation, context: 'of-somebody-else' });
    expect(await reader.read(id, job.id)).toBeUndefined();
    model.annotate(build, { body: annotation, context: `promise-failure-${job.id}`, style: 'error' });
    expect(await reader.read(id, job.id)).toEqual({
      ...{ source: 'annotation', testsOmitted: 3 },
      tests: [
        {
          ...{ name: 'Checkout > pays by card', file: 'packages/cart/test/checkout.test.js', line: 14 },
          ...{ runner: 'jest', attempts: 3 },
          message:
            'expect(received).toBe(expected) // Object.is equality\n\nExpected: "paid"\nReceived: "<b>declined</b>"',
        },
        {
          ...{ name: 'Cart > <b>adds</b> & `ticks`', file: 'packages/cart/test/cart.test.js' },
          ...{ runner: 'jest', project: 'web', attempts: 1 },
        },
      ],
      errors: [{ where: 'packages/cart/test/broken.test.js', message: 'SyntaxError: Unexpected token' }],
      rerun: [
        {
          folder: 'packages/cart',
          command: "npx jest --runTestsByPath test/checkout.test.js -t '^Checkout pays by card$'",
        },
        {
          folder: 'packages/cart',
          command: "npx jest --runTestsByPath test/cart.test.js -t '^Cart <b>adds</b> & `ticks`$'",
        },
        { folder: '.', command: 'npx playwright test ./a.spec.ts:3' },
      ],
    });
  });

  it('is read from its file where that is uploaded, which the token does not follow', async () => {
    const made = await startHandMade(makeBuild(1, 'failing'));
    const reader = createEvidenceReader({ token: 'secret', baseUrl: made.url });
    const artifact = (id: string, path: string, state = 'finished') => ({ id, path, state, file_size: 1000 });
    made.answers.set('/builds/1/jobs/j1/artifacts', [
      artifact('a0', 'logs/jest.json'),
      artifact('a1', 'evidence-of-something-else.json'),
      artifact('a2', 'out/evidence.json', 'new'),
      artifact('a3', 'out/evidence.json'),
      artifact('a4', 'out/evidence.json'),
    ]);
    made.files.set('a1', { version: 1, job: { id: 'another' }, tests: [] });
    made.files.set('a3', { ...evidenceDocument('j1'), updated_at: '2026-11-24T09:00:01Z', tests: [] });
    made.files.set('a4', { ...evidenceDocument('j1'), updated_at: '2026-11-24T09:00:02Z' });
    expect(await reader.read('acme/app/1', 'j1')).toMatchObject({
      ...{ source: 'artifact', testsOmitted: 2 },
      tests: [
        {
          ...{ name: 'Checkout > pays by card', file: 'packages/cart/test/checkout.test.js', line: 14 },
          ...{ attempts: 3, message: 'Expected: "paid"', rerun: { folder: 'packages/cart' } },
        },
      ],
      errors: [{ where: 'hook', message: 'no database' }],
    });
    const asked = made.requests.map(({ path }) => path).filter((path) => path.includes('download'));
    expect(asked).toHaveLength(3);
    expect(made.filesAskedWith).toEqual([undefined, undefined, undefined]);
  });

  it('is read from the annotation by a token that may not read artifacts', async () => {
    const made = await startHandMade(makeBuild(1, 'failing'));
    made.gate = ({ path }) => (path.includes('artifacts') ? 403 : 200);
    const reader = createEvidenceReader({ token: 't', baseUrl: made.url });
    expect(await reader.read('acme/app/1', 'j1')).toBeUndefined();
    const body_html = '<details><summary><b>it</b><br><code>a.js:3</code> vitest</summary></details>';
    made.answers.set('/builds/1/annotations', [{ context: 'promise-failure-j1', body_html }]);
    expect(await reader.read('acme/app/1', 'j1')).toMatchObject({
      tests: [{ name: 'it', file: 'a.js', line: 3, runner: 'vitest' }],
    });
  });
});
