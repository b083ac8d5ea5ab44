/** The table, unless one was brought: its rows are the service's memory, so nothing here ever deletes it. */
import type { Parameters } from '../parameters/parameters.ts';
import { arn, arnOf, tagList } from '../stack/names.ts';
import type { Part, Stack } from '../stack/stack.ts';

/** Name and ARN of the table: this stack's, or the one that the parameter names. */
export const tableReference = ({ table }: Pick<Parameters, 'table'>, prefix: string): Stack['table'] => {
  if (table === undefined) return { name: prefix, arn: arnOf('Table') };
  if (table.startsWith('arn:')) return { name: table, arn: table };
  return { name: table, arn: arn('dynamodb', `table/${table}`) };
};

export const table = ({ parameters: { table: brought, kmsKey, tags }, prefix }: Stack): Part => {
  if (brought !== undefined) return { resources: {} };
  return {
    resources: {
      Table: {
        Type: 'AWS::DynamoDB::Table',
        // Deleting the stack, or a change that makes CloudFormation replace the table, must not delete the rows.
        DeletionPolicy: 'Retain',
        UpdateReplacePolicy: 'Retain',
        Properties: {
          TableName: prefix,
          BillingMode: 'PAY_PER_REQUEST',
          AttributeDefinitions: [
            { AttributeName: 'pk', AttributeType: 'S' },
            { AttributeName: 'sk', AttributeType: 'S' },
          ],
          KeySchema: [
            { AttributeName: 'pk', KeyType: 'HASH' },
            { AttributeName: 'sk', KeyType: 'RANGE' },
          ],
          // Tombstones, catalogues and idempotency records say themselves when they end.
          TimeToLiveSpecification: { AttributeName: 'expires', Enabled: true },
          PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
          DeletionProtectionEnabled: true,
          // Not the key that AWS owns, which is there without asking: uses of yours, or of the account's
          // `aws/dynamodb`, are seen in CloudTrail.
          SSESpecification: { SSEEnabled: true, SSEType: 'KMS', ...(kmsKey && { KMSMasterKeyId: kmsKey }) },
          ...tagList(tags),
        },
      },
    },
  };
};
