import xterm from '@xterm/headless';

const cell = { width: 7.8, height: 18 };
const margin = 14;
const palette = ['#484f58', '#ff7b72', '#3fb950', '#d29922', '#58a6ff', '#bc8cff', '#39c5cf', '#c9d1d9'];

/** The screen that a terminal shows after all of `output`, as an SVG: trailing empty lines are left out. */
export async function drawTerminal(output: string, size: { cols: number; rows: number }): Promise<string> {
  const terminal = new xterm.Terminal({ ...size, allowProposedApi: true, convertEol: true });
  await new Promise<void>((resolve) => terminal.write(output, resolve));
  const buffer = terminal.buffer.active;
  const all = Array.from({ length: buffer.length }, (_, y) => buffer.getLine(y));
  const last = all.findLastIndex((line) => line?.translateToString(true) !== '');
  const lines = all.slice(0, last + 1);
  const columns = Math.max(...lines.map((line) => line?.translateToString(true).length ?? 0));
  const text = lines.flatMap((line, y) => (line === undefined ? [] : drawLine(line, y)));
  const width = Math.ceil(columns * cell.width + 2 * margin);
  const height = lines.length * cell.height + 2 * margin;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="13" role="img" aria-label="The demo in a terminal at its end">
<rect width="${width}" height="${height}" rx="8" fill="#0d1117"/>
${text.join('\n')}
</svg>
`;
}

type Line = NonNullable<ReturnType<InstanceType<typeof xterm.Terminal>['buffer']['active']['getLine']>>;

/** One text per run of cells of the same look; its length is given, so that any font keeps the columns. */
function drawLine(line: Line, y: number): string[] {
  const runs: { start: number; look: string; text: string }[] = [];
  for (let x = 0; x < line.length; x++) {
    const at = line.getCell(x);
    if (at === undefined) break;
    const color = at.isFgPalette() ? palette[at.getFgColor() % 8] : palette[7];
    const look = `fill="${color}"${at.isBold() ? ' font-weight="bold"' : ''}${at.isDim() ? ' opacity="0.6"' : ''}`;
    const run = runs.at(-1);
    if (run?.look === look) run.text += at.getChars() || ' ';
    else runs.push({ start: x, look, text: at.getChars() || ' ' });
  }
  return runs.flatMap(({ start, look, text }) => {
    const shown = text.trimEnd();
    if (shown.trim() === '') return [];
    const left = (margin + start * cell.width).toFixed(1);
    const length = (shown.length * cell.width).toFixed(1);
    return `<text x="${left}" y="${margin + y * cell.height + 13}" ${look} xml:space="preserve" textLength="${length}">${escapeText(shown)}</text>`;
  });
}

export function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
