import { describe, expect, it } from 'vitest';
import { play } from './fault-bench.ts';
import { faultTables } from './fault-tables.ts';

for (const [title, rows] of Object.entries(faultTables)) {
  describe(title, () => {
    it.each(rows)('$name', async (row) => {
      const { ends, waits, ms } = await play(row);
      expect(ends).toEqual(row.ends);
      if (row.waits !== undefined) expect(waits).toEqual(row.waits);
      expect(ms).toBeLessThan(20_000);
    });
  });
}
