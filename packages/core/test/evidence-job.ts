import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type FaultScript,
  type RecordedRequest,
  type Simulator,
  startSimulator,
} from '@promise-failure/simulator';
import { startRestApi } from '@promise-failure/simulator/rest';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import type { EvidenceDocument } from '../src/evidence/document.ts';
import { type Outcome, runScript } from './child.ts';

const schema = JSON.parse(
  readFileSync(new URL('../evidence.schema.json', import.meta.url), 'utf8'),
) as object;
const ajv = new Ajv2020({ allErrors: true, strictTypes: false });
formats.default(ajv);
const validate = ajv.compile(schema);

/** What is wrong with a document by the schema that ships; empty where nothing is. */
export function problemsOf(document: unknown): string[] {
  validate(document);
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

export const examplesInSchema = (): readonly EvidenceDocument[] =>
  (schema as { examples: EvidenceDocument[] }).examples;

/** Names that a script finds beside those of every script: a failure with all that a runner can tell. */
const prelude = `
  const failedFully = (id, detail = {}, test = {}) => ({
    ...failed(id),
    test: { scope: 'S', name: id, file: process.cwd() + '/test/a.test.js', titlePath: ['S', id], ...test },
    detail: () => ({ message: 'expected 1 to be 2', line: 3, column: 5, attempts: 2, ...detail }),
  });
  const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
`;

export interface JobTrial {
  readonly env?: Readonly<Record<string, string>>;
  /** What each call of the Agent API meets: the promise's, where the Job API asks there, is the first. */
  readonly faults?: readonly FaultScript[];
  readonly through?: readonly string[];
  readonly inJob?: boolean;
}

export interface JobTrialEnd {
  readonly ends: readonly Outcome[];
  readonly stderr: string;
  readonly annotations: readonly SentAnnotation[];
  readonly requests: readonly RecordedRequest[];
  /** The annotations that the build has in the end. */
  readonly shown: readonly { readonly context: string; readonly style: string; readonly body: string }[];
  /** The last annotation as HTML, as a page of the build shows it. */
  readonly html: string;
  readonly promisedAt: number | undefined;
  readonly evidence: EvidenceDocument | undefined;
  /** Paths of all files below the folder of the trial. */
  readonly files: readonly string[];
  readonly jobId: string;
}

interface SentAnnotation {
  readonly at: number;
  readonly body: string;
  readonly context: string;
  readonly style: string;
}

async function renderLast({ model, build }: Simulator): Promise<string> {
  const place = { organization: 'acme', pipeline: 'shop' };
  const api = await startRestApi({ ...place, model });
  try {
    const path = `/organizations/acme/pipelines/shop/builds/${build.number}/annotations`;
    const headers = { authorization: `Bearer ${api.token}` };
    const annotations = (await (await fetch(api.url + path, { headers })).json()) as { body_html: string }[];
    return annotations.at(-1)?.body_html ?? '';
  } finally {
    await api.close();
  }
}

/** Runs scripts at the same time in one job, with the annotation and the file wanted. */
export async function runScriptsInJob(
  scripts: readonly string[],
  { env = {}, faults = [], through = [], inJob = true }: JobTrial = {},
): Promise<JobTrialEnd> {
  const folder = mkdtempSync(join(tmpdir(), 'pf-evidence-'));
  mkdirSync(join(folder, 'tmp'));
  const file = join(folder, 'evidence.json');
  const simulator = await startSimulator({ upstreamWaitsMs: [20, 20] });
  const job = await simulator.createJob({ label: 'Unit', agentApi: { faults, repeatLast: true } });
  const all = {
    ...(inJob && job.processEnv({ PATH: process.env.PATH })),
    TMPDIR: join(folder, 'tmp'),
    PROMISE_FAILURE: 'true',
    PROMISE_FAILURE_ANNOTATE: 'true',
    PROMISE_FAILURE_EVIDENCE: file,
    ...env,
  };
  try {
    const ends = await Promise.all(scripts.map((script) => runScript(prelude + script, all, through)));
    const requests = job.agentApi.requests;
    const shown = simulator.build.annotations;
    return {
      ends,
      stderr: ends.map(({ stderr }) => stderr).join(''),
      annotations: requests
        .filter(({ path }) => path.endsWith('/annotations'))
        .map(({ at, body }) => ({ at, ...(JSON.parse(body) as Omit<SentAnnotation, 'at'>) })),
      requests,
      shown: [...shown],
      html: shown.length === 0 ? '' : await renderLast(simulator),
      promisedAt: job.promises[0]?.at,
      evidence: existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as EvidenceDocument) : undefined,
      files: readdirSync(folder, { recursive: true, encoding: 'utf8' }),
      jobId: job.job.id,
    };
  } finally {
    await simulator.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
