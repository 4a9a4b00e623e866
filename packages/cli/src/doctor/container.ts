import { existsSync } from 'node:fs';

/** Docker, Podman and Kubernetes leave one of these. */
export function isContainer(env: NodeJS.ProcessEnv): boolean {
  return (
    Boolean(env.KUBERNETES_SERVICE_HOST) || existsSync('/.dockerenv') || existsSync('/run/.containerenv')
  );
}

/**
 * How a step hands its job on to a container: variables, token and the agent's socket. Source:
 * buildkite-plugins/docker-buildkite-plugin and docker-compose-buildkite-plugin commands/run.sh, buildkite/agent-stack-k8s
 * internal/controller/scheduler/scheduler.go, where each container of `containers` gets an agent of its own.
 */
export function containerLines(env: NodeJS.ProcessEnv): string {
  if (env.KUBERNETES_SERVICE_HOST) {
    return `run the tests in a container of the pod's \`containers\`, which have the job and its socket; sidecars have not:
  - kubernetes:
      podSpec:
        containers:
          - image: node:24
            command: ["npx jest"]`;
  }
  return `hand the job on to the container, by the step's plugin (the one that it has):
  - docker#v5.13.0:
      mount-buildkite-agent: true
      propagate-environment: true
  - docker-compose#v5.14.0:
      mount-buildkite-agent: true
      propagate-environment: true`;
}
