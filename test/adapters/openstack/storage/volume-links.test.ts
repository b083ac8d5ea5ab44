/** Attachments as links: what Nova and Cinder tell of one attachment is one link. */
import { describe, expect, test } from '@jest/globals';
import { refusalIn } from '../../../../adapters/openstack/api/answers.ts';
import { toOcciError } from '../../../../adapters/openstack/api/errors.ts';
import { meaning } from '../../../../adapters/openstack/api/refusals/index.ts';
import { attachmentsAnswer } from '../../../../adapters/openstack/native/attachment.ts';
import { type Server, server as serverShape } from '../../../../adapters/openstack/native/server.ts';
import { volumeAnswer } from '../../../../adapters/openstack/native/volume.ts';
import { deviceOf, toStoragelink, toStoragelinks } from '../../../../adapters/openstack/storage/volume-links.ts';
import type { Failure } from '../../../../lib/errors.ts';
import { expectValid, fails } from '../../../contract/adapter/validity.ts';
import { type Recording, recordingsOf } from '../../../openstack/recordings.ts';

const ALL = recordingsOf('cinder', 'nova');
const recorded = (name: string): Recording => ALL.find((one) => one.name === name)!;

const serverOf = (id: string, more: Partial<Server> = {}): Server => ({
  ...serverShape.parse({ id, name: 'a', status: 'ACTIVE', created: '', updated: '', flavor: {} }),
  'OS-EXT-STS:vm_state': 'active',
  ...more,
});

const { volumeAttachments } = attachmentsAnswer.parse(recorded('nova.volume-attachments.list--2.89').response.body);
const machine = serverOf(volumeAttachments[0]!.serverId);
const linkOf = (volumeStatus?: string, of = machine) => toStoragelink(of, { ...volumeAttachments[0]!, volumeStatus });

describe('a storage link', () => {
  test('is valid, and the same as Nova and as Cinder tell it', () => {
    const { volume } = volumeAnswer.parse(recorded('cinder.volumes.show--in-use').response.body);
    const [told] = volume.attachments;
    const byCinder = toStoragelink(machine, {
      volumeId: volume.id,
      serverId: told!.server_id,
      device: told!.device,
      volumeStatus: volume.status,
    });
    expectValid(byCinder, []);
    expect(linkOf()).toEqual(byCinder);
    expect(byCinder.attributes['occi.storagelink.deviceid']).toBe('/dev/sdc');
    expect(byCinder.id.split(':')).toHaveLength(2);
  });

  test('of a volume with two attachments to one server, as during a migration, is one', () => {
    const attachments = [volumeAttachments[0]!, { ...volumeAttachments[0]!, device: '/dev/sdx' }];
    expect(toStoragelinks({ server: machine, ports: [], floatingIps: [], attachments })).toHaveLength(1);
  });

  test.each([
    ['in-use', 'active', undefined],
    ['reserved', 'waiting', /attached/],
    ['attaching', 'waiting', /attached/],
    ['detaching', 'waiting', /detached/],
    ['available', 'waiting', /detached/],
    ['extending', 'active', undefined],
    ['error', 'error', /./],
  ])('of a volume that is %s is %s', (status, state, message) => {
    const { attributes } = linkOf(status);
    expect(attributes['occi.storagelink.state']).toBe(state);
    if (message) expect(attributes['occi.storagelink.state.message']).toMatch(message);
    else expect(attributes['occi.storagelink.state.message']).toBeUndefined();
  });

  test('works while its compute does', () => {
    const stopped = serverOf(machine.id, { status: 'SHUTOFF', 'OS-EXT-STS:vm_state': 'stopped' });
    expect(linkOf('in-use', stopped).attributes['occi.storagelink.state']).toBe('inactive');
  });

  test('stands among those of its machine in an order that stays', () => {
    const two = [volumeAttachments[0]!, { ...volumeAttachments[0]!, volumeId: '00000000-0000-4000-8000-000000000000' }];
    const ids = (attachments: typeof two) =>
      toStoragelinks({ server: machine, ports: [], floatingIps: [], attachments }).map(({ id }) => id);
    expect(ids(two)).toEqual(ids(two.toReversed()));
  });

  test('takes names of devices with and without their directory, and no others', async () => {
    expect([deviceOf('vdb'), deviceOf('/dev/vdb'), deviceOf(undefined)]).toEqual(['/dev/vdb', '/dev/vdb', undefined]);
    for (const wish of ['', 'b o', '/dev/', '/dev/../sda', '/dev/VDB', `/dev/${'a'.repeat(250)}`]) {
      expect(await fails((async () => deviceOf(wish))(), 'invalid')).toContain('occi.storagelink.deviceid');
    }
  });
});

describe('a refusal of Nova to attach or detach', () => {
  const failureOf = (status: number, type: string, message: string) =>
    toOcciError(
      refusalIn(
        'compute',
        { status, headers: {}, text: JSON.stringify({ [type]: { code: status, message } }) },
        false,
        meaning,
      ),
      'storagelink',
    );
  const ofRecording = ({ response: { status, body } }: Recording) =>
    toOcciError(
      refusalIn('compute', { status, headers: {}, text: JSON.stringify(body) }, false, meaning),
      'storagelink',
    );

  const RECORDED: readonly (readonly [string, Failure, RegExp])[] = [
    ['nova.volume-attachments.create--already-in-use-400', 'conflict', /in use by a compute/],
    ['nova.volume-attachments.create--unknown-volume-404', 'invalid', /no such storage/],
    ['nova.volume-attachments.delete--again-404', 'notFound', /no such storagelink/],
    ['nova.volume-attachments.delete--root-volume', 'conflict', /boots from/],
  ];
  test.each(RECORDED)('%s is %s', (name, failure, message) => {
    const error = ofRecording(recorded(name));
    expect([error.failure, error.message]).toEqual([failure, expect.stringMatching(message)]);
    expect(error.message).not.toMatch(/[0-9a-f]{8}-/);
  });

  test('because of a device that is taken names the attribute', () => {
    const error = failureOf(409, 'conflictingRequest', 'The supplied device path (/dev/vdb) is in use.');
    expect([error.failure, error.message]).toEqual(['conflict', expect.stringContaining('occi.storagelink.deviceid')]);
  });

  test('while the server is being built passes by itself, and says when to come back', () => {
    const id = '0391b9e6-90b4-4810-8a9f-43f09ec023b8';
    const building = `Cannot 'attach_volume' instance ${id} while it is in vm_state building`;
    expect(failureOf(409, 'conflictingRequest', building).headers).toEqual({ 'Retry-After': '5' });
    const rescued = `Cannot 'attach_volume' instance ${id} while it is in vm_state rescued`;
    const error = failureOf(409, 'conflictingRequest', rescued);
    expect([error.failure, error.headers]).toEqual(['conflict', {}]);
    expect(error.message).toContain('attach');
  });
});
