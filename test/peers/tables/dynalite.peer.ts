import { startDynalite } from '../../dynamodb/dynalite.ts';
import { tableSuite } from '../../dynamodb/suite.ts';

tableSuite({ name: 'dynalite', start: startDynalite });
