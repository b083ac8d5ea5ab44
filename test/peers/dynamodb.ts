/** A table in moto's DynamoDB, through the client that runs on AWS. */
import { randomUUID } from 'node:crypto';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { dynamoDbTable } from '../../lib/table/dynamodb.ts';
import type { Table } from '../../lib/table/table.ts';
import { startMoto } from './moto.mjs';

/** One that nobody else has, in the moto of the run (MOTO_ENDPOINT) or in a new one. */
export const motoTable = async (): Promise<{ readonly table: Table; readonly stop: () => Promise<void> }> => {
  const known = process.env.MOTO_ENDPOINT;
  const own = known ? undefined : await startMoto();
  const endpoint = known ?? own!.endpoint;
  const name = `occi-${randomUUID()}`;
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new DynamoDBClient({ endpoint, region: 'us-east-1', credentials });
  await client.send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'sk', AttributeType: 'S' },
      ],
    }),
  );
  client.destroy();
  return { table: dynamoDbTable({ name, endpoint }), stop: async () => own?.stop() };
};
