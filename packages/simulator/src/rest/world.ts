import type { JobLogs } from '../logs/job-logs.ts';
import type { ArtifactStore } from '../model/artifact-store.ts';
import type { Model } from '../model/model.ts';
import type { Build, BuildSpec, Job } from '../model/types.ts';
import type { PipelinePlace } from './build-json.ts';

/** An agent as REST lists it. */
export interface ListedAgent {
  readonly id: string;
  readonly name: string;
  readonly state: string;
  readonly tags: readonly string[];
  readonly version: string;
  readonly hostname: string;
  readonly createdAt: number;
  readonly job: Job | null;
  paused: boolean;
  stopping: boolean;
}

/** What the REST API speaks of. */
export interface RestWorld extends PipelinePlace {
  readonly model: Model;
  /** Absent: no job has said anything. */
  readonly logs?: JobLogs | undefined;
  /** Absent: no job has left any. */
  readonly artifacts?: ArtifactStore | undefined;
  /** Makes a build and lets it run; a text says why not. Absent: a build without jobs is made. */
  readonly startBuild?: ((spec: BuildSpec) => Build | string) | undefined;
  /** The pipeline file as it stands, for the pipeline's `configuration`. */
  readonly configuration?: (() => string) | undefined;
  /** The variables of a job; absent: those that tell it that it is one. */
  readonly envOf?: ((job: Job) => Readonly<Record<string, string>>) | undefined;
  readonly agents?: (() => readonly ListedAgent[]) | undefined;
  /** What a build needs beside commit and branch is up to the server. @default both are needed */
  readonly needsCommit?: boolean | undefined;
}
