import { stripVTControlCharacters } from 'node:util';
import type { Context } from 'hono';
import { logHtml } from '../logs/log-html.ts';
import { timeOf, withoutMarks } from '../logs/marks.ts';
import type { Job } from '../model/types.ts';
import { buildUrl, type PipelinePlace } from './place.ts';
import { Refusal } from './reply.ts';

/**
 * A job's log as `Accept` or the address asks for it: JSON, plain text whole or its last part, or HTML. HEAD tells the
 * size of what is stored. Source: buildkite/docs pages/apis/rest_api/jobs.md.
 */
export function answerLog(c: Context, job: Job, log: Buffer, place: PipelinePlace): Response {
  if (c.req.method === 'HEAD') return whole(log, plainType);
  const accept = c.req.header('accept') ?? '';
  const isPlain = c.req.path.endsWith('.txt') || accept.includes('text/plain');
  const range = c.req.header('range');
  if (range !== undefined) return answerPart(range, isPlain, log);
  if (isPlain) return whole(log, plainType);
  if (c.req.path.endsWith('.html') || accept.includes('text/html'))
    return whole(logHtml(log), 'text/html; charset=utf-8');
  const url = `${buildUrl(job.buildNumber, place)}/jobs/${job.id}/log`;
  const body = { url, content: log.toString('utf8'), size: log.length, header_times: headerTimes(log, job) };
  return whole(JSON.stringify(body), 'application/json; charset=utf-8');
}

const plainType = 'text/plain; charset=utf-8';

function answerPart(range: string, isPlain: boolean, log: Buffer): Response {
  if (!isPlain) throw new Refusal(400, 'Range requests need Accept: text/plain');
  const last = Number(/^bytes=-(\d+)$/.exec(range)?.[1] ?? 0);
  if (last === 0)
    throw new Refusal(400, `Only the last bytes can be asked for, as bytes=-100; found ${range}`);
  if (log.length === 0) return new Response(null, { status: 416, headers: { 'content-range': 'bytes */0' } });
  const start = Math.max(0, log.length - last);
  const headers = { 'content-range': `bytes ${start}-${log.length - 1}/${log.length}` };
  return whole(log.subarray(start), plainType, 206, headers);
}

function whole(
  body: string | Buffer,
  type: string,
  status = 200,
  headers: Record<string, string> = {},
): Response {
  const bytes = new Uint8Array(Buffer.from(body));
  return new Response(bytes, {
    status,
    headers: {
      'accept-ranges': 'bytes',
      ...headers,
      'content-type': type,
      'content-length': String(bytes.length),
    },
  });
}

/** Nanoseconds since the epoch of each group's header, as far as the agent marked its line. */
function headerTimes(log: Buffer, job: Job): number[] {
  const lines = log.toString('utf8').split('\n');
  return lines.flatMap((line) => {
    const isHeader = /^(---|\+\+\+|~~~) /.test(stripVTControlCharacters(withoutMarks(line)));
    return isHeader ? (timeOf(line) ?? job.startedAt ?? 0) * 1e6 : [];
  });
}
