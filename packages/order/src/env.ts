/** The environment as Node gives it. Passed in everywhere, so that tests need not touch the real one. */
export type Env = Readonly<Record<string, string | undefined>>;
