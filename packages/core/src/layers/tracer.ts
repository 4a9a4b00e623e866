/** dd-trace leaves this in the process that it instruments (5 and 6). */
export function isTracerLoaded(global: object): boolean {
  return Symbol.for('dd-trace') in global || '_ddtrace' in global;
}
