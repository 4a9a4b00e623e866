import type { Environment } from '../agent/environment.ts';
import type { Job } from '../model/types.ts';
import type { RateLimits } from '../rest/rate-limit.ts';
import type { EngineTest } from '../test-engine/answers.ts';
import type { NotifyOptions } from './notify.ts';

/** Who runs jobs: the stand-in, connected agents, or the stand-in as long as no agent is connected. */
export type WhoRuns = 'own' | 'connected' | 'either';

/** What a local Buildkite is made of. */
export interface LocalBuildkiteOptions {
  /** 0 takes a free one; absent, nothing listens. */
  readonly port?: number | undefined;
  /** The pipeline that builds run. Absent: builds have no jobs but those that are uploaded. */
  readonly file?: string | undefined;
  /** @default 'either' */
  readonly agents?: WhoRuns | undefined;
  /** Jobs at a time of the stand-in. @default as many as there are */
  readonly jobsAtATime?: number | undefined;
  /** @default 'acme' */
  readonly organization?: string | undefined;
  /** @default 'shop' */
  readonly pipeline?: string | undefined;
  /** The folder that jobs run in. */
  readonly cwd: string;
  /** Existing folder for one log file per job of the stand-in. */
  readonly logFolder: string;
  readonly machineEnv: Readonly<Record<string, string | undefined>>;
  /** What every job's environment has besides. */
  readonly env?: Environment | undefined;
  /** Milliseconds between SIGTERM and SIGKILL of a cancelled job of the stand-in. @default 10000 */
  readonly graceMs?: number | undefined;
  /** Pseudo-terminals for the stand-in's jobs. @default true */
  readonly pty?: boolean | undefined;
  /** Milliseconds of a minute of `timeout_in_minutes` and of `expireAfterMinutes`. @default 60000 */
  readonly minuteMs?: number | undefined;
  /** Minutes after which a job that nobody took expires. @default never */
  readonly expireAfterMinutes?: number | undefined;
  /** Seconds between an agent's heartbeats; it is lost after three that did not come. @default 10 */
  readonly heartbeatSeconds?: number | undefined;
  readonly notify?: NotifyOptions | undefined;
  /** Tests of every suite whose failures do not count. */
  readonly muted?: readonly EngineTest[] | undefined;
  readonly rateLimits?: RateLimits | undefined;
  /** Hears the output of the stand-in's jobs as it comes. */
  readonly onOutput?: ((job: Job, text: string) => void) | undefined;
  /** Hears what people should know: a line at a time. */
  readonly say: (line: string) => void;
}
