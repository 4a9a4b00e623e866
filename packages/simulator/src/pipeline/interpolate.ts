/** A variable that has to be set and is not, or an expression that is none: `message` says which. */
export class InterpolationError extends Error {}

/** The value of a variable at upload; undefined if it is not set. */
export type Lookup = (name: string) => string | undefined;

const expression =
  /\$\$|\\\$|\$\{([A-Za-z_]\w*)(?:(:?[-?])((?:[^{}]|\$\{[^{}]*\})*)|:(\d+)(?::(\d+))?)?\}|\$([A-Za-z_]\w*)|\$\{/g;

/**
 * Puts the values of variables in, as `pipeline upload` does: `$A`, `${A}`, `${A:-default}`, `${A-default}`,
 * `${A?message}`, `${A:0:7}`; `$$` and `\$` stand for a dollar sign that the job's own shell is to see.
 * A variable that is not set is empty. Source: buildkite/docs pages/pipelines/configure/environment_variables.md.
 */
export function interpolate(text: string, lookup: Lookup): string {
  return text.replace(expression, (whole, name, operator, operand, offset, length, plain) => {
    if (whole === '$$' || whole === '\\$') return '$';
    if (whole === '${')
      throw new InterpolationError(`${text.slice(0, 60)}: "\${" begins no variable that can be read`);
    const value = lookup(name ?? plain);
    if (offset !== undefined) return substring(value ?? '', Number(offset), length);
    const isMissing = value === undefined || (value === '' && operator?.startsWith(':'));
    if (!isMissing || operator === undefined) return value ?? '';
    if (operator.endsWith('?')) throw new InterpolationError(`$${name}: ${operand || 'not set'}`);
    return interpolate(operand, lookup);
  });
}

function substring(value: string, offset: number, length: string | undefined): string {
  return value.slice(offset, length === undefined ? undefined : offset + Number(length));
}
