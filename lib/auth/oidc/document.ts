/** Reads a small JSON document of an issuer, which may be down, slow, huge or not what it should be. */
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';

/** Key sets and discovery documents have a few kilobytes. */
const MAX_BYTES = 256_000;

/** The head of the answer. `signal` ends the wait for it, and later for its body. */
function answerOf(url: URL, signal: AbortSignal): Promise<IncomingMessage> {
  const request = url.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    request(url, { signal, headers: { accept: 'application/json', 'accept-encoding': 'identity' } }, resolve)
      .on('error', reject)
      .end();
  });
}

/**
 * The JSON at a URL. A redirect is not followed: it could lead to a service that only this network reaches.
 *
 * @throws {Error} that names what was wrong with the answer, and what Node throws for the connection
 */
export async function jsonAt(url: URL, signal: AbortSignal): Promise<unknown> {
  const answer = await answerOf(url, signal);
  try {
    if (answer.statusCode !== 200) throw new Error(`${url.href} answered ${answer.statusCode}`);
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > MAX_BYTES) throw new Error(`${url.href} answered more than ${MAX_BYTES} bytes`);
      chunks.push(chunk);
    }
    return parsed(Buffer.concat(chunks).toString('utf8'), url);
  } finally {
    answer.destroy();
  }
}

/** The parser's own message would quote the text. */
function parsed(text: string, url: URL): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`${url.href} did not answer JSON`);
  }
}
