/** What a launch is refused for, in OCCI's words: EC2 names its own parameters, here stands what the client sent for each. */
import { OcciError } from '../../../lib/errors.ts';
import { Refusal } from '../api/failures.ts';

interface Row {
  readonly codes: RegExp;
  /** What EC2's sentence says, where the code is not enough. */
  readonly when?: RegExp;
  readonly failure: 'invalid' | 'conflict';
  readonly message: string;
}

const VALUES = /^(InvalidParameter(Value|Combination)?|InvalidRequest|InvalidInput|ValidationError)$/;

const ROWS: readonly Row[] = [
  {
    codes: /^UnsupportedHibernationConfiguration$/,
    failure: 'conflict',
    message:
      'This cloud launches computes so that they can be suspended, which this size (resource_tpl) or OS template (os_tpl) cannot be.',
  },
  {
    codes: VALUES,
    when: /hibernat/i,
    failure: 'conflict',
    message:
      'This cloud launches computes so that they can be suspended, which this size (resource_tpl) or OS template (os_tpl) cannot be.',
  },
  {
    codes: /^InvalidInstanceType/,
    failure: 'invalid',
    message: 'There is no such size (resource_tpl) here.',
  },
  {
    codes: VALUES,
    when: /architecture|boot mode|virtualization|\bENA\b/i,
    failure: 'invalid',
    message: 'The size (resource_tpl) does not fit the OS template (os_tpl), whose architecture is another.',
  },
  {
    codes: VALUES,
    when: /user ?data/i,
    failure: 'invalid',
    message: 'The user data (occi.compute.userdata) is not what the cloud takes.',
  },
  {
    codes: VALUES,
    when: /instance ?type/i,
    failure: 'invalid',
    message: 'There is no such size (resource_tpl) here.',
  },
  {
    codes: VALUES,
    when: /security ?group.*(different networks|VPC)|(different networks|VPC).*security ?group/i,
    failure: 'conflict',
    message: 'The securitygroup belongs to other networks (another VPC) than the compute.',
  },
  {
    codes: VALUES,
    when: /availability ?zone|subnet/i,
    failure: 'conflict',
    message: 'The compute cannot be in the availability zone that was asked for, or that its storage is in.',
  },
  {
    codes: VALUES,
    when: /\b(image|AMI)\b|ami-/i,
    failure: 'invalid',
    message: 'There is no such OS template (os_tpl) any more, or it cannot be used.',
  },
  {
    codes: VALUES,
    when: /address/i,
    failure: 'invalid',
    message: 'occi.networkinterface.address is not an address that the network can give.',
  },
];

/** A refusal of RunInstances as what the client is told of it; any other error as it is. */
export function toldOfLaunch(error: unknown): unknown {
  if (!(error instanceof Refusal)) return error;
  const row = ROWS.find(({ codes, when }) => codes.test(error.code) && (!when || when.test(error.sentence)));
  return row ? new OcciError(row.failure, row.message, { cause: error }) : error;
}
