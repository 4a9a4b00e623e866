/// <reference lib="dom" />
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from '@playwright/test';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type LocalBuildkite, startLocalBuildkite } from '../src/server/local-buildkite.ts';

const executablePath = process.env.CHROMIUM_BIN ?? '/usr/bin/chromium';
const hasBrowser = existsSync(executablePath);
if (!hasBrowser)
  console.warn(`There is no ${executablePath}, and CHROMIUM_BIN names no Chromium: the page is not tested.`);

describe.runIf(hasBrowser)('the page', () => {
  let browser: Browser;
  let folder: string;
  let server: LocalBuildkite;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  }, 60_000);
  afterAll(() => browser.close());
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pf-page-'));
    const steps = [
      {
        label: 'Tests of a package whose long name has to wrap on a phone',
        command: [
          "printf '\\033[31mFAIL\\033[0m <b>cart</b>\\n'",
          'buildkite-agent job promise-failure 1 --reason "test_failure (1 failed)"',
          `printf '**1 failed**<script>document.title="bad"</script>' | buildkite-agent annotate --style error`,
          `buildkite-agent annotate 'of this job' --context own --scope job`,
          'buildkite-agent meta-data set color blue',
          'while ! test -e go; do sleep 0.1; done',
          'exit 1',
        ],
      },
      { label: 'Visual diff', command: 'sleep 60', cancel_on_build_failing: true },
      { label: 'Lint', command: 'sleep 0.3' },
    ];
    await writeFile(join(folder, 'p.yml'), JSON.stringify({ steps }));
    server = await startLocalBuildkite({
      port: 0,
      file: join(folder, 'p.yml'),
      cwd: folder,
      logFolder: folder,
      machineEnv: process.env,
      say: () => {},
    });
  });
  afterEach(async () => {
    await server.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function open(options: Parameters<Browser['newPage']>[0] = {}): Promise<Page> {
    const page = await browser.newPage(options);
    await page.goto(server.url);
    return page;
  }

  test('follows a build by itself: promise, head start, log and annotation', async () => {
    const page = await open();
    await page.getByText('No builds yet.').waitFor();
    server.startBuild();
    await page.locator('.build.failing').waitFor();
    await page.getByText('promised exit 1').waitFor();
    const [bar = 0, mark = 0, end = 0] = await page.evaluate(() => {
      const box = (part: string) => document.querySelector(`.job ${part}`)?.getBoundingClientRect();
      return [box('.bar')?.left, box('.promise')?.left, box('.line')?.right];
    });
    expect(mark).toBeGreaterThan(bar);
    expect(mark).toBeLessThan(end);
    await page.getByText('1 failed', { exact: true }).waitFor();
    expect(await page.title()).toBe('Local Buildkite');
    await page.getByRole('button', { name: 'Log' }).first().click();
    await page.locator('.log').getByText('FAIL').waitFor();
    expect(await page.locator('.log').textContent()).toContain('<b>cart</b>');
    // The page is drawn anew twice a second while a build runs.
    await page.waitForTimeout(1200);
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Log');
    await writeFile(join(folder, 'go'), '');
    await page.locator('.build.failed').waitFor();
    await page.getByText(/of head start\.$/).waitFor();
    await page.locator('[data-context=own]').getByText('Tests of a package').waitFor();
    server.startBuild();
    await page.getByRole('link', { name: 'Build #2' }).waitFor();
    await page.getByRole('link', { name: 'Build #1' }).click();
    await page.waitForURL('**/acme/shop/builds/1');
    await page.locator('.build').waitFor();
    expect(await page.locator('.build').count()).toBe(1);
    await page.close();
  }, 60_000);

  test.each([
    ['light', 1100],
    ['dark', 1100],
    ['light', 375],
    ['dark', 375],
  ] as const)(
    'is readable in %s at %i pixels',
    async (colorScheme, width) => {
      const page = await open({ colorScheme, viewport: { width, height: 900 } });
      server.startBuild();
      await page.getByText('promised exit 1').waitFor();
      await page.locator('.annotation').first().waitFor();
      await page.getByRole('button', { name: 'Log' }).first().click();
      const shots = process.env.PAGE_SCREENSHOTS;
      if (shots !== undefined)
        await page.screenshot({ path: join(shots, `${colorScheme}-${width}.png`), fullPage: true });
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      const ratios = await page.evaluate(contrasts);
      expect(ratios.filter(({ ratio }) => ratio < 4.5)).toEqual([]);
      expect(ratios.length).toBeGreaterThan(5);
      await page.close();
    },
    60_000,
  );

  test('says that the simulator is gone', async () => {
    const page = await open();
    await page.getByText('No agent is connected.').waitFor();
    await server.close();
    await page.getByText('The simulator does not answer. It keeps nothing').waitFor();
    await page.close();
  }, 60_000);

  test('answers to no other name', async () => {
    const { request } = await import('node:http');
    const status = await new Promise((resolve, reject) => {
      const call = request(server.url, { headers: { host: 'evil.example' } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      call.on('error', reject).end();
    });
    expect(status).toBe(403);
  });
});

/** Runs in the page: the contrast of every text with what is behind it. */
function contrasts() {
  const parse = (color: string) => (color.match(/[\d.]+/g) ?? []).map(Number);
  const luminance = ([r = 0, g = 0, b = 0]: number[]) => {
    const [x = 0, y = 0, z = 0] = [r, g, b].map((value) => {
      const part = value / 255;
      return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const ground = (element: Element | null): number[] => {
    if (element === null) return [255, 255, 255];
    const color = parse(getComputedStyle(element).backgroundColor);
    return color.length === 4 && color[3] === 0 ? ground(element.parentElement) : color;
  };
  return [...document.querySelectorAll('h1,h2,h3,a,p,small,button,span,summary,.annotation')]
    .filter((element) => element.textContent?.trim())
    .map((element) => {
      const [a, b] = [luminance(parse(getComputedStyle(element).color)), luminance(ground(element))];
      return {
        text: element.textContent?.slice(0, 30),
        ratio: (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05),
      };
    });
}
