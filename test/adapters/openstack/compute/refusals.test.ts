/** Nova's refusals, as they were recorded: the failure of each, and sentences that quote nothing of Nova's. */
import { describe, expect, test } from '@jest/globals';
import { refusalIn } from '../../../../adapters/openstack/api/answers.ts';
import { toOcciError } from '../../../../adapters/openstack/api/errors.ts';
import type { Refusal } from '../../../../adapters/openstack/api/refusal.ts';
import { COMPUTE } from '../../../../adapters/openstack/api/refusals/compute.ts';
import { meaning } from '../../../../adapters/openstack/api/refusals/index.ts';
import { type Recording, recordingsOf } from '../../../openstack/recordings.ts';

const IMAGE = '7ee45757-09e6-46e6-9bc8-847da7c611f0';
const REFUSED = recordingsOf('nova').filter(({ response: { status } }) => status >= 400);

/** What the call of a recording is about. */
const kindOf = ({ name }: Recording): string =>
  name.startsWith('nova.volume-attachments')
    ? 'storagelink'
    : name.startsWith('nova.interfaces')
      ? 'networkinterface'
      : 'compute';

const failureOf = (recording: Recording) => {
  const { status, headers, body } = recording.response;
  const lower = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return toOcciError(
    refusalIn('compute', { status, headers: lower, text }, recording.request.method === 'GET', meaning),
    kindOf(recording),
  );
};

const named = (name: string): Recording => {
  const found = REFUSED.find((one) => one.name === `nova.${name}`);
  if (!found) throw new Error(`there is no recording nova.${name}`);
  return found;
};

describe('a recorded refusal', () => {
  test.each(REFUSED.map((one) => [one.name, one] as const))('%s tells nothing of Nova', (_name, recording) => {
    const { failure, message } = failureOf(recording);
    expect(failure).not.toBe('internal');
    expect(message).toMatch(/^[A-Z].{10,300}\.$/);
    expect(message).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}|\bInstance\b|os_compute_api|schema|regex|\^\[|https?:/);
  });

  test.each([
    ['servers.create--by-reader-403', 'forbidden', /role of the caller/],
    [
      'servers.create--over-quota-cores-403',
      'conflict',
      /^The quota of the project is exceeded: cores \(64 more, and 1 of 40 are in use\), MiB of memory \(262144 more, and 512 of 102400 are in use\)\.$/,
    ],
    ['servers.create--metadata-129-items', 'conflict', /quota.*metadata items/],
    ['servers.action.resize--over-quota-403', 'conflict', /quota.*cores/],
    ['servers.create--unknown-image-400', 'invalid', /OS template/],
    ['servers.create--unknown-network-400', 'invalid', /no such network/],
    ['servers.create--foreign-network-400', 'invalid', /no such network/],
    ['servers.create--unknown-port-400', 'invalid', /networkinterface/],
    ['servers.create--unknown-security-group-400', 'invalid', /securitygroup/],
    ['servers.create--unknown-az-400', 'invalid', /availability zone/],
    ['servers.create--block-device-unknown-volume-400', 'invalid', /storage/],
    ['servers.create--image-needs-more-ram-400', 'invalid', /less memory than the OS template needs/],
    ['servers.create--port-of-a-running-server', 'conflict', /belongs to another compute/],
    ['servers.create--name-256-400', 'invalid', /occi\.core\.title/],
    ['servers.create--name-blank-ends-400', 'invalid', /occi\.core\.title/],
    ['servers.create--user-data-too-long-400', 'invalid', /user data/],
    ['servers.create--body-200kB', 'tooLarge', /user data/],
    ['servers.create--user-data-not-base64-500', 'unavailable', /try again/],
    ['servers.action.stop--while-powering-off', 'conflict', /The compute is stopped/],
    ['servers.action.stop--while-suspended-409', 'conflict', /The compute is suspended/],
    ['servers.action.stop--while-shelved-409', 'conflict', /not ready/],
    ['servers.action.start--while-error-409', 'conflict', /not ready/],
    ['servers.action.stop--while-building-404', 'notFound', /There is no such compute\./],
    ['servers.action.resize--unknown-flavor', 'invalid', /no such size/],
    ['servers.action.resize--same-flavor-400', 'conflict', /this size already/],
    ['servers.show--deleted-404', 'notFound', /There is no such compute\./],
    ['servers.show--foreign-404', 'notFound', /There is no such compute\./],
    ['servers.list--bad-token-401', 'unauthenticated', /credentials/],
    ['servers.list--unknown-marker-400', 'invalid', /page/],
    ['servers.list--foreign-project-id-in-path', 'unavailable', /catalogue/],
    ['keypairs.create--garbage-400', 'invalid', /public key/],
    ['keypairs.create--duplicate-409', 'conflict', /public key/],
    ['interfaces.create--fixed-ip-in-use', 'conflict', /address .* in use/],
    ['interfaces.create--port-in-use', 'conflict', /belongs to another compute/],
    ['volume-attachments.delete--root-volume', 'conflict', /boots from this storage/],
  ])('%s is %s', (name, failure, message) => {
    const error = failureOf(named(name));
    expect([error.failure, error.message]).toEqual([failure, expect.stringMatching(message)]);
  });

  test('a state that lasts does not say when to try again', () => {
    expect(failureOf(named('servers.action.stop--while-suspended-409')).headers['Retry-After']).toBeUndefined();
  });
});

/** Sentences of Nova that no recording has, some of older releases only, at their status. */
const UNRECORDED = [
  [403, 'Quota exceeded, too many key pairs.', 'conflict', /no room for another public key/],
  [403, 'Quota exceeded: code=None', 'conflict', /^The quota of the project is exceeded\.$/],
  [403, 'Only volume-backed servers are allowed for flavors with zero disk. ', 'invalid', /no disk in this cloud/],
  [403, 'It is not allowed to create an interface on external network ID', 'forbidden', /is external/],
  [403, "Policy doesn't allow os_compute_api:servers:show to be performed.", 'notFound', /no such compute/],
  [403, "Can't detach root device volume", 'conflict', /boots from this storage/],
  [409, "Cannot 'stop' instance ID while it is in task_state powering-off", 'conflict', /busy \(powering off\)/],
  [409, 'Instance ID is locked', 'conflict', /is locked/],
  [409, 'Multiple possible networks found, use a Network ID to be more specific.', 'conflict', /several networks/],
  [400, 'Image ID is not active.', 'conflict', /not ready yet/],
  [400, 'Image ID is unacceptable: Bad min_ram', 'invalid', /cannot be used/],
  [400, 'Invalid key_name provided.', 'invalid', /no public key of that name/],
  [400, 'Fixed IP not found for address 10.0.0.9.', 'invalid', /not one of the network/],
  [400, 'Resize to zero disk flavor is not allowed.', 'invalid', /no disk in this cloud/],
  [400, 'User data too large. User data must be no larger than 65535 bytes.', 'invalid', /user data/],
] as const;

const wordsOf = (status: number, message: string): string => {
  const type = { 400: 'badRequest', 403: 'forbidden', 409: 'conflictingRequest' }[status];
  return JSON.stringify({ [type!]: { code: status, message } });
};

test.each(UNRECORDED)('%s %s is %s', (status, message, failure, says) => {
  const reply = { status, headers: {}, text: wordsOf(status, message.replace('ID', IMAGE)) };
  const error = toOcciError(refusalIn('compute', reply, false, meaning), 'compute');
  expect([error.failure, error.message]).toEqual([failure, expect.stringMatching(says)]);
});

test('every rule has a sentence of Nova, recorded or quoted here', () => {
  const texts = [
    ...REFUSED.map(({ request, response: { status, body } }) => ({
      reply: { status, headers: {}, text: typeof body === 'string' ? body : JSON.stringify(body) },
      isRead: request.method === 'GET',
    })),
    ...UNRECORDED.map(([status, message]) => ({
      reply: { status, headers: {}, text: wordsOf(status, message.replace('ID', IMAGE)) },
      isRead: false,
    })),
  ].map(({ reply, isRead }) => {
    const { status, type, sentence } = refusalIn('compute', reply, isRead, meaning) as Refusal;
    return `${status} ${type} ${sentence}`;
  });
  const first = new Set(texts.map((text) => COMPUTE.find(({ when }) => when.test(text))));
  expect(COMPUTE.filter((rule) => !first.has(rule)).map(({ when }) => when.source)).toEqual([]);
});

test('a task that passes by itself says when to try again', () => {
  const message = "Cannot 'stop' instance 7090c988-c52a-417a-b08e-19a6b6459dc5 while it is in task_state powering-off";
  const text = JSON.stringify({ conflictingRequest: { code: 409, message } });
  const error = toOcciError(refusalIn('compute', { status: 409, headers: {}, text }, false, meaning), 'compute');
  expect([error.failure, error.message, error.headers['Retry-After']]).toEqual([
    'conflict',
    'The compute is busy (powering off); try again later.',
    '5',
  ]);
});

test('too many requests say when to try again, as Nova does', () => {
  const reply = { status: 429, headers: { 'retry-after': '17' }, text: '{"overLimit":{"code":429,"message":"slow"}}' };
  const error = toOcciError(refusalIn('compute', reply, true, meaning), 'compute');
  expect([error.failure, error.headers['Retry-After']]).toEqual(['unavailable', '17']);
});
