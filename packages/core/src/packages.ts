import { createRequire } from 'node:module';

interface PnpApi {
  setup(): void;
}

let pnp: string | undefined;

/** Path of the runtime of Yarn's Plug'n'Play, if this process runs under it. */
export function findPnp(): string | undefined {
  return process.versions.pnp === undefined ? undefined : createRequire(import.meta.url).resolve('pnpapi');
}

/**
 * For a thread that started without the preloads of its process. The runtime is set up with the first package that
 * is needed and not before, since reading it takes longer than a promise may.
 */
export function reachPackagesThrough(path: string | undefined): void {
  pnp = path;
}

function reach(): void {
  if (pnp === undefined) return;
  (createRequire(pnp)(pnp) as PnpApi).setup();
  pnp = undefined;
}

/** Loads the HTTP client, which takes 50 to 90 ms. */
export async function loadUndici(): Promise<typeof import('undici')> {
  reach();
  return import('undici');
}

export async function loadYaml(): Promise<typeof import('yaml')> {
  reach();
  return import('yaml');
}
