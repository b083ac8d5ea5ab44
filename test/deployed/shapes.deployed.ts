/** Every parameter that changes the shape of the template, deployed once: the variants of the template's tests. */
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Choices } from '../deploy/packaging.ts';
import { CHOSEN, VARIANTS, type Variant } from '../deploy/variants.ts';
import { aws, deploy } from './stack.ts';

/** What the variants use and do not make: an existing table and bucket, and the file of a truststore. */
beforeAll(async () => {
  await aws('dynamodb', 'create_table', {
    TableName: 'mappings',
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: ['pk', 'sk'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
  });
  const { host: Bucket, pathname } = new URL(CHOSEN.truststore);
  for (const name of [Bucket, VARIANTS.beside.parameters.deploymentBucket])
    await aws('s3', 'create_bucket', { Bucket: name });
  await aws('s3', 'put_object', { Bucket, Key: pathname.slice(1) });
}, 60_000);

describe('deployed', () => {
  test.each(Object.keys(VARIANTS) as Variant[])(
    '%s',
    async (variant) => {
      const choices: Choices = VARIANTS[variant];
      const parameters = { ...choices.parameters, alarms: 'false' };
      const { outputs } = await deploy({ ...choices, stage: `${choices.stage ?? 'test'}-${variant}`, parameters });
      const { Items: routes } = await aws('apigatewayv2', 'get_routes', { ApiId: outputs.HttpApiId! });
      const keys = (routes as { readonly RouteKey: string }[]).map(({ RouteKey }) => RouteKey);
      expect(keys).toEqual(expect.arrayContaining(['$default', 'ANY /compute/{proxy+}']));
    },
    120_000,
  );
});
