import { Hono } from 'hono';
import { type EngineTest, listPage } from './answers.ts';
import { createPlans, type Plans } from './plans.ts';

/** What Test Engine is made of. */
export interface EngineAppOptions {
  readonly organization: string;
  /** Whether a token may read and write the suite: the API token, or a job's OIDC token for it. */
  readonly accepts: (token: string, suite: string) => boolean;
  readonly muted: () => readonly EngineTest[];
  /** Base of its addresses, without a path. */
  readonly url: string;
  /** Hears each upload of results: its bytes. */
  readonly onUpload?: ((bytes: number) => void) | undefined;
}

/**
 * Test Engine as bktec and collectors use it: plans, their metadata, muted tests, uploads. Every suite exists.
 * Source: buildkite/test-engine-client internal/api/.
 */
export function engineApp({ organization, accepts, muted, url, onUpload }: EngineAppOptions): Hono {
  const app = new Hono();
  const suites = new Map<string, Plans>();
  const plansOf = (suite: string): Plans => {
    const plans = suites.get(suite) ?? createPlans(muted);
    suites.set(suite, plans);
    return plans;
  };
  const base = `/v2/analytics/organizations/${organization}/suites/:suite` as const;
  for (const path of [base, `${base}/*`] as const) {
    app.use(path, async (c, next) => {
      const token = /^Bearer (.+)$/.exec(c.req.header('authorization') ?? '')?.[1] ?? '';
      if (accepts(token, c.req.param('suite'))) return next();
      return c.json({ message: 'Authentication required. Please supply a valid API Access Token' }, 401);
    });
  }
  app.get(base, (c) =>
    c.json({ id: c.req.param('suite'), slug: c.req.param('suite'), name: c.req.param('suite') }),
  );
  app.get(`${base}/test_plan`, (c) => {
    const plan = plansOf(c.req.param('suite')).get(c.req.query('identifier') ?? '');
    return plan === undefined ? c.json({ message: 'Not found' }, 404) : c.json(plan);
  });
  app.post(`${base}/test_plan`, async (c) => {
    const plan = plansOf(c.req.param('suite')).create(Object(await c.req.json().catch(() => ({}))));
    return typeof plan === 'string' ? c.json({ message: plan }, 422) : c.json(plan);
  });
  app.post(`${base}/test_plan/filter_tests`, (c) => c.json({ tests: [] }));
  app.post(`${base}/test_plan_metadata`, (c) => c.json({}));
  app.get(`${base}/test_files`, (c) => c.json({}));
  app.get(`${base}/tests/muted`, (c) => {
    const asked = new URL(c.req.url);
    const {
      status,
      body,
      headers = {},
    } = listPage(new URL(asked.pathname + asked.search, url), muted(), 100);
    return new Response(JSON.stringify(body), {
      status,
      headers: { ...headers, 'content-type': 'application/json' },
    });
  });
  app.get(`${base}/tests/skipped`, (c) => c.json([]));
  app.post('/v1/uploads', async (c) => {
    const token = /^Token token="?([^"]+)"?$/.exec(c.req.header('authorization') ?? '')?.[1] ?? '';
    if (!accepts(token, '')) return c.json({ message: 'Unauthorized' }, 401);
    const { byteLength } = await c.req.arrayBuffer();
    onUpload?.(byteLength);
    return c.json({ id: 'upload', run_id: 'run', queued: 1, skipped: 0, errors: [] }, 202);
  });
  return app;
}
