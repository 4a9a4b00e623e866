import { execFileSync } from 'node:child_process';
import { type BuildRunner, parsePipelineAddress, toBuildId } from '@promise-failure/build-runner';

/** What the command was told of the build. */
export interface BuildWish {
  /** A build, or a pipeline: then the newest build of a branch is meant. */
  readonly text: string;
  readonly branch: string | undefined;
  readonly env: NodeJS.ProcessEnv;
}

/** The id of the build that is meant; rejects with what would be right. */
export async function findBuild(
  { text, branch, env }: BuildWish,
  runner: BuildRunner,
  signal: AbortSignal,
): Promise<string> {
  const pipeline = parsePipelineAddress(text);
  if (pipeline === undefined) {
    if (branch === undefined) return toBuildId(text);
    throw new TypeError(`--branch goes with a pipeline, <organization>/<pipeline>, and not with ${text}`);
  }
  const wanted = branch ?? (env.BUILDKITE_BRANCH || branchHere());
  if (wanted === undefined) {
    throw new TypeError('no branch is checked out here: name one with --branch, or give a build');
  }
  const newest = await runner.latest({ ...pipeline, branch: wanted }, { signal });
  if (newest === undefined) throw new Error(`there is no build of the branch ${wanted} in ${text}`);
  return newest.id;
}

/** The branch of the git checkout in the current folder. */
function branchHere(): string | undefined {
  try {
    const branch = execFileSync('git', ['symbolic-ref', '--short', '-q', 'HEAD'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return branch.trim() || undefined;
  } catch {
    return undefined;
  }
}
