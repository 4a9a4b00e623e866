import { buildCard } from './build.js';

const builds = document.querySelector('#builds');
const agents = document.querySelector('#agents');
const connection = document.querySelector('#connection');
const open = new Set();
const logs = new Map();
let picture;
let clockDifference = 0;

function draw() {
  if (picture === undefined) return;
  const now = Date.now() - clockDifference;
  const names = picture.agents.map(({ name, job }) => (job === null ? name : `${name} (${job})`));
  agents.textContent = names.length === 0 ? 'No agent is connected.' : `Agents: ${names.join(', ')}`;
  if (picture.builds.length === 0) return;
  const wanted = /\/builds\/(\d+)$/.exec(location.pathname)?.[1];
  const shown = picture.builds.filter(({ number }) => wanted === undefined || String(number) === wanted);
  const place = keepPlace();
  builds.replaceChildren(...shown.map((build) => buildCard(build, now, { open, logs, toggle })));
  place();
}

/** Remembers what has the focus, how far logs are scrolled and what is unfolded; the answer puts it back. */
function keepPlace() {
  const rows = [...builds.querySelectorAll('[data-id]')];
  const focused = document.activeElement?.closest('[data-id]')?.dataset.id;
  const scrolls = rows.map((row) => [row.dataset.id, row.querySelector('.log')?.scrollTop ?? 0]);
  const unfolded = [...builds.querySelectorAll('.build:has(details[open])')].map(
    (card) => card.dataset.build,
  );
  return () => {
    const find = (id) => builds.querySelector(`[data-id="${id}"]`);
    for (const [id, top] of scrolls) find(id)?.querySelector('.log')?.scrollTo(0, top);
    for (const number of unfolded)
      builds.querySelector(`[data-build="${number}"] details`)?.setAttribute('open', '');
    if (focused !== undefined) find(focused)?.querySelector('button')?.focus();
  };
}

async function toggle(id) {
  if (open.delete(id)) return draw();
  open.add(id);
  await load(id);
}

async function load(id) {
  const answer = await fetch(`/page/logs/${id}`);
  logs.set(id, await answer.text());
  draw();
}

const source = new EventSource('/page/events');
source.addEventListener('picture', ({ data }) => {
  picture = JSON.parse(data);
  clockDifference = Date.now() - picture.now;
  connection.textContent = '';
  draw();
});
source.addEventListener('log', ({ data }) => {
  if (open.has(data)) load(data);
});
source.addEventListener('error', () => {
  connection.textContent =
    'The simulator does not answer. It keeps nothing: what is shown here is of its last start.';
});
setInterval(() => {
  if (picture?.builds.some(({ finishedAt }) => finishedAt === null)) draw();
}, 500);
