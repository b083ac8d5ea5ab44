/** Names that are not known: the error says what was probably meant, or where to find out. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { baseModel } from '../../../lib/occi/model.ts';
import { unknownCategory } from '../../../lib/occi/unknown.ts';
import { type Endpoint, startEndpoint } from '../../endpoint.ts';
import { processorTime } from '../../processor-time.ts';
import { CRTP, category, filter, INFRASTRUCTURE, make, plain } from './payloads.ts';

let endpoint: Endpoint;
let machine: string;

beforeAll(async () => {
  endpoint = await startEndpoint();
  machine = await make(endpoint, { kind: 'compute' });
});

afterAll(() => endpoint.stop());

const COMPUTE = `Category: ${category(`${INFRASTRUCTURE}compute`, 'kind')}`;
const ACTION = 'http://schemas.ogf.org/occi/infrastructure/compute/action#';

test.each([
  [`Category: compuet; scheme="${INFRASTRUCTURE}"; class="kind"`, `${INFRASTRUCTURE}compute`],
  [`Category: Compute; scheme="${INFRASTRUCTURE}"; class="kind"`, `${INFRASTRUCTURE}compute`],
  [`Category: compute; scheme="${INFRASTRUCTURE.slice(0, -1)}"; class="kind"`, `${INFRASTRUCTURE}compute`],
  [`Category: medium; scheme="${INFRASTRUCTURE}"; class="mixin"`, `${CRTP}medium`],
  [`Category: storagelinks; scheme="${INFRASTRUCTURE}"; class="kind"`, `${INFRASTRUCTURE}storagelink`],
])('%s in a create gets a suggestion', async (line, meant) => {
  const { status, body } = await endpoint.send('POST', '/compute/', plain(line));
  expect(status).toBe(400);
  expect(body).toContain(`did you mean ${meant}?`);
});

test.each([
  ['occi.compute.core=2', 'occi.compute.cores'],
  ['occi.compute.memroy=2', 'occi.compute.memory'],
  ['occi.core.cores=2', 'occi.compute.cores'],
  ['title="web"', 'occi.core.title'],
])('the attribute %s in a create gets a suggestion', async (attribute, meant) => {
  const { status, body } = await endpoint.send('POST', '/compute/', plain(COMPUTE, `X-OCCI-Attribute: ${attribute}`));
  expect(status).toBe(400);
  expect(body).toContain(`did you mean ${meant}?`);
});

test('an attribute like no other of a kind with many is sent to the place that lists them', async () => {
  const { status, body } = await endpoint.send('POST', machine, plain('X-OCCI-Attribute: occi.compute.flavour="x"'));
  expect(status).toBe(400);
  expect(body).toContain('GET /-/ lists them all.');
});

test.each(['', '/compute/'])('an action that is one letter off gets a suggestion (%s)', async (collection) => {
  const path = `${collection || machine}?action=strat`;
  const { status, body } = await endpoint.send(
    'POST',
    path,
    plain(`Category: strat; scheme="${ACTION}"; class="action"`),
  );
  expect(status).toBe(400);
  expect(body).toContain(`did you mean ${ACTION}start?`);
});

test('an action in a wrong scheme gets the right one suggested', async () => {
  const call = plain(`Category: start; scheme="${INFRASTRUCTURE}"; class="action"`);
  const { status, body } = await endpoint.send('POST', `${machine}?action=start`, call);
  expect(status).toBe(400);
  expect(body).toContain(`did you mean ${ACTION}start?`);
});

test('an action like no other is shown the few that there are', async () => {
  const call = plain(`Category: explode; scheme="${ACTION}"; class="action"`);
  const { status, body } = await endpoint.send('POST', `${machine}?action=explode`, call);
  expect(status).toBe(400);
  for (const term of ['start', 'stop', 'restart', 'suspend', 'save']) expect(body).toContain(ACTION + term);
});

test('a parameter of an action gets a suggestion, or the list of parameters', async () => {
  const stop = `Category: stop; scheme="${ACTION}"; class="action"`;
  const near = await endpoint.send(
    'POST',
    `${machine}?action=stop`,
    plain(stop, 'X-OCCI-Attribute: methods="acpioff"'),
  );
  expect(near).toMatchObject({ status: 400, body: expect.stringContaining('did you mean method?') });
  const far = await endpoint.send('POST', `${machine}?action=stop`, plain(stop, 'X-OCCI-Attribute: now="yes"'));
  expect(far).toMatchObject({ status: 400, body: expect.stringContaining('there is method.') });
});

test.each(['/-/', '/compute/', '/'])('a category of a filter on %s gets a suggestion', async (path) => {
  const call = filter(['Category', `mediun; scheme="${CRTP}"; class="mixin"`]);
  const { status, body } = await endpoint.send('GET', path, call);
  expect(status).toBe(400);
  expect(body).toContain(`did you mean ${CRTP}medium?`);
});

test('an attribute of a filter gets a suggestion', async () => {
  const { status, body } = await endpoint.send('GET', '/compute/', filter(['X-OCCI-Attribute', 'occi.core.titel="x"']));
  expect(status).toBe(400);
  expect(body).toContain('did you mean occi.core.title?');
});

test('a mixin to remove gets a suggestion', async () => {
  const mine = 'my_stuff; scheme="http://example.org/mine#"; class="mixin"';
  const defined = await endpoint.send('POST', '/-/', plain(`Category: ${mine}; location="/my_stuff/"`));
  expect(defined.status).toBe(200);
  const { status, body } = await endpoint.send('DELETE', '/-/', plain(`Category: ${mine.replace('stuff', 'stuf')}`));
  expect(status).toBe(404);
  expect(body).toContain('did you mean http://example.org/mine#my_stuff?');
});

test('a catalogue of thousands of templates does not make the error slow', () => {
  const scheme = 'http://example.org/occi/infrastructure/os_tpl#';
  const templates = Array.from({ length: 5000 }, (_, n) => ({ scheme, term: `image-${n}`, location: `/mixin/${n}/` }));
  const model = baseModel(['compute'], ['os_tpl']).with(templates, []);
  const spent = processorTime();
  const { message } = unknownCategory(`${scheme}imaeg-4711`, model);
  expect(spent()).toBeLessThan(300);
  expect(message).toContain(`did you mean ${scheme}image-4711?`);
});
