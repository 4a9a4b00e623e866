import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { startLocalBuildkite } from '../src/server/local-buildkite.ts';

const python = process.env.PYBUILDKITE_PYTHON;
if (python === undefined)
  console.warn('PYBUILDKITE_PYTHON names no Python with pybuildkite: that client is not tried.');

const script = `
import json, sys, time
from pybuildkite.buildkite import Buildkite
url, token = sys.argv[1:3]
buildkite = Buildkite()
buildkite.base_url = url + '/v2/'
buildkite.set_access_token(token)
build = buildkite.builds().create_build('acme', 'shop', 'HEAD', 'main', message='from Python')
for _ in range(200):
    build = buildkite.builds().get_build_by_number('acme', 'shop', build['number'])
    if build['finished_at']: break
    time.sleep(0.05)
job = build['jobs'][0]
print(json.dumps({
    'state': build['state'], 'message': build['message'],
    'listed': len(buildkite.builds().list_all_for_pipeline('acme', 'shop')),
    'organizations': [one['slug'] for one in buildkite.organizations().list_all()],
    'pipelines': [one['slug'] for one in buildkite.pipelines().list_pipelines('acme')],
    'log': buildkite.jobs().get_job_log('acme', 'shop', build['number'], job['id']).decode().strip(),
    'annotations': buildkite.annotations().list_annotations('acme', 'shop', build['number']),
    'retried': buildkite.jobs().retry_job('acme', 'shop', build['number'], job['id'])['name'],
}))
`;

describe.runIf(python !== undefined)('pybuildkite', () => {
  test('creates, reads, lists and retries', { timeout: 60_000 }, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'pf-py-'));
    const steps = [{ label: 'Tests', command: 'echo hello; exit 1' }];
    await writeFile(join(folder, 'p.yml'), JSON.stringify({ steps }));
    await writeFile(join(folder, 'client.py'), script);
    const machineEnv = process.env;
    const file = join(folder, 'p.yml');
    const server = await startLocalBuildkite({
      port: 0,
      file,
      cwd: folder,
      logFolder: folder,
      machineEnv,
      say: () => {},
    });
    try {
      const { stdout } = await promisify(execFile)(python ?? '', [
        join(folder, 'client.py'),
        server.url,
        server.tokens.api,
      ]);
      expect(JSON.parse(stdout)).toEqual({
        state: 'failed',
        message: 'from Python',
        listed: 1,
        organizations: ['acme'],
        pipelines: ['shop'],
        log: 'hello',
        annotations: [],
        retried: 'Tests',
      });
    } finally {
      await server.close();
      await rm(folder, { recursive: true, force: true });
    }
  });
});
