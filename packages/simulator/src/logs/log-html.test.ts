import { expect, test } from 'vitest';
import { logHtml } from './log-html.ts';

const html = (text: string) => logHtml(Buffer.from(text));

test.each([
  ['a colour', '\x1b[31mred\x1b[0m <b>', '<span class="ansi-red-fg">red</span> &lt;b&gt;'],
  [
    'a link with a text',
    '\x1b]1339;url=https://a.example/?x=1;content=see\x07 on',
    '<a href="https://a.example/?x=1" rel="noreferrer">see</a> on',
  ],
  [
    'a quoted link',
    "\x1b]1339;url='https://a.example/'\x07",
    '<a href="https://a.example/" rel="noreferrer">https://a.example/</a>',
  ],
  [
    'an image',
    '\x1b]1338;url=https://a.example/p.png;alt=plot\x07',
    '<a href="https://a.example/p.png" rel="noreferrer">plot</a>',
  ],
  ['an artifact, which nobody keeps', '\x1b]1339;url=artifact://log.txt;content=the log\x07', 'the log'],
  ['an address that would run', '\x1b]1339;url=javascript:x();content=go\x07', 'go'],
  [
    'a text that would be an element',
    '\x1b]1339;url=https://a/"><b>;content=<i>\x07',
    '<a href="https://a/&quot;&gt;&lt;b&gt;" rel="noreferrer">&lt;i&gt;</a>',
  ],
  ['a line that was written over', 'progress 1\rprogress 2\r\nend\r\r\n', 'progress 2\nend\n'],
  ["the agent's marks of time", '\x1b_bk;t=1780000000000\x07--- tests\n', '--- tests\n'],
])('%s is shown as HTML', (_name, text, expected) => {
  expect(html(text)).toBe(expected);
});
