import { mappingStoreContract } from '../contract/mapping-store.ts';
import { motoTable } from './dynamodb.ts';

mappingStoreContract({ name: 'DynamoDB (moto)', start: motoTable });
