import { describe, expect, it } from 'vitest';
import { parseMutedFile } from './file-format.ts';

const read = (text: string, path = 'muted.yaml') => parseMutedFile(text, path);

describe('parseMutedFile', () => {
  it('reads titles and fields from YAML, with the line each stands on', async () => {
    const text = [
      '# known trouble',
      '- Checkout *',
      '- scope: " chromium a.spec.ts T"',
      '  name: T',
      '  file: web/a.spec.ts',
      '  owner: payments',
      '  reason: flaky gateway',
      '  until: 2026-12-31',
    ].join('\n');
    expect(await read(text)).toEqual([
      { target: { type: 'title', pattern: 'Checkout *' }, origin: 'muted.yaml:2' },
      {
        target: { type: 'fields', scope: ' chromium a.spec.ts T', name: 'T', file: 'web/a.spec.ts' },
        owner: 'payments',
        reason: 'flaky gateway',
        until: '2026-12-31',
        origin: 'muted.yaml:3',
      },
    ]);
  });

  it('reads JSON, also with tabs', async () => {
    const text = '[\n\t{\n\t\t"scope": "",\n\t\t"name": "says \\"hi\\"\\n"\n\t}\n]\n';
    expect(await read(text, 'muted.json')).toEqual([
      { target: { type: 'fields', scope: '', name: 'says "hi"\n' }, origin: 'muted.json:2' },
    ]);
  });

  it.each(['', '\n', '# nothing yet\n', '[]'])('takes %j for an empty list', async (text) => {
    expect(await read(text)).toEqual([]);
  });

  it.each([
    ['an unknown field', '- scope: a\n  name: b\n  untill: 2026-01-01', 'muted.yaml:3: untill'],
    ['a missing name', '- scope: a\n- x', 'muted.yaml:1: name is missing'],
    ['a missing scope', '- x\n- name: a', 'muted.yaml:2: scope is missing'],
    ['an empty name', "- scope: a\n  name: ''", 'muted.yaml:2: name is ""'],
    ['an empty title', "- ''", 'muted.yaml:1: the entry is ""'],
    ['a day that does not exist', '- {scope: a, name: b,\n   until: 2026-02-30}', 'muted.yaml:2: until'],
    ['a day in words', '- scope: a\n  name: b\n  until: tomorrow', 'muted.yaml:3: until'],
    ['a number for a text', '- scope: a\n  name: 7', 'muted.yaml:2: name is 7'],
    ['a list for an entry', '- [a, b]', 'muted.yaml:1: the entry is ["a","b"]'],
    ['nothing for an entry', '- a\n-\n', 'muted.yaml:2: the entry is null'],
    ['a field twice', '- scope: a\n  name: b\n  name: c', 'muted.yaml:3: '],
    ['a mapping for the file', 'muted: []', 'muted.yaml:1: the file holds object'],
    ['an open quote', "- 'x", 'muted.yaml:1: '],
    ['an alias to nothing', '- *nobody', 'muted.yaml: '],
    ['two documents', '- a\n---\n- b', 'muted.yaml:2: '],
  ])('refuses %s by file, line and field', async (_, text, expected) => {
    await expect(read(text)).rejects.toThrow(expected);
  });

  it('names every problem at once', async () => {
    const text = '- scope: a\n- name: b\n- scope: c\n  name: d\n  until: soon\n';
    await expect(read(text)).rejects.toThrow(/muted.yaml:1: name.*muted.yaml:2: scope.*muted.yaml:5: until/s);
  });
});
