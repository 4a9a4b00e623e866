import { withinTime } from '@promise-failure/core/retrying';
import { isContainer } from './container.ts';
import { examine, isWell } from './examine.ts';
import type { Place } from './finding.ts';
import { doctorText } from './text.ts';

/** Milliseconds for all looks together. */
const patienceMs = 15_000;

/** Examines and prints; resolves with the exit code. */
export async function runDoctor(
  { env, folder }: Pick<Place, 'env' | 'folder'>,
  json: boolean,
  write: (text: string) => void,
): Promise<number> {
  const inContainer = isContainer(env);
  const findings = await withinTime(new AbortController().signal, patienceMs, (signal) =>
    examine({ env, folder, inContainer, signal }),
  );
  const ok = isWell(findings);
  write(`${json ? JSON.stringify({ ok, checks: findings }, null, 2) : doctorText(findings)}\n`);
  return ok ? 0 : 1;
}
