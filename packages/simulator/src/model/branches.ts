/**
 * Whether a branch fits patterns such as `main release/* !release/old`: any of the plain ones (all, if there are
 * none), and none of those behind `!`. Source: buildkite/docs pages/pipelines/configure/workflows/branch_configuration.md.
 */
export function isForBranch(patterns: string | undefined, branch: string): boolean {
  const list = patterns?.split(/\s+/).filter(Boolean) ?? [];
  const wanted = list.filter((pattern) => !pattern.startsWith('!'));
  const unwanted = list.filter((pattern) => pattern.startsWith('!')).map((pattern) => pattern.slice(1));
  if (unwanted.some((pattern) => fits(pattern, branch))) return false;
  return wanted.length === 0 || wanted.some((pattern) => fits(pattern, branch));
}

function fits(pattern: string, branch: string): boolean {
  const literal = pattern.replace(/[.+^${}()|[\]\\?]/g, '\\$&').replaceAll('*', '.*');
  return new RegExp(`^${literal}$`, 's').test(branch);
}
