import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { classifyError } from './classify.ts';
import { maxBodyBytes, readBody } from './read-body.ts';

describe('a body', () => {
  it('is read whole, also where a character is cut in two', async () => {
    const bytes = Buffer.from('grüße');
    expect(await readBody(Readable.from([bytes.subarray(0, 3), bytes.subarray(3)]))).toBe('grüße');
  });

  it('may be empty', async () => {
    expect(await readBody(Readable.from([]))).toBe('');
  });

  it('may be as long as the limit', async () => {
    expect((await readBody(Readable.from([Buffer.alloc(maxBodyBytes, 'x')]))).length).toBe(maxBodyBytes);
  });

  it('is dropped beyond the limit, without reading on', async () => {
    let given = 0;
    const endless = Readable.from(
      (function* () {
        for (;;) {
          given++;
          yield Buffer.alloc(16 * 1024);
        }
      })(),
    );
    const error = await readBody(endless).catch((caught: unknown) => caught);
    expect(classifyError(error)).toBe('transient');
    expect(endless.destroyed).toBe(true);
    expect(given).toBeLessThan(100);
  });

  it('passes on that the connection broke', async () => {
    const broken = Readable.from(
      (function* () {
        yield Buffer.from('{"accepted":true');
        throw Object.assign(new Error('aborted'), { code: 'ECONNRESET' });
      })(),
    );
    await expect(readBody(broken)).rejects.toMatchObject({ code: 'ECONNRESET' });
  });
});
