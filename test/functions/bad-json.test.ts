/** What is malformed in JSON gets a 4xx with one sentence that says what is wrong and where: never a 500, never a hang. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Call, type Endpoint, type Reply, startEndpoint } from '../endpoint.ts';
import { INFRASTRUCTURE, list, make } from '../lib/operations/payloads.ts';
import { expectRefusal } from './refusal.ts';

let endpoint: Endpoint;
let web: string;
beforeAll(async () => {
  endpoint = await startEndpoint();
  web = await make(endpoint, { kind: 'compute', attributes: { 'occi.core.title': 'web' } });
});
afterAll(() => endpoint.stop());

const COMPUTE = `${INFRASTRUCTURE}compute`;

/** A refusal after which nothing was made. */
async function refused(reply: Reply, status: number | readonly number[], says?: RegExp): Promise<void> {
  expectRefusal(reply, status, says);
  expect(await list(endpoint, '/compute/')).toEqual([web]);
}

const send = (path: string, call: Call, method = 'POST') => endpoint.send(method, path, call);
const jsonBody = (body: string | Buffer): Call => ({
  headers: { 'Content-Type': 'application/occi+json', Accept: 'application/occi+json' },
  body,
});
const of = (members: Record<string, unknown>) => jsonBody(JSON.stringify({ kind: COMPUTE, ...members }));

describe('In JSON', () => {
  const nested = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
  const bad: Record<string, [call: Call, says?: RegExp]> = {
    broken: [jsonBody('{"kind":'), /JSON/],
    'cut in a string': [jsonBody('{"kind":"http'), /JSON/],
    'with a comma too many': [jsonBody('{"kind":"x",}'), /JSON/],
    null: [jsonBody('null'), /null/],
    'a list': [jsonBody('[]'), /list/],
    'a string': [jsonBody('"x"'), /string/],
    'a number': [jsonBody('1e400'), /number/],
    'an empty object': [jsonBody('{}'), /kind|names/],
    deep: [jsonBody(nested(100_000)), /deep/],
    'deep in an attribute': [of({ attributes: JSON.parse(nested(40)) }), /deep/],
    'with a deep list': [jsonBody(`{"kind":"${COMPUTE}","mixins":${'['.repeat(5000)}${']'.repeat(5000)}}`), /deep/],
    'with an unknown member': [of({ flavour: 'x' }), /flavour/],
    'with a member called constructor': [of({ constructor: 'x' }), /constructor/],
    'with a member called __proto__': [jsonBody(`{"kind":"${COMPUTE}","__proto__":{"title":"x"}}`), /__proto__/],
    'with an attribute called __proto__': [
      jsonBody(`{"kind":"${COMPUTE}","attributes":{"__proto__":{"x":1}}}`),
      /__proto__/,
    ],
    'with an attribute called constructor': [of({ attributes: { constructor: 1 } }), /constructor/],
    'with an attribute called hasOwnProperty': [of({ attributes: { hasOwnProperty: 1 } }), /hasOwnProperty/],
    'with attributes that are a list': [of({ attributes: [] }), /attributes/],
    'with attributes that are null': [of({ attributes: null }), /attributes/],
    'with a value that is null': [of({ attributes: { 'occi.core.title': null } }), /occi\.core\.title/],
    'with a kind that is null': [of({ kind: null }), /kind/],
    'with a kind that is a number': [of({ kind: 1 }), /kind/],
    'with an invalid kind': [of({ kind: 'compute' }), /kind/],
    'with mixins that are null': [of({ mixins: null }), /mixins/],
    'with a mixin that is null': [of({ mixins: [null] }), /mixins/],
    'with a link that is null': [of({ links: [null] }), /links/],
    'with a link to null': [of({ links: [{ kind: `${INFRASTRUCTURE}storagelink`, target: null }] }), /target/],
    'with a link to nothing': [of({ links: [{ kind: `${INFRASTRUCTURE}storagelink` }] }), /target/],
    'with a title that is a number': [of({ title: 1 }), /title/],
    'with a control character': [of({ title: 'a\u0007b' }), /title.*U\+0007/],
    'with a line break': [of({ title: 'a\nb' }), /title.*U\+000A/],
    'with half a surrogate pair': [jsonBody(`{"kind":"${COMPUTE}","title":"\\ud800"}`), /title/],
    'with a number that is infinite': [
      jsonBody(`{"kind":"${COMPUTE}","attributes":{"occi.compute.memory":1e400}}`),
      /occi\.compute\.memory/,
    ],
    'with minus zero': [
      jsonBody(`{"kind":"${COMPUTE}","attributes":{"occi.compute.cores":-0}}`),
      /occi\.compute\.cores/,
    ],
    'with a number in place of text': [of({ attributes: { 'occi.compute.hostname': 5 } }), /occi\.compute\.hostname/],
    'with an object in place of a number': [
      of({ attributes: { 'occi.compute.cores': { valueOf: 1 } } }),
      /occi\.compute\.cores/,
    ],
    'with a list in place of a number': [of({ attributes: { 'occi.compute.cores': [1] } }), /occi\.compute\.cores/],
    'a collection that is null': [jsonBody('{"resources":null}'), /resources/],
    'a collection of null': [jsonBody('{"resources":[null]}'), /resources/],
    'a collection that is an object': [jsonBody('{"resources":{}}'), /resources/],
    'an empty collection': [jsonBody('{"resources":[]}'), /payload|entity/],
    'a collection with a bad one': [
      jsonBody(JSON.stringify({ resources: [{ kind: COMPUTE }, { kind: 'x' }] })),
      /resources\[1\]/,
    ],
  };
  test.each(Object.entries(bad))('%s', async (_, [call, says]) => {
    for (const path of ['/compute/', '/']) await refused(await send(path, call), 400, says);
    await refused(await send('/compute/new', call, 'PUT'), 400);
  });
});
