/** The body of a job's annotation, as core writes it. */
export const annotation = `**2 failed for good**, 2 flaky in [:jest: Unit](<https://buildkite.com/acme/app/builds/1#job>). Exit status 1 promised at 09:15:30 UTC; the tests go on.

<details open><summary><b>A test file failed</b><br><code>packages/cart/test/broken&#46;test&#46;js</code> jest</summary>

<pre><code>SyntaxError: Unexpected token</code></pre>

</details>

<details open><summary><b>Checkout &#62; pays by card</b><br><code>packages/cart/test/checkout&#46;test&#46;js&#58;14</code> jest, 3 attempts</summary>

<pre><code>expect(received).toBe(expected) // Object.is equality

Expected: &#34;paid&#34;
Received: &#34;&#60;b&#62;declined&#60;/b&#62;&#34;</code></pre>

</details>

<details><summary><b>Cart &#62; &#60;b&#62;adds&#60;/b&#62; &#38; &#96;ticks&#96;</b><br><code>packages/cart/test/cart&#46;test&#46;js</code> jest, project web, 1 attempt</summary></details>

… and 3 more tests.

Muted: flaky, old

Run just these again in <code>packages/cart</code>:

<pre><code>npx jest --runTestsByPath test/checkout.test.js -t &#39;^Checkout pays by card$&#39;
npx jest --runTestsByPath test/cart.test.js -t &#39;^Cart &#60;b&#62;adds&#60;/b&#62; &#38; \`ticks\`$&#39;</code></pre>

Run just these again:

<pre><code>npx playwright test ./a.spec.ts:3</code></pre>`;

/** An evidence file of a job, as core writes it. */
export function evidenceDocument(jobId: string): object {
  const rerun = {
    folder: 'packages/cart',
    command: "npx jest --runTestsByPath test/checkout.test.js -t '^Checkout pays by card$'",
  };
  return {
    ...{ version: 1, dry_run: false, job: { id: jobId }, tests_omitted: 2 },
    tests: [
      {
        ...{ name: 'Checkout > pays by card', titles: ['Checkout', 'pays by card'] },
        ...{ file: 'packages/cart/test/checkout.test.js', line: 14, column: 23, runner: 'jest' },
        ...{ project: null, attempts: 3, message: 'Expected: "paid"', rerun },
      },
    ],
    errors: [{ kind: 'hook', where: null, message: 'no database', runner: 'jest' }],
    rerun: [rerun],
  };
}
