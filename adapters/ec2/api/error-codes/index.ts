/** Every code that EC2 is known to refuse with: names only. What each means for a client is in `refusals/`. */
import type { ACTION_CODES } from './actions.ts';
import type { COMMON_CODES } from './any-action.ts';
import type { SERVER_CODES } from './server.ts';
import type { FORMER_CODES, OTHER_CODES, THROTTLING_CODES } from './unlisted.ts';

type PublishedCode = (typeof COMMON_CODES | typeof ACTION_CODES | typeof SERVER_CODES)[number];
type UnlistedCode = (typeof FORMER_CODES | typeof OTHER_CODES | typeof THROTTLING_CODES)[number];

export type Ec2ErrorCode = PublishedCode | UnlistedCode;
