/** Why a body was not decoded. */
export class GoJsonError extends Error {}

/** The two fields of a promise as Go's decoder would hand them over. */
export interface PromiseBody {
  readonly exitStatus: number;
  readonly reason: string;
}

const token = /\s+|"(?:[^"\\]|\\.)*"|[{}[\]:,]|[^\s{}[\]:,"]+/gy;
const wholeNumber = /^-?(?:0|[1-9]\d*)$/;
const int64 = { min: -(2n ** 63n), max: 2n ** 63n - 1n };

/**
 * Decodes `{exit_status, reason}` as lenient as Go's encoding/json: names in any case, unknown fields and text
 * after the first value ignored, null and absent as zero; only whole-number literals are integers (not `1.0`).
 */
export function decodePromiseBody(text: string): PromiseBody {
  const value = firstValue(text);
  const parsed = parse(value.join(''));
  if (parsed === null) return { exitStatus: 0, reason: '' };
  if (typeof parsed !== 'object' || Array.isArray(parsed))
    throw new GoJsonError(`cannot unmarshal ${value[0]}`);
  let exitStatus = 0;
  let reason = '';
  for (const [name, literal] of members(value)) {
    if (literal === 'null') continue;
    if (name.toLowerCase() === 'exit_status') exitStatus = integer(literal);
    if (name.toLowerCase() === 'reason') reason = string(literal);
  }
  return { exitStatus, reason };
}

function firstValue(text: string): string[] {
  const tokens: string[] = [];
  let depth = 0;
  for (const [part] of text.matchAll(token)) {
    if (part.trim() === '') continue;
    tokens.push(part);
    if (part === '{' || part === '[') depth++;
    if (part === '}' || part === ']') depth--;
    if (depth <= 0) return tokens;
  }
  throw new GoJsonError(tokens.length === 0 ? 'EOF' : 'unexpected EOF');
}

function members(object: readonly string[]): [name: string, literal: string][] {
  const found: [string, string][] = [];
  let depth = 0;
  object.forEach((part, index) => {
    if (part === '{' || part === '[') depth++;
    if (part === '}' || part === ']') depth--;
    if (part === ':' && depth === 1) found.push([string(object[index - 1]), object[index + 1] ?? '']);
  });
  return found;
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    throw new GoJsonError('invalid character', { cause: error });
  }
}

function integer(literal: string): number {
  if (!wholeNumber.test(literal)) throw new GoJsonError(`cannot unmarshal ${literal} into an integer`);
  const value = BigInt(literal);
  if (value < int64.min || value > int64.max) throw new GoJsonError(`${literal} overflows`);
  return Number(value);
}

function string(literal: string | undefined): string {
  const value = literal?.startsWith('"') ? parse(literal) : undefined;
  if (typeof value !== 'string') throw new GoJsonError(`cannot unmarshal ${literal} into a string`);
  return value;
}
