/** Small pieces of CloudFormation. */

/** What CloudFormation fills in within `Fn::Sub`. */
const filledIn = (name) => `\${AWS::${name}}`;
export const [PARTITION, REGION, ACCOUNT] = ['Partition', 'Region', 'AccountId'].map(filledIn);

/** The account of the stack, where a value is wanted that is no text of ours. */
export const ACCOUNT_ID = { Ref: 'AWS::AccountId' };

/** A text in which CloudFormation fills in partition, region or account. */
export const sub = (text) => ({ 'Fn::Sub': text });

/** The ARN of something, in this account and region unless it is said otherwise: `arn('sqs', 'queue')`. */
export const arn = (service, resource, { region = REGION, account = ACCOUNT } = {}) =>
  sub(`arn:${PARTITION}:${service}:${region}:${account}:${resource}`);

/** The ARN of a resource of this stack. */
export const arnOf = (logicalId) => ({ 'Fn::GetAtt': [logicalId, 'Arn'] });

export const join = (...parts) => ({ 'Fn::Join': ['', parts] });

/** Tags as most resources want them; nothing where there are none. */
export const tagList = (tags) => (tags ? { Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) } : {});
