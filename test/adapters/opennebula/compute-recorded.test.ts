/** Machines as oned answered them, as computes. */
import { describe, expect, test } from '@jest/globals';
import { toCompute } from '../../../adapters/opennebula/compute/entity.ts';
import { type Vm, vm, vmPool } from '../../../adapters/opennebula/native/index.ts';
import { KINDS } from '../../../lib/occi/kinds/index.ts';
import { expectAllowed, read, recorded, silent } from './recorded.ts';
import { recordings } from './recordings.ts';

const ALICE = { uid: 2, gid: 1, groups: [1], name: 'alice' };
const DONE = 6;
const shown = (machine: Vm) => toCompute(silent(), ALICE, machine);

const machines: readonly (readonly [string, Vm])[] = [
  ...recordings(/^one\.vm\.info--/).flatMap((name) => {
    const one = recorded(name, vm);
    return one ? [[name, one] as const] : [];
  }),
  ...recordings(/^one\.vmpool\.(infoextended|infoset)--/).flatMap((name) =>
    (recorded(name, vmPool) ?? []).map((one) => [`${name}, ${one.ID}`, one] as const),
  ),
];

describe('A recorded machine', () => {
  test.each(machines.filter(([, { STATE }]) => STATE !== DONE))(
    '%s is a compute that the tables allow',
    (_name, one) => {
      const compute = shown(one);
      expectAllowed(compute);
      expect(Object.keys(KINDS.compute.life.actions)).toContain(compute.attributes['occi.compute.state']);
      for (const link of compute.links ?? []) {
        expectAllowed(link);
        expect(link.source).toEqual({ kind: 'compute', id: compute.id });
      }
      expect(new Set(compute.links?.map(({ id }) => id)).size).toBe(compute.links?.length);
      expect(compute.published === true).toBe(one.UID !== ALICE.uid);
    },
  );

  test.each(machines.filter(([, { STATE }]) => STATE === DONE))('%s is gone', (_name, one) => {
    expect(() => shown(one)).toThrow(expect.objectContaining({ failure: 'notFound' }));
  });
});

/** As they were recorded one by one. */
const STATES = {
  '1-0-pending': 'waiting',
  '10-0-cloning': 'waiting',
  '2-0-hold': 'waiting',
  '3-1-prolog': 'waiting',
  '3-10-epilog_stop': 'waiting',
  '3-11-epilog': 'waiting',
  '3-12-shutdown': 'waiting',
  '3-16-unknown': 'inactive',
  '3-17-hotplug': 'active',
  '3-18-shutdown_poweroff': 'waiting',
  '3-2-boot': 'waiting',
  '3-20-boot_poweroff': 'waiting',
  '3-21-boot_suspended': 'waiting',
  '3-22-boot_stopped': 'waiting',
  '3-24-hotplug_snapshot': 'active',
  '3-25-hotplug_nic': 'active',
  '3-26-hotplug_saveas': 'active',
  '3-27-hotplug_saveas_poweroff': 'waiting',
  '3-29-shutdown_undeploy': 'waiting',
  '3-3-running-web-1': 'active',
  '3-33-hotplug_prolog_poweroff': 'waiting',
  '3-36-boot_failure': 'error',
  '3-37-boot_migrate_failure': 'error',
  '3-40-epilog_failure': 'error',
  '3-42-epilog_undeploy_failure': 'error',
  '3-43-prolog_migrate_poweroff': 'waiting',
  '3-44-prolog_migrate_poweroff_failure': 'error',
  '3-48-boot_stopped_failure': 'error',
  '3-49-prolog_resume_failure': 'error',
  '3-5-save_stop': 'waiting',
  '3-51-disk_snapshot_poweroff': 'inactive',
  '3-52-disk_snapshot_revert_poweroff': 'inactive',
  '3-54-disk_snapshot_suspended': 'suspended',
  '3-57-disk_snapshot': 'active',
  '3-6-save_suspend': 'waiting',
  '3-60-prolog_migrate_unknown': 'waiting',
  '3-63-disk_resize_poweroff': 'inactive',
  '3-66-hotplug_resize': 'active',
  '3-68-hotplug_saveas_stopped': 'waiting',
  '3-7-save_migrate': 'waiting',
  '3-70-backup_poweroff': 'inactive',
  '3-8-prolog_migrate': 'waiting',
  '3-9-prolog_resume': 'waiting',
  '4-0-stopped': 'suspended',
  '5-0-suspended': 'suspended',
  '8-0-poweroff': 'inactive',
  '9-0-undeployed': 'inactive',
} as const;

describe('A machine recorded in the state', () => {
  const named = (state: string) => recorded(`one.vm.info--state-${state}`, vm)!;

  test.each(Object.entries(STATES))('%s is %s', (name, state) => {
    const { attributes } = shown(named(name));
    expect(attributes['occi.compute.state']).toBe(state);
    const stateName = name.replace(/^\d+-\d+-/, '').toUpperCase();
    if (!/^(RUNNING|POWEROFF|SUSPENDED)/.test(stateName)) {
      expect(attributes['occi.compute.state.message']).toMatch(new RegExp(`^${stateName}: `));
    }
  });

  test('DONE is gone', () => {
    expect(() => shown(named('6-0-done'))).toThrow(expect.objectContaining({ failure: 'notFound' }));
  });

  test('is tried for every state that there is a recording of', () => {
    const all = recordings(/^one\.vm\.info--state-/).map((name) => name.slice('one.vm.info--state-'.length));
    expect([...Object.keys(STATES), '6-0-done'].sort()).toEqual([...all].sort());
  });
});

describe('A machine', () => {
  const machine = (inner: string, user = '') =>
    read(
      `<VM><ID>1</ID><UID>2</UID><GID>1</GID><NAME>web</NAME><STATE>8</STATE><LCM_STATE>0</LCM_STATE><TEMPLATE>${inner}</TEMPLATE><USER_TEMPLATE>${user}</USER_TEMPLATE></VM>`,
      vm,
    );

  test('shows its size in cores, GHz and GiB', () => {
    const small = machine('<CPU>0.5</CPU><VCPU>2</VCPU><MEMORY>1536</MEMORY>');
    expect(shown(small).attributes).toMatchObject({
      'occi.compute.cores': 2,
      'occi.compute.memory': 1.5,
      'occi.compute.speed': 0.25,
    });
    expect(toCompute(silent({ coreSpeed: 2.4 }), ALICE, small).attributes['occi.compute.speed']).toBe(0.6);
  });

  test.each([
    ['x86_64', 'x64'],
    ['i686', 'x86'],
    ['aarch64', undefined],
  ])('for %s has the architecture %s', (arch, architecture) => {
    const { attributes } = shown(machine(`<MEMORY>64</MEMORY><OS><ARCH>${arch}</ARCH></OS>`));
    expect(attributes['occi.compute.architecture']).toBe(architecture);
  });

  test('made by others shows its description, and what it was made of', () => {
    const { attributes, mixins } = shown(
      machine('<MEMORY>64</MEMORY><TEMPLATE_ID>7</TEMPLATE_ID>', '<DESCRIPTION>mail</DESCRIPTION>'),
    );
    expect(attributes['occi.core.summary']).toBe('mail');
    expect(mixins).toEqual(['http://schemas.opennebula.org/occi/infrastructure/os_tpl#template-0000007']);
  });
});
