import { createHash, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { parse as parseYaml } from 'yaml';

type Env = Readonly<Record<string, string | undefined>>;

/** What a command of a job works with. */
export interface CommandIo {
  readonly env: Env;
  /** One line of the log. */
  readonly log: (line: string) => void;
  /** What belongs on stdout. */
  readonly out: (text: string) => void;
}

const options = {
  style: { type: 'string' },
  context: { type: 'string' },
  append: { type: 'boolean' },
  priority: { type: 'string' },
  scope: { type: 'string' },
  default: { type: 'string' },
  audience: { type: 'string' },
  lifetime: { type: 'string' },
  replace: { type: 'boolean' },
  'no-interpolation': { type: 'boolean' },
} as const;

/**
 * Stands in for `annotate`, `annotation remove`, `artifact upload`, `meta-data`, `oidc request-token` and `pipeline upload`; resolves with
 * the exit status, or undefined for a command that it does not know. Source: buildkite/agent clicommand/.
 */
export async function runJobCommand(argv: readonly string[], io: CommandIo): Promise<number | undefined> {
  const { values: flags, positionals } = parseArgs({ args: [...argv], options, allowPositionals: true });
  const [group, action, ...rest] = positionals;
  const { context, style, append, scope } = flags;
  switch (`${group} ${action}`) {
    case 'annotation remove':
      return await done(
        io,
        'DELETE',
        `annotations/${encodeURIComponent(context ?? 'default')}?scope=${scope ?? 'build'}`,
      );
    case 'meta-data set':
      return await done(io, 'POST', 'data/set', { key: rest[0], value: rest[1] ?? readFileSync(0, 'utf8') });
    case 'meta-data get': {
      const { status, body } = await call(io, 'POST', 'data/get', { key: rest[0] });
      const value = status === 404 ? flags.default : body.value;
      if (value === undefined) return fatal(io, body.message);
      io.out(String(value));
      return 0;
    }
    case 'meta-data exists': {
      const { status, body } = await call(io, 'POST', 'data/exists', { key: rest[0] });
      if (status >= 400) return fatal(io, body.message);
      return body.exists === true ? 0 : 100;
    }
    case 'meta-data keys': {
      const { body } = await call(io, 'POST', 'data/keys');
      for (const key of Object.values(body)) io.out(`${key}\n`);
      return 0;
    }
    case 'oidc request-token': {
      const request = {
        audience: flags.audience,
        ...(flags.lifetime && { lifetime: Number(flags.lifetime) }),
      };
      const { status, body } = await call(io, 'POST', 'oidc/tokens', request);
      if (status >= 400) return fatal(io, body.message);
      io.out(`${body.token}\n`);
      return 0;
    }
    case 'artifact upload':
      return await uploadArtifacts(io, rest[0] ?? '');
    case 'pipeline upload': {
      const text = readFileSync(rest[0] ?? 0, 'utf8');
      return await done(io, 'POST', 'pipelines', {
        uuid: randomUUID(),
        pipeline: parseYaml(text),
        replace: flags.replace,
      });
    }
  }
  if (group !== 'annotate') return undefined;
  const body = action ?? readFileSync(0, 'utf8');
  const priority = flags.priority === undefined ? {} : { priority: Number(flags.priority) };
  return await done(io, 'POST', 'annotations', { body, context, style, append, scope, ...priority });
}

/** Paths as they are, several with `;` between them: globs are the real agent's. */
async function uploadArtifacts(io: CommandIo, paths: string): Promise<number> {
  const files = paths.split(';').map((path) => ({ path: path.trim(), bytes: readFileSync(path.trim()) }));
  const announced = files.map(({ path, bytes }) => ({
    ...{ path, glob_path: paths, absolute_path: resolve(path), file_size: bytes.length },
    sha1sum: createHash('sha1').update(bytes).digest('hex'),
    sha256sum: createHash('sha256').update(bytes).digest('hex'),
  }));
  const { status, body } = await call(io, 'POST', 'artifacts', { id: randomUUID(), artifacts: announced });
  if (status >= 400) return fatal(io, body.message);
  const { artifact_ids: ids, per_artifact_instructions: instructions } = body as unknown as Batch;
  for (const [index, id] of ids.entries()) {
    const content = files[index]?.bytes.toString('base64');
    const failed = await done(io, 'PUT', `artifacts/${instructions[id]?.data.key}`, { content });
    if (failed !== 0) return failed;
  }
  io.log(`INFO   Uploaded ${ids.length} artifacts`);
  return await done(io, 'PUT', 'artifacts', { artifacts: ids.map((id) => ({ id, state: 'finished' })) });
}

interface Batch {
  readonly artifact_ids: readonly string[];
  readonly per_artifact_instructions: Readonly<Record<string, { readonly data: { readonly key: string } }>>;
}

async function done(io: CommandIo, method: string, path: string, body?: unknown): Promise<number> {
  const answer = await call(io, method, path, body);
  return answer.status < 400 ? 0 : fatal(io, answer.body.message);
}

function fatal({ log }: CommandIo, message: unknown): number {
  log(`buildkite-agent: fatal: ${message}`);
  return 1;
}

async function call({ env }: CommandIo, method: string, path: string, body?: unknown) {
  const response = await fetch(`${env.BUILDKITE_AGENT_ENDPOINT}/jobs/${env.BUILDKITE_JOB_ID}/${path}`, {
    method,
    headers: {
      authorization: `Token ${env.BUILDKITE_AGENT_ACCESS_TOKEN}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const value = Object(await response.json().catch(() => ({}))) as Record<string, unknown>;
  return { status: response.status, body: value };
}
