import { startDummy } from './clouds/dummy.ts';
import { crashSuite } from './suite.ts';

crashSuite('dummy', startDummy);
