/** What turbo.json needs, so that tasks see the job. */
export const turboLine =
  'add to turbo.json: "globalPassThroughEnv": ["BUILDKITE", "BUILDKITE_*", "PROMISE_FAILURE", "PROMISE_FAILURE_*"]';
