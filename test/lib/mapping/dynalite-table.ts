/** A table in dynalite, through the client that runs on AWS (ADR-9). */
import { once } from 'node:events';
import type { Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { dynamoDbTable } from '../../../lib/table/dynamodb.ts';
import type { Table } from '../../../lib/table/table.ts';

const dynalite: (options: { createTableMs: number }) => Server = createRequire(import.meta.url)('dynalite');

/** The name of the table, which is the same in every dynalite. */
export const TABLE_NAME = 'occi';

/** A dynalite with an empty table, for processes of their own. */
export async function startDynalite(): Promise<{ readonly endpoint: string; stop(): Promise<void> }> {
  const server = dynalite({ createTableMs: 0 });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new DynamoDBClient({ endpoint, region: 'us-east-1', credentials });
  await client.send(
    new CreateTableCommand({
      TableName: TABLE_NAME,
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
  return {
    endpoint,
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

export async function dynaliteTable(): Promise<{ readonly table: Table; stop(): Promise<void> }> {
  const { endpoint, stop } = await startDynalite();
  return { table: dynamoDbTable({ name: TABLE_NAME, endpoint }), stop };
}
