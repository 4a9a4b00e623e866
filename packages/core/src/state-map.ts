/** Ids that are kept as they are. */
const mostExact = 1000;

/** Room for further ids at first; a power of two, as it stays. */
const firstRoom = 4096;

/**
 * A map from ids to one of a few states, which nothing is ever removed from. The first thousand ids it keeps, of further
 * ones a fingerprint of 64 bits, in nine bytes: in a storm of a hundred thousand failures their names would
 * take 40 MiB. Should two ids ever share a fingerprint, they are one, and count as one failure.
 */
export class StateMap<State extends string> {
  readonly #exact = new Map<string, State>();
  readonly #states: readonly State[];
  #fingerprints: Fingerprints | undefined;

  constructor(states: readonly State[]) {
    this.#states = states;
  }

  get isEmpty(): boolean {
    return this.#exact.size === 0;
  }

  get(id: string): State | undefined {
    const exact = this.#exact.get(id);
    if (exact !== undefined || this.#fingerprints === undefined) return exact;
    return this.#states[this.#fingerprints.get(id) - 1];
  }

  set(id: string, state: State): void {
    if (this.#exact.size < mostExact || this.#exact.has(id)) {
      this.#exact.set(id, state);
      return;
    }
    this.#fingerprints ??= new Fingerprints();
    this.#fingerprints.set(id, this.#states.indexOf(state) + 1);
  }
}

/** Open addressing: each id has two words, and a byte that is 0 where nothing is. */
class Fingerprints {
  readonly #hash = process.getBuiltinModule('node:crypto').hash;
  #words = new Uint32Array(2 * firstRoom);
  #values = new Uint8Array(firstRoom);
  #size = 0;

  get(id: string): number {
    return this.#values[this.#find(...this.#fingerprint(id))] ?? 0;
  }

  set(id: string, value: number): void {
    this.#put(...this.#fingerprint(id), value);
    if (this.#size > 0.85 * this.#values.length) this.#grow();
  }

  #fingerprint(id: string): [high: number, low: number] {
    const bytes = this.#hash('sha1', id, 'binary');
    return [uint32At(bytes, 0), uint32At(bytes, 4)];
  }

  #put(high: number, low: number, value: number): void {
    const at = this.#find(high, low);
    if (this.#values[at] === 0) this.#size++;
    this.#words[2 * at] = high;
    this.#words[2 * at + 1] = low;
    this.#values[at] = value;
  }

  /** Where it is, or where it goes. */
  #find(high: number, low: number): number {
    const last = this.#values.length - 1;
    let at = low & last;
    while (this.#values[at] !== 0 && !(this.#words[2 * at] === high && this.#words[2 * at + 1] === low)) {
      at = (at + 1) & last;
    }
    return at;
  }

  #grow(): void {
    const [words, values] = [this.#words, this.#values];
    this.#words = new Uint32Array(2 * words.length);
    this.#values = new Uint8Array(2 * values.length);
    this.#size = 0;
    values.forEach((value, at) => {
      if (value !== 0) this.#put(words[2 * at] ?? 0, words[2 * at + 1] ?? 0, value);
    });
  }
}

/** Of a text that holds a byte in each character. */
function uint32At(bytes: string, at: number): number {
  let word = 0;
  for (let n = at; n < at + 4; n++) word = (word << 8) | bytes.charCodeAt(n);
  return word >>> 0;
}
