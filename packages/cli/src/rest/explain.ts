import { classifyBuildError } from '@promise-failure/build-runner';

/** What an error of the REST API means to people, without a stack; `what` is what was looked for. */
export function explainTrouble(error: unknown, what: string): string {
  const { notFound, status } = classifyBuildError(error);
  const message = error instanceof Error ? error.message : String(error);
  if (notFound)
    return `no such ${what.split('/').length > 2 ? 'build' : 'pipeline'}, or the token may not read it: ${what}`;
  if (status === 401 || status === 403) return `the token in BUILDKITE_API_TOKEN is not accepted: ${message}`;
  return message;
}
