/** A table in dynalite, through the client that runs on AWS (ADR-9). */
import { dynamoDbTable } from '../../../lib/table/dynamodb.ts';
import type { Table } from '../../../lib/table/table.ts';
import { startDynalite as startEmpty } from '../../dynamodb/dynalite.ts';
import { newTable } from '../../dynamodb/new-table.ts';

/** The name of the table, which is the same in every dynalite. */
export const TABLE_NAME = 'occi';

/** A dynalite with an empty table, for processes of their own. */
export async function startDynalite(): Promise<{ readonly endpoint: string; stop(): Promise<void> }> {
  const running = await startEmpty();
  await newTable(running.endpoint, TABLE_NAME);
  return running;
}

export async function dynaliteTable(): Promise<{ readonly table: Table; stop(): Promise<void> }> {
  const { endpoint, stop } = await startDynalite();
  return { table: dynamoDbTable({ name: TABLE_NAME, endpoint }), stop };
}
