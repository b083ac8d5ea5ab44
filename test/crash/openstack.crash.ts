import { KIND_TERMS } from '../../lib/occi/kinds/index.ts';
import { startOpenStackCloud } from './clouds/openstack.ts';
import { crashSuite } from './suite.ts';

const TABLE_ONLY = 'changes nothing in OpenStack: the embedded cloud tries its writes';
const as = (name: string) => `its calls of OpenStack are those of "${name}"; the embedded cloud tries its writes`;

/** Kinds whose creates without a key leave what no repeated one finds: they run in every case. */
const LEAVING: readonly string[] = ['networkinterface'];

/** The stand-in has no copies, so each point prepares its own: three minutes and a half of processor time for these. */
const leftOut = {
  'define two mixins': TABLE_ONLY,
  'tag two entities': TABLE_ONLY,
  'make others the members of a mixin': TABLE_ONLY,
  'take a mixin off all its members': TABLE_ONLY,
  'remove a mixin that two entities have': TABLE_ONLY,
  ...Object.fromEntries(
    KIND_TERMS.flatMap((kind) => [
      ...(LEAVING.includes(kind) ? [] : [[`create a ${kind}`, as(`create a ${kind} with a key`)]]),
      [`make a ${kind} at a path`, as(`create a ${kind} with a key`)],
    ]),
  ),
  'create a machine among all resources': as('create a machine with links and a key'),
  'make a machine with links at a path': as('create a machine with links and a key'),
  'make a machine again at the path of one that is gone': as('create a compute with a key'),
  'replace a machine': as('change texts and add a tag'),
  'stop the machines of a mixin': as('stop all machines'),
  'stop all machines among all resources': as('stop all machines'),
  'delete two machines of three': as('delete all machines'),
  'delete a machine with links at a chosen path': as('delete a machine with links'),
  'create three linked entities': as('create three linked entities with a key'),
};

crashSuite('openstack', startOpenStackCloud, leftOut);
