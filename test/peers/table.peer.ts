import { tableContract } from '../contract/table.ts';
import { motoTable } from './dynamodb.ts';

tableContract({
  name: 'DynamoDB (moto)',
  start: motoTable,
  skip: {
    'a row of 400 KB is held, a larger one refused as tooLarge and not written':
      'moto takes no row over 405,000 bytes, 4,600 less than DynamoDB does; dynalite shows it',
  },
});
