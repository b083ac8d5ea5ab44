/**
 * Codes that are in no list, since EC2 goes on adding some: those of a family end alike. The first pattern that matches
 * applies.
 */
import { busy, exists, inUse, invalid, limited, named, noCapacity, type Rule, wrongSort, wrongState } from './rules.ts';

export const PATTERNS: readonly (readonly [RegExp, Rule])[] = [
  [/(NotFound|Malformed|Unknown)(Exception)?$/, named],
  [/(InUse|AlreadyAssociated|AlreadyAssigned)(Exception)?$/, inUse],
  [/(Duplicate|AlreadyExists|Conflict)(Exception)?$/, exists],
  [/^Insufficient\w*Capacity|CapacityExceeded(Exception)?$/, noCapacity],
  [/RateExceeded(Exception)?$|^Concurrent\w+Access$/, busy],
  [/(Limit|Count|Quota)Exceeded(Exception)?$/, limited],
  [/^Incorrect\w*State|^Invalid[\w.]*State(Exception)?$/, wrongState],
  [/^Unsupported|(Unsupported|NotSupported)(Exception)?$/, wrongSort],
  [/^(InvalidParameter|InvalidRequest|InvalidInput|MissingParameter|InvalidPrivateIpAddress)/, invalid],
];
