import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { openJob } from '../../harness/job.ts';
import { type ConfiguredRunner, e2eFolder, findRunner, runners } from '../../harness/runners.ts';

/** One run that failed and was promised. */
export interface HeadStart {
  /** Time from the promise's arrival to the end of the run, as a share of the run: 0 to 1. */
  readonly share: number;
  readonly runMs: number;
}

/** Runs the suite of a checkout inside a job. Throws unless it fails and was promised. */
export async function measureHeadStart(
  runner: ConfiguredRunner,
  dir: string,
  extra: Readonly<Record<string, string>>,
): Promise<HeadStart> {
  const job = await openJob(() => {});
  try {
    const bin = join(findRunner(runner, e2eFolder).folder, runners[runner].bin);
    const machine = { PATH: process.env.PATH, HOME: process.env.HOME, NO_COLOR: '1' };
    const env = { ...job.processEnv(machine), CI: 'true', PROMISE_FAILURE: 'true', ...extra };
    const startedAt = Date.now();
    const child = spawn(process.execPath, [bin, ...runners[runner].args], {
      cwd: dir,
      stdio: ['ignore', 'ignore', 'pipe'],
      env,
    });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
    const code = await new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    const endedAt = Date.now();
    const [promise] = job.promises;
    if (code !== 1 || promise === undefined)
      throw new Error(`${runner} in ${dir} exited with ${code}\n${said}`);
    const runMs = endedAt - startedAt;
    return { share: (endedAt - promise.at) / runMs, runMs };
  } finally {
    await job.close();
  }
}
