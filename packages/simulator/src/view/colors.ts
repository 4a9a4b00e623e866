import type pc from 'picocolors';

/** The colours of a terminal, or none at all. */
export type Colors = ReturnType<typeof pc.createColors>;
