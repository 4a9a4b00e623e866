import type { Env } from '../env.ts';
import { findNeedles } from './find-needles.ts';
import { compileGoPattern } from './go-path-match.ts';
import { normalizeNeedle, quoteLikeGo } from './needle.ts';

/** Replaces the values of the job's secret variables. */
export interface Redactor {
  redact(text: string): { readonly text: string; readonly redacted: boolean };
  /** What is wrong with the patterns; the values of all variables are then taken for secrets. */
  readonly problem: string | undefined;
}

/** Used when `BUILDKITE_REDACTED_VARS` is not set. Source: buildkite/agent clicommand/global.go. */
const defaultPatterns =
  '*_PASSWORD,*_SECRET,*_TOKEN,*_PRIVATE_KEY,*_SSH_KEY,*_ACCESS_KEY,*_SECRET_KEY,*_CONNECTION_STRING,*_API_KEY';

/** Shorter values are too likely to be ordinary words. Source: buildkite/agent internal/redact/redact.go. */
const minBytes = 6;

/**
 * Redacts as the agent does: values of variables whose names match the patterns, at least six bytes long, plain
 * and as Go quotes them, white space between lines at will. A malformed pattern makes every variable secret,
 * for nobody knows which ones it meant. Source: buildkite/agent internal/redact, internal/replacer.
 */
export function createRedactor(env: Env, platform: NodeJS.Platform = process.platform): Redactor {
  const patterns = splitPatterns(env.BUILDKITE_REDACTED_VARS ?? defaultPatterns);
  const matchers = patterns.map(compileGoPattern);
  const malformed = patterns.filter((_, index) => matchers[index] === undefined);
  const isSecret = (name: string) => matchers.some((matches) => matches === undefined || matches(name));

  const secrets = Object.entries(env).flatMap(([name, value]) =>
    value !== undefined &&
    Buffer.byteLength(value) >= minBytes &&
    isSecret(platform === 'win32' ? name.toUpperCase() : name)
      ? [value, quoteLikeGo(value)]
      : [],
  );
  const needles = [...new Set(secrets.map(normalizeNeedle))].filter((needle) => needle !== '');
  return {
    redact: (text) => replaceAll(text, needles),
    problem: malformed.length === 0 ? undefined : describeMalformed(malformed),
  };
}

function splitPatterns(list: string): readonly string[] {
  return list
    .split(',')
    .map((pattern) => pattern.trim())
    .filter((pattern) => pattern !== '');
}

function describeMalformed(patterns: readonly string[]): string {
  const list = patterns.map((pattern) => JSON.stringify(pattern)).join(', ');
  return `BUILDKITE_REDACTED_VARS holds a malformed pattern (${list}), so the values of all variables are redacted`;
}

function replaceAll(text: string, needles: readonly string[]): { text: string; redacted: boolean } {
  const ranges = findNeedles(text, needles);
  let result = '';
  let done = 0;
  for (const [start, end] of ranges) {
    result += `${text.slice(done, start)}[REDACTED]`;
    done = end;
  }
  return { text: result + text.slice(done), redacted: ranges.length > 0 };
}
