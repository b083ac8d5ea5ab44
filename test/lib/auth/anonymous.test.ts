import { anonymousUnder } from '../../../lib/auth/anonymous.ts';
import { authSchemeContract } from '../../contract/auth-scheme.ts';

authSchemeContract({ scheme: anonymousUnder(), good: { anonymous: {} }, takesAll: true });
