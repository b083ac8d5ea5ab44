/** Translates a machine to a compute; its document has everything that is needed. */
import type { Native } from '../../../lib/adapter/contract.ts';
import { type Attributes, typeId } from '../../../lib/occi/types.ts';
import type { Verdict } from '../api/verdict.ts';
import { type Cloud, isOwn } from '../cloud.ts';
import { mixinId, sizes } from '../mixins.ts';
import type { Vm } from '../native/index.ts';
import { toNetworkinterfaces } from '../network/networkinterface.ts';
import { toSecuritygrouplinks } from '../securitygroup/securitygrouplink.ts';
import { computeState } from '../states.ts';
import { toStoragelinks } from '../storage/storagelink.ts';
import { line, titleOf } from '../template/naming.ts';
import { architectureOf, keptMixins } from './compute-template.ts';
import { contextAttributes } from './contextualization.ts';

/** Decimal places that suffice to show any whole number of MB in GiB. */
const MAX_DIGITS = 10;

/** The shortest number of GiB that rounds to this many MB: 1.7 for 1,741 and 0.0625 for 64. */
function gibibytes(megabytes: number): number {
  for (let digits = 1; digits < MAX_DIGITS; digits += 1) {
    const short = Number((megabytes / 1024).toFixed(digits));
    if (Math.round(short * 1024) === megabytes) return short;
  }
  return megabytes / 1024;
}

/** Rounds away the error of a division. */
const rounded = (value: number): number => Number(value.toFixed(5));

/** Size of the volatile disks without swap, in GiB. */
const ephemeralOf = ({ TEMPLATE: { DISK } }: Vm): number =>
  gibibytes(
    DISK.filter((disk) => disk.IMAGE_ID === undefined && disk.TYPE !== 'swap').reduce(
      (sum, { SIZE = 0 }) => sum + SIZE,
      0,
    ),
  );

/** False if the machine no longer has the size of this size template; true for any other mixin. */
function isStillOfSize(id: string, cores: number, memory: number, cloud: Cloud): boolean {
  const size = sizes(cloud.settings).find((mixin) => typeId(mixin) === id);
  if (!size) return true;
  const { 'occi.compute.cores': count, 'occi.compute.memory': gib } = size.attributes ?? {};
  return count?.default === cores && gib?.default === memory;
}

/** Translates a machine. Throws `notFound` for a machine that is DONE. */
export function toCompute(cloud: Cloud, verdict: Verdict, machine: Vm): Native<'compute'> {
  const { TEMPLATE, USER_TEMPLATE } = machine;
  const { state, message } = computeState(machine);
  const cores = TEMPLATE.VCPU ?? 1;
  const memory = gibibytes(TEMPLATE.MEMORY ?? 0);
  const kept = keptMixins(USER_TEMPLATE, cloud.settings).filter((id) => isStillOfSize(id, cores, memory, cloud));
  const mixins = [...(TEMPLATE.TEMPLATE_ID === undefined ? [] : [mixinId('os_tpl', TEMPLATE.TEMPLATE_ID)]), ...kept];
  const isSized = sizes(cloud.settings).some((mixin) => kept.includes(typeId(mixin)));
  const title = titleOf(machine.NAME, USER_TEMPLATE);
  // A machine inherits its VM template's description. On our machines it counts only with OCCI_DESCRIBED.
  const isDescribed = USER_TEMPLATE.OCCI_TOKEN === undefined || USER_TEMPLATE.OCCI_DESCRIBED === 'YES';
  const summary = isDescribed && USER_TEMPLATE.DESCRIPTION ? line(USER_TEMPLATE.DESCRIPTION) : undefined;
  const architecture = architectureOf(TEMPLATE.OS.ARCH) ?? architectureOf(USER_TEMPLATE.OCCI_ARCHITECTURE);
  const attributes: Attributes = {
    ...(title !== undefined && { 'occi.core.title': title }),
    ...(summary !== undefined && { 'occi.core.summary': summary }),
    ...(architecture && { 'occi.compute.architecture': architecture }),
    'occi.compute.cores': cores,
    'occi.compute.memory': memory,
    ...(TEMPLATE.CPU !== undefined && {
      'occi.compute.speed': rounded((TEMPLATE.CPU / cores) * cloud.settings.coreSpeed),
    }),
    ...(isSized && { 'occi.compute.ephemeral_storage.size': ephemeralOf(machine) }),
    ...contextAttributes(machine, mixins),
    'occi.compute.state': state,
    ...(message !== undefined && { 'occi.compute.state.message': message }),
  };
  return {
    kind: 'compute',
    id: String(machine.ID),
    attributes,
    mixins,
    links: [...toNetworkinterfaces(machine), ...toStoragelinks(machine), ...toSecuritygrouplinks(machine)],
    ...(!isOwn(cloud.settings, verdict, machine) && { published: true }),
  };
}
