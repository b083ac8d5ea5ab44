/** The choice of a flavor for cores and memory. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { smallest } from '../../../../adapters/openstack/compute/flavor-choice.ts';
import { type Flavor, flavorsAnswer } from '../../../../adapters/openstack/native/catalogue.ts';
import { recordingsOf } from '../../../openstack/recordings.ts';

const recorded = recordingsOf('nova').find(({ name }) => name === 'nova.flavors.detail--latest')!;
const { flavors: FLAVORS } = flavorsAnswer.parse(recorded.response.body);

const nameOf = (needs: Parameters<typeof smallest>[1]) => smallest(FLAVORS, needs)?.name;

describe('the recorded flavors', () => {
  test.each([
    [{}, 'm1.tiny'],
    [{ cores: 1 }, 'm1.tiny'],
    [{ memory: 0.5 }, 'm1.tiny'],
    [{ memory: 0.6 }, 'm1.small'],
    [{ cores: 2 }, 'm1.medium'],
    [{ disk: 15 }, 'm1.small'],
    [{ cores: 100_000 }, undefined],
  ])('%j is %s', (needs, name) => {
    expect(nameOf(needs)).toBe(name);
  });
});

const flavor: fc.Arbitrary<Flavor> = fc.record({
  id: fc.uuid(),
  name: fc.string(),
  vcpus: fc.integer({ min: 1, max: 16 }),
  ram: fc.integer({ min: 64, max: 65_536 }),
  disk: fc.integer({ min: 0, max: 100 }),
  swap: fc.constant(0),
  ephemeral: fc.integer({ min: 0, max: 10 }),
  isDisabled: fc.boolean(),
});
const needs = fc.record(
  {
    cores: fc.integer({ min: 1, max: 20 }),
    memory: fc.double({ min: 0.001, max: 80, noNaN: true }),
    disk: fc.integer({ min: 0, max: 120 }),
  },
  { requiredKeys: [] },
);

const holds = (one: Flavor, { cores = 0, memory = 0, disk = 0 }: Parameters<typeof smallest>[1]) =>
  !one.isDisabled && one.disk > 0 && one.vcpus >= cores && one.ram / 1024 >= memory && one.disk >= disk;

describe('any flavors', () => {
  test('the choice holds what is asked for, and nothing that holds it has fewer cores, or as many and less memory', () => {
    fc.assert(
      fc.property(fc.array(flavor), needs, (flavors, asked) => {
        const chosen = smallest(flavors, asked);
        const fitting = flavors.filter((one) => holds(one, asked));
        expect(chosen === undefined).toBe(fitting.length === 0);
        if (!chosen) return;
        expect(fitting).toContain(chosen);
        for (const one of fitting) {
          expect(one.vcpus).toBeGreaterThanOrEqual(chosen.vcpus);
          if (one.vcpus === chosen.vcpus) expect(one.ram).toBeGreaterThanOrEqual(chosen.ram);
        }
      }),
    );
  });

  test('the order in which Nova lists them does not count', () => {
    fc.assert(
      fc.property(fc.uniqueArray(flavor, { selector: ({ id }) => id }), needs, (flavors, asked) => {
        expect(smallest(flavors.toReversed(), asked)).toEqual(smallest(flavors, asked));
      }),
    );
  });
});
