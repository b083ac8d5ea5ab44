/** Questions to a DynamoDB, each with an answer of one word or two. */
import {
  type AttributeValue,
  BatchGetItemCommand,
  type DynamoDBClient,
  PutItemCommand,
  QueryCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';

type Item = Record<string, AttributeValue>;

/** A client and a table that nobody else has. */
export interface Place {
  readonly client: DynamoDBClient;
  readonly name: string;
}

const KB = 1024;
const KEY: Item = { pk: { S: 'p' }, sk: { S: 'a' } };

const put = ({ client, name: TableName }: Place, item: Item) =>
  client.send(new PutItemCommand({ TableName, Item: item }));

const takes = async (sending: Promise<unknown>): Promise<'taken' | 'refused'> => {
  try {
    await sending;
    return 'taken';
  } catch (error) {
    const { $metadata } = error as { readonly $metadata?: { readonly httpStatusCode?: number } };
    if ($metadata?.httpStatusCode === 400) return 'refused';
    throw error;
  }
};

const putting = (fields: Item) => (place: Place) => takes(put(place, { ...KEY, ...fields }));

const nested = (levels: number): AttributeValue => (levels === 0 ? { S: 'x' } : { M: { in: nested(levels - 1) } });

const getting = async ({ client, name }: Place, keys: readonly Item[]) =>
  client.send(new BatchGetItemCommand({ RequestItems: { [name]: { Keys: [...keys] } } }));

const keyOf = (n: number): Item => ({ pk: { S: 'p' }, sk: { S: `k${n}` } });

export const PROBES = {
  'an item of 400 KB': putting({ filling: { S: 'x'.repeat(400 * KB - 'pkpskafilling'.length) } }),
  'an item of 400 KB and a byte': putting({ filling: { S: 'x'.repeat(400 * KB - 'pkpskafilling'.length + 1) } }),
  'an item of 410 KB in UTF-8, of 140,000 characters': putting({ filling: { S: '\u20AC'.repeat(140_000) } }),
  'a sort key of 1,026 bytes in UTF-8, of 342 characters': (place) =>
    takes(put(place, { pk: { S: 'p' }, sk: { S: '\u20AC'.repeat(342) } })),
  'an empty sort key': (place) => takes(put(place, { pk: { S: 'p' }, sk: { S: '' } })),
  'an empty name in a map': putting({ map: { M: { '': { S: 'x' } } } }),
  'a name of 64 KB': putting({ ['n'.repeat(64 * KB)]: { S: 'x' } }),
  'the number 1e126': putting({ n: { N: '1e126' } }),
  'the number 1e-131': putting({ n: { N: '1e-131' } }),
  'a number of 39 digits': putting({ n: { N: '1'.repeat(39) } }),
  '32 maps in each other': putting({ map: nested(32) }),
  '33 maps in each other': putting({ map: nested(33) }),
  'BatchGetItem of 101 keys': (place) =>
    takes(
      getting(
        place,
        Array.from({ length: 101 }, (_, n) => keyOf(n)),
      ),
    ),
  'BatchGetItem of a key twice': (place) => takes(getting(place, [KEY, KEY])),
  'BatchGetItem of 20 MB': async (place) => {
    const keys = Array.from({ length: 52 }, (_, n) => keyOf(n));
    for (const key of keys) await put(place, { ...key, filling: { S: 'x'.repeat(390 * KB) } });
    const { UnprocessedKeys } = await getting(place, keys);
    return (UnprocessedKeys?.[place.name]?.Keys?.length ?? 0) > 0 ? 'in parts' : 'whole';
  },
  'a query of 2 MB': async (place) => {
    for (let n = 0; n < 7; n++) await put(place, { ...keyOf(n), filling: { S: 'x'.repeat(300 * KB) } });
    const query = new QueryCommand({
      TableName: place.name,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': { S: 'p' } },
    });
    return (await place.client.send(query)).LastEvaluatedKey ? 'in pages' : 'whole';
  },
  'the row that is there, with a condition that does not hold': async (place) => {
    await put(place, { ...KEY, by: { S: 'first' } });
    const again = new PutItemCommand({
      TableName: place.name,
      Item: KEY,
      ConditionExpression: 'attribute_not_exists(pk)',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
    const error = await place.client.send(again).catch((thrown: unknown) => thrown);
    return (error as { readonly Item?: Item }).Item?.by?.S === 'first' ? 'told' : 'not told';
  },
  'expiry (UpdateTimeToLive)': (place) =>
    takes(
      place.client.send(
        new UpdateTimeToLiveCommand({
          TableName: place.name,
          TimeToLiveSpecification: { Enabled: true, AttributeName: 'expires' },
        }),
      ),
    ),
} as const satisfies Readonly<Record<string, (place: Place) => Promise<string>>>;

export type Probe = keyof typeof PROBES;
