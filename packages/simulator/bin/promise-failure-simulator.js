#!/usr/bin/env node
// A reader that has seen enough, such as `head`, is no error: the jobs run on to their end.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

await import('../dist/main.js');
