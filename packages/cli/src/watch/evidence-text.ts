import type { JobEvidence } from '@promise-failure/build-runner';
import pc from 'picocolors';
import { plain } from '../plain.ts';

const mostTests = 5;
const mostCommands = 3;
const mostCharacters = 160;

/** What has failed, in a few lines: names, places, first lines of messages, and how to run it again. */
export function evidenceText({ tests, testsOmitted, errors, rerun }: JobEvidence): string {
  const all = [
    ...errors.map(({ where, message }) => entryText(where, undefined, message)),
    ...tests.map(({ name, file, line, message }) =>
      entryText(name, file && (line === undefined ? file : `${file}:${line}`), message),
    ),
  ];
  const more = Math.max(0, all.length - mostTests) + testsOmitted;
  const commands = rerun.map(({ folder, command }) =>
    folder === '.'
      ? command
      : `(cd ${/^[\w./-]+$/.test(folder) ? folder : JSON.stringify(folder)} && ${command})`,
  );
  return [
    ...all.slice(0, mostTests),
    ...(more > 0 ? [`    and ${more} more`] : []),
    ...commands.slice(0, mostCommands).map((command) => `    ${pc.cyan(plain(command))}`),
    ...(commands.length > mostCommands ? [`    and ${commands.length - mostCommands} more commands`] : []),
  ].join('\n');
}

function entryText(name: string, place: string | undefined, message: string | undefined): string {
  const first = message?.split('\n').find((line) => line.trim() !== '');
  return [
    `    ${pc.red('✗')} ${plain(name)}${place === undefined ? '' : `  ${pc.dim(plain(place))}`}`,
    ...(first === undefined ? [] : [`      ${shorten(plain(first.trim()))}`]),
  ].join('\n');
}

function shorten(text: string): string {
  const characters = Array.from(text);
  return characters.length <= mostCharacters ? text : `${characters.slice(0, mostCharacters - 1).join('')}…`;
}
