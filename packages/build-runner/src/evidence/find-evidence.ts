import type { RestClient } from '../rest/client.ts';
import type { Download } from '../rest/download.ts';
import { asFields, text, whole } from '../rest/fields.ts';
import { type BuildAddress, buildPath } from '../rest/paths.ts';
import type { JobEvidence } from './job-evidence.ts';
import { annotationContext, readAnnotation } from './read-annotation.ts';
import { readEvidenceDocument } from './read-document.ts';

/** What a job's annotation on its build tells; undefined where it has none. */
export async function findAnnotation(
  rest: RestClient,
  address: BuildAddress,
  jobId: string,
  signal: AbortSignal,
): Promise<JobEvidence | undefined> {
  const context = annotationContext(jobId);
  for (let page = 1; page <= mostPages; page++) {
    const path = `${buildPath(address)}/annotations?per_page=100&page=${page}`;
    const { body, headers } = await rest({ method: 'GET', path }, signal);
    const own = listOf(body).find((annotation) => annotation.context === context);
    if (own !== undefined) return readAnnotation(text(own.body_html) ?? '');
    if (!/rel="?next"?/.test(String(headers.link ?? ''))) return undefined;
  }
  return undefined;
}

/** What a job's evidence file tells; undefined where it has uploaded none. The newest one counts. */
export async function findArtifact(
  rest: RestClient,
  download: Download,
  address: BuildAddress,
  jobId: string,
  signal: AbortSignal,
): Promise<JobEvidence | undefined> {
  const artifacts = `${buildPath(address)}/jobs/${encodeURIComponent(jobId)}/artifacts`;
  const { body } = await rest({ method: 'GET', path: `${artifacts}?per_page=100` }, signal);
  for (const id of listOf(body).filter(mayBeEvidence).slice(0, mostFiles).map(idOf)) {
    const path = `${artifacts}/${encodeURIComponent(id)}/download`;
    const found = readEvidenceDocument(parse(await download(path, mostBytes, signal)), jobId);
    if (found !== undefined) return found;
  }
  return undefined;
}

const mostPages = 5;
/** Tried in search of the one: a job may upload other files of such a name. */
const mostFiles = 3;
const mostBytes = 4 * 1024 * 1024;

type Listed = Readonly<Record<string, unknown>>;

function listOf(body: unknown): Listed[] {
  const items: readonly unknown[] = Array.isArray(body) ? body : [];
  return items.map(asFields).filter((item) => item !== undefined);
}

/** The name is the user's, but a JSON file that is evidence is called so, or after us, somewhere in its path. */
function mayBeEvidence(artifact: Listed): boolean {
  const path = text(artifact.path) ?? text(artifact.filename) ?? '';
  const isThere = artifact.state === 'finished' && (whole(artifact.file_size) ?? 0) <= mostBytes;
  return isThere && idOf(artifact) !== '' && /(evidence|promise-failure).*\.json$/i.test(path);
}

function idOf(artifact: Listed): string {
  return text(artifact.id) ?? '';
}

function parse(raw: string): unknown {
  try {
    return JSON.parse(raw);
  } catch {
    return undefined;
  }
}
