/** A typical compute: a template, a size, one network interface and one disk. */
import { applicableActions } from '../lib/occi/applicable-actions.ts';
import type { LinkEntity, ResourceEntity } from '../lib/occi/entity.ts';
import { categoryOf } from '../lib/occi/identifiers.ts';
import { KINDS } from '../lib/occi/kinds/index.ts';
import { typeId } from '../lib/occi/types.ts';

const DEBIAN = { scheme: 'http://example.org/occi/infrastructure/os_tpl#', term: 'debian12', title: 'Debian 12' };
const MEDIUM = categoryOf('http://schemas.ogf.org/occi/infrastructure/resource_tpl#medium');
const IP = categoryOf('http://schemas.ogf.org/occi/infrastructure/networkinterface#ipnetworkinterface');

const uuid = (block: string, index: number): string =>
  `${block}-5e3c-5d0a-9f0e-${index.toString(16).padStart(12, '0')}`;

/** Each index gives a different compute. */
export const sampleCompute = (index: number): ResourceEntity => {
  const id = uuid('6f6c1c5e', index);
  const location = `/compute/${id}`;
  return {
    is: 'resource',
    kind: KINDS.compute,
    mixins: [DEBIAN, MEDIUM],
    id: `urn:uuid:${id}`,
    location,
    title: `worker ${index} of the batch`,
    summary: 'Says "hello" and computes',
    attributes: {
      'occi.compute.architecture': 'x64',
      'occi.compute.cores': 2,
      'occi.compute.memory': 4,
      'occi.compute.hostname': `worker-${index}.example.org`,
      'occi.compute.state': 'active',
    },
    actions: applicableActions('compute', 'active'),
    links: [interfaceOf(location, index), diskOf(location, index)],
  };
};

const interfaceOf = (source: string, index: number): LinkEntity => ({
  is: 'link',
  kind: KINDS.networkinterface,
  mixins: [IP],
  id: `urn:uuid:${uuid('0e55c1c5', index)}`,
  location: `/networkinterface/${uuid('0e55c1c5', index)}`,
  attributes: {
    'occi.networkinterface.interface': 'eth0',
    'occi.networkinterface.mac': '02:00:0a:00:00:2a',
    'occi.networkinterface.address': '10.0.0.42',
    'occi.networkinterface.gateway': '10.0.0.1',
    'occi.networkinterface.allocation': 'dynamic',
    'occi.networkinterface.state': 'active',
  },
  actions: applicableActions('networkinterface', 'active'),
  source: { location: source, kind: typeId(KINDS.compute) },
  target: { location: `/network/${uuid('1e57aa01', 1)}`, kind: typeId(KINDS.network) },
});

const diskOf = (source: string, index: number): LinkEntity => ({
  is: 'link',
  kind: KINDS.storagelink,
  mixins: [],
  id: `urn:uuid:${uuid('d15cc1c5', index)}`,
  location: `/storagelink/${uuid('d15cc1c5', index)}`,
  attributes: {
    'occi.storagelink.deviceid': '/dev/vdb',
    'occi.storagelink.mountpoint': '/data',
    'occi.storagelink.state': 'active',
  },
  actions: applicableActions('storagelink', 'active'),
  source: { location: source, kind: typeId(KINDS.compute) },
  target: { location: `/storage/${uuid('5704a6e1', index)}`, kind: typeId(KINDS.storage) },
});
