import { afterAll } from '@jest/globals';
import { closeAccounts, startEc2Cloud } from './clouds/ec2.ts';
import { crashSuite } from './suite.ts';

const TABLE_ONLY = 'changes nothing in EC2: the embedded cloud tries its writes';
const as = (name: string) => `its calls of EC2 are those of "${name}"; the embedded cloud tries its writes`;

/** A point takes a second here, where moto answers. */
const leftOut = {
  'define two mixins': TABLE_ONLY,
  'tag two entities': TABLE_ONLY,
  'make others the members of a mixin': TABLE_ONLY,
  'take a mixin off all its members': TABLE_ONLY,
  'remove a mixin that two entities have': TABLE_ONLY,
  'create a machine among all resources': as('create a machine with links and a key'),
  'make a machine with links at a path': as('create a machine with links and a key'),
  'make a machine again at the path of one that is gone': as('make a compute at a path'),
  'stop the machines of a mixin': as('stop all machines'),
  'stop all machines among all resources': as('stop all machines'),
  'delete two machines of three': as('delete all machines'),
  'delete a machine with links at a chosen path': as('delete a machine with links'),
  'create three linked entities': as('create three linked entities with a key'),
};

afterAll(closeAccounts);
crashSuite('ec2', startEc2Cloud, leftOut);
