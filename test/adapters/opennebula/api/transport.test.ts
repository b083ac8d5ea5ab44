/** Answers that arrive at the same time, whose memory is used again. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Post, transport } from '../../../../adapters/opennebula/api/transport.ts';

const ANSWER_BYTES = 1_000_000;
const PIECES = 8;

/** Answers with what was sent, again and again, in pieces that mix with those of other answers; `cut` ends within it. */
let server: Server;
let post: Post;
beforeAll(async () => {
  server = createServer(async (request, response) => {
    let sent = '';
    for await (const chunk of request) sent += chunk;
    const [what = '', bytes = '0'] = sent.split(':');
    const piece = what.repeat(Math.ceil(Number(bytes) / PIECES / what.length));
    for (let n = 0; n < PIECES; n += 1) {
      await new Promise(setImmediate);
      if (what === 'cut' && n > PIECES / 2) return response.destroy();
      response.write(piece);
    }
    return response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  post = transport({ endpoint: `http://127.0.0.1:${port}/RPC2`, answerBytes: ANSWER_BYTES });
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

const ask = (what: string, bytes: number): Promise<string> =>
  post(`${what}:${bytes}`, Date.now() + 60_000, (answer) => answer.toString());

test('each of many answers at once is whole and its own, also beside some that fail', async () => {
  for (let round = 0; round < 5; round += 1) {
    const asked = Array.from({ length: 20 }, (_, n) => {
      if (n % 7 === 3) return { what: 'cut', bytes: 400_000 };
      if (n % 7 === 5) return { what: 'long', bytes: 3 * ANSWER_BYTES };
      return { what: `<${round}.${n}>`, bytes: 1000 + n * 40_000 };
    });
    const answers = await Promise.allSettled(asked.map(({ what, bytes }) => ask(what, bytes)));
    const wrong = asked.filter(({ what, bytes }, n) => {
      const answer = answers[n]!;
      if (answer.status === 'rejected') return answer.reason.reason !== (what === 'cut' ? 'lost' : 'tooLarge');
      return answer.value !== what.repeat(Math.ceil(bytes / PIECES / what.length) * PIECES);
    });
    expect(wrong).toEqual([]);
  }
});

test('an answer whose reader throws is followed by one that is whole', async () => {
  const failing = post('x:500000', Date.now() + 60_000, () => {
    throw new RangeError('not readable');
  });
  await expect(failing).rejects.toThrow('not readable');
  expect(await ask('ab', 800)).toBe('ab'.repeat(400));
});
