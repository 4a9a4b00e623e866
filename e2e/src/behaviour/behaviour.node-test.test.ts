import { fails, file, forgiven, passes, waits } from '../scenarios/node-test-project.ts';
import { describeBehaviours } from './behaviours.ts';

const json = `export default async function* (events) {
  const results = [];
  for await (const { type, data } of events) {
    if (type === 'test:pass' || type === 'test:fail') results.push({ type, name: data.name });
  }
  yield JSON.stringify(results);
}
`;
const failing = file(fails + waits);

describeBehaviours('node-test', {
  green: file(passes),
  failing,
  flaky: file(forgiven),
  json: {
    files: { ...failing.files, 'json.mjs': json },
    command: ['--test', '--test-reporter=./json.mjs', '--test-reporter-destination=stdout'],
  },
});
