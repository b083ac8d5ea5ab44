/** The README's request gives the README's answer. */
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { startEndpoint } from './endpoint.ts';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

test('the request of the README is answered as the README shows', async () => {
  const [, method, path, type, body] =
    /curl -i -X (\w+) http:\/\/[^/]+(\S+) -H 'Content-Type: (\S+)' --data-binary \\\n'([^']+)'/.exec(readme)!;
  const [head, shown] = /```\n(HTTP[^`]+)```/.exec(readme)![1]!.split('\n\n');
  const endpoint = await startEndpoint();
  const reply = await endpoint.send(method!, path!, { headers: { 'Content-Type': type! }, body: body! });
  await endpoint.stop();

  const own = (text: string) => text.replaceAll(endpoint.url, 'U').replace(/[0-9a-f-]{36}/g, 'ID');
  const written = (text: string) => text.replaceAll('http://127.0.0.1:3300', 'U').replace(/[0-9a-f-]{36}/g, 'ID');
  expect(own(reply.body)).toBe(written(shown!).trim());
  const lines = written(head!).split('\n');
  expect(`HTTP/1.1 ${reply.status} ${reply.reason}`).toBe(lines[0]);
  for (const line of lines.slice(1)) {
    const [name, value] = line.split(': ');
    expect(own(reply.headers[name!.toLowerCase()]!)).toBe(value);
  }
});
