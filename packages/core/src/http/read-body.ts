/** Bytes of an answer that are read; an honest one is a few hundred. */
export const maxBodyBytes = 64 * 1024;

/**
 * Reads a body as text, at most `maxBodyBytes` of it, after which the connection is dropped.
 * Throws what the stream throws, and an error with the code `ERR_UNDECODABLE_BODY` for a longer body.
 */
export async function readBody(stream: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.byteLength;
    if (size > maxBodyBytes) throw undecodable(`the answer is longer than ${maxBodyBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** An answer that came, but says nothing that can be understood. */
export function undecodable(message: string, options?: ErrorOptions): Error {
  return Object.assign(new Error(message, options), { code: 'ERR_UNDECODABLE_BODY' });
}
