import { expect, test } from 'vitest';
import { decodePromiseBody, GoJsonError } from './go-json.ts';

test.each<[string, number, string]>([
  ['{"exit_status":1,"reason":"x"}', 1, 'x'],
  ['{"EXIT_STATUS":2}', 2, ''],
  ['{"Exit_Status":2,"Reason":"why"}', 2, 'why'],
  [' {"exit_status": 3} trailing', 3, ''],
  ['{"exit_status":3}{"exit_status":4}', 3, ''],
  ['{"exit_status":1,"exit_status":5}', 5, ''],
  ['{"other":{"exit_status":9,"a":["}"]},"exit_status":1}', 1, ''],
  ['{"exit_status":null,"reason":null}', 0, ''],
  ['{"exit_status":-1}', -1, ''],
  ['{"reason":"a \\"quoted\\" {brace"}', 0, 'a "quoted" {brace'],
  ['{"exit_status":300}', 300, ''],
  ['{}', 0, ''],
  ['null', 0, ''],
])('decodes %s', (text, exitStatus, reason) => {
  expect(decodePromiseBody(text)).toEqual({ exitStatus, reason });
});

test.each([
  '',
  '  ',
  '{',
  '{"exit_status":1',
  '{"exit_status":"1"}',
  '{"exit_status":1.0}',
  '{"exit_status":1e2}',
  '{"exit_status":01}',
  '{"exit_status":true}',
  '{"exit_status":{}}',
  '{"exit_status":9223372036854775808}',
  '{"exit_status":1,"reason":5}',
  '{"exit_status":1,}',
  '{"exit_status" 1}',
  '[1]',
  '"text"',
  '1',
  '<html>',
])('refuses %j', (text) => {
  expect(() => decodePromiseBody(text)).toThrow(GoJsonError);
});
