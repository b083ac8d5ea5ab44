import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  bareName,
  DEVICES,
  freeDevice,
  isAmong,
  isDevice,
  wantedDevice,
} from '../../../../adapters/ec2/storage/device-names.ts';
import { OcciError } from '../../../../lib/errors.ts';

/** Names as instances have them, of our own and of others. */
const named = fc.oneof(
  fc.constantFrom(...DEVICES).map((name) => `/dev/${name}`),
  fc.constantFrom('/dev/sda1', '/dev/xvda', 'xvdf', '/dev/xvdg', '/dev/sdh1', '/dev/hdb', '/dev/nvme1n1', 'ephemeral0'),
);

describe('A device', () => {
  test('is free, whatever is taken and however it is called', () => {
    fc.assert(
      fc.property(fc.array(named, { maxLength: 60 }), fc.nat(), (taken, further) => {
        const device = freeDevice(taken, undefined, further);
        expect(isDevice(device)).toBe(true);
        expect(isAmong(device, taken)).toBe(false);
      }),
    );
  });

  test('is another one each time, until all are given out', () => {
    fc.assert(
      fc.property(fc.array(named, { maxLength: 20 }), fc.array(fc.nat(), { maxLength: 40 }), (taken, offsets) => {
        const used = [...taken];
        for (const further of offsets) used.push(freeDevice(used, undefined, further));
        const given = used.slice(taken.length).map(bareName);
        expect(new Set(given).size).toBe(given.length);
      }),
    );
  });

  test('is a conflict when none is left', () => {
    expect(() => freeDevice(DEVICES)).toThrow(
      new OcciError('conflict', 'The compute has as many disks as it can have.'),
    );
  });

  test('is the first of those that are recommended', () => {
    expect(freeDevice([])).toBe('sdf');
    expect(freeDevice(['/dev/sda1', '/dev/sdf', 'xvdg'])).toBe('sdh');
    expect(freeDevice(DEVICES.slice(0, 11))).toBe('xvdba');
  });

  test('is one place under all its names', () => {
    expect(isAmong('sdf', ['/dev/xvdf'])).toBe(true);
    expect(isAmong('xvdf', ['/dev/sdf1'])).toBe(true);
    expect(isAmong('sda', ['/dev/sda1'])).toBe(true);
    expect(isAmong('sdb', ['/dev/xvdba'])).toBe(false);
    expect(isAmong('sdf', [])).toBe(false);
  });

  test('that is wanted is given, or refused as taken', () => {
    expect(freeDevice(['/dev/sdf'], 'sdp')).toBe('sdp');
    expect(() => freeDevice(['xvdp'], 'sdp')).toThrow('The device /dev/sdp of the compute is in use.');
  });

  test.each([
    ['/dev/sdf', 'sdf'],
    ['sdf', 'sdf'],
    ['/dev/xvdba', 'xvdba'],
    ['/dev/vdb', 'sdb'],
    ['vdc1', 'sdc1'],
    ['/dev/hdd', 'sdd'],
    ['/dev/sdf15', 'sdf15'],
    [undefined, undefined],
  ])('may be asked for as %s', (asked, name) => {
    expect(wantedDevice(asked)).toBe(name);
  });

  test.each(['', '/dev/', 'vdbb', '/dev/nvme1n1', '/dev/sdf16', '/dev/../sdf', '/dev/sdf ', 'SDF', '/dev//dev/sdf', 3])(
    'may not be asked for as %j',
    (asked) => {
      expect(() => wantedDevice(asked)).toThrow(/occi\.storagelink\.deviceid must be the name of a device/);
    },
  );
});
