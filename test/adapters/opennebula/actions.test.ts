import { describe, expect, test } from '@jest/globals';
import { COMPUTE_ACTIONS, deleteActions, isUnknownAction, nativeAction } from '../../../adapters/opennebula/actions.ts';
import { OneRefusal } from '../../../adapters/opennebula/api/client.ts';
import { compute } from '../../../lib/occi/kinds/compute.ts';
import { recording, recordings } from './recordings.ts';

describe('An action', () => {
  test.each([
    ['start', undefined, 'resume'],
    ['stop', undefined, 'poweroff'],
    ['stop', 'graceful', 'poweroff'],
    ['stop', 'acpioff', 'poweroff'],
    ['stop', 'poweroff', 'poweroff-hard'],
    ['restart', 'graceful', 'reboot'],
    ['restart', 'warm', 'reboot'],
    ['restart', 'cold', 'reboot-hard'],
    ['suspend', 'hibernate', 'suspend'],
    ['suspend', 'suspend', 'suspend'],
    ['stop', 'constructor', 'poweroff'],
  ] as const)('%s by %p is %s', (action, method, native) => {
    expect(nativeAction(action, method)).toBe(native);
  });

  test('has a native one for each of its methods', () => {
    for (const action of ['stop', 'restart', 'suspend'] as const) {
      const methods = compute.actions[action].attributes.method.values;
      expect(Object.keys(COMPUTE_ACTIONS[action]).sort()).toEqual(['default', ...methods].sort());
    }
  });

  test('that oned does not know is distinguished from one that it refuses', () => {
    for (const name of recordings(/^one\.vm\.action--/)) {
      const [success, sentence, code] = recording(name).decoded.tuple as [boolean, string, number];
      if (success) continue;
      expect(isUnknownAction(new OneRefusal(code, sentence))).toBe(/shutdown-removed|unknown-action/.test(name));
    }
  });
});

describe('A machine is deleted', () => {
  test.each([
    ['4.14.2', true, ['shutdown-hard']],
    ['4.14.2', false, ['delete']],
    ['5.12.0', true, ['terminate-hard', 'shutdown-hard']],
    ['6.10.0.1', true, ['terminate-hard']],
    ['7.4.0', false, ['terminate-hard']],
    [undefined, false, ['terminate-hard', 'delete']],
  ] as const)('by the names of its release: %p', (version, running, names) => {
    expect(deleteActions(version, running)).toEqual(names);
  });
});
