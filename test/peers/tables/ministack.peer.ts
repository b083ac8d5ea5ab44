import { startedAt, tableSuite } from '../../dynamodb/suite.ts';

tableSuite({ name: 'MiniStack', start: startedAt('MINISTACK_ENDPOINT') });
