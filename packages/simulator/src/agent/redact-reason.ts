import { defaultRedactedVars } from './environment.ts';

/**
 * Replaces the values (six bytes and more) of the variables that `patterns` names by `[REDACTED]`.
 * A plain stand-in for the agent's own rule: multi-line and quoted forms of a value are not looked for.
 */
export function redactReason(
  reason: string,
  env: Readonly<Record<string, string | undefined>>,
  patterns: string = defaultRedactedVars,
): string {
  const globs = patterns.split(',').flatMap((item) => item.trim() || []);
  const values = Object.entries(env).flatMap(([name, value]) =>
    value !== undefined && Buffer.byteLength(value) >= 6 && globs.some((glob) => isNamed(name, glob))
      ? value
      : [],
  );
  // The longest first: a value that contains another one must not leave its rest behind.
  values.sort((a, b) => b.length - a.length);
  return values.reduce((text, value) => text.replaceAll(value, '[REDACTED]'), reason);
}

function isNamed(name: string, glob: string): boolean {
  const literal = glob.replace(/[.+^${}()|\\/[\]]/g, '\\$&');
  return new RegExp(`^${literal.replaceAll('*', '.*').replaceAll('?', '.')}$`, 's').test(name);
}
