import { readFileSync } from 'node:fs';
import { Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import type { Simulator } from '../agent/simulator.ts';
import { logHtml } from '../logs/log-html.ts';
import { createNews, type Followed } from './news.ts';
import { pagePicture } from './picture.ts';

/** What the page shows. */
export interface PageParts extends Omit<Followed, 'model'> {
  readonly url: string;
  readonly simulator: Simulator;
}

const types: Readonly<Record<string, string>> = { css: 'text/css', html: 'text/html', js: 'text/javascript' };
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src * data:";

/** The page of all builds, which follows them by server-sent events. It changes nothing. */
export function pageApp({ url, simulator, logs, agents }: PageParts): Hono {
  const { model, clock, organization, pipeline } = simulator;
  const { port } = new URL(url);
  const app = new Hono();
  // A name that somebody else's page lets lead here must not read the builds.
  app.use('/*', async (c, next) => {
    const asked = c.req.header('host') ?? '';
    if ([`127.0.0.1:${port}`, `localhost:${port}`].includes(asked)) return next();
    return c.text(`Open ${url}/ instead: this server answers to no other name.\n`, 403);
  });
  const ownPath = `/${organization}/${pipeline}`;
  for (const path of ['/', ownPath, `${ownPath}/builds/:number`]) {
    app.get(path, () => file('index.html'));
  }
  app.get('/page/:name{[a-z-]+\\.(css|js)}', (c) => file(c.req.param('name')));
  app.get('/page/logs/:job', (c) => c.html(logHtml(logs.read(c.req.param('job')))));
  app.get('/page/events', (c) =>
    streamSSE(c, async (stream) => {
      const news = createNews({ model, logs, agents });
      stream.onAbort(() => news.close());
      while (!stream.aborted) {
        const data = JSON.stringify(pagePicture(model.builds.values(), agents.agents, clock.now(), ownPath));
        await stream.writeSSE({ event: 'picture', data });
        for (const id of news.takeLogs()) await stream.writeSSE({ event: 'log', data: id });
        await news.next();
      }
    }),
  );
  return app;
}

function file(name: string): Response {
  const path = new URL(`../../page/${name}`, import.meta.url);
  const type = types[name.split('.').at(-1) ?? ''] ?? 'text/plain';
  const headers = { 'content-type': `${type}; charset=utf-8`, 'content-security-policy': policy };
  return new Response(readFileSync(path, 'utf8'), { headers: { ...headers, 'cache-control': 'no-store' } });
}
