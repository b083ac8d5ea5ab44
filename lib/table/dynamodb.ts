import { randomUUID } from 'node:crypto';
import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  type QueryCommandOutput,
} from '@aws-sdk/lib-dynamodb';
import { readBatch } from './dynamodb-batch.ts';
import { connectDynamoDb, type DynamoDbConnection } from './dynamodb-client.ts';
import { dynamoDbError, isConditionFailure } from './dynamodb-errors.ts';
import { isExpired, nowInSeconds } from './expiry.ts';
import { keyFits, prefixFits } from './limits.ts';
import { checkedRowBytes, PUT_ID } from './row-size.ts';
import type { PutCondition, Row, RowKey, RowPage, Table } from './table.ts';

export interface DynamoDbTableOptions extends DynamoDbConnection {
  /** The table: string keys `pk` (hash) and `sk` (range), TTL on `expires`. */
  readonly name: string;
}

/**
 * A table in DynamoDB, read consistently; the client is made when it is first needed.
 * Throws `unavailable` (with Retry-After) when the table throttles, cannot be reached or does not answer in time,
 * `internal` when the table is missing or refuses us.
 */
export const dynamoDbTable = ({ name: TableName, ...connection }: DynamoDbTableOptions): Table => {
  let client: DynamoDBDocumentClient | undefined;
  const ask = async <T>(question: (client: DynamoDBDocumentClient) => Promise<T>): Promise<T> => {
    try {
      client ??= connectDynamoDb(connection);
      return await question(client);
    } catch (error) {
      throw dynamoDbError(error);
    }
  };

  const queryPage = async (pk: string, prefix: string, after: string | undefined, fields: object) => {
    if (!prefixFits(pk, prefix)) return { items: [] };
    let start = after;
    do {
      const query = new QueryCommand({
        TableName,
        ConsistentRead: true,
        ...beginsWith(pk, prefix),
        ...fields,
        ...(start !== undefined && { ExclusiveStartKey: { pk, sk: start } }),
      });
      const answer: QueryCommandOutput = await ask((client) => client.send(query));
      const items = present(answer.Items);
      start = answer.LastEvaluatedKey?.sk as string | undefined;
      if (items.length > 0) return { items, next: start };
    } while (start !== undefined);
    return { items: [] };
  };

  return {
    async get(key) {
      if (!keyFits(key)) return undefined;
      const command = new GetCommand({ TableName, Key: keyOf(key), ConsistentRead: true });
      const { Item } = await ask((client) => client.send(command));
      return present(Item && [Item])[0];
    },

    async getAll(keys) {
      const rows = await ask((client) => readBatch(client, TableName, keys.filter(keyFits).map(keyOf)));
      return present(rows);
    },

    async put(row, condition) {
      checkedRowBytes(row);
      const command = new PutCommand({ TableName, ...(condition ? onlyIf(row, condition) : { Item: row }) });
      return ask(async (client) => {
        try {
          await client.send(command);
          return true;
        } catch (error) {
          if (isConditionFailure(error)) return false;
          throw error;
        }
      });
    },

    async delete(key) {
      if (!keyFits(key)) return;
      await ask((client) => client.send(new DeleteCommand({ TableName, Key: keyOf(key) })));
    },

    query: (pk, prefix, after): Promise<RowPage<Row>> => queryPage(pk, prefix, after, {}),

    async queryKeys(pk, prefix, after) {
      const { items, next } = await queryPage(pk, prefix, after, KEYS_ONLY);
      return { items: items.map(({ sk }) => sk), next };
    },
  };
};

const keyOf = ({ pk, sk }: RowKey): RowKey => ({ pk, sk });

/** Includes `expires`, because a key with an expired row does not exist either. */
const KEYS_ONLY = {
  ProjectionExpression: 'sk, #expires',
  ExpressionAttributeNames: { '#expires': 'expires' },
};

/** An empty prefix is left out: DynamoDB refuses an empty string as the value of a key. */
const beginsWith = (pk: string, prefix: string) =>
  prefix === ''
    ? { KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': pk } }
    : {
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
        ExpressionAttributeValues: { ':pk': pk, ':prefix': prefix },
      };

const CONDITIONS = {
  absent: 'attribute_not_exists(pk) OR #expires <= :now OR #put = :put',
  version: '(#version = :version AND (attribute_not_exists(#expires) OR #expires > :now)) OR #put = :put',
} as const;

/**
 * The put's own id is a field that readers do not get, and part of the condition: the SDK repeats a put whose answer was lost, and the repetition must not
 * take the row that the first attempt wrote for a competitor's.
 */
const onlyIf = (row: Row, condition: PutCondition) => {
  const put = randomUUID();
  const Item = { ...row, [PUT_ID]: put };
  const names = { '#expires': 'expires', '#put': PUT_ID };
  const values = { ':now': nowInSeconds(), ':put': put };
  return condition === 'absent'
    ? {
        Item,
        ConditionExpression: CONDITIONS.absent,
        ExpressionAttributeNames: names,
        ExpressionAttributeValues: values,
      }
    : {
        Item,
        ConditionExpression: CONDITIONS.version,
        ExpressionAttributeNames: { ...names, '#version': 'version' },
        ExpressionAttributeValues: { ...values, ':version': condition.version },
      };
};

/** What DynamoDB returned, less the expired rows it has not swept yet. */
const present = (items: readonly Record<string, unknown>[] = []): Row[] => {
  const now = nowInSeconds();
  const rows = (items as Row[]).filter((row) => !isExpired(row, now));
  for (const row of rows) if (PUT_ID in row) Reflect.deleteProperty(row, PUT_ID);
  return rows;
};
