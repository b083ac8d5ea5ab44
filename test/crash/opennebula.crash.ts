import { KIND_TERMS } from '../../lib/occi/kinds/index.ts';
import { startOpenNebulaCloud } from './clouds/opennebula.ts';
import { crashSuite } from './suite.ts';

/** Creates of every kind, with and without links, and deletes; what the store does beside is tried with the embedded cloud. */
const kinds = KIND_TERMS.join('|');
const NATIVE = new RegExp(
  `^(?:create a (?:${kinds})(?: with a key)?|create a machine with links|delete (?:all machines|a storagelink|a machine with links))$`,
);

crashSuite('opennebula', startOpenNebulaCloud, NATIVE);
