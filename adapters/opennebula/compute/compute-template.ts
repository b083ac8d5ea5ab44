/** Builds the template from which oned creates a machine. */
import type { Draft, LinkDraft } from '../../../lib/adapter/contract.ts';
import { OcciError } from '../../../lib/errors.ts';
import { type Attributes, typeId } from '../../../lib/occi/types.ts';
import type { Cloud } from '../cloud.ts';
import type { OpenNebulaSettings } from '../config.ts';
import { isKept, objectAmong, objectOfMixin } from '../mixins.ts';
import { nicOf } from '../network/networkinterface.ts';
import { groupOf } from '../securitygroup/securitygrouplink.ts';
import { diskOf } from '../storage/storagelink.ts';
import { nameOf } from '../template/naming.ts';
import type { Template, Vector } from '../template/template.ts';
import { asPresent, type VmTemplateBody } from '../template/vm-templates.ts';
import { contextOf } from './contextualization.ts';

const ARCHITECTURES = { x64: 'x86_64', x86: 'i686' } as const;
type Architecture = keyof typeof ARCHITECTURES;

/** OCCI's name of an architecture; undefined if OCCI has no name for it. */
export const architectureOf = (native: string | undefined): Architecture | undefined => {
  if (native === undefined) return undefined;
  if (/^(x86_64|amd64|x64)$/i.test(native)) return 'x64';
  return /^(i[3-6]86|x86)$/i.test(native) ? 'x86' : undefined;
};

/** GiB as whole MB. */
const megabytes = (gib: unknown): number | undefined =>
  typeof gib === 'number' ? Math.max(1, Math.round(gib * 1024)) : undefined;

/** Cores that the guest sees, and the share of a host's cores that they are worth. */
export function capacityOf(attributes: Attributes, cloud: Cloud, present: { cores: number; speed: number }) {
  const { coreSpeed } = cloud.settings;
  const cores = attributes['occi.compute.cores'];
  const speed = attributes['occi.compute.speed'];
  const changes = cores !== undefined || speed !== undefined;
  const share = (typeof speed === 'number' ? speed : present.speed) / coreSpeed;
  const count = typeof cores === 'number' ? cores : present.cores;
  return {
    VCPU: changes ? count : undefined,
    CPU: changes ? Math.max(0.01, Number((count * share).toFixed(5))) : undefined,
    MEMORY: megabytes(attributes['occi.compute.memory']),
  };
}

/** What is known of a machine beside its template: made through us, with these mixins. */
const MIXINS_KEPT = 'OCCI_MIXINS';

/**
 * Type identifiers of the mixins that nothing else in a machine reveals. Users can write the attribute themselves, and
 * machines inherit it from VM templates, so unknown identifiers are left out.
 */
export const keptMixins = (values: Readonly<Record<string, string>>, settings: OpenNebulaSettings): readonly string[] =>
  (values[MIXINS_KEPT] ?? '').split(/\s+/).filter((id) => isKept(id, settings));

export const keepMixins = (ids: readonly string[]): Template => ({ [MIXINS_KEPT]: ids.join(' ') || undefined });

const ofKind = <K extends LinkDraft['kind']>(links: readonly LinkDraft[], kind: K) =>
  links.filter((link): link is LinkDraft<K> => link.kind === kind);

/** GiB of a disk that comes and goes with the machine. */
const ephemeralOf = ({ 'occi.compute.ephemeral_storage.size': size }: Attributes): number | undefined =>
  typeof size === 'number' && size > 0 ? size : undefined;

/** True for a draft that adds to what its VM template has, or must fit it, so that the template must be read first. */
export const addsToTemplate = ({ attributes, links, mixins }: Draft<'compute'>): boolean =>
  links.length > 0 ||
  ephemeralOf(attributes) !== undefined ||
  attributes['occi.compute.architecture'] !== undefined ||
  contextOf(attributes).context !== undefined ||
  objectAmong('availability_zone', mixins) !== undefined;

const named = (cluster: number | undefined): string | undefined =>
  cluster === undefined ? undefined : `CLUSTER_ID = ${cluster}`;

const both = (one: string | undefined, other: string | undefined): string | undefined =>
  one && other ? `(${one}) & (${other})` : one || other;

/** Throws `conflict` when the architecture of the template is not the requested one. */
function requireArchitecture(wanted: Architecture | undefined, { OS }: VmTemplateBody): void {
  const present = architectureOf(OS.ARCH);
  if (wanted === undefined || present === undefined || present === wanted) return;
  throw new OcciError('conflict', `The OS template is for the architecture ${present}.`);
}

/** NICs with the groups that the draft puts on the machine; without a NIC there is nothing to put them on. */
function grouped(nics: readonly Vector[], groups: readonly number[]): readonly Vector[] {
  if (groups.length === 0) return nics;
  if (nics.length === 0) {
    throw new OcciError('conflict', 'A compute needs a networkinterface for its securitygrouplink.');
  }
  return nics.map((nic) => {
    const own = nic.SECURITY_GROUPS;
    const present = own === undefined ? [] : [typeof own === 'object' ? own.text : String(own)];
    return { ...nic, SECURITY_GROUPS: [...present, ...groups].join(',') };
  });
}

/**
 * The template. `body` is what the VM template has, read where the draft adds to it; `token` is kept with the machine,
 * so that it can be found when the answer to its create is lost.
 */
export function templateOf(
  cloud: Cloud,
  draft: Draft<'compute'>,
  token: string,
  body: VmTemplateBody | undefined,
  fromTemplate: boolean,
): { readonly name: string; readonly template: Template } {
  const { attributes, mixins, links } = draft;
  const title = attributes['occi.core.title'];
  const naming = nameOf('compute', typeof title === 'string' ? title : undefined, token);
  const summary = attributes['occi.core.summary'];
  const { context, beside } = contextOf(attributes);
  const nicDrafts = ofKind(links, 'networkinterface');
  const diskDrafts = ofKind(links, 'storagelink');
  const groups = ofKind(links, 'securitygrouplink').map(groupOf);
  const ephemeral = ephemeralOf(attributes);
  const cluster = objectAmong('availability_zone', mixins);
  const architecture = attributes['occi.compute.architecture'] as Architecture | undefined;
  if (body) requireArchitecture(architecture, body);
  // The template that it is made of stands in the machine anyway.
  const kept = mixins.map(typeId).filter((id) => objectOfMixin('os_tpl', id) === undefined);
  const capacity = capacityOf(attributes, cloud, { cores: 1, speed: cloud.settings.coreSpeed });
  return {
    name: naming.name,
    template: {
      ...(fromTemplate
        ? capacity
        : { CPU: capacity.CPU ?? 1, VCPU: capacity.VCPU ?? 1, MEMORY: capacity.MEMORY ?? 1024 }),
      ...(!fromTemplate && { NAME: naming.name, ...(architecture && { OS: { ARCH: ARCHITECTURES[architecture] } }) }),
      ...(fromTemplate && { OCCI_ARCHITECTURE: architecture }),
      NIC:
        nicDrafts.length + groups.length > 0
          ? grouped([...(body?.NIC ?? []).map(asPresent), ...nicDrafts.map(nicOf)], groups)
          : undefined,
      DISK:
        diskDrafts.length > 0 || ephemeral !== undefined
          ? [
              ...(body?.DISK ?? []).map(asPresent),
              ...diskDrafts.map(diskOf),
              ...(ephemeral === undefined ? [] : [{ TYPE: 'fs', FORMAT: 'raw', SIZE: megabytes(ephemeral) }]),
            ]
          : undefined,
      CONTEXT: context && { ...asPresent(body?.CONTEXT ?? {}), ...(!fromTemplate && { NETWORK: 'YES' }), ...context },
      SCHED_REQUIREMENTS: both(body?.SCHED_REQUIREMENTS, named(cluster)),
      ...naming.attributes,
      ...beside,
      ...keepMixins(kept),
      OCCI_TOKEN: token,
      ...(typeof summary === 'string' && { DESCRIPTION: summary, OCCI_DESCRIBED: 'YES' }),
    },
  };
}
