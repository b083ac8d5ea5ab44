/** Small pieces of CloudFormation. */
import type { Properties, Text } from './stack.ts';

/** What CloudFormation fills in within `Fn::Sub`. */
const filledIn = (name: string): string => `\${AWS::${name}}`;
const PARTITION = filledIn('Partition');
export const REGION = filledIn('Region');
const ACCOUNT = filledIn('AccountId');

/** The account of the stack, where a value is wanted that is no text of ours. */
export const ACCOUNT_ID = { Ref: 'AWS::AccountId' };

/** A text in which CloudFormation fills in partition, region or account. */
export const sub = (text: string) => ({ 'Fn::Sub': text });

/** The ARN of something, in this account and region unless it is said otherwise: `arn('sqs', 'queue')`. */
export const arn = (service: string, resource: string, { region = REGION, account = ACCOUNT } = {}) =>
  sub(`arn:${PARTITION}:${service}:${region}:${account}:${resource}`);

/** The ARN of a resource of this stack. */
export const arnOf = (logicalId: string) => ({ 'Fn::GetAtt': [logicalId, 'Arn'] });

/** Texts in a row. */
export const join = (...parts: readonly Text[]) => ({ 'Fn::Join': ['', parts] });

/** Tags in the form of most resources; nothing if there are none. */
export const tagList = (tags: Readonly<Record<string, string>> | undefined): Properties =>
  tags ? { Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) } : {};
