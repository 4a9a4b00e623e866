/**
 * What one look has shown. `problem`: a promise would not be made, or not early, or what was asked for does not work.
 * `note`: it would be made all the same, or it is not known.
 */
export interface Finding {
  readonly check: string;
  readonly status: 'ok' | 'note' | 'problem';
  readonly says: string;
  /** What to do; several lines where it is something to paste. */
  readonly todo?: string;
}

/** Where the doctor looks. */
export interface Place {
  readonly env: NodeJS.ProcessEnv;
  /** Folder whose tests are meant. */
  readonly folder: string;
  /** This process runs in a container. */
  readonly inContainer: boolean;
  /** Ends every look. */
  readonly signal: AbortSignal;
}

/** One look. Never rejects, and never makes a promise. */
export type Check = (place: Place) => Promise<readonly Finding[]>;
