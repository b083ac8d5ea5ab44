import { startedAt, tableSuite } from '../../dynamodb/suite.ts';

const SMALLER = 'moto takes no row over 405,000 bytes; dynalite and MiniStack show it';

tableSuite({
  name: 'moto',
  start: startedAt('MOTO_ENDPOINT'),
  skip: {
    'a row of 400 KB is held, a larger one refused as tooLarge and not written': SMALLER,
    'a row of as many bytes as fit is held, put in any way, and one of a byte more in none': SMALLER,
  },
});
