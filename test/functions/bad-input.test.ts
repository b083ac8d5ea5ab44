/** What is malformed in text gets a 4xx with one sentence that says what is wrong and where: never a 500, never a hang. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Call, type Endpoint, type Reply, startEndpoint } from '../endpoint.ts';
import { category, entity, INFRASTRUCTURE, list, make, plain, RENDERINGS } from '../lib/operations/payloads.ts';
import { expectRefusal } from './refusal.ts';

let endpoint: Endpoint;
let web: string;
beforeAll(async () => {
  endpoint = await startEndpoint();
  web = await make(endpoint, { kind: 'compute', attributes: { 'occi.core.title': 'web' } });
});
afterAll(() => endpoint.stop());

const COMPUTE = `${INFRASTRUCTURE}compute`;
const KIND = `Category: ${category(COMPUTE, 'kind')}`;

/** A refusal after which nothing was made. */
async function refused(reply: Reply, status: number | readonly number[], says?: RegExp): Promise<void> {
  expectRefusal(reply, status, says);
  expect(await list(endpoint, '/compute/')).toEqual([web]);
}

const send = (path: string, call: Call, method = 'POST') => endpoint.send(method, path, call);

describe('In text/plain', () => {
  const bad: Record<string, [lines: string[], says?: RegExp]> = {
    'an unknown category': [[`Category: none; scheme="${INFRASTRUCTURE}"; class="kind"`], /none/],
    'the wrong scheme': [
      ['Category: compute; scheme="http://example.org/infrastructure#"; class="kind"'],
      /example\.org/,
    ],
    'no scheme': [['Category: compute; class="kind"'], /Line 1.*scheme/],
    'two kinds': [[KIND, `Category: ${category(`${INFRASTRUCTURE}storage`, 'kind')}`], /two kinds|exactly one/],
    'the wrong class': [[`Category: ${category(COMPUTE, 'mixin')}`], /class/],
    'an invalid class': [[`Category: compute; scheme="${INFRASTRUCTURE}"; class="thing"`], /Line 1.*class/],
    'a value of the wrong type': [[KIND, 'X-OCCI-Attribute: occi.compute.cores="many"'], /occi\.compute\.cores/],
    'a boolean for a number': [[KIND, 'X-OCCI-Attribute: occi.compute.cores=true'], /occi\.compute\.cores/],
    'a fraction of a core': [[KIND, 'X-OCCI-Attribute: occi.compute.cores=1.5'], /whole number/],
    'a number out of range': [[KIND, 'X-OCCI-Attribute: occi.compute.cores=0'], /occi\.compute\.cores/],
    'a huge number': [[KIND, `X-OCCI-Attribute: occi.compute.cores=${'9'.repeat(400)}`], /Line 2/],
    'an exponent': [[KIND, 'X-OCCI-Attribute: occi.compute.memory=1e400'], /Line 2/],
    NaN: [[KIND, 'X-OCCI-Attribute: occi.compute.memory=NaN'], /Line 2/],
    Infinity: [[KIND, 'X-OCCI-Attribute: occi.compute.memory=-Infinity'], /Line 2/],
    'hexadecimal digits': [[KIND, 'X-OCCI-Attribute: occi.compute.cores="0x10"'], /occi\.compute\.cores/],
    'a value outside its enumeration': [[KIND, 'X-OCCI-Attribute: occi.compute.architecture="z80"'], /x86, x64/],
    'an unknown attribute': [[KIND, 'X-OCCI-Attribute: org.example.none="1"'], /org\.example\.none/],
    'an attribute called constructor': [[KIND, 'X-OCCI-Attribute: constructor="1"'], /constructor/],
    'an attribute called toString': [[KIND, 'X-OCCI-Attribute: toString="1"'], /toString/],
    'an attribute called __proto__': [[KIND, 'X-OCCI-Attribute: __proto__="1"'], /Line 2/],
    'a term called constructor': [[`Category: constructor; scheme="${INFRASTRUCTURE}"; class="kind"`], /constructor/],
    'a term called __proto__': [[`Category: __proto__; scheme="${INFRASTRUCTURE}"; class="kind"`], /Line 1/],
    'an unterminated quote': [[KIND, 'X-OCCI-Attribute: occi.core.title="web'], /Line 2.*quote/],
    'a quote that is escaped away': [[KIND, 'X-OCCI-Attribute: occi.core.title="web\\"'], /Line 2.*quote/],
    'a quote at one end': [[KIND, 'X-OCCI-Attribute: occi.core.title=web"'], /Line 2.*occi\.core\.title.*quote/],
    'a quote in a value': [[KIND, 'X-OCCI-Attribute: occi.core.title="a "web" b"'], /Line 2.*occi\.core\.title.*quote/],
    'no comma between two': [[KIND, 'X-OCCI-Attribute: occi.core.title=web occi.compute.cores=2'], /Line 2.*comma/],
    'an attribute without a value': [[KIND, 'X-OCCI-Attribute: occi.core.title='], /Line 2/],
    'an attribute without a name': [[KIND, 'X-OCCI-Attribute: ="x"'], /Line 2/],
    'an unknown field': [[KIND, 'X-Something: 1'], /Line 2.*X-Something/],
    'a field that is misspelt': [[KIND, 'Catagory: a'], /Line 2.*did you mean Category\?/],
    'a line that is no field': [[KIND, 'hello'], /Line 2/],
    'a control character': [[KIND, 'X-OCCI-Attribute: occi.core.title="a\u0007b"'], /Line 2.*U\+0007/],
    'a NUL': [[KIND, 'X-OCCI-Attribute: occi.core.title="a\u0000b"'], /Line 2.*U\+0000/],
    'a link to nowhere': [[KIND, `Link: </storage/none>; rel="${INFRASTRUCTURE}storage"`], /\/storage\/none/],
    'a malformed link': [[KIND, 'Link: storage'], /Line 2/],
    'a link without rel': [[KIND, 'Link: </storage/x>; category="x"'], /Line 2.*rel/],
    'nothing but blank lines': [['', '', '  '], /payload/],
  };

  test.each(Object.entries(bad))('%s', async (_, [lines, says]) => {
    for (const path of ['/compute/', '/']) await refused(await send(path, plain(...lines)), 400, says);
    await refused(await send('/compute/new', plain(...lines), 'PUT'), 400, says);
  });

  test('the same bad lines in headers name the header', async () => {
    for (const [lines, says] of Object.values(bad)) {
      const headers: Record<string, string> = { 'Content-Type': 'text/occi', Accept: 'text/occi' };
      let possible = true;
      for (const line of lines) {
        const [, name, value] = /^([A-Za-z-]+): (.*)$/.exec(line) ?? [];
        // biome-ignore lint/suspicious/noControlCharactersInRegex: these cannot stand in a header
        if (!name || !/^(Category|Link|X-OCCI)/.test(name) || /[\u0000-\u001f]/.test(value!)) possible = false;
        else headers[name] = headers[name] === undefined ? value! : `${headers[name]}, ${value}`;
      }
      if (!possible) continue;
      const reply = await send('/compute/', { headers });
      await refused(
        reply,
        400,
        says && new RegExp(says.source.replace(/Line \d(\.\*)?/, '(Header|Category|X-OCCI).*')),
      );
      expect(reply.headers['x-occi-error']).toBe(reply.body.trimEnd().replace(/[^ -~]/g, '?'));
    }
  });
});

test.each(RENDERINGS)('an immutable attribute that is changed names it, in %s', async (mediaType) => {
  const reply = await send(web, entity(mediaType, { attributes: { 'occi.compute.state': 'suspended' } }));
  await refused(reply, 403, /occi\.compute\.state/);
});

test.each(RENDERINGS)('an empty body is no entity, in %s', async (mediaType) => {
  for (const [method, path] of [
    ['POST', '/compute/'],
    ['POST', '/'],
    ['PUT', '/compute/new'],
    ['POST', web],
    ['PUT', web],
    ['POST', '/-/'],
    ['DELETE', '/-/'],
  ] as const) {
    await refused(
      await endpoint.send(method, path, { headers: { 'Content-Type': mediaType, Accept: mediaType }, body: '' }),
      400,
    );
  }
});
