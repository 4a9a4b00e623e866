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

/** What a job's evidence file tells; undefined where it has uploaded none. Of several uploads of a file that grows the latest counts. */
export async function findArtifact(
  rest: RestClient,
  download: Download,
  address: BuildAddress,
  jobId: string,
  signal: AbortSignal,
): Promise<JobEvidence | undefined> {
  const artifacts = `${buildPath(address)}/jobs/${encodeURIComponent(jobId)}/artifacts`;
  const { body } = await rest({ method: 'GET', path: `${artifacts}?per_page=100` }, signal);
  const ids = listOf(body).filter(mayBeEvidence).slice(0, mostFiles).map(idOf);
  const documents = await Promise.all(
    ids.map(async (id) =>
      parse(await download(`${artifacts}/${encodeURIComponent(id)}/download`, mostBytes, signal)),
    ),
  );
  const found = documents.filter((document) => readEvidenceDocument(document, jobId) !== undefined);
  const [newest] = found.sort((one, other) => updatedAt(other).localeCompare(updatedAt(one)));
  return readEvidenceDocument(newest, jobId);
}

const mostPages = 5;
/** Looked into: a job may upload its file again, and others of such a name. */
const mostFiles = 5;
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

function updatedAt(document: unknown): string {
  return text(asFields(document)?.updated_at) ?? '';
}

function parse(raw: string): unknown {
  try {
    return JSON.parse(raw);
  } catch {
    return undefined;
  }
}
