/**
 * What EC2's refusals mean for a client: a row for every code that EC2 is known to refuse with (`error-codes/`), and
 * patterns for those that are not known yet. Loaded with the SDK, at the first call.
 */
import type { ClientError } from '../../../../lib/adapter/refusals.ts';
import type { Ec2ErrorCode } from '../error-codes/index.ts';
import { ELSEWHERE } from './elsewhere.ts';
import { MACHINES } from './machines.ts';
import { NETWORKS } from './networks.ts';
import { PATTERNS } from './patterns.ts';
import { REQUESTS } from './requests.ts';
import type { Rule } from './rules.ts';
import { VOLUMES } from './volumes.ts';

/** Total: a code without a row does not compile. */
const ROWS: Readonly<Record<Ec2ErrorCode, Rule>> = { ...REQUESTS, ...MACHINES, ...VOLUMES, ...NETWORKS, ...ELSEWHERE };

const isKnown = (code: string): code is Ec2ErrorCode => Object.hasOwn(ROWS, code);

const ruleOf = (code: string): Rule | undefined =>
  isKnown(code) ? ROWS[code] : PATTERNS.find(([codes]) => codes.test(code))?.[1];

/** The error for a code in calls about this kind; undefined for a code of which nothing is known. */
export const clientErrorOf = (code: string, kind: string): ClientError | undefined => ruleOf(code)?.(kind);
