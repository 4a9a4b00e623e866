import { parse } from 'yaml';

type Fields = Record<string, unknown>;

/**
 * A block of YAML as a pipeline that passes at once, if it is (part of) one: a list of steps, or the `env` of a step.
 * Each command begins with the end, so that it is read as any other, and not run.
 */
export function toPipeline(text: string): Fields | undefined {
  const value: unknown = parse(text);
  const isSteps =
    Array.isArray(value) && value.every((step) => typeof step === 'object' && 'command' in step);
  if (isSteps) return { steps: value.map(toStep) };
  const { steps, ...rest } = Object(value) as { steps?: Fields[] };
  if (steps !== undefined) return { ...rest, steps: steps.map(toStep) };
  return 'env' in rest ? { steps: [toStep({ ...rest, command: 'true' })] } : undefined;
}

/** What the simulator has no word for is checked for its shape, and left out. */
function toStep({ command, plugins, artifact_paths: artifacts, ...step }: Fields): Fields {
  if (artifacts !== undefined && typeof artifacts !== 'string') throw new Error('artifact_paths is no text');
  if (plugins !== undefined) checkPlugins(plugins);
  return { ...step, command: ['exit 0', ...[command].flat()] };
}

function checkPlugins(plugins: unknown): void {
  for (const plugin of plugins as Fields[]) {
    const names = Object.keys(plugin);
    if (names.length !== 1 || !/^[a-z-]+#v\d+\.\d+\.\d+$/.test(names[0] ?? '')) {
      throw new Error(`${names.join(' and ')}: a plugin has one key, its name and version`);
    }
  }
}
