import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

type Json = Record<string, unknown>;

/** A build or a job as Buildkite writes it: what a test does not set is absent. */
export interface HandMadeBuild extends Json {
  readonly number: number;
  state: string;
  jobs: Json[];
}

export interface HandMade {
  readonly url: string;
  readonly builds: Map<number, HandMadeBuild>;
  readonly requests: { readonly method: string; readonly path: string; readonly body: unknown }[];
  /** Instead of what the builds give, by the path from `/builds` on, without its query. */
  readonly answers: Map<string, unknown>;
  /** Artifacts by their ids; each is at an address of its own, to which its download leads. */
  readonly files: Map<string, unknown>;
  /** The authorizations that came with requests for files. */
  readonly filesAskedWith: (string | undefined)[];
  /** Sent with every answer. */
  headers: Record<string, string>;
  /** What stands between a request and its answer, which a test can hold back or refuse. */
  gate: (request: { readonly method: string; readonly path: string }) => Promise<number> | number;
}

/** Answers as Buildkite's REST API does for builds that a test makes by hand, of any state it wants. */
export async function startHandMade(...builds: HandMadeBuild[]): Promise<HandMade> {
  const made: HandMade = {
    ...{ url: '', builds: new Map(builds.map((build) => [build.number, build])), requests: [], headers: {} },
    ...{ answers: new Map(), files: new Map(), filesAskedWith: [] },
    gate: () => 200,
  };
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body: unknown = chunks.length > 0 ? JSON.parse(Buffer.concat(chunks).toString()) : undefined;
    const seen = { method: request.method ?? '', path: request.url ?? '', body };
    if (seen.path.startsWith('/storage/')) {
      made.filesAskedWith.push(request.headers.authorization);
      response.end(JSON.stringify(made.files.get(seen.path.slice('/storage/'.length))));
      return;
    }
    made.requests.push(seen);
    const [, artifact] = /\/artifacts\/([^/]+)\/download$/.exec(seen.path) ?? [];
    if (artifact !== undefined) {
      const location = `${made.url.replace(/\/v2$/, '')}/storage/${artifact}`;
      response.writeHead(302, { location }).end(JSON.stringify({ url: location }));
      return;
    }
    const status = await made.gate(seen);
    const answer = status === 200 ? answerTo(made, seen) : { message: `refused with ${status}` };
    response.writeHead(answer === undefined ? 404 : status, made.headers).end(JSON.stringify(answer ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  return Object.assign(made, { url: `http://127.0.0.1:${port}/v2` });
}

/** A build of acme/app. */
export function makeBuild(number: number, state: string, more: Json = {}, jobs: Json[] = []): HandMadeBuild {
  const web_url = `https://buildkite.com/acme/app/builds/${number}`;
  return { ...{ number, state, jobs, blocked: false, web_url, meta_data: {} }, ...more };
}

/** A script job. */
export function makeJob(id: string, state: string, more: Json = {}): Json {
  return { ...{ id, state, name: id, type: 'script', soft_failed: false, exit_status: null }, ...more };
}

function answerTo(made: HandMade, { method, path, body }: HandMade['requests'][number]): unknown {
  const { pathname, searchParams } = new URL(path, 'http://rest');
  const given = made.answers.get(pathname.slice(pathname.indexOf('/builds')));
  if (given !== undefined) return given;
  if (/\/(annotations|artifacts)$/.test(pathname)) return [];
  const [, number, jobs] = /\/builds(?:\/(\d+)(\/jobs)?)?/.exec(pathname) ?? [];
  if (number === undefined) return method === 'POST' ? create(made, body as Json) : list(made, searchParams);
  const build = made.builds.get(Number(number));
  if (build === undefined || jobs === undefined) return build && { ...build, jobs: undefined };
  const states = searchParams.getAll('state[]');
  const items = build.jobs.filter(
    (job) => isListed(job, states) && !(searchParams.get('include_retried_jobs') === 'false' && job.retried),
  );
  return { items, links: {} };
}

/** `failed` lists running jobs with a promise, too; states that time ended are their own. */
function isListed({ state, promised_exit_status: promised }: Json, states: readonly string[]): boolean {
  return states.includes(String(state)) || (state === 'running' && !!promised && states.includes('failed'));
}

function create(made: HandMade, body: Json): unknown {
  const build = makeBuild(made.builds.size + 1, 'scheduled', {
    meta_data: body.meta_data,
    branch: body.branch,
  });
  made.builds.set(build.number, build);
  return build;
}

function list(made: HandMade, query: URLSearchParams): unknown {
  const wanted = [...query].flatMap(([name, value]) => {
    const key = /^meta_data\[(.*)\]$/.exec(name)?.[1];
    return key === undefined ? [] : [[key, value]];
  });
  const branch = query.get('branch');
  return [...made.builds.values()].reverse().filter((build) => {
    const metaData = build.meta_data as Json;
    const isIt = wanted.every(([key, value]) => metaData[String(key)] === value);
    return isIt && (branch === null || build.branch === branch);
  });
}
