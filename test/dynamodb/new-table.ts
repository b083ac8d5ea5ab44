/** A table such as the deployment makes, in a DynamoDB of others, through the client that runs on AWS (ADR-9). */
import { randomUUID } from 'node:crypto';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { dynamoDbTable } from '../../lib/table/dynamodb.ts';
import type { Table } from '../../lib/table/table.ts';

/** A client of its own, to be destroyed. */
export const clientOf = (endpoint: string): DynamoDBClient =>
  new DynamoDBClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });

/** Makes a table, whose name nobody else has unless one is given. */
export const newTable = async (
  endpoint: string,
  name = `occi-${randomUUID()}`,
): Promise<{ readonly name: string; readonly table: Table }> => {
  const client = clientOf(endpoint);
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
  return { name, table: dynamoDbTable({ name, endpoint }) };
};
