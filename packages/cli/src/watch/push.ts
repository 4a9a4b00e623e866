import { createServer } from 'node:http';
import { createReceiver, mountReceiver, type Refusal, type Watcher } from '@promise-failure/build-runner';

/** Where to receive webhooks, and how they prove themselves. */
export interface PushOptions {
  /** `<port>` or `<host>:<port>`. */
  readonly listen: string;
  readonly token: string;
  readonly authentication: 'signature' | 'token';
  /** Told now and then of what was refused. */
  readonly onRefusal: (refusal: Refusal) => void;
}

/** Listens for webhooks on behalf of a watcher; resolves with the way to stop. */
export async function listenForPush(watcher: Watcher, options: PushOptions): Promise<() => void> {
  const [, host = '127.0.0.1', port] = /^(?:(.+):)?(\d{1,5})$/.exec(options.listen) ?? [];
  if (port === undefined)
    throw new TypeError(`--listen takes <port> or <host>:<port>, not ${options.listen}`);
  const receiver = createReceiver({ token: options.token, authentication: options.authentication });
  const onVerdict = (verdict: ReturnType<typeof receiver>) => {
    if (verdict.accepted && verdict.event !== undefined) watcher.receive(verdict.event);
  };
  const server = createServer(mountReceiver(receiver, { onVerdict, onRefusal: options.onRefusal }));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(Number(port), host, resolve);
  });
  return () => {
    server.close();
    server.closeAllConnections();
  };
}
