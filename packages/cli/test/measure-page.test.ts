/// <reference lib="dom" />
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, type BrowserContextOptions, chromium, type Page } from '@playwright/test';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { readFiles } from '../src/measure/facts/read-files.ts';
import { measurePage } from '../src/measure/out/page.ts';
import { measure } from '../src/measure/sum/measure.ts';
import { evidenceOf } from './evidence.ts';

const executablePath = process.env.CHROMIUM_BIN ?? '/usr/bin/chromium';
const hasBrowser = existsSync(executablePath);
if (!hasBrowser) {
  console.warn(`There is no ${executablePath}, and CHROMIUM_BIN names no Chromium: the page is not tested.`);
}

interface ChartLike {
  readonly data: {
    readonly labels: string[];
    readonly datasets: readonly { readonly backgroundColor: string }[];
  };
  getDatasetMeta(index: number): { readonly data: readonly { readonly width: number; readonly x: number }[] };
}
declare const Chart: { getChart(id: string): ChartLike | undefined };

describe.runIf(hasBrowser)('the page of measure', { timeout: 60_000 }, () => {
  let browser: Browser;
  let folder: string;
  let file: string;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
    folder = mkdtempSync(join(tmpdir(), 'measure-page-'));
    file = join(folder, 'page.html');
    const write = (name: string, evidence: object) =>
      writeFileSync(join(folder, `${name}.json`), JSON.stringify(evidence));
    for (let build = 1; build <= 30; build++) {
      write(`build-${build}`, evidenceOf({ build, ends: 20 + build, promised: build % 9, exitStatus: 1 }));
    }
    const hostile = `</script><script>document.title='bad'</script><img src=x onerror="document.title='bad'">`;
    write('hostile', evidenceOf({ build: 31, ends: 20, promised: 5, exitStatus: 1, label: hostile }));
    write('wrong', evidenceOf({ build: 32, ends: 20, promised: 5, exitStatus: 0 }));
    const { builds, files, dryRuns } = readFiles([folder]);
    writeFileSync(file, measurePage(measure(builds, { type: 'files', files, dryRuns })));
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Opens it and fails the test for anything that the page asks of others or complains of. */
  async function open(options: BrowserContextOptions = {}): Promise<Page> {
    const page = await browser.newPage(options);
    onTestFinished(() => page.close());
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => complaints.push(message.text()));
    page.on('request', (request) => {
      if (request.url() !== pathToFileURL(file).href) complaints.push(request.url());
    });
    await page.goto(pathToFileURL(file).href);
    expect(complaints).toEqual([]);
    return page;
  }

  it('draws a bar for each build, as long as its head start, and a distribution', async () => {
    const page = await open();
    const drawn = await page.evaluate(() => {
      const timeline = Chart.getChart('timeline');
      const distribution = Chart.getChart('distribution');
      const bars = (index: number) => timeline?.getDatasetMeta(index).data.map(({ width }) => width) ?? [];
      return {
        labels: timeline?.data.labels ?? [],
        ...{ until: bars(1), gained: bars(2), points: timeline?.getDatasetMeta(0).data.length },
        bins: distribution?.data.labels.length ?? 0,
      };
    });
    // Not the build whose promise was not kept.
    expect(drawn.labels).toHaveLength(31);
    expect(drawn.points).toBe(31);
    const [until = 0, gained = 0] = [drawn.until, drawn.gained].map(
      (bars) => bars[drawn.labels.indexOf('#8')],
    );
    expect(gained / until).toBeCloseTo(20 / 8, 1);
    expect(drawn.bins).toBeGreaterThan(5);
  });

  it('shows what others have named as text, and what should not be first', async () => {
    const page = await open();
    expect(await page.title()).toBe('Promised failures');
    expect(await page.getByText('</script><script>').count()).toBeGreaterThan(0);
    const alarm = page.getByRole('alert');
    expect(await alarm.textContent()).toContain('1 promise that the final exit did not match');
    expect(await alarm.textContent()).toContain('acme/shop/32 Unit: promised exit status 1, ended with 0');
  });

  it('follows the scheme of its reader, also when that changes', async () => {
    const page = await open({ colorScheme: 'light' });
    const look = () =>
      page.evaluate(() => ({
        ground: getComputedStyle(document.body).backgroundColor,
        text: getComputedStyle(document.body).color,
        bar: Chart.getChart('timeline')?.data.datasets[2]?.backgroundColor,
      }));
    const light = await look();
    await page.emulateMedia({ colorScheme: 'dark' });
    await expect.poll(async () => (await look()).bar, { timeout: 10_000 }).not.toBe(light.bar);
    const dark = await look();
    expect(light.ground).toBe('rgb(255, 255, 255)');
    expect(dark.ground).not.toBe(light.ground);
    expect(dark.text).not.toBe(light.text);
  });

  it.each([320, 390, 1200])('fits a width of %i', async (width) => {
    const page = await open({ viewport: { width, height: 800 } });
    const [content, canvas] = await page.evaluate(() => [
      document.documentElement.scrollWidth,
      document.querySelector('canvas')?.clientWidth ?? 0,
    ]);
    expect(content).toBe(width);
    expect(canvas).toBeGreaterThan(Math.min(width, 1088) * 0.85);
  });
});
