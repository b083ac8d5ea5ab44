import { request } from 'node:http';
import { Refusal } from '../refusal.ts';

export const TABLE = 'serverless-occi-sites';

/**
 * Creates the table if it does not exist.
 * @param expected true if the table existed before
 * @throws {Refusal} when a table that is expected is not there
 */
export const createTableIfAbsent = async (port: number, dataDir: string, expected: boolean): Promise<void> => {
  const found = await call(port, 'DescribeTable', { TableName: TABLE });
  if (found.status === 200) return;
  if (expected) {
    throw new Refusal(
      `DATA_DIR ${dataDir} is damaged (the table has lost its description): restore the folder from a copy, or ` +
        'choose another with DATA_DIR=…',
    );
  }
  const created = await call(port, 'CreateTable', {
    TableName: TABLE,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: ['pk', 'sk'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
  });
  if (created.status !== 200) throw new Error(`the embedded table could not be made: ${created.body}`);
  // A new table is CREATING for a moment and refuses writes until it is ACTIVE.
  while (!(await call(port, 'DescribeTable', { TableName: TABLE })).body.includes('"ACTIVE"')) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
};

/** Makes one DynamoDB call without the SDK, which takes longer to load than the rest of the server. */
const call = (port: number, operation: string, input: object): Promise<{ status: number; body: string }> =>
  new Promise((resolve, reject) => {
    const headers = {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `DynamoDB_20120810.${operation}`,
      'x-amz-date': '20200101T000000Z',
      // The signature is parsed but not verified.
      authorization:
        'AWS4-HMAC-SHA256 Credential=local/20200101/local/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
    };
    request({ host: '127.0.0.1', port, method: 'POST', headers }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (part) => {
        body += part;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
    })
      .on('error', reject)
      .end(JSON.stringify(input));
  });
