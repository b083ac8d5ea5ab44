import { startOpenNebulaCloud } from './clouds/opennebula.ts';
import { crashSuite } from './suite.ts';

crashSuite('opennebula', startOpenNebulaCloud);
