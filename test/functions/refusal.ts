/** What a refusal looks like, in whichever rendering: 4xx, ours, one sentence that says what is wrong. */
import { expect } from '@jest/globals';
import type { Reply } from '../endpoint.ts';

/** The sentence of an error, in whichever rendering it stands. */
function sentence({ headers, body }: Reply): string {
  if (headers['content-type'] !== 'application/occi+json') {
    expect(body).toMatch(/[^\n]\n$/);
    return body.slice(0, -1);
  }
  const { code, message, requestId } = JSON.parse(body);
  expect(code).toBeGreaterThanOrEqual(400);
  expect(requestId).toBe(headers['x-request-id']);
  return message;
}

/** Expects a refusal. `says` is what its sentence must name. */
export function expectRefusal(reply: Reply, status: number | readonly number[], says?: RegExp): void {
  const said = sentence(reply);
  expect([said, reply.status]).toEqual([said, typeof status === 'number' ? status : expect.anything()]);
  if (typeof status !== 'number') expect(status).toContain(reply.status);
  expect(reply.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  expect(said).toMatch(/^\S.{10,600}[.?]$/s);
  expect(said).not.toMatch(/[\r\n]|undefined|\[object|at .*\.ts/);
  if (says) expect(said).toMatch(says);
}
